"""The steps of a pipeline as the jobs of its YAML: nodes, and the control flow around them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError
from portline.entities import hints
from portline.entities.control import DoWhile, IfElse, ParallelFor
from portline.entities.definition import Definition
from portline.entities.locating import Places, binding, located, name_of
from portline.entities.node import AZURE_KEYS, Node, Step
from portline.entities.ports import Input, is_data
from portline.entities.sweep import is_space
from portline.entities.values import NodeOutput, PipelineInput


def jobs_of(definition: Definition, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    return {name: _job(step, promoted, places) for name, step in definition.steps.items()}


def _job(step: Step, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    if isinstance(step, Node):
        job = _node(step, promoted, places)
    elif isinstance(step, IfElse):
        job = {"type": "if_else", "condition": _value(step.condition, step, places)}
        for way, steps in step.blocks.items():
            blocks = [_whole(each) for each in steps]
            job |= {f"{way}_block": blocks[0] if len(blocks) == 1 else blocks} if blocks else {}
    elif isinstance(step, DoWhile):
        job = {"type": "do_while", "body": _whole(step.body)}
        body = name_of(step.body)
        if step.condition:
            job["condition"] = "${{parent.jobs." + f"{body}.outputs.{step.condition}" + "}}"
        if step.mapping:
            mapped = {
                output: ["${{parent.jobs." + f"{body}.inputs.{each}" + "}}" for each in inputs]
                for output, inputs in step.mapping.items()
            }
            job["mapping"] = {output: each[0] if len(each) == 1 else each for output, each in mapped.items()}
        job["limits"] = {"max_iteration_count": step.max_iteration_count}
    elif isinstance(step, ParallelFor):
        job = {"type": "parallel_for", "body": _whole(step.body), "items": _value(step.items, step, places)}
        if step.max_concurrency:
            job["max_concurrency"] = step.max_concurrency
        if outputs := _outputs(step, promoted):
            job["outputs"] = outputs
    else:
        raise PortlineError(f"{step.shown} cannot be written.", code="usage")
    if step.comment:
        job["comment"] = step.comment
    given = step.properties if isinstance(step, Node) else None
    if said := hints.properties(given, hints.of_step(step)):
        job["properties"] = said
    return job


def _node(node: Node, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    component = places.component(node.component)
    job: dict[str, Any] = {"type": node.type}
    job |= {"trial": component, **node.loop.plain()} if node.loop else {"component": component}
    if node.display_name:
        job["display_name"] = node.display_name
    inputs = {name: _value(value, node, places) for name, value in node.values.items()}
    if inputs:
        job["inputs"] = inputs
    if outputs := _outputs(node, promoted):
        job["outputs"] = outputs
    for key in AZURE_KEYS:
        value = getattr(node, key)
        if key == "limits" and node.loop:
            job["limits"] = {**job["limits"], **_trial(value or {})}
        elif key == "compute" and value is not None:
            job[key] = compute(str(value))
        elif value is not None and key != "properties":
            job[key] = located(value, Path.cwd(), places, key)
    return job


def _trial(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Limits of a node that became a sweep: what one trial may take."""
    return {"trial_timeout" if key == "timeout" else key: value for key, value in limits.items()}


def _outputs(step: Any, promoted: Mapping[tuple[int, str], str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for port in step.ports_out:
        output = step.outputs[port]
        name = promoted.get((id(step), port))
        settings = output.settings()
        bound = "${{parent.outputs." + name + "}}" if name else ""
        if bound and settings:
            found[port] = {"type": output.type, **settings, "path": bound}
        elif bound or settings:
            found[port] = bound or {**({"type": output.type} if is_data(output.type) else {}), **settings}
    return found


def _value(value: Any, step: Step, places: Places) -> Any:
    if isinstance(value, (PipelineInput, NodeOutput)):
        return binding(value)
    if is_space(value):
        raise PortlineError(f"{step.shown} is given {value!r}: call .sweep() to search it.", code="usage")
    if isinstance(value, Input):
        return located(value, value.folder, places)
    return value


def _whole(step: Step) -> str:
    return "${{parent.jobs." + name_of(step) + "}}"


def compute(name: str) -> str:
    """The name of a compute target as Azure ML wants it."""
    return name if name.startswith(("${{", "azureml:", "/")) else f"azureml:{name}"
