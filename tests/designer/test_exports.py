"""Exports through the API: downloads, what is refused, and who may."""

import io
import zipfile
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from designer.models import Pipeline
from designer.services.editing import operations_apply
from tests.designer.conftest import node, signed_in, wire

API = "/api/v1/workspaces/main/"


def edit(pipeline: Pipeline, user: Any, *ops: dict[str, Any]) -> None:
    operations_apply(pipeline=pipeline, user=user, op_id=uuid4(), ops=list(ops))


def fill(world: SimpleNamespace, pipeline: Pipeline) -> str:
    """A pipeline of two steps: the address of its exports."""
    edit(pipeline, world.alice, node("load", "load"), node("split", "split"), wire("load", "table", "split", "data"))
    return f"{API}pipelines/{pipeline.pk}/export/"


def test_a_viewer_downloads_a_pipeline_in_each_format(world: SimpleNamespace, pipeline: Pipeline) -> None:
    address, vera = fill(world, pipeline), signed_in(world.vera)
    for format in ("kfp", "argo"):
        answer = vera.get(address, {"format": format})
        assert answer.headers["Content-Disposition"] == f'attachment; filename="churn.{format}.yaml"'
        assert b"python run.py" in b"".join(answer.streaming_content)
    answer = vera.get(address, {"format": "airflow"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="churn.airflow.zip"'
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert {"churn.py", "churn/steps/load.sh", "churn/steps/split.sh"} <= set(names)


def test_python_names_what_is_registered(world: SimpleNamespace, pipeline: Pipeline) -> None:
    answer = signed_in(world.vera).get(fill(world, pipeline), {"format": "python"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="churn.py"'
    source = b"".join(answer.streaming_content).decode()
    assert 'load_component(client=client, name="load", version="1.0.0")' in source
    assert "split = split_(data=load.outputs.table)" in source


def test_what_a_format_cannot_express_is_told_before_and_at_the_download(
    world: SimpleNamespace, pipeline: Pipeline
) -> None:
    address, alice = fill(world, pipeline), signed_in(world.alice)
    edit(pipeline, world.alice, node("after", "load"), {
        "op": "connect_order", "source": "split", "target": "after", "condition": "failed"
    })  # fmt: skip
    checks = {check["format"]: check for check in alice.get(f"{address}check/").json()}
    sentence = "Kubeflow cannot run “After” because another step failed."
    assert checks["kfp"]["losses"] == [sentence]
    assert checks["argo"]["losses"] == []
    refused = alice.get(address, {"format": "kfp"})
    assert (refused.status_code, refused.json()["code"]) == (422, "cannot_export")
    assert refused.json()["losses"] == [sentence]


def test_an_unknown_format_and_a_strangers_pipeline_are_refused(world: SimpleNamespace, pipeline: Pipeline) -> None:
    address = fill(world, pipeline)
    refused = signed_in(world.alice).get(address, {"format": "excel"})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_format")
    assert signed_in(world.mallory).get(address, {"format": "argo"}).status_code == 404
    assert signed_in(world.mallory).get(f"{address}check/").status_code == 404


def test_an_empty_pipeline_has_nothing_to_export(world: SimpleNamespace, pipeline: Pipeline) -> None:
    refused = signed_in(world.alice).get(f"{API}pipelines/{pipeline.pk}/export/", {"format": "argo"})
    assert refused.json()["losses"] == ["The pipeline has no steps."]


def test_an_export_says_that_notes_stay_here(world: SimpleNamespace, pipeline: Pipeline) -> None:
    address = fill(world, pipeline)
    note = {"id": "note_1", "text": "Why", "x": 0, "y": 0, "width": 200, "height": 100, "color": "yellow"}
    edit(pipeline, world.alice, {"op": "add_note", "note": note})
    for check in signed_in(world.alice).get(f"{address}check/").json():
        told = "Notes stay here: the exported file has no place for them." in check["warnings"]
        assert told == (check["format"] != "azureml"), check
