"""What is listed as unfinished, and what of it keeps a pipeline from running."""

import json
from pathlib import Path
from typing import Any

import pytest

from designer.graph.document import Document
from designer.graph.problems import has_errors, problems_of
from tests.unit.designer.documents import MemoryCatalog, whole

FIXTURE = json.loads((Path(__file__).parents[2] / "fixtures" / "ops" / "connect.json").read_text())
CATALOG = MemoryCatalog(FIXTURE["catalog"], FIXTURE["assets"])


def document(nodes: dict[str, Any], **parts: Any) -> Document:
    return whole({"nodes": nodes, **parts})


def found(draft: Document) -> list[tuple[str, str, str, str]]:
    return [
        (problem["node"], problem["field"], problem["code"], problem["severity"])
        for of_node in problems_of(draft, CATALOG).values()
        for problem in of_node
    ]


def edge(source: str, output: str, target: str, input: str) -> dict[str, dict[str, str]]:
    return {f"{target}.{input}": {"source": source, "output": output, "target": target, "input": input}}


SPLIT = {"component": "split:1.0.0", "params": {"mode": "random"}}


def test_an_empty_pipeline_cannot_run() -> None:
    problems = problems_of(document({}), CATALOG)
    assert [problem["code"] for problem in problems[""]] == ["empty"]
    assert has_errors(problems)


def test_a_finished_pipeline_has_none() -> None:
    draft = document(
        {"load": {"component": "load:1.0.0"}, "split": SPLIT}, edges=edge("load", "table", "split", "data")
    )
    assert found(draft) == []


def test_unfilled_inputs_and_parameters_are_errors() -> None:
    assert found(document({"train": {"component": "train:1.0.0"}})) == [
        ("train", "data", "missing_input", "error"),
        ("train", "depth", "missing_value", "error"),
    ]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"mode": "sideways"}, "Mode: 'sideways' is not one of random, ordered."),
        ({"mode": "random", "ratio": 2}, "Ratio: 2 is above the largest allowed value, 1."),
        ({"mode": "random", "ratio": "much"}, "Ratio: 'much' is not a number."),
    ],
)
def test_values_that_do_not_fit_say_why(params: dict[str, Any], message: str) -> None:
    draft = document(
        {"load": {"component": "load:1.0.0"}, "split": {**SPLIT, "params": params}},
        edges=edge("load", "table", "split", "data"),
    )
    (problem,) = problems_of(draft, CATALOG)["split"]
    assert (problem["code"], problem["message"]) == ("invalid_value", message)


def test_bindings_are_followed() -> None:
    draft = document(
        {"load": {"component": "load:1.0.0", "params": {"rows": "${{parent.inputs.rows}}"}}},
        inputs={"rows": {"type": "integer", "default": 5}},
    )
    assert found(draft) == []
    del draft["inputs"]["rows"]
    assert found(draft) == [("load", "rows", "unknown_binding", "error")]


def test_a_doubtful_wire_is_a_warning_and_does_not_stop_a_run() -> None:
    draft = document(
        {"photos": {"kind": "data", "asset": "photos:1", "type": "uri_folder"}, "split": SPLIT},
        edges=edge("photos", "data", "split", "data"),
    )
    assert found(draft) == [("split", "data", "type_warning", "warning")]
    assert not has_errors(problems_of(draft, CATALOG))


def test_components_and_assets_that_are_gone_are_named() -> None:
    draft = document({"a": {"component": "gone:1"}, "b": {"kind": "data", "asset": "gone:1", "type": "uri_file"}})
    assert found(draft) == [("a", "", "unknown_component", "error"), ("b", "asset", "unknown_asset", "error")]


def test_an_exposed_parameter_with_a_wire_needs_no_value() -> None:
    draft = document(
        {"load": {"component": "load:1.0.0"}, "train": {"component": "train:1.0.0", "exposed": ["depth"]}},
        edges=edge("load", "table", "train", "data") | edge("load", "count", "train", "depth"),
    )
    assert found(draft) == []


def test_only_the_nodes_asked_for_are_judged() -> None:
    draft = document({"a": {"component": "train:1.0.0"}, "b": {"component": "train:1.0.0"}})
    assert set(problems_of(draft, CATALOG, ["a", "gone"])) == {"a"}
