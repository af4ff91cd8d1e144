"""Every rule of the operations stands as data in tests/fixtures/ops; the browser's tests read the same files."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from designer.graph.document import Document, empty
from designer.graph.draft import apply_batch
from designer.graph.operations import Refused, touched
from tests.unit.designer.documents import MemoryCatalog, whole

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ops"
FILES = sorted(FIXTURES.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_operations_follow_their_fixture(path: Path) -> None:
    fixture = read(path)
    catalog = MemoryCatalog(fixture["catalog"], fixture["assets"])
    before = whole(fixture["before"])
    untouched = copy.deepcopy(before)
    if "error" in fixture:
        with pytest.raises(Refused) as refused:
            apply_batch(before, fixture["ops"], catalog)
        assert {"code": refused.value.code, "message": str(refused.value)} == fixture["error"]
    else:
        after, inverse = apply_batch(before, fixture["ops"], catalog)
        assert after == whole(fixture["after"])
        assert inverse == fixture["inverse"]
        assert apply_batch(after, inverse, catalog)[0] == before
    assert before == untouched


def test_what_an_edit_leaves_alone_is_shared_not_copied() -> None:
    fixture = read(FIXTURES / "set-params.json")
    before = whole(fixture["before"])
    after, _ = apply_batch(before, fixture["ops"], MemoryCatalog(fixture["catalog"]))
    assert after["nodes"]["load"] is before["nodes"]["load"]
    assert after["edges"]["train.data"] is before["edges"]["train.data"]


CATALOG = MemoryCatalog(read(FIXTURES / "connect.json")["catalog"])
IDS = st.sampled_from(["a", "b", "c", "d", "branch"])
FINAL = st.sampled_from([{}, {"final": True}])
LOOPS = st.sampled_from(
    [None, {"type": "do_while"}, {"type": "sweep"}, {"type": "parallel_for", "over": "files", "input": "data"}]
)
CONDITIONS = st.sampled_from(["succeeded", "failed", "completed", "skipped", "true", "false"])
OUTPUT = {"type": "mltable", "output": "train"}
OPERATIONS = st.one_of(
    st.builds(lambda id: {"op": "add_node", "node": {"id": id, "component": "split:1.0.0"}}, IDS),
    st.just({"op": "add_node", "node": {"id": "branch", "kind": "branch"}}),
    st.builds(lambda id: {"op": "remove_node", "id": id}, IDS),
    st.builds(lambda id, final: {"op": "update_node", "id": id, "changes": {"settings": final}}, IDS, FINAL),
    st.builds(lambda id, loop: {"op": "update_node", "id": id, "changes": {"loop": loop}}, IDS, LOOPS),
    st.builds(lambda s, t, c: {"op": "connect_order", "source": s, "target": t, "condition": c}, IDS, IDS, CONDITIONS),
    st.builds(lambda s, t: {"op": "disconnect_order", "source": s, "target": t}, IDS, IDS),
    st.builds(lambda id: {"op": "set_output", "name": "result", "output": {**OUTPUT, "source": id}}, IDS),
    st.just({"op": "set_output", "name": "result", "output": None}),
    st.builds(lambda id, x: {"op": "move", "positions": {id: [x, 0]}}, IDS, st.integers(-100, 100)),
    st.builds(lambda id, r: {"op": "set_params", "id": id, "params": {"ratio": r}}, IDS, st.none() | st.just(0.5)),
    st.builds(lambda s, t: {"op": "connect", "source": s, "output": "train", "target": t, "input": "data"}, IDS, IDS),
    st.builds(lambda t: {"op": "disconnect", "target": t, "input": "data"}, IDS),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(OPERATIONS, max_size=30))
def test_any_history_can_be_undone_step_by_step_and_never_holds_a_cycle(operations: list[dict[str, Any]]) -> None:
    document: Document = empty("Test")
    history: list[tuple[Document, list[dict[str, Any]]]] = []
    for operation in operations:
        try:
            after, inverse = apply_batch(document, [operation], CATALOG)
        except Refused:
            continue
        history.append((document, inverse))
        document = after
        assert_sound(document)
    for before, inverse in reversed(history):
        document, _ = apply_batch(document, inverse, CATALOG)
        assert document == before


def assert_sound(document: Document) -> None:
    """All edges have both ends, following them never leads back, and nothing comes after a final step but such."""
    nodes = document["nodes"]
    feeds: dict[str, set[str]] = {}
    for edge in [*document["edges"].values(), *document["order"].values()]:
        assert edge["source"] in nodes
        assert edge["target"] in nodes
        assert nodes[edge["target"]]["settings"].get("final") or not nodes[edge["source"]]["settings"].get("final")
        feeds.setdefault(edge["source"], set()).add(edge["target"])
    for edge in document["order"].values():
        assert (edge["condition"] in ("true", "false")) == (nodes[edge["source"]]["kind"] == "branch")
    assert all(output["source"] in nodes for output in document["outputs"].values())
    for start in document["nodes"]:
        reached: set[str] = set()
        todo = list(feeds.get(start, ()))
        while todo:
            id = todo.pop()
            if id not in reached:
                reached.add(id)
                todo += feeds.get(id, ())
        assert start not in reached


def test_touched_names_the_nodes_whose_problems_may_change() -> None:
    fixture = read(FIXTURES / "remove-node.json")
    before = whole(fixture["before"])
    after, inverse = apply_batch(before, fixture["ops"], MemoryCatalog(fixture["catalog"]))
    assert touched(fixture["ops"], before, after) == {"", "split", "train"}
    assert touched(inverse, after, before) == {"", "split", "train"}
    assert touched([{"op": "move", "positions": {"load": [0, 0]}}], before, before) == set()
    # A loop changes the types of what a node gives, so those behind it are judged anew.
    looped = [{"op": "update_node", "id": "load", "changes": {"loop": {"type": "sweep"}}}]
    assert touched(looped, before, before) == {"", "load", "split"}
    order = [{"op": "connect_order", "source": "load", "target": "train", "condition": "failed"}]
    assert touched(order, before, before) == {"load", "train"}


def test_a_malformed_loop_is_refused_with_the_place_of_the_fault() -> None:
    space = {"type": "sweep", "search_space": {"depth": {"type": "uniform", "min_value": 0}}}
    for loop, message in (
        (space, "changes.loop.search_space.depth.max_value: Field required"),
        ({"type": "parallel_for", "over": "items", "items": [[1]]}, "changes.loop.items.0: a value is text, a number, or true or false"),
        ({"type": "parallel_for"}, "changes.loop: 'over' is missing"),
        ({"type": "do_while", "max_iteration_count": 0}, "changes.loop.max_iteration_count: Input should be greater than or equal to 1"),
        ({"type": "sweep", "max_trials": 3}, "changes.loop.max_trials: Extra inputs are not permitted"),
    ):  # fmt: skip
        operation = {"op": "update_node", "id": "a", "changes": {"loop": loop}}
        with pytest.raises(Refused) as refused:
            apply_batch(empty("Test"), [operation], CATALOG)
        assert (refused.value.code, str(refused.value)) == ("malformed", f"The operation cannot be read: {message}.")
