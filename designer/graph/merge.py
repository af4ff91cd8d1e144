"""Two edits of one document, put together: what either changed is changed, and what both changed is a conflict."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from designer.graph.document import INPUTS, Document

Side = Literal["mine", "theirs"]
Path = tuple[str, ...]

_GONE: Any = object()
"""The value of what is not there."""
_WHOLE = ("edges", "order", "outputs")
"""Parts of a document that are one thing each, though they are mappings."""
_PLACE = ("x", "y")


@dataclass(frozen=True)
class Conflict:
    """What both sides changed, and what each made of it, in words."""

    what: str
    mine: str
    theirs: str


def merged(
    base: Document, mine: Document, theirs: Document, prefer: Side = "theirs"
) -> tuple[Document, list[Conflict]]:
    """`theirs` with what `mine` changed of `base`; where both changed the same, what `prefer` says.

    Where a node was moved by both, it is where mine has it: no work is lost by that, so it is no conflict.
    """
    merge = _Merge(base, mine, theirs, prefer)
    return merge.document(), merge.conflicts


class _Merge:
    def __init__(self, base: Document, mine: Document, theirs: Document, prefer: Side) -> None:
        self.base, self.mine, self.theirs = (cast(dict[str, Any], each) for each in (base, mine, theirs))
        self.prefer = prefer
        self.conflicts: list[Conflict] = []

    def document(self) -> Document:
        keys = dict.fromkeys((*self.theirs, *self.mine))
        found = {key: value for key in keys if (value := self._top(key)) is not _GONE}
        nodes = found["nodes"]
        for key in ("edges", "order"):
            self._with_their_nodes(key, found)
            found[key] = {
                id: edge
                for id, edge in found[key].items()
                if {edge["source"], edge["target"]} <= {*nodes, INPUTS}
                and (edge["source"] != INPUTS or edge["output"] in found["inputs"])
            }
        found["outputs"] = {name: each for name, each in found["outputs"].items() if each["source"] in nodes}
        return cast(Document, found)

    def _top(self, key: str) -> Any:
        sides = [each.get(key, _GONE) for each in (self.base, self.mine, self.theirs)]
        if key != "nodes":
            return self._value((key,), *sides)
        base, mine, theirs = sides
        return {
            id: node
            for id in dict.fromkeys((*theirs, *mine))
            if (node := self._node(id, *(each.get(id, _GONE) for each in (base, mine, theirs)))) is not _GONE
        }

    def _node(self, id: str, base: Any, mine: Any, theirs: Any) -> Any:
        """A node. To lay a new wire at it is to change it, where the other side takes it away."""
        if base is not _GONE:
            if mine is _GONE and theirs is not _GONE and self._is_wired(id, self.theirs):
                return self._choose(("nodes", id), _GONE, theirs)
            if theirs is _GONE and mine is not _GONE and self._is_wired(id, self.mine):
                return self._choose(("nodes", id), mine, _GONE)
        return self._value(("nodes", id), base, mine, theirs)

    def _is_wired(self, id: str, side: dict[str, Any]) -> bool:
        return any(
            id in (edge["source"], edge["target"]) and self.base[key].get(name) != edge
            for key in ("edges", "order")
            for name, edge in side[key].items()
        )

    def _with_their_nodes(self, key: str, found: dict[str, Any]) -> None:
        """A node that stays though one side took it away keeps the wires that went with it."""
        for side, other in ((self.mine, self.theirs), (self.theirs, self.mine)):
            kept = {id for id in self.base["nodes"] if id not in side["nodes"] and id in found["nodes"]}
            for name, edge in other[key].items():
                if kept & {edge["source"], edge["target"]}:
                    found[key].setdefault(name, edge)

    def _value(self, path: Path, base: Any, mine: Any, theirs: Any) -> Any:
        if _same(mine, base) or _same(mine, theirs):
            return theirs
        if _same(theirs, base):
            return mine
        sides = (base, mine, theirs)
        if all(isinstance(each, Mapping) for each in sides) and not (len(path) > 1 and path[0] in _WHOLE):
            keys = dict.fromkeys((*theirs, *mine))
            parts = {key: self._value((*path, key), *(each.get(key, _GONE) for each in sides)) for key in keys}
            return {key: part for key, part in parts.items() if part is not _GONE}
        if path[-1] in _PLACE and len(path) == 3:
            return theirs if mine is _GONE else mine
        return self._choose(path, mine, theirs)

    def _choose(self, path: Path, mine: Any, theirs: Any) -> Any:
        self.conflicts.append(Conflict(self._named(path), _said(mine), _said(theirs)))
        return mine if self.prefer == "mine" else theirs

    def _named(self, path: Path) -> str:
        part, *rest = path
        if not rest:
            return f"the pipeline’s {part}"
        name, *inner = rest
        field = inner[-1] if inner else ""
        if part == "nodes":
            return f"{field} of {self._title(name)}" if field else self._title(name)
        if part == "edges":
            node, _, input = name.partition(".")
            return f"the wire into {input} of {self._title(node)}"
        if part == "order":
            target, _, source = name.partition("<")
            return f"when {self._title(target)} runs after {self._title(source)}"
        if part in ("inputs", "outputs"):
            whole = f"the pipeline {part[:-1]} {name}"
            return f"{field} of {whole}" if field else whole
        return f"the pipeline’s {rest[-1]}"

    def _title(self, id: str) -> str:
        node = self.theirs["nodes"].get(id) or self.mine["nodes"].get(id) or self.base["nodes"].get(id) or {}
        return f"“{node.get('title') or id}”"


def _same(one: Any, other: Any) -> bool:
    """Yes and 1 are equal to Python, and not the same value."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(each, other[key]) for key, each in one.items())
    # A place may be read as a whole number.
    number = type(one) in (int, float) and type(other) in (int, float)
    return bool(one == other) and (number or type(one) is type(other))


def _said(value: Any) -> str:
    """A value as a person reads it; long ones are cut."""
    if value is _GONE:
        return "removed"
    if isinstance(value, Mapping) and "source" in value:
        return f"from {value['source']}.{value.get('output') or value.get('condition')}"
    if isinstance(value, Mapping) and "id" in value:
        return "changed"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"
