"""Two edits of one document, put together."""

from typing import Any

from designer.graph.azure.text_merge import merged_text
from designer.graph.document import Document, empty
from designer.graph.merge import merged


def node(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "component", "title": id.title(), "x": 0, "y": 0, "params": {}, "settings": {}, **more}


def document(*nodes: dict[str, Any], wires: tuple[str, ...] = (), **more: Any) -> Document:
    found: Any = {**empty("Base"), "nodes": {each["id"]: each for each in nodes}, **more}
    for wire in wires:
        source, target = wire.split(">")
        found["edges"][f"{target}.data"] = {"source": source, "output": "out", "target": target, "input": "data"}
    return found


BASE = document(node("a"), node("b"), wires=("a>b",))


def test_what_either_changed_is_changed() -> None:
    mine = document(node("a", params={"rate": 1}), node("b"), wires=("a>b",))
    theirs = document(node("a", title="Other", params={"size": 2}), node("b"), node("c"), wires=("a>b", "b>c"))
    found, conflicts = merged(BASE, mine, theirs)
    assert conflicts == []
    assert found["nodes"]["a"] == node("a", title="Other", params={"rate": 1, "size": 2})
    assert set(found["edges"]) == {"b.data", "c.data"}


def test_what_both_changed_is_a_conflict_that_either_may_win() -> None:
    mine, theirs = ({**BASE, "nodes": {**BASE["nodes"], "a": node("a", params={"rate": rate})}} for rate in (1, 2))
    found, conflicts = merged(BASE, mine, theirs)
    assert [(each.what, each.mine, each.theirs) for each in conflicts] == [("rate of “A”", "1", "2")]
    assert found["nodes"]["a"]["params"] == {"rate": 2}
    assert merged(BASE, mine, theirs, "mine")[0]["nodes"]["a"]["params"] == {"rate": 1}


def test_yes_is_not_one() -> None:
    mine, theirs = ({**BASE, "nodes": {**BASE["nodes"], "a": node("a", params={"on": on})}} for on in (True, 1))
    assert len(merged(BASE, mine, theirs)[1]) == 1


def test_a_node_that_both_moved_is_where_mine_has_it() -> None:
    mine, theirs = ({**BASE, "nodes": {**BASE["nodes"], "a": node("a", x=x)}} for x in (10, 20))
    found, conflicts = merged(BASE, mine, theirs)
    assert (found["nodes"]["a"]["x"], conflicts) == (10, [])


def test_a_node_that_is_gone_and_newly_wired_is_a_conflict() -> None:
    mine = document(node("a"))
    theirs = document(node("a"), node("b"), node("c"), wires=("a>b", "b>c"))
    found, conflicts = merged(BASE, mine, theirs)
    assert [(each.what, each.mine) for each in conflicts] == [("“B”", "removed")]
    assert set(found["edges"]) == {"b.data", "c.data"}
    found, _ = merged(BASE, mine, theirs, "mine")
    assert (set(found["nodes"]), found["edges"]) == ({"a", "c"}, {})


def test_texts_are_put_together_unless_they_changed_the_same_lines() -> None:
    base = "a: 1\nb: 2\nc: 3\nd: 4\n"
    assert merged_text(base, base.replace("1", "1 # x"), base.replace("3", "5")) == "a: 1 # x\nb: 2\nc: 5\nd: 4\n"
    assert merged_text(base, base.replace("1", "8"), base.replace("1", "9")) is None
    assert merged_text(base, base.replace("1", "8"), base.replace("1", "8")) == base.replace("1", "8")
    assert merged_text(base, base, base + "e: 5\n") == base + "e: 5\n"
    assert merged_text(base, "# x\n" + base, base + "e: 5\n") == "# x\n" + base + "e: 5\n"
