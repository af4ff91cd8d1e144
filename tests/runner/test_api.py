"""The API of runs: what it answers, and to whom."""

import io
import uuid
import zipfile
from typing import Any

import pytest
from django.test import Client

from runner.models import Artifact, Attempt, LogChunk, Run
from tests.runner.conftest import World, finish, signed_in, step_of

API = "/api/v1/workspaces/main/"
JSON = "application/json"


def body(response: Any) -> bytes:
    return b"".join(response)


@pytest.fixture
def true(world: World) -> str:
    return world.component("true", "true", inputs="n: {type: integer, default: 1, max: 5}")


def post(client: Client, path: str, data: dict[str, Any]) -> Any:
    return client.post(f"{API}{path}", data, content_type=JSON)


def test_the_same_request_id_answers_the_same_run(world: World, true: str) -> None:
    pipeline, client = world.pipeline({"a": true}), signed_in(world.alice)
    request = {"request_id": str(uuid.uuid4()), "rev": 3, "inputs": {}}

    first = post(client, f"pipelines/{pipeline.pk}/runs/", request)
    again = post(client, f"pipelines/{pipeline.pk}/runs/", request)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert Run.objects.count() == 1


def test_a_draft_with_problems_is_refused_with_all_of_them(world: World) -> None:
    need = world.component("need", "true", inputs="i: {type: uri_file}")
    pipeline = world.pipeline({"a": need, "b": need})
    response = post(signed_in(world.alice), f"pipelines/{pipeline.pk}/runs/", {"request_id": str(uuid.uuid4())})

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert set(response.json()["problems"]) == {"a", "b"}
    assert response.json()["detail"].startswith("The pipeline cannot be run yet: ")
    assert not Run.objects.exists()


def test_a_value_that_does_not_fit_names_its_input(world: World, true: str) -> None:
    nodes = {"a": {"component": true, "params": {"n": "${{parent.inputs.n}}"}}}
    pipeline = world.pipeline(nodes, inputs={"n": {"type": "integer"}})
    for value, where in (("many", ""), (9, "a"), (None, "")):
        sent = {"request_id": str(uuid.uuid4()), "inputs": {"n": value}}
        response = post(signed_in(world.alice), f"pipelines/{pipeline.pk}/runs/", sent)
        assert response.status_code == 422
        assert response.json()["problems"][where][0]["field"] == "n"


def test_a_revision_that_the_server_has_not_is_a_conflict(world: World, true: str) -> None:
    pipeline = world.pipeline({"a": true})
    sent = {"request_id": str(uuid.uuid4()), "rev": pipeline.revision + 1}
    assert post(signed_in(world.alice), f"pipelines/{pipeline.pk}/runs/", sent).status_code == 409


def test_viewers_may_look_but_not_run(world: World, true: str) -> None:
    pipeline = world.pipeline({"a": true})
    run, client = world.submit(pipeline), signed_in(world.vera)
    sent = {"request_id": str(uuid.uuid4())}
    assert client.get(f"{API}runs/{run.pk}/").status_code == 200
    assert post(client, f"pipelines/{pipeline.pk}/runs/", sent).status_code == 403
    assert post(client, f"runs/{run.pk}/cancel/", {}).status_code == 403


def test_strangers_find_nothing(live_world: World, worker: object) -> None:
    write = live_world.component("write", "echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    run = finish(live_world.submit(live_world.pipeline({"a": write})))
    artifact = Artifact.objects.get()
    paths = [
        f"runs/{run.pk}/",
        f"runs/{run.pk}/steps/a/",
        f"runs/{run.pk}/steps/a/log/",
        f"artifacts/{artifact.pk}/preview/",
        f"artifacts/{artifact.pk}/download/",
        f"artifacts/{artifact.pk}/files/o",
    ]
    stranger = signed_in(live_world.mallory)
    for path in paths:
        assert signed_in(live_world.alice).get(f"{API}{path}").status_code == 200, path
        # In the workspace that is not theirs, and by way of their own.
        assert stranger.get(f"{API}{path}").status_code == 404, path
        assert stranger.get(f"/api/v1/workspaces/elsewhere/{path}").status_code == 404, path
        assert Client().get(f"{API}{path}").status_code == 401, path


def test_a_run_shows_its_steps_and_the_components_it_uses(world: World, true: str) -> None:
    run = world.submit(world.pipeline({"a": true}))
    shown = signed_in(world.alice).get(f"{API}runs/{run.pk}/").json()
    assert shown["steps"]["a"]["status"] == "Queued"
    assert shown["steps"]["a"]["outputs"] == {}
    assert shown["counts"] == {"Queued": 1}
    assert shown["seq"] == run.events.count()
    assert shown["components"][true]["ref"] == true
    assert shown["document"]["nodes"]["a"]["component"] == true
    assert shown["submitted_by"] == {"id": world.alice.pk, "name": "alice"}


def test_lists_leave_out_the_graph_and_filter(world: World, true: str) -> None:
    one, two = world.pipeline({"a": true}), world.pipeline({"a": true})
    first, second = world.submit(one), world.submit(two)
    client = signed_in(world.alice)
    post(client, f"runs/{first.pk}/cancel/", {})

    def ids(query: str) -> list[int]:
        return [run["id"] for run in client.get(f"{API}{query}").json()["results"]]

    assert ids("runs/") == [second.pk, first.pk]
    assert ids(f"runs/?pipeline={one.pk}") == [first.pk]
    assert ids("runs/?status=Canceled") == [first.pk]
    assert ids(f"pipelines/{two.pk}/runs/") == [second.pk]
    assert client.get(f"{API}runs/?status=Nonsense").status_code == 400
    assert not {"document", "steps", "components"} & set(client.get(f"{API}runs/").json()["results"][0])


def test_requests_cost_the_same_however_large_the_run(
    world: World, true: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.alice)
    for size in (2, 60):
        run = world.submit(world.pipeline({f"n{i}": true for i in range(size)}))
        with django_assert_max_num_queries(7):
            client.get(f"{API}runs/{run.pk}/")
        with django_assert_max_num_queries(4):
            client.get(f"{API}runs/")


def test_a_log_is_read_in_parts_and_as_text(world: World, true: str) -> None:
    run = world.submit(world.pipeline({"a": true}))
    step = step_of(run, "a")
    attempt = Attempt.objects.create(step=step, number=1, worker="w", started_at=run.created_at)
    for seq in (1, 2, 3):
        LogChunk.objects.create(attempt=attempt, seq=seq, stream="stdout", text=f"line {seq}\n", at=run.created_at)
    client, path = signed_in(world.alice), f"{API}runs/{run.pk}/steps/a/log/"

    assert [chunk["seq"] for chunk in client.get(f"{path}?after=1").json()["chunks"]] == [2, 3]
    assert client.get(path).json()["ended"] is False
    assert client.get(f"{path}?attempt=2").status_code == 404
    assert client.get(f"{path}?after=x").status_code == 400
    download = client.get(f"{path}?download=1")
    assert body(download) == b"line 1\nline 2\nline 3\n"
    assert download["Content-Type"] == "text/plain; charset=utf-8"


def test_artifacts_are_downloaded_and_shown_in_a_sandbox(live_world: World, worker: object) -> None:
    page = live_world.component(
        "page",
        "mkdir ${{outputs.site}}/sub && echo '<script>1</script>' > ${{outputs.site}}/index.html"
        " && echo x > ${{outputs.site}}/sub/a.txt && echo one > ${{outputs.one}}",
        outputs="site: {type: uri_folder}, one: {type: uri_file}",
    )
    finish(live_world.submit(live_world.pipeline({"a": page})))
    site, one = Artifact.objects.get(output="site"), Artifact.objects.get(output="one")
    client = signed_in(live_world.alice)

    shown = client.get(f"{API}artifacts/{site.pk}/files/index.html")
    assert body(shown) == b"<script>1</script>\n"
    assert shown["Content-Type"] == "text/html; charset=utf-8"
    assert "sandbox; default-src 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Content-Type-Options"] == "nosniff"
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(f"{API}artifacts/{site.pk}/download/"))))
    assert {name: archive.read(name) for name in archive.namelist()} == {
        "index.html": b"<script>1</script>\n",
        "sub/a.txt": b"x\n",
    }
    assert body(client.get(f"{API}artifacts/{one.pk}/download/")) == b"one\n"
    assert body(client.get(f"{API}artifacts/{one.pk}/files/one")) == b"one\n"


@pytest.mark.parametrize(
    "path", ["../secret", "sub/../../secret", "..%2fsecret", "%2e%2e/secret", "/etc/passwd", "sub", "no", "a\\b"]
)
def test_no_path_leads_out_of_an_artifact(live_world: World, worker: object, path: str, settings: Any) -> None:
    from pathlib import Path

    folder = live_world.component(
        "folder", "mkdir ${{outputs.o}}/sub && echo x > ${{outputs.o}}/sub/a", outputs="o: {type: uri_folder}"
    )
    finish(live_world.submit(live_world.pipeline({"a": folder})))
    artifact = Artifact.objects.get()
    Path(settings.STORAGE_URL, artifact.location).parent.joinpath("secret").write_text("secret")
    response = signed_in(live_world.alice).get(f"{API}artifacts/{artifact.pk}/files/{path}")
    assert response.status_code in (400, 404)
