"""What is written says what the document says; what Azure ML has no word for is told and kept."""

from pathlib import Path
from typing import Any

import pytest

from designer.graph.azure.hints import hints_of
from designer.graph.azure.patching import written
from designer.graph.azure.reading import read_pipeline
from designer.graph.azure.writing import Written, write_job
from designer.graph.document import Document, empty
from designer.graph.draft import apply_batch
from registry.spec.folder import find_components, read_folder
from registry.spec.interface import Interface, interface

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "designer" / "library").glob("*/pipeline.yml"))


class Library:
    """The built-in components, and one data asset."""

    def __init__(self) -> None:
        specs = [read_folder(file, None).spec for file in find_components(ROOT / "registry" / "library")]
        self.interfaces = {spec.name: interface(spec) for spec in specs}

    def interface(self, ref: str) -> Interface | None:
        return self.interfaces.get(ref.partition(":")[0])

    def latest(self, name: str) -> Interface | None:
        return self.interfaces.get(name)

    def names(self) -> list[str]:
        return list(self.interfaces)

    def asset_type(self, ref: str) -> str | None:
        return "mltable" if ref == "people:1" else None


LIBRARY = Library()


def made(*ops: dict[str, Any]) -> Document:
    return apply_batch(empty("Test"), ops, LIBRARY)[0]


def wrote(*ops: dict[str, Any]) -> Written:
    return write_job(made(*ops), LIBRARY)


def node(id: str, component: str, **fields: Any) -> dict[str, Any]:
    return {"op": "add_node", "node": {"id": id, "component": f"{component}:1.0.0", **fields}}


def shell(id: str, **fields: Any) -> dict[str, Any]:
    return node(id, "run_shell", params={"script": "true"}, **fields)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.parent.name)
def test_every_template_is_read_back_as_it_was_written(file: Path) -> None:
    document = read_pipeline(file.read_text(encoding="utf-8"), file.name, LIBRARY)
    assert read_pipeline(written(write_job(document, LIBRARY).data), "again.yml", LIBRARY) == document


def test_values_wires_and_settings_are_written_in_azures_words() -> None:
    split = node(
        "split", "split_data", params={"seed": "${{parent.inputs.seed}}"}, settings={"timeout": 60, "compute": "gpu"}
    )
    data = wrote(
        {"op": "set_input", "name": "seed", "input": {"type": "integer", "default": 3}},
        {"op": "set_input", "name": "table", "input": {"type": "mltable", "default": {"asset": "people:1"}}},
        split,
        {"op": "connect", "source": "$inputs", "output": "table", "target": "split", "input": "table"},
        node("rest", "sample_rows"),
        {"op": "connect", "source": "split", "output": "test", "target": "rest", "input": "table"},
        {"op": "set_output", "name": "train", "output": {"type": "mltable", "source": "split", "output": "train"}},
    ).data
    assert data["inputs"] == {"seed": 3, "table": {"type": "mltable", "path": "azureml:people:1"}}
    assert data["jobs"]["split"]["inputs"] == {"table": "${{parent.inputs.table}}", "seed": "${{parent.inputs.seed}}"}
    assert data["jobs"]["split"]["outputs"] == {"train": "${{parent.outputs.train}}"}
    assert data["jobs"]["split"]["compute"] == "azureml:gpu"
    assert data["jobs"]["split"]["limits"] == {"timeout": 60}
    assert data["jobs"]["rest"]["inputs"]["table"] == "${{parent.jobs.split.outputs.test}}"
    assert data["settings"]["default_compute"] == "azureml:serverless"


def test_data_on_the_canvas_is_an_input_of_those_that_it_feeds() -> None:
    data = wrote(
        {"op": "add_node", "node": {"id": "people", "kind": "data", "asset": "people:1", "x": 5, "y": 6}},
        node("split", "split_data"),
        {"op": "connect", "source": "people", "output": "data", "target": "split", "input": "table"},
    ).data
    assert data["jobs"]["split"]["inputs"]["table"] == {"type": "mltable", "path": "azureml:people:1"}
    assert set(data["jobs"]) == {"split"}
    assert hints_of(data)["data"]["people"]["to"] == ["split.table"]


def test_loops_and_branches_are_jobs_of_their_own() -> None:
    items = {"type": "parallel_for", "over": "items", "items": [{"script": "a"}, {"script": "b"}], "max_concurrency": 2}
    found = wrote(
        {"op": "add_node", "node": {"id": "choose", "kind": "branch", "params": {"value": True}}},
        shell("a"),
        node("b", "run_shell", loop=items),
        {"op": "connect_order", "source": "choose", "target": "a", "condition": "true"},
        {"op": "connect_order", "source": "choose", "target": "b", "condition": "false"},
    )
    jobs = found.data["jobs"]
    assert jobs["choose"]["condition"] is True
    assert jobs["choose"]["true_block"] == "${{parent.jobs.a}}"
    assert jobs["choose"]["false_block"] == "${{parent.jobs.b_each}}"
    assert jobs["b_each"] == {
        "type": "parallel_for",
        "body": "${{parent.jobs.b}}",
        "items": [{"script": "a"}, {"script": "b"}],
        "max_concurrency": 2,
    }
    assert any("private preview" in sentence for sentence in found.losses)


@pytest.mark.parametrize(
    ("ops", "sentence"),
    [
        ([shell("a", settings={"retries": 2})], "the retries of “a”"),
        ([shell("a", settings={"labels": {"gpu": "yes"}})], "those of “a”"),
        ([shell("a"), shell("b"), {"op": "connect_order", "source": "a", "target": "b"}], "“b” does not wait"),
        (
            [shell("a"), shell("b", settings={"final": True}), shell("c", settings={"final": True})],
            "“b” may not be last",
        ),
    ],
)
def test_what_azure_does_otherwise_is_told(ops: list[dict[str, Any]], sentence: str) -> None:
    assert any(sentence in loss for loss in wrote(*ops).losses)


def test_one_final_step_that_stands_alone_is_azures_on_finalize() -> None:
    found = wrote(shell("a"), shell("z", settings={"final": True}))
    assert found.data["settings"]["on_finalize"] == "z"
    assert found.losses == []


def test_notes_groups_and_modes_come_back_and_are_told() -> None:
    document = made(
        shell("prepare", section="first", mode="disabled"),
        {"op": "set_input", "name": "people", "input": {"type": "mltable", "x": 8}},
        {"op": "add_note", "note": {"id": "why", "text": "# Why", "x": 16}},
        {"op": "add_section", "section": {"id": "first", "title": "First", "color": "blue"}},
        {"op": "join", "section": "first", "members": ["prepare", "$notes.why", "$inputs.people"]},
    )
    text = write_job(document, LIBRARY)
    assert "“prepare” is disabled here" in text.losses[0]
    assert read_pipeline(written(text.data), "pipeline.yml", LIBRARY) == document
