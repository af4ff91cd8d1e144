"""A job's outputs and logs in one zip."""

import io
import zipfile
from typing import Any

from registry import store
from runner.models import Artifact
from tests.runner.conftest import World, finish, signed_in

API = "/api/v1/workspaces/main/jobs/"


def downloaded(world: World, path: str) -> dict[str, str]:
    response = signed_in(world.alice).get(f"{API}{path}")
    assert response.status_code == 200, response.content
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:  # type: ignore[arg-type]
        return {name: archive.read(name).decode() for name in archive.namelist()}


def refused(world: World, path: str) -> tuple[int, str]:
    response = signed_in(world.alice).get(f"{API}{path}")
    return response.status_code, response.json()["detail"]


def pair(world: World) -> Any:
    make = world.component(
        "make",
        "echo made; mkdir ${{outputs.d}}/sub; echo 1 > ${{outputs.d}}/sub/one.txt",
        outputs="d: {type: uri_folder}",
    )
    count = world.component(
        "count", "echo counted; cat ${{inputs.d}}/sub/* > ${{outputs.n}}",
        inputs="d: {type: uri_folder}", outputs="n: {type: uri_file}",
    )  # fmt: skip
    outputs = {"total": {"type": "uri_file", "source": "b", "output": "n", "description": ""}}
    return world.pipeline({"a": make, "b": count}, ["a.d -> b.d"], outputs=outputs)


LOGS = {"artifacts/a/user_logs/std_log.txt": "made\n", "artifacts/b/user_logs/std_log.txt": "counted\n"}


def test_outputs_by_name_and_logs_by_step(live_world: World, worker: object) -> None:
    run = finish(live_world.submit(pair(live_world)))
    total = {"named-outputs/total/n": "1\n"}
    assert downloaded(live_world, f"{run.name}/download/") == total | LOGS
    assert downloaded(live_world, f"{run.name}/download/?output_name=total") == total
    assert downloaded(live_world, f"{run.name}/download/?all=true") == total | LOGS | {
        "artifacts/a/named-outputs/d/sub/one.txt": "1\n",
        "artifacts/b/named-outputs/n/n": "1\n",
    }
    assert downloaded(live_world, f"{run.name}/download/?step=a") == {
        "named-outputs/d/sub/one.txt": "1\n",
        "user_logs/std_log.txt": "made\n",
    }


def test_reused_steps_give_what_the_original_made(live_world: World, worker: object) -> None:
    pipeline = pair(live_world)
    first = finish(live_world.submit(pipeline))
    again = finish(live_world.submit(pipeline))
    assert set(again.steps.values_list("reused", flat=True)) == {True}
    assert downloaded(live_world, f"{again.name}/download/?all=true") == downloaded(
        live_world, f"{first.name}/download/?all=true"
    )


def test_what_cannot_be_downloaded_is_refused_in_words(live_world: World, worker: object) -> None:
    pipeline = pair(live_world)
    run = finish(live_world.submit(pipeline))
    status, sentence = refused(live_world, f"{run.name}/download/?output_name=totl")
    assert (status, sentence) == (404, f"`{run.name}` has no output `totl`; did you mean `total`?")
    assert refused(live_world, f"{run.name}/download/?step=z")[0] == 404
    artifact = Artifact.objects.get(run=run, output="n")
    store.remove(artifact.location)
    status, sentence = refused(live_world, f"{run.name}/download/?output_name=total")
    assert (status, sentence.startswith("The content of `total` was deleted")) == (410, True)
    assert "named-outputs/total" in downloaded(live_world, f"{run.name}/download/")["NOT_INCLUDED.txt"]


def test_a_job_that_runs_is_not_downloaded(world: World) -> None:
    run = world.submit(pair(world))
    status, sentence = refused(world, f"{run.name}/download/")
    assert status == 409
    assert sentence == f"The job `{run.name}` is {run.status}; it can be downloaded when it has ended."
