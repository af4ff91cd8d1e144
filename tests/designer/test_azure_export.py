"""What is exported for Azure ML is all that it needs, and read again it is the same pipeline."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from designer.models import Pipeline, Template
from designer.services.azure_export import pipeline_export
from designer.services.editing import operations_apply
from designer.services.imports import pipeline_import
from designer.services.pipelines import pipeline_create
from designer.services.templates import register_templates
from registry.services.library import register_builtins
from tests.designer.test_imports import FILES, tree

pytestmark = pytest.mark.django_db


def written_to(folder: Path, pipeline: Pipeline) -> Path:
    for path, content in pipeline_export(pipeline).files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def imported(world: SimpleNamespace, root: Path) -> Pipeline:
    found = pipeline_import(workspace=world.workspace, user=world.alice, root=root).pipeline
    assert found is not None
    return found


def test_an_imported_tree_is_exported_as_it_was(world: SimpleNamespace, tmp_path: Path) -> None:
    pipeline = imported(world, tree(tmp_path / "in"))
    files = {path: content.decode() for path, content in pipeline_export(pipeline).files()}
    assert files["pipeline.yml"] == FILES["pipeline.yml"]
    for path in ("data/rows.csv", "one/src/run.py", "two/src/run.py", "nested/inner.yml"):
        assert files[path] == FILES[path]
    assert "one/src/old.log" not in files


def test_read_again_it_is_the_same_pipeline(world: SimpleNamespace, tmp_path: Path) -> None:
    pipeline = imported(world, tree(tmp_path / "in"))
    again = imported(world, written_to(tmp_path / "out", pipeline))
    assert again.document == pipeline.document


def test_an_edit_changes_its_lines_and_keeps_comments(world: SimpleNamespace, tmp_path: Path) -> None:
    pipeline = imported(world, tree(tmp_path / "in"))
    change = {"op": "set_params", "id": "first", "params": {"rate": 0.9}}
    operations_apply(pipeline=pipeline, user=world.alice, op_id="6b1b7a5e-8f3f-4a9e-9d43-0f3f5a0e2d11", ops=[change])
    pipeline.refresh_from_db()
    text = pipeline_export(pipeline).text
    assert text.startswith("# Trains twice.")
    assert "rate: 0.9" in text
    assert "component: ./one/step.yml" in text


def test_built_in_components_come_along_and_are_known_again(world: SimpleNamespace, tmp_path: Path) -> None:
    register_builtins(world.workspace)
    register_templates(world.workspace)
    template = Template.objects.get(workspace=world.workspace, slug="predict-number")
    pipeline = pipeline_create(workspace=world.workspace, user=world.alice, name="Price", document=template.document)
    folder = written_to(tmp_path, pipeline)
    split = (folder / "components/split_data-1.0.0/component.yml").read_text()
    assert "portline-default" in split
    assert "scikit-learn==" in split
    assert "additional_includes" not in split
    assert imported(world, folder).document == pipeline.document
