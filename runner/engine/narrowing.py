"""Parts of a document: what a node needs, and what hangs on it. Costs the size of the graph, once a submit."""

from collections.abc import Iterable, Mapping
from typing import Any


class UnknownNode(ValueError):
    """There is no such node in the graph."""


def up_to(document: Mapping[str, Any], node: str) -> dict[str, Any]:
    """The document with that node and what it needs, and nothing else. Raises UnknownNode."""
    kept = _reached(document, _known(document, node), "source", "target")
    outputs = document.get("outputs", {})
    return {
        **document,
        "nodes": {id_: found for id_, found in document["nodes"].items() if id_ in kept},
        "edges": {key: edge for key, edge in document["edges"].items() if edge["target"] in kept},
        "order": {key: edge for key, edge in document.get("order", {}).items() if edge["target"] in kept},
        "outputs": {name: output for name, output in outputs.items() if output["source"] in kept},
    }


def from_on(document: Mapping[str, Any], node: str) -> frozenset[str]:
    """That node and all that hangs on it. Raises UnknownNode."""
    return frozenset(_reached(document, _known(document, node), "target", "source"))


def _known(document: Mapping[str, Any], node: str) -> str:
    """The node of this document in which a step lies: of one within a group, the group."""
    top = node.partition(".")[0].partition("[")[0]
    if top not in document["nodes"]:
        raise UnknownNode(f"There is no node `{node}` in this pipeline.")
    return top


def _reached(document: Mapping[str, Any], start: str, to: str, of: str) -> set[str]:
    next_: dict[str, list[str]] = {}
    for edge in _edges(document):
        next_.setdefault(edge[of], []).append(edge[to])
    found = {start}
    rest = [start]
    while rest:
        for other in next_.get(rest.pop(), ()):
            if other in document["nodes"] and other not in found:
                found.add(other)
                rest.append(other)
    return found


def _edges(document: Mapping[str, Any]) -> Iterable[Mapping[str, str]]:
    yield from document["edges"].values()
    yield from document.get("order", {}).values()
