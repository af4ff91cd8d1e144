"""Azure ML's control flow, put into the document's words: loops of nodes, branches, and who runs at the end.

Source: `shared/azureml.md` 2.5 (sweep) and 2.8 (if_else, do_while, parallel_for; a private preview there).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from registry.spec.document import Path
from registry.spec.values import BINDING

JOB = re.compile(r"(?:parent\.)?jobs\.(\w+)")
_PORT = re.compile(r"(?:parent\.)?jobs\.(\w+)\.(?:outputs|inputs)\.(\w+)")
CONTROL = ("if_else", "do_while", "parallel_for")
"""The types of jobs that run others."""


class Unreadable(ValueError):
    """A part that cannot be put into a document: where it is, below its job, and a sentence."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def expression_of(value: Any) -> str:
    """What stands in `${{ }}`, alone or as the `path` of a mapping; empty for anything else."""
    text = value.get("path") if isinstance(value, dict) else value
    whole = BINDING.fullmatch(text.strip()) if isinstance(text, str) else None
    return str(whole[1]) if whole else ""


def job_name(value: Any, path: Path) -> str:
    """The job that `${{parent.jobs.NAME}}` names, or its plain name. Raises Unreadable."""
    found = JOB.fullmatch(expression_of(value))
    if found:
        return found[1]
    if isinstance(value, str) and value.isidentifier():
        return value
    raise Unreadable(path, "name a job here, as in `${{parent.jobs.train}}`")


def blocks(job: Mapping[str, Any]) -> dict[str, list[tuple[Path, str]]]:
    """The jobs that an if_else runs, by way, each with its place. Raises Unreadable."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for way in ("true", "false"):
        key = f"{way}_block"
        given = job.get(key)
        if isinstance(given, list):
            found[way] = [((key, index), job_name(each, (key, index))) for index, each in enumerate(given)]
        elif given is not None:
            found[way] = [((key,), job_name(given, (key,)))]
    if not any(found.values()):
        raise Unreadable((), "an if_else has a `true_block`, a `false_block`, or both")
    return found


def do_while(job: Mapping[str, Any], body: str) -> dict[str, Any]:
    """The loop that a do_while makes of its body. Raises Unreadable."""
    limits = job.get("limits")
    if not isinstance(limits, dict) or "max_iteration_count" not in limits:
        raise Unreadable(("limits",), "a do_while says in `limits` how often it may run: `max_iteration_count`")
    condition = job.get("condition")
    mapping = {}
    for output, given in (job.get("mapping") or {}).items():
        inputs = given if isinstance(given, list) else [given]
        if len(inputs) != 1:
            raise Unreadable(("mapping", output), f"`{output}` can be handed on to one input, not to {len(inputs)}")
        mapping[output] = _port(inputs[0], body, ("mapping", output))
    return {
        "type": "do_while",
        "condition": "" if condition in (None, True) else _port(condition, body, ("condition",)),
        "mapping": mapping,
        "max_iteration_count": limits["max_iteration_count"],
    }


def parallel_for(job: Mapping[str, Any]) -> dict[str, Any]:
    """The loop that a parallel_for makes of its body. Raises Unreadable."""
    items = job.get("items")
    if isinstance(items, str) and (expression := expression_of(items)):
        name = re.fullmatch(r"(?:parent\.)?inputs\.(\w+)", expression)
        if name is None:
            raise Unreadable(("items",), "the items must be known when a run starts: list them, or name an input")
        items = "${{parent.inputs." + name[1] + "}}"
    else:
        items = _listed(items)
    return {"type": "parallel_for", "over": "items", "items": items, "max_concurrency": job.get("max_concurrency")}


def _listed(items: Any) -> list[Any]:
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except ValueError as error:
            raise Unreadable(("items",), f"the items are no JSON: {error}") from None
    if isinstance(items, dict):
        items = list(items.values())
    if not isinstance(items, list) or not items:
        raise Unreadable(("items",), "a parallel_for needs a list of items, each with values for inputs of its body")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise Unreadable(("items", index), "an item is a mapping of inputs of the body to values")
        for name, value in item.items():
            if not isinstance(value, str | int | float | bool):
                raise Unreadable(("items", index, name), "an item gives values, not data or lists")
    return items


_SWEEP = ("search_space", "objective", "early_termination")


def sweep(job: Mapping[str, Any]) -> dict[str, Any]:
    """The loop that a sweep job makes of its trial. Raises Unreadable."""
    loop: dict[str, Any] = {"type": "sweep"} | {key: job[key] for key in _SWEEP if job.get(key) is not None}
    algorithm = job.get("sampling_algorithm", "random")
    if isinstance(algorithm, dict):
        loop["seed"] = algorithm.get("seed")
        algorithm = algorithm.get("type", "random")
    loop["sampling_algorithm"] = str(algorithm).lower()
    if loop["sampling_algorithm"] not in ("random", "grid"):
        raise Unreadable(("sampling_algorithm",), f"`{algorithm}` sampling is not known here: take `random` or `grid`")
    limits = job.get("limits") or {}
    loop["limits"] = {key: limits[key] for key in ("max_total_trials", "max_concurrent_trials") if key in limits}
    for name, space in (job.get("search_space") or {}).items():
        values = space.get("values") if isinstance(space, dict) else None
        if isinstance(values, list) and any(isinstance(value, dict) for value in values):
            raise Unreadable(
                ("search_space", name, "values"), "choices that have search spaces of their own are not known here"
            )
    if "goal" in loop.get("objective", {}):
        loop["objective"] = {**loop["objective"], "goal": str(loop["objective"]["goal"]).lower()}
    return loop


def _port(value: Any, body: str, path: Path) -> str:
    """The port of the body that is meant: by its name, or as `${{parent.jobs.BODY.outputs.NAME}}`."""
    if found := _PORT.fullmatch(expression_of(value)):
        if found[1] != body:
            raise Unreadable(path, f"name a port of the body, `{body}`, not of `{found[1]}`")
        return found[2]
    if isinstance(value, str) and re.fullmatch(r"\w+", value):
        return value
    raise Unreadable(path, f"name a port of the body, `{body}`")
