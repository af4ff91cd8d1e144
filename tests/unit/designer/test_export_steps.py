"""A document as flat steps: what is laid open, what stays open, and what no other engine runs."""

from typing import Any

import pytest

from designer.graph.export.flat import ENDED, After, Constant, Findings, FromInput, FromStep, Items, Text
from tests.unit.designer.exporting import document, everything, opened


def test_pipeline_components_are_laid_open_and_values_stay_bound_to_the_pipelines_inputs() -> None:
    steps = {step.id: step for step in opened(everything()).steps}
    assert list(steps)[:2] == ["prepare.load", "count"]
    assert steps["prepare.load"].inputs == {"rows": FromInput("rows"), "text": Constant("x")}
    assert steps["count"].inputs == {"data": FromStep("prepare.load", "table")}
    assert steps["count"].after == (After("prepare.load"),)
    assert steps["big"].inputs["text"] == Text(("more than ", FromInput("word")))
    assert steps["big"].ways == (After("many", "true"),)
    assert steps["each"].loop == Items(({"text": "one", "loud": True}, {"text": "two", "loud": False}), 2)
    others = set(steps) - {"last"}
    assert set(steps["last"].after) == {After(other, ENDED) for other in others}


def test_what_hangs_on_a_branch_through_other_steps_knows_its_way() -> None:
    graph = document(
        {
            "if": {"kind": "branch", "params": {"value": True}},
            "load": {"component": "load:1"},
            "count": {"component": "count:1"},
        },
        "if -> load: true",
        "load.table -> count.data",
    )
    assert opened(graph).steps[-1].ways == (After("if", "true"),)


def test_registered_data_becomes_a_parameter_that_takes_an_address() -> None:
    findings = Findings()
    graph = document(
        {"rows": {"kind": "data", "asset": "iris:2", "type": "uri_folder"}, "count": {"component": "count:1"}},
        "rows.data -> count.data",
    )
    steps = opened(graph, findings)
    assert steps.steps[0].data == {"data": FromInput("data_iris_v2")}
    assert (steps.inputs["data_iris_v2"].type, steps.inputs["data_iris_v2"].default) == ("uri_folder", None)
    assert findings.warnings == [
        "The data asset iris:2 is a parameter there, which takes the address of the data when it starts."
    ]


def test_an_order_edge_from_a_pipeline_component_waits_for_all_within_it() -> None:
    nodes = {"prepare": {"component": "inner:1"}, "say": {"component": "say:1"}}
    for condition, waits in (("succeeded", "succeeded"), ("completed", ENDED)):
        steps = opened(document(nodes, f"prepare -> say: {condition}")).steps
        assert steps[-1].after == (After("prepare.load", waits),)
    findings = Findings()
    opened(document(nodes, "prepare -> say: failed"), findings)
    assert findings.losses == ["No other engine waits for the pipeline “prepare” to be failed."]


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ({"loop": {"type": "sweep"}}, "is a sweep"),
        ({"loop": {"type": "do_while"}}, "while a condition holds"),
        ({"loop": {"type": "parallel_for", "over": "files", "input": "data"}}, "files of a folder"),
        ({"loop": {"type": "parallel_for", "over": "items", "items": "${{parent.inputs.x}}"}}, "list the items"),
        ({"loop": {"type": "parallel_for", "over": "items", "items": []}}, "has no items"),
        ({"component": "inner:1", "loop": {"type": "parallel_for", "over": "items", "items": [{"rows": 1}]}}, "whole"),
        ({"settings": {"distribution": {"type": "mpi"}}}, "starts several processes"),
        ({"component": "gone:1"}, "not registered"),
        ({"params": {"rows": "many"}}, "`rows`: 'many' is not a number"),
    ],
)
def test_what_no_other_engine_runs_is_told(node: dict[str, Any], sentence: str) -> None:
    findings = Findings()
    opened(document({"load": {"component": "load:1", "title": "Load", **node}}), findings)
    assert len(findings.losses) == 1
    assert sentence in findings.losses[0]
    assert "Load" in findings.losses[0]


def test_what_iterations_give_together_is_refused() -> None:
    loop = {"type": "parallel_for", "over": "items", "items": [{"rows": 1}, {"rows": 2}]}
    findings = Findings()
    nodes = {"load": {"component": "load:1", "loop": loop}, "count": {"component": "count:1"}}
    opened(document(nodes, "load.table -> count.data"), findings)
    assert any("iterations of “load” give together" in loss for loss in findings.losses)
