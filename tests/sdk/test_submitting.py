"""From files to jobs: what is sent, what is refused and where, what is not run twice."""

import json
from pathlib import Path

import pytest

from portline import MLClient, PortlineError
from tests.sdk.conftest import FIXTURES, Command, Live

pytestmark = [pytest.mark.usefixtures("logged_in"), pytest.mark.xdist_group("sdk")]
PIPELINE = FIXTURES / "jobs" / "train" / "pipeline.yml"


def write(folder: Path, text: str) -> Path:
    file = folder / "p.yml"
    file.write_text(text)
    return file


def test_values_of_inputs_and_names_are_given_beside_the_file(portline: Command) -> None:
    made = portline(
        "job", "create", "-f", PIPELINE, "-n", "by_name", "--input", "epochs=4", "--experiment-name", "mine",
        "--set", "tags.team=a",
    ).json  # fmt: skip
    assert (made["name"], made["experiment_name"], made["inputs"]["epochs"]) == ("by_name", "mine", 4)
    assert made["tags"] == {"team": "a"}
    taken = portline("job", "create", "-f", PIPELINE, "-n", "by_name")
    assert (taken.code, "by_name" in taken.err) == (2, True)


def test_a_job_that_is_streamed_answers_for_scripts_alone(portline: Command) -> None:
    ended = portline("job", "create", "-f", PIPELINE, "--stream", "--query", "status", "-o", "tsv")
    assert (ended.code, ended.out) == (0, "Completed\n")
    assert "job Completed" in ended.err


def test_every_fault_of_every_file_is_told_with_its_place(portline: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "type: pipeline\njobs:\n  a: {component: ./a.yml}\n  b: {component: ./gone.yml}\n")
    (tmp_path / "a.yml").write_text("name: a\ninputs:\n  x: {type: intger}\ncommand: echo\n")
    refused = portline("job", "create", "-f", file)
    assert (refused.code, refused.out) == (2, "")
    assert "a.yml:3:" in refused.err
    assert "p.yml:4:" in refused.err
    report = portline("job", "validate", "-f", file)
    assert report.code == 2
    found = json.loads(report.out)
    assert (found["result"], len(found["errors"])) == ("Failed", 2)
    assert portline("job", "validate", "-f", PIPELINE).json["result"] == "Succeeded"


def test_a_request_that_is_repeated_makes_one_job(client: MLClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uuid.uuid4", lambda: "6b1e8a52-7d0c-4a1e-9d8b-0a4f6f1c2d3e")
    assert client.jobs.create_or_update(PIPELINE).name == client.jobs.create_or_update(PIPELINE).name


def test_a_mapping_is_submitted_as_a_file_would_be(client: MLClient, live: Live) -> None:
    step = {"command": "echo hello", "environment": {"image": "ubuntu"}}
    made = client.jobs.create_or_update({"type": "pipeline", "jobs": {"only": step}}, display_name="From Python")
    assert made.display_name == "From Python"
    assert client.jobs.wait(made.name).status == "Completed"
    assert [step.name for step in client.jobs.steps(made.name)] == [f"{made.name}/only"]
    with pytest.raises(PortlineError, match="no steps yet"):
        client.jobs.create_or_update({"type": "pipeline"})
