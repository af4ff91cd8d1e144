"""Azure ML's control flow, put into the document's words: branches, loops of nodes, and who runs at the ends.

Source: `shared/azureml.md` 2.8 (if_else, do_while, parallel_for, on_init and on_finalize; a private preview there).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from designer.graph.azure.bindings import given, in_own_words, whole
from designer.graph.azure.context import Context
from designer.graph.azure.nodes import shown_as
from designer.graph.azure.settings import ENDS
from designer.graph.azure.wires import wire_bound
from designer.graph.document import INPUTS, is_final
from registry.spec.document import Path


class Unreadable(ValueError):
    """A part that cannot be put into a document: where it is, below its job, and a sentence."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def add_branch(c: Context, id: str) -> None:
    """The node of an if_else."""
    job = c.jobs[id]
    condition = given(job.get("condition"))
    wired = condition.nothing or (condition.bound is not None and condition.bound.kind == "job_output")
    value = in_own_words("${{" + condition.bound.expression + "}}") if condition.bound else condition.literal
    node = {"id": id, "kind": "branch", **shown_as(job, id), "params": {} if wired else {"value": value}}
    c.apply(c.place(id), {"op": "add_node", "node": node})


def join_branch(c: Context, id: str) -> None:
    """What decides an if_else, and the jobs that hang on it."""
    job, place = c.jobs[id], c.place(id)
    if "condition" not in job:
        c.fault(place, "an if_else needs a `condition`: an output of a job, an input, or true or false")
    if (bound := whole(job.get("condition"))) is not None:
        wire_bound(c, (*place, "condition"), bound, id, "value", takes_data=bound.kind == "job_output")
    try:
        ways = _blocks(job)
    except Unreadable as error:
        c.fault((*place, *error.path), str(error))
        return
    for way, jobs in ways.items():
        for path, name in jobs:
            try:
                target = c.node_of(name)
            except ValueError as error:
                c.fault((*place, *path), str(error))
                continue
            edge = {"op": "connect_order", "source": id, "target": target, "condition": way}
            if f"{target}<{id}" in c.document["order"]:
                c.fault((*place, *path), f"`{name}` stands in both blocks")
            else:
                c.apply((*place, *path), edge)


def add_loop(c: Context, id: str) -> None:
    """The loop that a do_while or parallel_for makes of the node that is its body."""
    job, place = c.jobs[id], c.place(id)
    try:
        body = _body(c, job)
        loop = _parallel_for(job) if c.kinds[id] == "parallel_for" else _do_while(job, body)
    except Unreadable as error:
        c.fault((*place, *error.path), str(error))
        return
    c.loops[id] = body
    node = c.document["nodes"].get(body)
    if node is not None and "loop" in node:
        message = f"`{body}` runs in a loop already: put that into a pipeline component, and loop over it"
        c.fault((*place, "body"), message)
    elif node is not None:
        acted = ("type", "body", "items", "condition", "mapping", "max_concurrency", "limits", "outputs")
        rest = {key: value for key, value in job.items() if key not in acted and value is not None}
        kept = node.get("kept", {}) | {"loop": {"name": id, **rest}}
        c.apply(place, {"op": "update_node", "id": body, "changes": {"loop": loop, "kept": kept}})


def read_ends(c: Context, settings: dict[str, Any]) -> None:
    """`on_finalize` is a final step; what would be first without `on_init` comes after it."""
    for key in reversed(ENDS):
        if settings.get(key) is None:
            continue
        place: Path = ("settings", key)
        try:
            id = c.node_of(_job_name(settings[key], ()))
        except ValueError as error:
            c.fault(place, str(error))
            continue
        if id not in c.document["nodes"]:
            continue
        if key == "on_finalize":
            final = c.document["nodes"][id]["settings"] | {"final": True}
            c.apply(place, {"op": "update_node", "id": id, "changes": {"settings": final}})
            continue
        edges = (*c.document["edges"].values(), *c.document["order"].values())
        data = {id for id, node in c.document["nodes"].items() if node["kind"] == "data"}
        waiting = {edge["target"] for edge in edges if edge["source"] != INPUTS and edge["source"] not in data}
        for target, node in c.document["nodes"].items():
            if target not in waiting and target not in data and target != id and not is_final(node):
                edge = {"op": "connect_order", "source": id, "target": target, "condition": "succeeded"}
                c.apply(place, edge)


def _body(c: Context, job: Mapping[str, Any]) -> str:
    try:
        return c.node_of(_job_name(job.get("body"), ("body",)))
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(("body",), str(error)) from None


def _job_name(value: Any, path: Path) -> str:
    """The job that `${{parent.jobs.NAME}}` names, or its plain name. Raises Unreadable."""
    found = whole(value)
    if found is not None and found.kind == "job":
        return found.job
    if isinstance(value, str) and value.isidentifier():
        return value
    raise Unreadable(path, "name a job here, as in `${{parent.jobs.train}}`")


def _blocks(job: Mapping[str, Any]) -> dict[str, list[tuple[Path, str]]]:
    """The jobs that an if_else runs, by way, each with its place. Raises Unreadable."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for way in ("true", "false"):
        key = f"{way}_block"
        block = job.get(key)
        if isinstance(block, list):
            found[way] = [((key, index), _job_name(each, (key, index))) for index, each in enumerate(block)]
        elif block is not None:
            found[way] = [((key,), _job_name(block, (key,)))]
    if not any(found.values()):
        raise Unreadable((), "an if_else has a `true_block`, a `false_block`, or both")
    return found


def _do_while(job: Mapping[str, Any], body: str) -> dict[str, Any]:
    limits = job.get("limits")
    if not isinstance(limits, dict) or "max_iteration_count" not in limits:
        raise Unreadable(("limits",), "a do_while says in `limits` how often it may run: `max_iteration_count`")
    condition = job.get("condition")
    mapping: dict[str, str | list[str]] = {}
    for output, value in (job.get("mapping") or {}).items():
        inputs = [_port(each, body, ("mapping", output)) for each in (value if isinstance(value, list) else [value])]
        if inputs:
            mapping[output] = inputs if len(inputs) > 1 else inputs[0]
    return {
        "type": "do_while",
        "condition": "" if condition in (None, True) else _port(condition, body, ("condition",)),
        "mapping": mapping,
        "max_iteration_count": limits["max_iteration_count"],
    }


def _parallel_for(job: Mapping[str, Any]) -> dict[str, Any]:
    items = job.get("items")
    if (bound := whole(items)) is not None:
        if bound.kind != "input":
            raise Unreadable(("items",), "the items must be known when a run starts: list them, or name an input")
        items = "${{parent.inputs." + bound.name + "}}"
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


def _port(value: Any, body: str, path: Path) -> str:
    """The port of the body that is meant: by its name, or as `${{parent.jobs.BODY.outputs.NAME}}`."""
    found = whole(value)
    if found is not None and found.kind in ("job_output", "job_input"):
        if found.job.lower() != body:
            raise Unreadable(path, f"name a port of the body, `{body}`, not of `{found.job}`")
        return found.name
    if isinstance(value, str) and re.fullmatch(r"\w+", value):
        return value
    raise Unreadable(path, f"name a port of the body, `{body}`")
