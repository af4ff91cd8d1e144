"""A selection becomes a component and comes back as it was."""

from typing import Any

import pytest

from designer.graph.collapse import CannotCollapse, collapse
from designer.graph.component import spec_of
from designer.graph.document import Document
from designer.graph.draft import apply_batch
from designer.graph.expand import CannotExpand, expand
from registry.spec.interface import interface
from tests.unit.designer.documents import MemoryCatalog
from tests.unit.designer.test_problems import FIXTURE, document, edge

CATALOG = MemoryCatalog(FIXTURE["catalog"], FIXTURE["assets"])
SEED = {"depth": {"type": "integer", "default": 5}}
NODES: dict[str, Any] = {
    "load": {"component": "load:1.0.0", "x": 0, "y": 0},
    "split": {"component": "split:1.0.0", "params": {"mode": "random"}, "x": 300, "y": 0},
    "train": {
        "component": "train:1.0.0", "params": {"depth": "${{parent.inputs.depth}}"}, "x": 600, "y": 40,
        "settings": {"retries": 2}, "comment": "why",
    },
    "score": {"component": "score:1.0.0", "x": 900, "y": 0},
}  # fmt: skip
EDGES = (
    edge("load", "table", "split", "data")
    | edge("split", "train", "train", "data")
    | edge("split", "test", "score", "data")
    | edge("train", "model", "score", "model")
)
OUTPUTS = {"model": {"type": "custom_model", "source": "train", "output": "model"}}


def collapsed(draft: Document, *ids: str) -> tuple[Document, Document, MemoryCatalog]:
    """The draft with a node `part` in the nodes' place, and the graph that is in it."""
    found = collapse(draft, ids, CATALOG, "Part")
    spec = spec_of(found.inside, name="part", version="1", title="Part", description="")
    catalog = MemoryCatalog([*FIXTURE["catalog"], interface(spec)], FIXTURE["assets"])
    after, inverse = apply_batch(draft, found.operations(draft, "part", "part:1", "Part"), catalog)
    assert apply_batch(after, inverse, catalog)[0] == draft
    return after, found.inside, catalog


def whole_draft() -> Document:
    return document(NODES, edges=EDGES, inputs=SEED, outputs=OUTPUTS)


def test_every_wire_and_bound_input_is_a_port() -> None:
    after, inside, _ = collapsed(whole_draft(), "split", "train")
    assert {name: each["type"] for name, each in inside["inputs"].items()} == {"depth": "integer", "data": "mltable"}
    assert {name: (each["source"], each["output"]) for name, each in inside["outputs"].items()} == {
        "test": ("split", "test"),
        "model": ("train", "model"),
    }
    assert set(after["nodes"]) == {"load", "score", "part"}
    assert after["nodes"]["part"]["params"] == {"depth": "${{parent.inputs.depth}}"}
    assert after["edges"] == (
        edge("load", "table", "part", "data")
        | edge("part", "test", "score", "data")
        | edge("part", "model", "score", "model")
    )
    assert after["outputs"]["model"]["source"] == "part"


@pytest.mark.parametrize(
    "ids", [("split", "train"), ("train",), ("load", "split", "train"), ("split", "train", "score")]
)
def test_expanding_gives_back_what_was_collapsed(ids: tuple[str, ...]) -> None:
    draft = whole_draft()
    after, inside, catalog = collapsed(draft, *ids)
    back, _ = apply_batch(after, expand(after, "part", inside), catalog)
    assert back == draft


def test_a_value_that_a_step_gives_goes_in_by_an_exposed_parameter() -> None:
    nodes = NODES | {"train": {"component": "train:1.0.0", "exposed": ["depth"]}}
    draft = document(nodes, edges=EDGES | edge("load", "count", "train", "depth"))
    after, inside, catalog = collapsed(draft, "train")
    assert after["nodes"]["part"]["exposed"] == ["depth"]
    assert after["edges"]["part.depth"]["output"] == "count"
    back, _ = apply_batch(after, expand(after, "part", inside), catalog)
    assert back == draft


def test_names_that_meet_are_told_apart() -> None:
    nodes = {
        "one": {"component": "load:1.0.0"}, "two": {"component": "load:1.0.0"},
        "left": NODES["split"], "right": NODES["split"],
    }  # fmt: skip
    edges = edge("one", "table", "left", "data") | edge("two", "table", "right", "data")
    _, inside, _ = collapsed(document(nodes, edges=edges), "left", "right")
    assert list(inside["inputs"]) == ["data", "right_data"]


def test_a_way_out_and_back_in_is_refused_by_name() -> None:
    with pytest.raises(CannotCollapse) as refused:
        collapse(whole_draft(), ["split", "score"], CATALOG, "Part")
    assert str(refused.value) == (
        "“train” comes after “split” and before “score”, so they cannot be one step without it: select “train” too."
    )


def test_what_hangs_on_a_failure_goes_along() -> None:
    order = {"load<train": {"source": "train", "target": "load", "condition": "failed"}}
    with pytest.raises(CannotCollapse, match="hangs on how “train” ends"):
        collapse(document({"load": NODES["load"], "train": NODES["train"]}, order=order), ["train"], CATALOG, "Part")


def test_what_repeats_cannot_be_expanded() -> None:
    after, inside, _ = collapsed(whole_draft(), "split", "train")
    after["nodes"]["part"] = {**after["nodes"]["part"], "mode": "disabled"}
    with pytest.raises(CannotExpand, match="is disabled"):
        expand(after, "part", inside)
