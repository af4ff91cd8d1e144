"""What only Portline knows of a job: JSON text under `properties.portline`, which Azure ML keeps and ignores."""

import json
from collections.abc import Mapping
from typing import Any

from portline.entities.control import IfElse
from portline.entities.definition import Definition
from portline.entities.node import Node, Step
from portline.entities.ports import LITERAL_OF, Input, is_data

KEY = "portline"


def properties(given: Mapping[str, Any] | None, hints: Mapping[str, Any]) -> dict[str, Any]:
    """Properties of a job with the hints that say something; empty where there is nothing to say."""
    said = {key: value for key, value in hints.items() if value}
    own = {KEY: json.dumps(said, ensure_ascii=False)} if said else {}
    return {**(given or {}), **own}


def of_step(step: Step) -> dict[str, Any]:
    """What a step runs after, and how it is treated."""
    hints: dict[str, Any] = {"after": {str(other.name): condition for other, condition in step.order}}
    if isinstance(step, Node):
        hints |= {"settings": step.settings(), "exposed": step.exposed, "loop": step.files_loop}
    if isinstance(step, IfElse):
        hints["title"] = step.display_name
        if step.operator != "is_true":
            hints["branch"] = {"operator": step.operator, "operand": step.operand}
    return hints


def of_pipeline(
    definition: Definition, again: Mapping[str, Any], *, values: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What a pipeline says of its inputs, of data that it holds by name, and of outputs that it gives twice.

    `values` are those of a job's inputs; None for a pipeline component, whose inputs say it all.
    """
    inputs: dict[str, Any] = {}
    for name, port in definition.inputs.items() if values is not None else ():
        assert values is not None
        hints = {key: port[key] for key in ("description", "optional", "enum", "min", "max") if port.get(key)}
        if not is_data(port["type"]) and port["type"] not in ("number", _written_type(values.get(name), port["type"])):
            hints["type"] = port["type"]
        if hints:
            inputs[name] = hints
    return {"inputs": inputs, "data": _data(definition), "outputs": again}


def _data(definition: Definition) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, data in definition.data.items():
        nodes = [node for node in definition.steps.values() if isinstance(node, Node)]
        to = [f"{node.name}.{port}" for node in nodes for port, value in node.values.items() if value is data]
        asset = str(data.path).removeprefix("azureml:")
        if to and str(data.path).startswith("azureml:") and name not in definition.steps:
            found[name] = {"asset": asset, "to": to}
    return found


def _written_type(value: Any, otherwise: str) -> str:
    return LITERAL_OF.get(type(value), otherwise) if not isinstance(value, Input) else value.type
