"""The Python that a pipeline is exported as gives the same pipeline when it is run."""

from pathlib import Path
from typing import Any, cast

import pytest

from designer.graph.azure.reading import read_pipeline
from designer.graph.document import Document, empty
from designer.graph.draft import apply_batch
from designer.graph.export.flat import Findings
from designer.graph.export.python import write_python
from portline.client.answers import Answer
from portline.entities.yaml import inline, text
from registry.spec.folder import find_components, read_folder
from registry.spec.interface import Interface, interface

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "designer" / "library").glob("*/pipeline.yml"))


class Library:
    """The built-in components, as the server and as its client have them; and one data asset."""

    workspace_name = "default"

    def __init__(self) -> None:
        specs = [read_folder(file, None).spec for file in find_components(ROOT / "registry" / "library")]
        self.specs = {spec.name: spec for spec in specs}
        self.interfaces = {spec.name: interface(spec) for spec in specs}
        self.components = self

    def interface(self, ref: str) -> Interface | None:
        return self.interfaces.get(ref.partition(":")[0])

    def latest(self, name: str) -> Interface | None:
        return self.interfaces.get(name)

    def names(self) -> list[str]:
        return list(self.interfaces)

    def asset_type(self, ref: str) -> str | None:
        return "mltable" if ref == "people:1" else None

    def get(self, name: str, version: str | None = None, label: str | None = None) -> Answer:
        return Answer(self.specs[name].model_dump(mode="json"))

    def list(self) -> list[Answer]:
        return [Answer({"name": name}) for name in self.specs]


LIBRARY = Library()


@pytest.fixture(autouse=True)
def _the_library_is_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portline.client.ml_client.MLClient", lambda: LIBRARY)


def ran(source: str) -> Any:
    """The job that exported source makes."""
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec", dont_inherit=True), names)
    return names["job"]


def compared(document: Document) -> dict[str, Any]:
    """What a document says: places on the canvas, and in which order things were written, do not count."""
    found: dict[str, Any] = {**document, "nodes": {}, "kept": {}}
    for id, node in document["nodes"].items():
        kept = {key: value for key, value in node.get("kept", {}).items() if key != "loop"}
        found["nodes"][id] = {**node, "x": 0, "y": 0, "kept": kept, "exposed": sorted(node["exposed"])}
    found["inputs"] = {name: {**input_, "x": 0, "y": 0} for name, input_ in document["inputs"].items()}
    return found


def again(document: Document) -> Document:
    source = write_python(document, LIBRARY)
    compile(source, "exported.py", "exec")
    return read_pipeline(text(inline(ran(source))), "again.yml", LIBRARY)


def made(*ops: dict[str, Any]) -> Document:
    return apply_batch(empty("Test it"), ops, LIBRARY)[0]


def node(id: str, component: str, **fields: Any) -> dict[str, Any]:
    return {"op": "add_node", "node": {"id": id, "component": f"{component}:1.0.0", **fields}}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.parent.name)
def test_every_template_is_the_same_after_it_was_python(file: Path) -> None:
    document = read_pipeline(file.read_text(encoding="utf-8"), file.name, LIBRARY)
    # Notes stay on the canvas: Python has comments, and they are not what the reader of a pipeline keeps.
    drawn = {part: each for part, each in document.items() if part != "notes"}
    assert compared(again(document)) == compared(cast(Document, drawn))


def test_names_and_values_that_python_has_words_for_survive() -> None:
    document = made(
        {"op": "update_pipeline", "changes": {"name": 'A "quoted" \\ name', "description": 'It\'s\n\n  odd: """x'}},
        {
            "op": "set_input",
            "name": "seed",
            "input": {"type": "integer", "default": 3, "min": 1, "description": "Start."},
        },
        {"op": "set_input", "name": "client", "input": {"type": "string", "default": "a'b\"c\\n", "enum": None}},
        {"op": "set_input", "name": "share", "input": {"type": "number", "default": 1, "description": "two\nlines"}},
        {"op": "set_input", "name": "table", "input": {"type": "mltable", "default": {"asset": "people:1"}}},
        node("class", "split_data", params={"seed": "${{parent.inputs.seed}}", "stratify": "x${{parent.inputs.seed}}"}),
        node("split_data", "split_data", title="Other", comment="Why", params={"train_share": 0.25}),
        node("input", "sample_rows", settings={"timeout": 60, "retries": 2, "force_rerun": True}),
        {"op": "connect", "source": "$inputs", "output": "table", "target": "class", "input": "table"},
        {"op": "connect", "source": "class", "output": "test", "target": "split_data", "input": "table"},
        {"op": "connect", "source": "split_data", "output": "test", "target": "input", "input": "table"},
        {"op": "set_output", "name": "rows", "output": {"type": "mltable", "source": "input", "output": "result"}},
    )
    assert compared(again(document)) == compared(document)


def test_what_cannot_be_said_is_told() -> None:
    findings = Findings()
    write_python(made({"op": "set_input", "name": "class", "input": {"type": "string"}}), LIBRARY, findings)
    assert findings.losses == ["The pipeline's input `class` cannot be a parameter in Python: rename it."]
