"""The past of a pipeline: read, named, gone back to, compared."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.graph.changes import changes_between
from designer.graph.words import in_words
from designer.models import Pipeline, PipelineSnapshot
from designer.services.editing import SNAPSHOT_EVERY, operations_apply
from designer.services.history import document_at
from tests.designer.conftest import node, signed_in, wire

API = "/api/v1/workspaces/main/pipelines/"


def edited(pipeline: Pipeline, user: Any, *ops: Any) -> Pipeline:
    operations_apply(pipeline=pipeline, user=user, op_id=uuid4(), ops=list(ops))
    return Pipeline.objects.select_related("workspace").get(pk=pipeline.pk)


def grown(pipeline: Pipeline, user: Any, batches: int) -> tuple[Pipeline, list[Any]]:
    """A pipeline with a long history, and its document at every revision."""
    documents = [pipeline.document]
    pipeline = edited(pipeline, user, node("load", "load"))
    documents.append(pipeline.document)
    for number in range(1, batches):
        change = {"op": "set_params", "id": "load", "params": {"rows": 1 + number % 90}}
        if number == 7:
            change = {"op": "remove_node", "id": "load"}
        elif number == 8:
            change = node("load", "load", x=80)
        pipeline = edited(pipeline, user, change)
        documents.append(pipeline.document)
    return pipeline, documents


def test_every_revision_reads_as_it_was_and_costs_the_same(world: SimpleNamespace, pipeline: Pipeline) -> None:
    pipeline, documents = grown(pipeline, world.alice, 2 * SNAPSHOT_EVERY + 11)
    assert [document_at(pipeline, rev) for rev in range(len(documents))] == documents
    assert PipelineSnapshot.objects.filter(pipeline=pipeline).count() == 2
    for rev in (0, 3, SNAPSHOT_EVERY + 1, pipeline.revision - 1):
        with CaptureQueriesContext(connection) as captured:
            document_at(pipeline, rev)
        assert len(captured) <= 3
    client = signed_in(world.alice)
    assert client.get(f"{API}{pipeline.pk}/revisions/{pipeline.revision + 1}/").status_code == 404
    told = client.get(f"{API}{pipeline.pk}/revisions/3/").json()
    assert (told["rev"], told["user"]["name"], told["document"]) == (3, "alice", documents[3])


def test_the_history_is_told_in_words_page_by_page(world: SimpleNamespace, pipeline: Pipeline) -> None:
    pipeline, _ = grown(pipeline, world.alice, 12)
    client = signed_in(world.vera)
    url = f"{API}{pipeline.pk}/history/"
    first = client.get(f"{url}?size=5").json()
    assert [batch["rev"] for batch in first["results"]] == [12, 11, 10, 9, 8]
    assert first["results"][-1]["words"] == "Remove Load"
    rest = client.get(f"{url}?before={first['next']}").json()
    assert rest["next"] is None
    assert [batch["words"] for batch in rest["results"]][-2:] == ["Set Load › rows", "Add Load"]
    with CaptureQueriesContext(connection) as few:
        client.get(f"{url}?size=1")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("ops", "words"),
    [
        ([{"op": "remove_node", "id": "a"}, {"op": "add_node", "node": {"id": "a"}}], "Replace A"),
        ([{"op": "move", "positions": {id: [0, 0] for id in "abcde"}}], "Move A, B, C and 2 more"),
        ([{"op": "update_pipeline", "changes": {"settings": {}}}], "Change the settings of the pipeline"),
        ([{"op": "connect", "source": "a", "output": "o", "target": "b", "input": "i"}], "Connect B › i"),
    ],
)
def test_a_batch_in_words(ops: list[Any], words: str) -> None:
    assert in_words(ops, {id: id.upper() for id in "abcde"}) == words


def test_a_version_is_named_restored_cloned_and_run(world: SimpleNamespace, pipeline: Pipeline) -> None:
    pipeline = edited(pipeline, world.alice, node("load", "load"))
    client = signed_in(world.alice)
    url = f"{API}{pipeline.pk}/versions/"
    made = client.post(url, {"name": "First", "note": "It loads"}, content_type="application/json")
    assert made.status_code == 201
    assert (made.json()["rev"], made.json()["created_by"]["name"]) == (1, "alice")
    again = client.post(url, {"name": "First"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")

    pipeline = edited(pipeline, world.alice, node("split", "split"), wire("load", "table", "split", "data"))
    clone = client.post(f"{API}{pipeline.pk}/clone/", {"rev": 1}, content_type="application/json").json()
    assert set(Pipeline.objects.get(pk=clone["id"]).document["nodes"]) == {"load"}

    op_id = str(uuid4())
    back = client.post(f"{url}First/restore/", {"op_id": op_id}, content_type="application/json")
    assert (back.status_code, back.json()["rev"]) == (200, 3)
    assert set(Pipeline.objects.get(pk=pipeline.pk).document["nodes"]) == {"load"}
    repeat = client.post(f"{url}First/restore/", {"op_id": op_id}, content_type="application/json")
    assert repeat.json()["rev"] == 3
    assert client.post(f"{url}First/restore/", content_type="application/json").status_code == 204
    # A restored version is undone as every other batch.
    edited(pipeline, world.alice, *back.json()["inverse"])
    assert set(Pipeline.objects.get(pk=pipeline.pk).document["nodes"]) == {"load", "split"}

    changed = client.patch(f"{url}First/", {"name": "Start"}, content_type="application/json").json()
    assert (changed["name"], changed["note"]) == ("Start", "It loads")
    assert [each["name"] for each in client.get(url).json()] == ["Start"]
    assert client.delete(f"{url}Start/").status_code == 204
    assert client.get(f"{url}Start/").status_code == 404


def test_versions_are_the_workspaces_own_and_viewers_only_look(world: SimpleNamespace, pipeline: Pipeline) -> None:
    url = f"{API}{pipeline.pk}/"
    assert signed_in(world.vera).get(f"{url}versions/").status_code == 200
    assert signed_in(world.vera).post(f"{url}versions/", {"name": "x"}).status_code == 403
    assert signed_in(world.vera).post(f"{url}revisions/0/restore/").status_code == 403
    for path in ("versions/", "history/", "revisions/0/", "compare/?before=0"):
        assert signed_in(world.mallory).get(f"{url}{path}").status_code == 404


def test_changes_are_told_part_by_part(world: SimpleNamespace, pipeline: Pipeline) -> None:
    pipeline = edited(
        pipeline, world.alice, node("load", "load"), node("split", "split"), wire("load", "table", "split", "data")
    )
    before = pipeline.document
    pipeline = edited(
        pipeline,
        world.alice,
        {"op": "set_params", "id": "load", "params": {"rows": 5}},
        {"op": "move", "positions": {"split": [80, 0]}},
        node("train", "train"),
        wire("split", "train", "train", "data"),
        {"op": "disconnect", "target": "split", "input": "data"},
    )
    changes = changes_between(before, pipeline.document)
    assert [(change["kind"], change["part"], change["key"]) for change in changes] == [
        ("changed", "node", "load"),
        ("moved", "node", "split"),
        ("added", "node", "train"),
        ("removed", "edge", "split.data"),
        ("added", "edge", "train.data"),
    ]
    assert changes[0]["fields"] == [{"name": "rows", "before": None, "after": 5}]
    assert changes[3]["words"] == "Removed the wire Load › table → Split › data"


def test_two_revisions_are_compared_as_text_too(world: SimpleNamespace, pipeline: Pipeline) -> None:
    pipeline = edited(pipeline, world.alice, node("load", "load"))
    pipeline = edited(pipeline, world.alice, {"op": "set_params", "id": "load", "params": {"rows": 7}})
    client = signed_in(world.alice)
    url = f"{API}{pipeline.pk}/compare/"
    told = client.get(f"{url}?before=1").json()
    assert (told["before"]["label"], told["after"]["label"]) == ("Revision 1", "Now")
    assert [change["words"] for change in told["changes"]] == ["Changed Load: rows"]
    assert [line["text"].strip() for line in told["diff"] if line["kind"] == "added"] == ["inputs:", "rows: 7"]
    assert client.get(f"{url}?before=version:none").status_code == 404
    assert client.get(f"{url}?before=yesterday").status_code == 404
    with CaptureQueriesContext(connection) as few:
        client.get(f"{url}?before=1")
    for number in range(20):
        pipeline = edited(pipeline, world.alice, node(f"load_{number}", "load"))
    with CaptureQueriesContext(connection) as many:
        client.get(f"{url}?before=1")
    assert len(many) <= len(few) + 1
