"""What a run makes of disabled and bypassed nodes."""

from typing import Any

import pytest

from designer.graph.document import Document
from designer.graph.modes import resolved
from designer.graph.operations import touched
from designer.graph.problems import problems_of
from tests.unit.designer.test_problems import CATALOG, document, edge, found

SPLIT: dict[str, Any] = {"component": "split:1.0.0", "params": {"mode": "random"}}
TRAIN: dict[str, Any] = {"component": "train:1.0.0", "params": {"depth": 3}}
LOAD: dict[str, Any] = {"component": "load:1.0.0"}
BYPASSED, DISABLED = {"mode": "bypassed"}, {"mode": "disabled"}
CHAIN = edge("load", "table", "split", "data") | edge("split", "train", "again", "data")


def after(source: str, target: str, condition: str = "succeeded") -> dict[str, dict[str, str]]:
    return {f"{target}<{source}": {"source": source, "target": target, "condition": condition}}


def test_nothing_is_resolved_where_everything_runs() -> None:
    draft = document({"load": LOAD})
    assert resolved(draft, CATALOG) is draft


def test_what_feeds_a_bypassed_node_feeds_what_follows_it_at_any_length() -> None:
    nodes = {"load": LOAD, "split": SPLIT | BYPASSED, "again": SPLIT | BYPASSED, "train": TRAIN}
    edges = CHAIN | edge("again", "test", "train", "data")
    outputs = {"rows": {"type": "mltable", "source": "again", "output": "train"}}
    ran = resolved(document(nodes, edges=edges, outputs=outputs), CATALOG)
    assert set(ran["nodes"]) == {"load", "train"}
    assert ran["edges"] == edge("load", "table", "train", "data")
    assert (ran["outputs"]["rows"]["source"], ran["outputs"]["rows"]["output"]) == ("load", "table")


def test_the_input_with_the_output_s_name_goes_on_before_others() -> None:
    nodes = {"load": LOAD, "other": LOAD, "train": TRAIN | BYPASSED, "score": {"component": "score:1.0.0"}}
    edges = edge("load", "table", "train", "data") | edge("other", "table", "train", "extra")
    draft = document(nodes, edges=edges | edge("train", "model", "score", "model"))
    assert found(draft)[0] == ("train", "model", "cannot_bypass", "error")
    assert resolved(draft, CATALOG)["edges"] == {}


def test_what_ran_after_a_bypassed_node_runs_after_what_it_ran_after() -> None:
    nodes = {"load": LOAD, "split": SPLIT | BYPASSED, "again": SPLIT, "other": LOAD}
    order = after("other", "split", "failed") | after("split", "again")
    ran = resolved(document(nodes, edges=edge("load", "table", "split", "data"), order=order), CATALOG)
    assert ran["order"] == after("load", "again") | after("other", "again", "failed")


def test_nothing_can_wait_for_the_failure_of_what_is_bypassed() -> None:
    draft = document({"split": SPLIT | BYPASSED, "load": LOAD}, order=after("split", "load", "failed"))
    assert found(draft) == [("split", "", "cannot_bypass", "error")]


def test_a_disabled_node_waits_for_nothing_and_needs_nothing() -> None:
    nodes = {"load": LOAD, "split": SPLIT, "train": {"component": "train:1.0.0"} | DISABLED}
    edges = edge("load", "table", "split", "data") | edge("split", "train", "train", "data")
    draft = document(nodes, edges=edges, order=after("load", "train"))
    assert found(draft) == []
    ran = resolved(draft, CATALOG)
    assert "train" in ran["nodes"]
    assert ran["edges"] == edge("load", "table", "split", "data")
    assert ran["order"] == {}


@pytest.mark.parametrize("mode", [DISABLED, BYPASSED])
def test_a_pipeline_of_which_nothing_runs_is_empty(mode: dict[str, str]) -> None:
    draft = document({"load": LOAD | mode})
    assert [problem["code"] for problem in problems_of(draft, CATALOG)[""]] == ["empty"]


def test_a_wire_touches_what_is_bypassed() -> None:
    draft: Document = document({"load": LOAD, "split": SPLIT | BYPASSED, "again": SPLIT}, edges=CHAIN)
    operation = {"op": "disconnect", "target": "again", "input": "data"}
    assert "split" in touched([operation], draft, draft)
