"""Where nodes stay when a text is read again that says no places for them."""

from collections.abc import Mapping
from typing import Any

from designer.graph.azure.hints import hints_of
from designer.graph.document import Document
from designer.graph.layers import placed

_BELOW = 160.0
"""Between what stands on the canvas and what is new there, in pixels."""


def with_places(read: Document, draft: Document, data: Mapping[str, Any]) -> Document:
    """A document that was read from `data`, its nodes and inputs where the draft has them unless the text says where.

    New nodes without a place come below all others, laid out by themselves.
    """
    jobs = data.get("jobs") if isinstance(data.get("jobs"), dict) else {}
    said = {id.lower() for id, job in (jobs or {}).items() if isinstance(job, dict) and "position" in hints_of(job)}
    hints = hints_of(data)
    said |= _with_position(hints.get("data"))
    nodes, new = {}, []
    for id, node in read["nodes"].items():
        known = draft["nodes"].get(id)
        if id in said:
            nodes[id] = node
        elif known is not None:
            nodes[id] = {**node, "x": known["x"], "y": known["y"]}
        else:
            nodes[id] = node
            new.append(id)
    found: Document = {**read, "nodes": nodes}
    if new and len(new) < len(nodes):
        below = max(node["y"] for id, node in nodes.items() if id not in new) + _BELOW
        for id, (x, y) in placed(found, new).items():
            nodes[id] = {**nodes[id], "x": x, "y": y + below}
    placed_inputs = _with_position(hints.get("inputs"))
    found["inputs"] = {
        name: {**input_, "x": draft["inputs"][name]["x"], "y": draft["inputs"][name]["y"]}
        if name in draft["inputs"] and name not in placed_inputs
        else input_
        for name, input_ in read["inputs"].items()
    }
    return found


def _with_position(hints: Any) -> set[str]:
    """The names of those whose hints say a place."""
    parts = hints.items() if isinstance(hints, dict) else ()
    return {name for name, each in parts if isinstance(each, dict) and "position" in each}
