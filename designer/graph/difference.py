"""The operations that make one document of another: what an import, the YAML view or a restored version changes."""

from typing import Any

from designer.graph.annotations import NOTES
from designer.graph.document import INPUTS, Document, is_final
from designer.graph.operations import Plain

_REPLACED = ("kind", "component", "type", "loop", "branch")
"""Parts of a node by which its ports or its place in the flow may change: it is taken out and put in again."""
_UPDATED = ("title", "comment", "settings", "outputs", "kept", "asset", "exposed", "mode")
_NOTHING: Plain = {"outputs": {}, "kept": {}, "mode": None}


def operations_between(before: Document, after: Document) -> list[Plain]:
    """A batch that turns `before` into `after`; empty where they are equal. The order of parts does not count.

    Wires and outputs are taken away first and laid last, so that no operation meets the rest of the old document.
    """
    replaced = {id for id, node in before["nodes"].items() if _is_replaced(node, after["nodes"].get(id))}
    retyped = {
        name
        for name, input_ in before["inputs"].items()
        if name not in after["inputs"] or after["inputs"][name]["type"] != input_["type"]
    }
    ops: list[Plain] = []
    outputs = {
        name
        for name, output in before["outputs"].items()
        if after["outputs"].get(name) != output or output["source"] in replaced
    }
    ops += [{"op": "set_output", "name": name, "output": None} for name in sorted(outputs)]
    edges = {
        key
        for key, edge in before["edges"].items()
        if after["edges"].get(key) != edge
        or {edge["source"], edge["target"]} & replaced
        or (edge["source"] == INPUTS and edge["output"] in retyped)
    }
    ops += [
        {"op": "disconnect", "target": edge["target"], "input": edge["input"]} for edge in _of(before["edges"], edges)
    ]
    order = {
        key
        for key, each in before["order"].items()
        if after["order"].get(key) != each or {each["source"], each["target"]} & replaced
    }
    ops += [
        {"op": "disconnect_order", "source": each["source"], "target": each["target"]}
        for each in _of(before["order"], order)
    ]
    ops += [{"op": "remove_node", "id": id} for id in before["nodes"] if id in replaced]
    ops += _sections(before, after)
    ops += _inputs(before, after)
    for id, node in after["nodes"].items():
        if id in replaced or id not in before["nodes"]:
            ops.append({"op": "add_node", "node": node})
        else:
            ops += _node(before["nodes"][id], node)
    ops += [
        {"op": "connect", **edge} for key, edge in after["edges"].items() if key in edges or key not in before["edges"]
    ]
    ops += [
        {"op": "connect_order", **each}
        for key, each in after["order"].items()
        if key in order or key not in before["order"]
    ]
    ops += [
        {"op": "set_output", "name": name, "output": output}
        for name, output in after["outputs"].items()
        if name in outputs or name not in before["outputs"]
    ]
    ops += _notes(before, after) + _joins(before, after, replaced)
    ops += [
        {"op": "remove_section", "id": id} for id in before.get("sections", {}) if id not in after.get("sections", {})
    ]
    return _pipeline(before, after) + ops


def _is_replaced(node: dict[str, Any], other: dict[str, Any] | None) -> bool:
    if other is None or is_final(node) != is_final(other):
        return True
    return any(node.get(key) != other.get(key) for key in _REPLACED)


def _of(parts: dict[str, Any], keys: set[str]) -> list[Any]:
    return [part for key, part in parts.items() if key in keys]


def _pipeline(before: Document, after: Document) -> list[Plain]:
    old, new = dict(before), dict(after)
    changes: Plain = {key: new[key] for key in ("name", "description", "settings") if old[key] != new[key]}
    if before.get("kept", {}) != after.get("kept", {}):
        changes["kept"] = after.get("kept", {})
    return [{"op": "update_pipeline", "changes": changes}] if changes else []


def _inputs(before: Document, after: Document) -> list[Plain]:
    gone = [name for name in before["inputs"] if name not in after["inputs"]]
    changed = [name for name, input_ in after["inputs"].items() if before["inputs"].get(name) != input_]
    return [{"op": "set_input", "name": name, "input": after["inputs"].get(name)} for name in (*gone, *changed)]


def _sections(before: Document, after: Document) -> list[Plain]:
    """Sections that are new or changed; those that are gone go last, when nothing is in them any more."""
    old, ops = before.get("sections", {}), list[Plain]()
    for id, section in after.get("sections", {}).items():
        if id not in old:
            ops.append({"op": "add_section", "section": section})
        elif section != old[id]:
            ops.append({"op": "update_section", "id": id, "changes": _without(section, "id")})
    return ops


def _notes(before: Document, after: Document) -> list[Plain]:
    old, new = before.get("notes", {}), after.get("notes", {})
    ops: list[Plain] = [{"op": "remove_note", "id": id} for id in old if id not in new]
    for id, note in new.items():
        changes = {key: value for key, value in _without(note, "section").items() if old.get(id, {}).get(key) != value}
        if id not in old:
            ops.append({"op": "add_note", "note": note})
        elif changes:
            ops.append({"op": "update_note", "id": id, "changes": changes})
    return ops


def _joins(before: Document, after: Document, replaced: set[str]) -> list[Plain]:
    """Nodes and notes that stay come into their sections; what is new names its own, as an input always does."""
    moved: dict[str | None, list[str]] = {}
    kept = [("", id, node, after["nodes"].get(id)) for id, node in before["nodes"].items() if id not in replaced]
    kept += [(f"{NOTES}.", id, note, after.get("notes", {}).get(id)) for id, note in before.get("notes", {}).items()]
    for prefix, id, old, new in kept:
        if new is not None and old.get("section") != new.get("section"):
            moved.setdefault(new.get("section"), []).append(prefix + id)
    return [{"op": "join", "section": section, "members": members} for section, members in moved.items()]


def _without(part: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != key}


def _node(before: dict[str, Any], after: dict[str, Any]) -> list[Plain]:
    ops: list[Plain] = []
    changes = {
        key: after.get(key, _NOTHING.get(key))
        for key in _UPDATED
        if before.get(key, _NOTHING.get(key)) != after.get(key, _NOTHING.get(key))
    }
    if changes:
        ops.append({"op": "update_node", "id": after["id"], "changes": changes})
    params = {
        name: after["params"].get(name)
        for name in {**before["params"], **after["params"]}
        if _differs(before["params"].get(name), after["params"].get(name))
    }
    if params:
        ops.append({"op": "set_params", "id": after["id"], "params": params})
    if (before["x"], before["y"]) != (after["x"], after["y"]):
        ops.append({"op": "move", "positions": {after["id"]: [after["x"], after["y"]]}})
    return ops


def _differs(one: Any, other: Any) -> bool:
    """Yes and 1 are equal to Python, and not the same value."""
    return one != other or type(one) is not type(other)
