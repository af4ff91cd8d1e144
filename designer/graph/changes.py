"""What differs between two documents, part by part: for the canvas, for lists, and for people."""

from typing import Any

from designer.graph.document import INPUTS, Document, Edge, OrderEdge

Change = dict[str, Any]
"""`kind` (added, removed, changed, moved), `part` (node, edge, order, input, output, note, section, pipeline), `key`,
`title`, `fields` (of what changed: name, before, after), `words`."""

_NODE_FIELDS = (
    "title",
    "component",
    "asset",
    "type",
    "comment",
    "exposed",
    "loop",
    "branch",
    "mode",
    "outputs",
    "kept",
)
_LABELS = {
    "component": "version", "exposed": "shown ports", "branch": "rule", "outputs": "output settings",
    "section": "group",
    "kept": "kept YAML",
}  # fmt: skip


def changes_between(before: Document, after: Document) -> list[Change]:
    """Everything that was added, removed, changed or only moved, nodes first. Empty where nothing differs."""
    changes = _pipeline(before, after)
    for id in {**before["nodes"], **after["nodes"]}:
        changes += _part("node", id, before["nodes"].get(id), after["nodes"].get(id), _node_fields, _title)
    for name in {**before["inputs"], **after["inputs"]}:
        found = _part("input", name, before["inputs"].get(name), after["inputs"].get(name), _plain_fields, None)
        changes += found
    for name in {**before["outputs"], **after["outputs"]}:
        found = _part("output", name, before["outputs"].get(name), after["outputs"].get(name), _plain_fields, None)
        changes += found
    for part in ("note", "section"):
        old: dict[str, Any] = before.get(f"{part}s", {})  # type: ignore[assignment]
        new: dict[str, Any] = after.get(f"{part}s", {})  # type: ignore[assignment]
        for id in {**old, **new}:
            changes += _part(part, id, old.get(id), new.get(id), _plain_fields, None)
    return changes + _edges(before, after) + _order(before, after)


def _part(part: str, key: str, old: Any, new: Any, fields: Any, title: Any) -> list[Change]:
    name = title(new or old) if title else key
    what: Change = {"part": part, "key": key, "title": name, "fields": []}
    label = name if part == "node" else f"the {part} {name}"
    if old is None or new is None:
        kind = "added" if old is None else "removed"
        return [{**what, "kind": kind, "words": f"{kind.capitalize()} {label}"}]
    changed = fields(old, new)
    if changed:
        said = ", ".join(field["name"] for field in changed)
        return [{**what, "kind": "changed", "fields": changed, "words": f"Changed {label}: {said}"}]
    if (old.get("x"), old.get("y")) != (new.get("x"), new.get("y")):
        return [{**what, "kind": "moved", "words": f"Moved {label}"}]
    return []


def _title(node: dict[str, Any]) -> str:
    return str(node["title"])


def _node_fields(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    fields = [_field(_LABELS.get(key, key), old.get(key), new.get(key)) for key in _NODE_FIELDS]
    for group, prefix in (("params", ""), ("settings", "settings › ")):
        names = {**old[group], **new[group]}
        fields += [_field(prefix + name, old[group].get(name), new[group].get(name)) for name in names]
    return [field for field in fields if field]


def _plain_fields(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    fields = [_field(key, old.get(key), new.get(key)) for key in {**old, **new} if key not in ("x", "y")]
    return [field for field in fields if field]


def _field(name: str, old: Any, new: Any) -> dict[str, Any]:
    """Yes and 1 are equal to Python, and not the same value."""
    if old == new and type(old) is type(new):
        return {}
    return {"name": name, "before": old, "after": new}


def _pipeline(before: Document, after: Document) -> list[Change]:
    old = {"name": before["name"], "description": before["description"], **before["settings"]}
    new = {"name": after["name"], "description": after["description"], **after["settings"]}
    old["kept YAML"], new["kept YAML"] = before.get("kept"), after.get("kept")
    fields = _plain_fields(old, new)
    if not fields:
        return []
    said = ", ".join(field["name"] for field in fields)
    what = {"part": "pipeline", "key": "", "title": after["name"], "fields": fields}
    return [{**what, "kind": "changed", "words": f"Changed the pipeline: {said}"}]


def _edges(before: Document, after: Document) -> list[Change]:
    """A wire whose source is another one is removed and added: on the canvas it is two wires."""

    def words(edge: Edge, document: Document) -> str:
        source = (
            edge["output"] if edge["source"] == INPUTS else f"{_called(document, edge['source'])} › {edge['output']}"
        )
        return f"{source} → {_called(document, edge['target'])} › {edge['input']}"

    changes = []
    for kind, one, other in (("removed", before, after), ("added", after, before)):
        for key, edge in one["edges"].items():
            if other["edges"].get(key) != edge:
                text = words(edge, one)
                changes.append(_wire("edge", kind, key, text, f"{kind.capitalize()} the wire {text}"))
    return changes


def _order(before: Document, after: Document) -> list[Change]:
    def words(edge: OrderEdge, document: Document) -> str:
        return f"{_called(document, edge['target'])} after {_called(document, edge['source'])} {edge['condition']}"

    changes = []
    for kind, one, other in (("removed", before, after), ("added", after, before)):
        for key, edge in one["order"].items():
            if other["order"].get(key) != edge:
                text = words(edge, one)
                changes.append(_wire("order", kind, key, text, f"{kind.capitalize()} the order {text}"))
    return changes


def _wire(part: str, kind: str, key: str, title: str, words: str) -> Change:
    return {"part": part, "kind": kind, "key": key, "title": title, "fields": [], "words": words}


def _called(document: Document, id: str) -> str:
    node = document["nodes"].get(id)
    return str(node["title"]) if node else id
