"""What a batch of operations did, in words: a line of a pipeline's history."""

from collections.abc import Iterable, Mapping
from typing import Any

from designer.graph.document import Document
from designer.graph.operations import Plain

LISTED = 3
"""So many names are said; of more, how many more."""


def titles_in(document: Document, batches: Iterable[Iterable[Plain]]) -> dict[str, str]:
    """What nodes are called, those that batches add or take away too."""
    titles = {
        op["node"]["id"]: op["node"].get("title") or op["node"]["id"]
        for batch in batches
        for op in batch
        if op.get("op") == "add_node"
    }
    return titles | {id: node["title"] for id, node in document["nodes"].items()}


def in_words(ops: Iterable[Plain], titles: Mapping[str, str]) -> str:
    """A batch in a sentence without a stop: `Add Train and Score; connect Score › data`."""
    found: dict[str, list[str]] = {}
    added: set[str] = set()
    for op in ops:
        if op["op"] == "add_node":
            added.add(op["node"]["id"])
        for verb, what in _said(op, titles):
            named = found.setdefault(verb, [])
            if what and what not in named:
                named.append(what)
    # What is taken out and put in again under its id was replaced.
    removed = set(found.get("remove", []))
    replaced = [title for title in found.get("add", []) if title in removed]
    if replaced:
        for verb in ("add", "remove"):
            found[verb] = [title for title in found[verb] if title not in replaced]
        found = {"replace": replaced} | found
    parts = [f"{verb} {_listed(named)}".strip() for verb, named in found.items() if named or verb in _ALONE]
    if len(parts) > LISTED:
        parts = [*parts[:LISTED], f"{len(parts) - LISTED} more changes" if len(parts) > LISTED + 1 else "1 more change"]
    text = "; ".join(parts) or "no change"
    return text[0].upper() + text[1:]


_ALONE = {"change the settings of the pipeline", "change the description of the pipeline", "change the pipeline"}


def _said(op: Plain, titles: Mapping[str, str]) -> list[tuple[str, str]]:
    def title(id: str) -> str:
        return titles.get(id, id).removeprefix("$inputs.")

    match op:
        case {"op": "add_node", "node": {"id": id}}:
            return [("add", title(id))]
        case {"op": "remove_node", "id": id}:
            return [("remove", title(id))]
        case {"op": "move", "positions": positions}:
            return [("move", title(id)) for id in positions]
        case {"op": "set_params", "id": id, "params": params}:
            return [("set", f"{title(id)} › {name}") for name in params]
        case {"op": "update_node", "id": id, "changes": changes}:
            return [(_UPDATES.get(key, "change"), title(id)) for key in changes]
        case {"op": "connect", "target": id, "input": name}:
            return [("connect", f"{title(id)} › {name}")]
        case {"op": "disconnect", "target": id, "input": name}:
            return [("disconnect", f"{title(id)} › {name}")]
        case {"op": "connect_order" | "disconnect_order" as kind, "source": source, "target": target}:
            verb = "run" if kind == "connect_order" else "no longer run"
            return [(verb, f"{title(target)} after {title(source)}")]
        case {"op": "set_input", "name": name, "input": value}:
            return [("set the input" if value is not None else "remove the input", name)]
        case {"op": "set_output", "name": name, "output": value}:
            return [("set the output" if value is not None else "remove the output", name)]
        case {"op": "update_pipeline", "changes": {"name": name}}:
            return [("rename the pipeline to", f"“{name}”")]
        case {"op": "update_pipeline", "changes": changes}:
            key = next((key for key in ("settings", "description") if key in changes), "")
            return [(f"change the {key} of the pipeline" if key else "change the pipeline", "")]
    verb, _, part = op["op"].partition("_")
    if part in ("note", "section"):
        return [({"update": "change"}.get(verb, verb), "a note" if part == "note" else "a group")]
    return [("change", str(op.get("id") or op.get("name") or op["op"]))]


_UPDATES = {
    "title": "rename",
    "comment": "write about",
    "settings": "change the settings of",
    "exposed": "show other ports of",
    "asset": "choose other data for",
    "loop": "change the loop of",
    "mode": "switch",
    "branch": "change the rule of",
    "outputs": "change the outputs of",
    "kept": "change what is kept of",
}


def _listed(named: list[Any]) -> str:
    if len(named) > LISTED:
        return f"{', '.join(named[:LISTED])} and {len(named) - LISTED} more"
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else ""
