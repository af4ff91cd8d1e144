"""Which nodes would do something else than they did in an earlier graph."""

from typing import Any

from designer.graph.document import Document

_WHAT_IT_DOES = ("kind", "component", "asset", "params", "settings", "loop", "branch", "mode")


def changed_nodes(now: Document, then: Document) -> set[str]:
    """What differs, and all that it feeds: the outputs of these no longer stand for the graph as it is now."""
    fed_now, fed_then = _wires_in(now), _wires_in(then)
    below: dict[str, list[str]] = {}
    for edge in now["edges"].values():
        below.setdefault(edge["source"], []).append(edge["target"])
    changed: set[str] = set()
    waiting = [
        id
        for id, node in now["nodes"].items()
        if _what(node) != _what(then["nodes"].get(id, {})) or fed_now.get(id) != fed_then.get(id)
    ]
    while waiting:
        id = waiting.pop()
        if id not in changed:
            changed.add(id)
            waiting += below.get(id, ())
    return changed


def _what(node: dict[str, Any]) -> list[Any]:
    return [node.get(key) for key in _WHAT_IT_DOES]


def _wires_in(document: Document) -> dict[str, set[tuple[str, str, str]]]:
    found: dict[str, set[tuple[str, str, str]]] = {}
    for edge in document["edges"].values():
        found.setdefault(edge["target"], set()).add((edge["input"], edge["source"], edge["output"]))
    return found
