"""Jobs by the command line: looked at, followed, cancelled, archived."""

import io
from pathlib import Path
from typing import Any

import pytest

from portline import MLClient, PortlineError
from tests.sdk.conftest import Command, Live

pytestmark = pytest.mark.xdist_group("sdk")
STEPS = {
    "good": "outputs: {o: {type: uri_file}}\ncommand: |\n  echo first; echo second; printf unended\n  echo 1 > ${{outputs.o}}\n",
    "bad": "inputs: {i: {type: uri_file, optional: true}}\ncommand: echo wrong >&2; exit 3\n",
    "long": "command: echo waiting; sleep 120\n",
}


@pytest.fixture(scope="module")
def steps(live: Live) -> None:
    live.person.register(STEPS)


def submit(live: Live, *names: str, wires: list[str] | None = None, **more: Any) -> str:
    """A job with a step of each of these components; each is called as its component."""
    plain: dict[str, Any] = {"kind": "component", "params": {}, "exposed": [], "comment": "", "settings": {}}
    nodes = {name: {**plain, "component": f"{name}:1.0.0", "title": name} for name in names}
    pipeline, _ = live.person.pipeline(nodes, wires or [])
    name: str = live.person.post("jobs/", json={"pipeline": str(pipeline), "force_rerun": True, **more})["name"]
    return name


@pytest.mark.usefixtures("steps")
def test_a_job_is_followed_line_by_line(portline: Command, logged_in: Live) -> None:
    name = submit(logged_in, "good")
    ended = portline("job", "stream", "-n", name)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == f"Job: {name}"
    assert lines[1].startswith(f"Web View: {logged_in.url}/w/main/runs/")
    told = [line if "|" in line else line.partition(" ")[2].partition(" in ")[0] for line in lines[3:]]
    assert [line for line in told if not line.startswith("job")] == [
        "good: Running",
        "good | first",
        "good | second",
        "good | unended",
        "good: Completed",
    ]
    assert told[-1] == "job Completed"


@pytest.mark.usefixtures("steps")
def test_a_job_that_fails_ends_with_1(portline: Command, logged_in: Live) -> None:
    ended = portline("job", "stream", "-n", submit(logged_in, "bad"))
    assert ended.code == 1
    assert "bad | wrong" in ended.out
    assert "bad: Failed" in ended.out
    assert "ended as Failed" in ended.err


@pytest.mark.usefixtures("steps")
def test_a_job_has_what_scripts_ask_for(portline: Command, client: MLClient, logged_in: Live) -> None:
    name = submit(logged_in, "good", "bad", wires=["good.o -> bad.i"])
    client.jobs.wait(name)
    assert portline("job", "show", "-n", name, "--query", "status", "-o", "tsv").out == "Failed\n"
    endpoint = portline("job", "show", "-n", name, "--query", "services.Studio.endpoint", "-o", "tsv").out
    assert endpoint.startswith(f"{logged_in.url}/w/main/runs/")
    steps = portline("job", "list", "--parent-job-name", name, "--query", "[].[name,status]", "-o", "tsv")
    assert steps.out == f"{name}/good\tCompleted\n{name}/bad\tFailed\n"
    assert portline("job", "show", "-n", f"{name}/good", "--query", "status").json == "Completed"
    assert portline("job", "show", "-n", f"{name}/other").code == 3
    newest = portline("job", "list", "--max-results", "1", "--query", "[].name", "-o", "tsv")
    assert newest.out == f"{name}\n"


@pytest.mark.usefixtures("steps")
def test_what_a_job_made_and_printed_is_fetched(
    portline: Command, client: MLClient, logged_in: Live, tmp_path: Path
) -> None:
    name = submit(logged_in, "good", "bad")
    client.jobs.wait(name)
    assert portline("job", "download", "-n", name, "-p", tmp_path / "all", "--all").code == 0
    logs = tmp_path / "all" / "artifacts" / "good" / "user_logs" / "std_log.txt"
    assert logs.read_text().startswith("first\nsecond\n")
    (file,) = client.jobs.download(f"{name}/good", output_name="o", download_path=tmp_path / "one")
    assert file.read_text() == "1\n"
    missing = portline("job", "download", "-n", name, "--output-name", "nothing", "-p", tmp_path / "none")
    assert (missing.code, "nothing" in missing.err) == (3, True)


@pytest.mark.usefixtures("steps")
def test_a_job_is_described_archived_and_restored(portline: Command, logged_in: Live) -> None:
    name = submit(logged_in, "good", tags={"team": "a"})
    changed = portline("job", "update", "-n", name, "--set", "tags.run=7", "display_name=My job").json
    assert (changed["display_name"], changed["tags"]) == ("My job", {"team": "a", "run": "7"})
    assert portline("job", "list", "--tag", "run=7", "--query", "[].name").json == [name]
    portline("job", "archive", "-n", name)
    assert portline("job", "list", "--tag", "run=7").json == []
    assert portline("job", "list", "--tag", "run=7", "--archived-only", "--query", "[].name").json == [name]
    assert portline("job", "list", "--tag", "run=7", "--include-archived", "--query", "[].name").json == [name]
    portline("job", "restore", "-n", name)
    assert portline("job", "list", "--tag", "run=7", "--query", "[].name").json == [name]


@pytest.mark.usefixtures("steps")
def test_a_job_is_cancelled(portline: Command, client: MLClient, logged_in: Live) -> None:
    name = submit(logged_in, "long")
    for update in client.jobs.follow(name):
        if getattr(update, "text", "") == "waiting":
            assert portline("job", "cancel", "-n", name).code == 0
            break
    out = io.StringIO()
    with pytest.raises(PortlineError, match="ended as Canceled"):
        client.jobs.stream(name, out)
    # Who comes late is told all from the beginning.
    assert "long | waiting" in out.getvalue()
    assert "long: Canceled" in out.getvalue()
