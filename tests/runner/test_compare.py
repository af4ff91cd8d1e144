"""Runs of a revision, and two runs beside each other."""

import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from designer.models import Pipeline
from designer.services.editing import operations_apply
from runner.models import Attempt, Step, Tracking
from tests.runner.conftest import World, signed_in

API = "/api/v1/workspaces/main/pipelines/"


def submitted(client: Client, pipeline: Pipeline, **asked: Any) -> dict[str, Any]:
    body = {"request_id": str(uuid.uuid4()), **asked}
    response = client.post(f"{API}{pipeline.pk}/runs/", body, content_type="application/json")
    assert response.status_code == 201, response.content
    return dict(response.json())


def test_a_revision_runs_as_it_was_and_two_runs_are_compared(world: World) -> None:
    ref = world.component("say", "echo ${{inputs.word}}", inputs="word: {type: string}")
    pipeline = world.pipeline({"one": {"component": ref, "params": {"word": "old"}}})
    first = pipeline.revision
    change = {"op": "set_params", "id": "one", "params": {"word": "new"}}
    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid.uuid4(), ops=[change])
    client = signed_in(world.alice)
    old, new = submitted(client, pipeline, revision=first), submitted(client, pipeline)
    assert (old["rev"], new["rev"]) == (first, first + 1)
    assert client.get(f"/api/v1/workspaces/main/runs/{old['id']}/").json()["document"]["nodes"]["one"]["params"] == {
        "word": "old"
    }
    for run, loss in ((old, 0.5), (new, 0.25)):
        step = Step.objects.get(run=run["id"])
        attempt = Attempt.objects.create(step=step, number=1, started_at=timezone.now())
        Tracking.objects.create(attempt=attempt, data={"metrics": {"loss": {"last": loss, "count": 1}}})
    url = f"{API}{pipeline.pk}/compare/?before=run:{old['id']}&after=run:{new['id']}"
    told = client.get(url).json()
    assert [field for change in told["changes"] for field in change["fields"]] == [
        {"name": "word", "before": "old", "after": "new"}
    ]
    assert told["runs"]["metrics"] == [{"node": "one", "metric": "loss", "before": 0.5, "after": 0.25}]
    # A run of another pipeline is not one of this one.
    other = world.pipeline({"one": {"component": ref, "params": {"word": "x"}}})
    assert client.get(f"{API}{other.pk}/compare/?before=run:{old['id']}").status_code == 404
    unknown = client.post(
        f"{API}{pipeline.pk}/runs/",
        {"request_id": str(uuid.uuid4()), "revision": 99},
        content_type="application/json",
    )
    assert unknown.status_code == 404
