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
IDS = st.sampled_from(["a", "b", "c", "d"])
OPERATIONS = st.one_of(
    st.builds(lambda id: {"op": "add_node", "node": {"id": id, "component": "split:1.0.0"}}, IDS),
    st.builds(lambda id: {"op": "remove_node", "id": id}, IDS),
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
    """Every wire has both ends, and following wires never leads back."""
    feeds: dict[str, set[str]] = {}
    for edge in document["edges"].values():
        assert edge["source"] in document["nodes"]
        assert edge["target"] in document["nodes"]
        feeds.setdefault(edge["source"], set()).add(edge["target"])
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
