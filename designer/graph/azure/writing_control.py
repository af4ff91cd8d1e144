"""Loops and branches of a document in Azure ML's words: the counterpart of reading them.

Source: `shared/azureml.md` 2.5 (sweep) and 2.8 (if_else, do_while, parallel_for; a private preview there).
"""

from collections.abc import Mapping
from typing import Any

from designer.graph.document import Document

_SUFFIX = {"parallel_for": "each", "do_while": "while"}


class Loops:
    """The jobs that run nodes in loops; here, a node has its loop as a part."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def kind_of(self, id: str) -> str:
        """`parallel_for` over items, `do_while`, or nothing: a loop over files has no word there."""
        loop = self.document["nodes"][id].get("loop") or {}
        return str(loop["type"]) if loop.get("type") in _SUFFIX and loop.get("over") != "files" else ""

    def name_of(self, id: str) -> str:
        """The job that runs a node: as its file called it, or made from the node's."""
        kept = self.document["nodes"][id].get("kept", {}).get("loop", {}).get("name")
        if kept:
            return str(kept)
        name = f"{id}_{_SUFFIX[self.kind_of(id)]}"
        while name in self.document["nodes"]:
            name += "_"
        return name

    def giver(self, id: str) -> str:
        """The job whose outputs are the node's: all that iterations made is the loop's, the last one the body's."""
        return self.name_of(id) if self.kind_of(id) == "parallel_for" else id

    def runner(self, id: str) -> str:
        """The job that stands for a node where jobs are named."""
        return self.name_of(id) if self.kind_of(id) else id


def loop_job(loops: Loops, id: str, node: Mapping[str, Any]) -> dict[str, Any] | None:
    """The job that runs a node in a loop; None where it runs once, or where the loop is part of the node itself."""
    kind = loops.kind_of(id)
    if not kind:
        return None
    loop, body = node["loop"], "${{parent.jobs." + id + "}}"
    kept = {key: value for key, value in node.get("kept", {}).get("loop", {}).items() if key != "name"}
    if kind == "do_while":
        job: dict[str, Any] = {"type": kind, "body": body}
        if loop["condition"]:
            job["condition"] = _port(id, "outputs", loop["condition"])
        if loop["mapping"]:
            job["mapping"] = {
                output: _port(id, "inputs", inputs)
                if isinstance(inputs, str)
                else [_port(id, "inputs", each) for each in inputs]
                for output, inputs in loop["mapping"].items()
            }
        return kept | job | {"limits": {"max_iteration_count": loop["max_iteration_count"]}}
    items = loop["items"]
    if isinstance(items, list):
        items = [item if isinstance(item, dict) else {loop["input"] or "item": item} for item in items]
    job = {"type": kind, "body": body, "items": items}
    return kept | job | ({"max_concurrency": loop["max_concurrency"]} if loop["max_concurrency"] else {})


def sweep_keys(loop: Mapping[str, Any]) -> dict[str, Any]:
    """What a sweep job says beside its trial and inputs."""
    algorithm = loop["sampling_algorithm"]
    if loop["seed"] is not None:
        algorithm = {"type": algorithm, "seed": loop["seed"]}
    found = {
        "sampling_algorithm": algorithm,
        "search_space": loop["search_space"],
        "objective": loop["objective"],
        "limits": _without_none(loop["limits"]),
    }
    if loop["early_termination"]:
        found["early_termination"] = _without_none(loop["early_termination"])
    return found


def written_blocks(document: Document, loops: Loops, branch: str) -> dict[str, Any]:
    """The blocks of an if_else: what its order edges lead to."""
    found = {}
    for way in ("true", "false"):
        edges = (edge for edge in document["order"].values() if (edge["source"], edge["condition"]) == (branch, way))
        if jobs := ["${{parent.jobs." + loops.runner(edge["target"]) + "}}" for edge in edges]:
            found[f"{way}_block"] = jobs[0] if len(jobs) == 1 else jobs
    return found


def _port(id: str, side: str, name: str) -> str:
    return "${{parent.jobs." + f"{id}.{side}.{name}" + "}}"


def _without_none(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None}
