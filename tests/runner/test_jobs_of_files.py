"""Jobs made from Azure ML's files, sent as a form; and the file that a job gives of what ran."""

import io
import json
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from designer.models import Pipeline
from registry.models import Component
from runner.models import Run
from tests.runner.conftest import World, finish, log_of, signed_in, statuses

JOBS = "/api/v1/workspaces/main/jobs/"
PIPELINE = """\
type: pipeline
display_name: Greetings
experiment_name: greetings
tags: {team: red}
inputs: {who: world, times: 2}
jobs:
  greet:
    component: ./greet/greet.yml
    inputs: {who: "${{parent.inputs.who}}", times: "${{parent.inputs.times}}"}
"""
GREET = """\
name: greet
inputs: {who: {type: string}, times: {type: integer}}
code: .
environment: azureml:portline-default@latest
command: python greet.py "${{inputs.who}}" ${{inputs.times}}
"""
FILES = {
    "pipeline.yml": PIPELINE,
    "greet/greet.yml": GREET,
    "greet/greet.py": "import sys\nprint('hello ' + sys.argv[1] * int(sys.argv[2]))\n",
}
SINGLE = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
type: command
command: echo one of ${{inputs.n}}
environment: azureml:portline-default@latest
inputs: {n: 3}
"""
SWEEP = """\
$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
type: sweep
trial:
  command: echo ${{search_space.x}}
  environment: azureml:portline-default@latest
search_space: {x: {type: choice, values: [1, 2]}}
sampling_algorithm: grid
objective: {goal: minimize, primary_metric: loss}
limits: {max_total_trials: 2, max_concurrent_trials: 1}
"""


def zipped(files: dict[str, str]) -> SimpleUploadedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return SimpleUploadedFile("job.zip", packed.getvalue())


def single(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("job.yml", text.encode())


def post(client: Client, file: SimpleUploadedFile, **fields: Any) -> Any:
    return client.post(JOBS, {"file": file, **fields})


def test_a_folder_is_imported_and_runs(live_world: World, worker: object) -> None:
    client = signed_in(live_world.alice)
    made = post(
        client,
        zipped(FILES),
        path="pipeline.yml",
        name="nightly",
        display_name="Night",
        inputs=json.dumps({"who": "you"}),
        set=json.dumps({"inputs.times": 1, "tags.size": "big"}),
    )

    assert made.status_code == 201, made.json()
    job = made.json()
    assert (job["name"], job["display_name"], job["experiment_name"]) == ("nightly", "Night", "greetings")
    assert (job["tags"], job["warnings"]) == ({"team": "red", "size": "big"}, [])
    run = finish(Run.objects.get())
    assert statuses(run) == {"greet": "Completed"}
    assert log_of(run, "greet").strip().endswith("hello you")


@pytest.mark.parametrize(("text", "searched"), [(SINGLE, False), (SWEEP, True)])
def test_a_single_job_is_a_pipeline_of_one_step(world: World, text: str, searched: bool) -> None:
    made = post(signed_in(world.alice), single(text))
    assert made.status_code == 201, made.json()
    [node] = Run.objects.get(name=made.json()["name"]).document["nodes"].values()
    assert ("loop" in node) == searched


def test_every_fault_is_answered_with_its_place_and_nothing_is_kept(world: World) -> None:
    files = {**FILES, "greet/greet.yml": "name: greet\ncommand: echo ${{inputs.nothing}}\ninputs: {a: {type: strin}}\n"}
    refused = post(signed_in(world.alice), zipped(files))
    assert (refused.status_code, refused.json()["code"]) == (422, "faults")
    assert {(fault["file"], fault["line"]) for fault in refused.json()["faults"]} >= {("greet/greet.yml", 3)}
    assert not Run.objects.exists()
    assert not Pipeline.objects.exists()
    assert not Component.objects.filter(name="greet").exists()


def test_where_several_files_may_be_meant_they_are_listed(world: World) -> None:
    client = signed_in(world.alice)
    refused = post(client, zipped({**FILES, "other.yml": PIPELINE}))
    assert (refused.status_code, refused.json()["candidates"]) == (422, ["other.yml", "pipeline.yml"])
    assert post(client, SimpleUploadedFile("job.txt", b"x")).json()["code"] == "no_pipeline"


def test_fields_of_another_form_are_refused(world: World) -> None:
    client = signed_in(world.alice)
    for field in ("set", "inputs"):
        for value in ("[1]", "{", "3"):
            refused = post(client, single(SINGLE), **{field: value})
            assert (refused.status_code, field in refused.json()["errors"]) == (400, True)
    assert post(client, single(SINGLE), name="a/b").status_code == 400
    assert client.post(JOBS, {"name": "x"}).status_code == 400
    assert not Run.objects.exists()


def test_what_cannot_be_run_says_why_and_its_pipeline_stays(world: World) -> None:
    refused = post(signed_in(world.alice), zipped(FILES), inputs='{"nothing": 1}')
    assert refused.status_code == 422
    assert refused.json()["problems"]
    assert (Run.objects.count(), Pipeline.objects.count()) == (0, 1)


def test_the_same_request_makes_one_job(world: World) -> None:
    client, asked = signed_in(world.alice), {"request_id": str(uuid.uuid4()), "name": "one"}
    made = [post(client, zipped(FILES), **asked)]
    # Edited meanwhile: the file is not even read again.
    Pipeline.objects.update(revision=5)
    made.append(post(client, zipped(FILES), **asked))
    assert [answer.status_code for answer in made] == [201, 201]
    assert Pipeline.objects.count() == 1
    assert [answer.json()["id"] for answer in made] == [Run.objects.get().pk] * 2


def test_viewers_and_strangers_may_not(world: World) -> None:
    assert post(signed_in(world.vera), single(SINGLE)).status_code == 403
    assert post(signed_in(world.mallory), single(SINGLE)).status_code == 404


def test_a_job_gives_what_ran_as_a_file_that_runs_again(world: World) -> None:
    client = signed_in(world.alice)
    name = post(client, zipped(FILES), name="first", inputs='{"who": "you"}').json()["name"]
    client.patch(
        f"{JOBS}{name}/", {"display_name": "Mine", "experiment_name": "other"}, content_type="application/json"
    )
    # What is edited since is not what ran.
    Pipeline.objects.update(name="Else")

    given = client.get(f"{JOBS}{name}/yaml/").json()
    assert given["losses"] == []
    again = post(client, single(given["text"])).json()

    assert (again["name"] != name, again["display_name"], again["experiment_name"]) == (True, "Mine", "other")
    first, second = Run.objects.order_by("id")
    assert second.inputs == first.inputs == {"who": "you", "times": 2}
    assert [node["component"] for node in second.document["nodes"].values()] == [
        node["component"] for node in first.document["nodes"].values()
    ]
    assert signed_in(world.mallory).get(f"{JOBS}{name}/yaml/").status_code == 404
