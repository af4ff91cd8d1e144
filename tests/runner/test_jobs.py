"""Jobs: runs by their names, what they are called and filed under, their steps."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from runner.models import Run, RunTag
from tests.runner.conftest import World, finish, signed_in

API = "/api/v1/workspaces/main/"
JSON = "application/json"


@pytest.fixture
def true(world: World) -> str:
    return world.component("true", "true", inputs="n: {type: integer, default: 1, max: 5}")


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    return client.post(f"{API}{path}", data, content_type=JSON)


def names(client: Client, query: str = "") -> list[str]:
    return [job["name"] for job in client.get(f"{API}jobs/{query}").json()["results"]]


def test_a_job_is_made_from_a_pipeline_by_number_and_by_name(world: World, true: str) -> None:
    pipeline, client = world.pipeline({"a": true}), signed_in(world.alice)
    by_number = post(client, "jobs/", {"pipeline": pipeline.pk})
    by_name = post(client, "jobs/", {"pipeline": "Test", "name": "nightly-1", "tags": {"team": "red", "n": 3}})

    assert (by_number.status_code, by_name.status_code) == (201, 201)
    assert re.fullmatch(r"[a-z]+_[a-z]+_[a-z0-9]{6}", by_number.json()["name"])
    made = by_name.json()
    assert (made["name"], made["display_name"], made["experiment_name"]) == ("nightly-1", "Test", "Test")
    assert made["tags"] == {"team": "red", "n": "3"}
    assert names(client) == ["nightly-1", by_number.json()["name"]]


def test_a_job_follows_what_its_pipelines_yaml_says(world: World, true: str) -> None:
    kept = {"experiment_name": "prices", "tags": {"owner": "ada", "size": 2}}
    run = world.submit(world.pipeline({"a": true}, kept=kept, description="All of it"))
    assert (run.experiment_name, run.tags, run.description) == ("prices", {"owner": "ada", "size": "2"}, "All of it")


def test_a_name_is_given_once(world: World, true: str) -> None:
    pipeline, client = world.pipeline({"a": true}), signed_in(world.alice)
    post(client, "jobs/", {"pipeline": pipeline.pk, "name": "one"})
    again = post(client, "jobs/", {"pipeline": pipeline.pk, "name": "one"})
    assert again.status_code == 409
    assert again.json()["detail"] == "A run of this workspace is called `one` already; give another name, or none."
    assert Run.objects.count() == 1
    assert post(client, "jobs/", {"pipeline": pipeline.pk, "name": "a/b"}).status_code == 400


def test_the_same_request_answers_the_same_job(world: World, true: str) -> None:
    pipeline, client = world.pipeline({"a": true}), signed_in(world.alice)
    asked = {"pipeline": pipeline.pk, "name": "one", "request_id": str(uuid.uuid4())}
    assert [post(client, "jobs/", asked).json()["id"] for _ in range(2)] == [Run.objects.get().pk] * 2


def test_what_cannot_be_run_is_refused_in_words(world: World, true: str) -> None:
    client = signed_in(world.alice)
    unknown = post(client, "jobs/", {"pipeline": "Nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_pipeline")
    world.pipeline({"a": true})
    world.pipeline({"a": true})
    assert post(client, "jobs/", {"pipeline": "Test"}).json()["code"] == "several_pipelines"
    pipeline = world.pipeline({"a": {"component": true, "params": {"n": 9}}})
    refused = post(client, "jobs/", {"pipeline": pipeline.pk})
    assert refused.status_code == 422
    assert set(refused.json()["problems"]) == {"a"}


def test_jobs_are_filtered(world: World, true: str) -> None:
    pipeline, client = world.pipeline({"a": true}), signed_in(world.alice)
    for name, experiment, tags in (
        ("one", "prices", {"team": "red"}),
        ("two", "prices", {"team": "blue", "year": "2026"}),
        ("three", "costs", {}),
    ):
        sent = {"pipeline": pipeline.pk, "name": name, "experiment_name": experiment, "tags": tags}
        assert post(client, "jobs/", sent).status_code == 201
    post(client, "jobs/three/cancel/", {})
    post(client, "jobs/one/archive/", {})

    assert names(client) == ["three", "two"]
    assert names(client, "?archived=only") == ["one"]
    assert names(client, "?archived=all") == ["three", "two", "one"]
    assert names(client, "?archived=all&tag=team") == ["two", "one"]
    assert names(client, "?archived=all&tag=team=blue") == ["two"]
    assert names(client, "?tag=year=2026") == ["two"]
    assert names(client, "?experiment_name=costs") == ["three"]
    assert names(client, "?status=Canceled") == ["three"]
    assert names(client, "?q=TWO") == ["two"]
    assert names(client, f"?pipeline={pipeline.pk}&page_size=1") == ["three"]
    assert client.get(f"{API}jobs/?archived=perhaps").status_code == 400
    assert post(client, "jobs/one/restore/", {}).json()["archived_at"] is None
    assert names(client) == ["three", "two", "one"]


def test_a_job_is_described_anew(world: World, true: str) -> None:
    run, client = world.submit(world.pipeline({"a": true})), signed_in(world.alice)
    path = f"{API}jobs/{run.name}/"
    changed = client.patch(path, {"display_name": "Spring", "tags": {"a": "b"}}, content_type=JSON).json()
    assert (changed["display_name"], changed["description"], changed["tags"]) == ("Spring", "", {"a": "b"})
    client.patch(path, {"tags": {"c": "d"}, "description": "Why"}, content_type=JSON)
    shown = client.get(path).json()
    assert (shown["display_name"], shown["description"], shown["tags"]) == ("Spring", "Why", {"c": "d"})
    assert names(client, "?tag=a") == []
    assert names(client, "?tag=c=d") == [run.name]
    assert client.patch(path, {"tags": {"x": ["y"]}}, content_type=JSON).status_code == 400
    assert list(RunTag.objects.values_list("key", flat=True)) == ["c"]


def test_viewers_look_and_strangers_find_nothing(world: World, true: str) -> None:
    run = world.submit(world.pipeline({"a": true}))
    viewer, stranger = signed_in(world.vera), signed_in(world.mallory)
    for path in (f"jobs/{run.name}/", f"jobs/{run.name}/steps/"):
        assert viewer.get(f"{API}{path}").status_code == 200
        assert stranger.get(f"{API}{path}").status_code == 404
        assert stranger.get(f"/api/v1/workspaces/elsewhere/{path}").status_code == 404
    for verb in ("cancel", "archive", "restore"):
        assert post(viewer, f"jobs/{run.name}/{verb}/", {}).status_code == 403
        elsewhere = f"/api/v1/workspaces/elsewhere/jobs/{run.name}/{verb}/"
        assert stranger.post(elsewhere, {}, content_type=JSON).status_code == 404
    assert post(viewer, "jobs/", {"pipeline": run.pipeline_id}).status_code == 403
    assert viewer.patch(f"{API}jobs/{run.name}/", {}, content_type=JSON).status_code == 403


def test_steps_and_outputs_are_named_after_the_job(live_world: World, worker: object) -> None:
    write = live_world.component("write", "echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    outputs = {"result": {"type": "uri_file", "source": "a", "output": "o", "description": ""}}
    run = live_world.submit(live_world.pipeline({"a": write, "b": write}, outputs=outputs))
    client = signed_in(live_world.alice)
    finish(run)

    shown = client.get(f"{API}jobs/{run.name}/").json()
    assert shown["status"] == "Completed"
    assert (shown["outputs"]["result"]["node"], shown["outputs"]["result"]["output"]) == ("a", "o")
    assert shown["outputs"]["result"]["artifact"]["type"] == "uri_file"
    steps = client.get(f"{API}jobs/{run.name}/steps/").json()["results"]
    assert [step["name"] for step in steps] == [f"{run.name}/a", f"{run.name}/b"]
    assert [(step["type"], step["component"], step["parent"]) for step in steps] == [("command", write, run.name)] * 2
    assert [list(step["outputs"]) for step in steps] == [["o"], ["o"]]


def test_lists_cost_the_same_however_long(world: World, true: str, django_assert_max_num_queries: Any) -> None:
    client = signed_in(world.alice)
    for size in (1, 30):
        run = world.submit(world.pipeline({f"n{i}": true for i in range(size)}))
        with django_assert_max_num_queries(4):
            client.get(f"{API}jobs/?tag=x&experiment_name=Test")
        with django_assert_max_num_queries(6):
            client.get(f"{API}jobs/{run.name}/steps/")
        with django_assert_max_num_queries(5):
            client.get(f"{API}jobs/{run.name}/")
