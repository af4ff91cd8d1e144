"""The API of schedules."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer.models import Pipeline
from runner.models import Run, Schedule
from tests.runner.conftest import World, signed_in

API = "/api/v1/workspaces/main/schedules/"
JSON = "application/json"
DAILY = {"type": "cron", "expression": "30 6 * * *", "time_zone": "Europe/Berlin"}


@pytest.fixture
def pipeline(world: World) -> Pipeline:
    true = world.component("true", "true", inputs="n: {type: integer, default: 1, max: 5}")
    nodes = {"a": {"component": true, "params": {"n": "${{parent.inputs.n}}"}}}
    return world.pipeline(nodes, inputs={"n": {"type": "integer", "default": 1}})


def post(client: Client, path: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(f"{API}{path}", data or {}, content_type=JSON)


def send_file(client: Client, text: str) -> Any:
    return client.post(API, {"file": SimpleUploadedFile("nightly.yml", text.encode())})


def test_a_schedule_is_made_shown_changed_and_deleted(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    made = post(client, "", {"name": "nightly", "trigger": DAILY, "pipeline": pipeline.pk, "inputs": {"n": 3}})
    assert made.status_code == 201
    shown = client.get(f"{API}nightly/").json()
    assert shown == made.json()
    assert (shown["pipeline"], shown["job"], shown["inputs"]) == ({"id": pipeline.pk, "name": "Test"}, None, {"n": 3})
    assert (shown["catch_up"], shown["overlap"], shown["enabled"]) == ("last", "allow", True)
    assert shown["upcoming"][0] == shown["next_at"]
    assert len(shown["upcoming"]) == 5

    changed = client.patch(f"{API}nightly/", {"overlap": "skip", "inputs": {"n": 4}}, content_type=JSON).json()
    assert (changed["overlap"], changed["inputs"], changed["next_at"]) == ("skip", {"n": 4}, shown["next_at"])
    assert client.delete(f"{API}nightly/").status_code == 409
    disabled = post(client, "nightly/disable/").json()
    assert (disabled["enabled"], disabled["next_at"], disabled["upcoming"]) == (False, None, [])
    assert post(client, "nightly/enable/").json()["next_at"] == shown["next_at"]
    post(client, "nightly/disable/")
    assert client.delete(f"{API}nightly/").status_code == 204
    assert client.get(f"{API}nightly/").status_code == 404


def test_it_is_triggered_by_hand(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    post(client, "", {"name": "nightly", "trigger": DAILY, "pipeline": "Test"})
    fire = post(client, "nightly/trigger/")
    assert fire.status_code == 201
    assert fire.json()["name"] == Run.objects.get().name
    history = client.get(f"{API}nightly/fires/").json()["results"]
    assert [(line["job"], line["by_hand"], line["outcome"]) for line in history] == [
        (Run.objects.get().name, True, "started")
    ]
    post(client, "", {"name": "other", "trigger": DAILY, "pipeline": "Test", "inputs": {"n": 9}})
    assert post(client, "other/trigger/").status_code == 422


def test_lists_filter_and_cost_the_same_however_long(
    world: World, pipeline: Pipeline, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.alice)
    for number in range(12):
        post(client, "", {"name": f"s{number:02}", "trigger": DAILY, "pipeline": pipeline.pk, "enabled": number > 2})
    with django_assert_max_num_queries(4):
        found = client.get(f"{API}?enabled=false").json()["results"]
    assert [each["name"] for each in found] == ["s00", "s01", "s02"]
    first = client.get(f"{API}?page_size=10").json()
    assert len(first["results"]) == 10
    assert len(client.get(first["next"]).json()["results"]) == 2


def test_the_next_times_are_previewed(world: World) -> None:
    client = signed_in(world.vera)
    times = post(client, "-/preview/", {"trigger": DAILY}).json()["times"]
    assert len(times) == 5
    assert {datetime.fromisoformat(time).minute for time in times} == {30}
    refused = post(client, "-/preview/", {"trigger": {**DAILY, "expression": "30 26 * * *"}})
    assert refused.status_code == 422
    assert (refused.json()["field"], refused.json()["detail"]) == (
        "expression",
        "`expression`: `26` is no hour of a cron expression; it takes 0 to 23, with , - / and *.",
    )


def test_from_azures_yaml(world: World, pipeline: Pipeline) -> None:
    client, job = signed_in(world.alice), world.submit(pipeline, n=2)
    text = f"""
$schema: https://azuremlschemas.azureedge.net/latest/schedule.schema.json
name: nightly
display_name: Every night
tags: {{team: red}}
trigger:
  type: recurrence
  frequency: week
  schedule: {{hours: [4, 5], minutes: 0, week_days: [Monday]}}
  time_zone: Pacific Standard Time
create_job:
  type: pipeline
  job: azureml:{job.name}
  inputs: {{n: 5}}
  settings: {{force_rerun: true, default_compute: azureml:cpu}}
  experiment_name: nights
"""
    made = send_file(client, text)
    assert made.status_code == 201, made.json()
    shown = made.json()
    assert (shown["display_name"], shown["tags"], shown["job"]) == ("Every night", {"team": "red"}, job.name)
    assert (shown["inputs"], shown["experiment_name"]) == ({"n": 5}, "nights")
    assert shown["settings"] == {"force_rerun": True, "compute": "cpu"}
    assert shown["trigger"]["schedule"]["week_days"] == ["monday"]
    again = send_file(client, text.replace("Every night", "Each night"))
    assert (again.status_code, again.json()["display_name"]) == (200, "Each night")


def test_from_a_zip_with_values_set(world: World, pipeline: Pipeline) -> None:
    client, job = signed_in(world.alice), world.submit(pipeline)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/nightly.yml", "name: n\ntrigger: {type: cron, expression: '0 1 * * *'}\n")
        archive.writestr("a/other.yml", "x: 1\n")

    def sent(**fields: str) -> Any:
        return client.post(API, {"file": SimpleUploadedFile("tree.zip", packed.getvalue()), **fields})

    changes = json.dumps({"create_job": f"azureml:{job.name}", "trigger.expression": "0 2 * * *"})
    made = sent(path="a/nightly.yml", set=changes)
    assert made.status_code == 201, made.json()
    assert (made.json()["job"], made.json()["trigger"]["expression"]) == (job.name, "0 2 * * *")
    assert sent(set=changes).status_code == 422
    assert sent(path="a/nightly.yml", set="[1]").status_code == 400
    assert sent(path="../nightly.yml").status_code == 422


def test_a_faulty_file_names_every_place(world: World) -> None:
    client = signed_in(world.alice)
    refused = send_file(client, "name: n\ntrigger:\n  type: cron\n  expression: '* * *'\n  zone: x\n")
    assert refused.status_code == 422
    assert [(fault["line"], fault["column"]) for fault in refused.json()["faults"]] == [(1, 1), (4, 3), (5, 3)]
    unknown = send_file(client, "name: n\ntrigger: {type: cron, expression: '* * * * *'}\ncreate_job: azureml:none\n")
    assert unknown.json()["detail"] == "There is no job `none` in this workspace."
    monitor = send_file(client, "name: n\ntrigger: {}\ncreate_monitor: {}\n")
    assert "schedules run jobs" in monitor.json()["detail"]


def test_what_was_sent_wrongly_is_named(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    for sent, code in (
        ({"name": "a b", "trigger": DAILY, "pipeline": "Test"}, 400),
        ({"name": "a", "pipeline": "Test"}, 400),
        ({"name": "a", "trigger": DAILY}, 422),
        ({"name": "a", "trigger": DAILY, "pipeline": "None"}, 422),
        ({"name": "a", "trigger": DAILY, "job": "none"}, 422),
        ({"name": "a", "trigger": DAILY, "pipeline": "Test", "settings": {"name": "x"}}, 400),
        ({"name": "a", "trigger": DAILY, "pipeline": "Test", "overlap": "maybe"}, 400),
    ):
        assert post(client, "", sent).status_code == code, sent
    assert not Schedule.objects.exists()


def test_viewers_look_and_strangers_find_nothing(world: World, pipeline: Pipeline) -> None:
    post(signed_in(world.alice), "", {"name": "nightly", "trigger": DAILY, "pipeline": pipeline.pk})
    viewer, stranger = signed_in(world.vera), signed_in(world.mallory)
    for path in ("", "nightly/", "nightly/fires/"):
        assert viewer.get(f"{API}{path}").status_code == 200
        assert stranger.get(f"{API}{path}").status_code == 404
    assert stranger.get("/api/v1/workspaces/elsewhere/schedules/nightly/").status_code == 404
    for verb in ("enable", "disable", "trigger"):
        assert post(viewer, f"nightly/{verb}/").status_code == 403
        assert stranger.post(f"/api/v1/workspaces/elsewhere/schedules/nightly/{verb}/").status_code == 404
    assert viewer.delete(f"{API}nightly/").status_code == 403
    assert viewer.patch(f"{API}nightly/", {}, content_type=JSON).status_code == 403
    assert post(viewer, "", {"name": "b", "trigger": DAILY, "pipeline": pipeline.pk}).status_code == 403
    # A pipeline of another workspace is none here.
    elsewhere = "/api/v1/workspaces/elsewhere/schedules/"
    sent = {"name": "b", "trigger": DAILY, "pipeline": pipeline.pk}
    assert stranger.post(elsewhere, sent, content_type=JSON).status_code == 422
