"""Editing a draft through the API: what is applied, what is refused, what everybody is told."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.models import Pipeline, PipelineOperation
from designer.services.editing import operations_apply, operations_since
from tests.designer.conftest import batch, node, signed_in, wire


def send(world: SimpleNamespace, pipeline: Pipeline, body: dict[str, Any], user: str = "alice") -> Any:
    client = signed_in(getattr(world, user))
    url = f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/operations/"
    return client.post(url, body, content_type="application/json")


def test_a_batch_makes_one_revision_and_answers_with_its_inverse(world: SimpleNamespace, pipeline: Pipeline) -> None:
    answer = send(
        world, pipeline, batch(node("load", "load"), node("split", "split"), wire("load", "table", "split", "data"))
    )
    assert answer.status_code == 200
    said = answer.json()
    assert said["rev"] == 1
    assert [op["op"] for op in said["inverse"]] == ["disconnect", "remove_node", "remove_node"]
    assert set(said["components"]) == {"load:1.0.0", "split:1.0.0"}
    pipeline.refresh_from_db()
    assert set(pipeline.document["nodes"]) == {"load", "split"}
    assert pipeline.revision == 1


def test_the_same_batch_sent_twice_is_applied_once(world: SimpleNamespace, pipeline: Pipeline) -> None:
    body = batch(node("load", "load"))
    first, second = send(world, pipeline, body), send(world, pipeline, body)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert PipelineOperation.objects.count() == 1


def test_a_refused_batch_changes_nothing_and_says_why(world: SimpleNamespace, pipeline: Pipeline) -> None:
    answer = send(
        world, pipeline, batch(node("train", "train"), node("split", "split"), wire("train", "model", "split", "data"))
    )
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "type_mismatch"
    assert answer.json()["detail"] == "A model cannot feed a table."
    pipeline.refresh_from_db()
    assert pipeline.revision == 0
    assert pipeline.document["nodes"] == {}


def test_problems_of_touched_nodes_come_with_the_answer(world: SimpleNamespace, pipeline: Pipeline) -> None:
    said = send(world, pipeline, batch(node("train", "train"))).json()
    assert {problem["code"] for problem in said["problems"]["train"]} == {"missing_input", "missing_value"}
    said = send(world, pipeline, batch({"op": "set_params", "id": "train", "params": {"depth": 3}})).json()
    assert [problem["code"] for problem in said["problems"]["train"]] == ["missing_input"]


def test_what_was_missed_can_be_read_again_in_order(world: SimpleNamespace, pipeline: Pipeline) -> None:
    for x in range(3):
        operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=[node(f"load_{x}", "load")])
    pipeline.refresh_from_db()
    assert [message["rev"] for message in operations_since(pipeline, 1)] == [2, 3]


def test_a_viewer_may_look_but_not_edit(world: SimpleNamespace, pipeline: Pipeline) -> None:
    assert send(world, pipeline, batch(node("load", "load")), user="vera").status_code == 403
    seen = signed_in(world.vera).get(f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/snapshot/")
    assert seen.status_code == 200


@pytest.mark.parametrize("where", ["main", "elsewhere"])
def test_to_a_stranger_the_pipeline_does_not_exist(world: SimpleNamespace, pipeline: Pipeline, where: str) -> None:
    client = signed_in(world.mallory)
    for path in ("", "snapshot/", "operations/"):
        url = f"/api/v1/workspaces/{where}/pipelines/{pipeline.pk}/{path}"
        answer = (
            client.post(url, batch(), content_type="application/json") if path == "operations/" else client.get(url)
        )
        assert answer.status_code in (400, 404)
        assert "Churn" not in answer.content.decode()


def test_a_component_of_another_workspace_cannot_be_placed(world: SimpleNamespace) -> None:
    from designer.services.pipelines import pipeline_create

    theirs = pipeline_create(workspace=world.elsewhere, user=world.mallory, name="Theirs")
    client = signed_in(world.mallory)
    url = f"/api/v1/workspaces/elsewhere/pipelines/{theirs.pk}/operations/"
    answer = client.post(url, batch(node("load", "load")), content_type="application/json")
    assert answer.json()["code"] == "unknown_component"


def test_an_edit_costs_the_same_queries_however_large_the_pipeline(world: SimpleNamespace, pipeline: Pipeline) -> None:
    def queries_of_a_move() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            operations_apply(
                pipeline=pipeline,
                user=world.alice,
                op_id=uuid4(),
                ops=[{"op": "move", "positions": {"load_0": [1, 1]}}],
            )
        return len(queries)

    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=[node("load_0", "load")])
    small = queries_of_a_move()
    many = [node(f"load_{number}", "load") for number in range(1, 300)]
    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=many)
    assert queries_of_a_move() == small


def test_an_edit_of_a_binned_pipeline_is_not_found(world: SimpleNamespace, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    assert client.delete(f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/").status_code == 204
    assert send(world, pipeline, batch(node("load", "load"))).status_code == 404
    assert client.post(f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/restore/").status_code == 200
    assert send(world, pipeline, batch(node("load", "load"))).status_code == 200


def test_control_flow_is_edited_undone_and_copied_like_the_rest(world: SimpleNamespace, pipeline: Pipeline) -> None:
    ops = [
        node("load", "load"),
        node("train", "train", params={"depth": 3}, loop={"type": "parallel_for", "over": "items", "items": [{"depth": 1}]}),
        {"op": "add_node", "node": {"id": "check", "kind": "branch", "params": {"value": True}}},
        {"op": "connect_order", "source": "check", "target": "load", "condition": "true"},
        wire("load", "table", "train", "data"),
        {"op": "set_output", "name": "models", "output": {"type": "uri_folder", "source": "train", "output": "model"}},
    ]  # fmt: skip
    done = operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=ops)
    assert {id: found for id, found in done["problems"].items() if found} == {}
    pipeline.refresh_from_db()
    made = pipeline.document
    client = signed_in(world.alice)
    clone = client.post(
        f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/clone/", content_type="application/json"
    ).json()
    copied = Pipeline.objects.get(pk=clone["id"]).document
    assert {key: copied[key] for key in copied if key != "name"} == {key: made[key] for key in made if key != "name"}
    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=done["inverse"])
    pipeline.refresh_from_db()
    assert (pipeline.document["nodes"], pipeline.document["order"], pipeline.document["outputs"]) == ({}, {}, {})


def test_an_edit_of_control_flow_costs_the_same_queries_in_a_graph_of_any_size(
    world: SimpleNamespace, pipeline: Pipeline
) -> None:
    def queries(*ops: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=list(ops))
        return len(captured)

    queries(node("first", "load"), node("second", "load"))
    edge = {"op": "connect_order", "source": "first", "target": "second", "condition": "failed"}
    few = queries(edge)
    many = [node(f"n{number}", "load", loop={"type": "sweep"}) for number in range(30)]
    queries(*many, *({**edge, "target": f"n{number}"} for number in range(30)))
    assert queries({**edge, "condition": "completed"}) == few
