"""A web process and two workers that share nothing but PostgreSQL, a broker, Redis for wake-ups, and an S3 store.

Each has a folder of its own, so nothing passes by a disk; and where the machine allows it (root on Linux) each worker
has a network of its own, in which it reaches the services and nothing else. Where a service is not reachable this fails in CI (CI=true)
and is skipped, loudly, elsewhere.
"""

import contextlib
import hashlib
import io
import signal
import statistics
import time
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.installation import (
    BROKERS,
    POSTGRES,
    Client,
    Installation,
    Place,
    Process,
    database,
    forget_queues,
    messages,
    needs,
    wait_for,
)
from tests.namespaces import namespace
from tests.proxy import Wire
from tests.s3 import s3_server

pytestmark = pytest.mark.services
# What reaches a browser here reaches it by a wake-up: the hub's own poll would hide that one is missing.
NO_POLL = "import runner.hub; runner.hub.POLL_SECONDS = 3600.0"
WORK = """
import pathlib, sys, time
table, seconds, out = sys.argv[1:]
end = time.time() + float(seconds)
while time.time() < end:
    print(f"at {time.time()}")
    time.sleep(0.2)
pathlib.Path(out).mkdir(parents=True, exist_ok=True)
rows = pathlib.Path(table).read_text()
pathlib.Path(out, "rows.csv").write_text(rows)
pathlib.Path(out, "large.bin").write_bytes(rows.encode() * 200_000)
"""
COMPONENTS = {
    "work": """
inputs: {table: {type: uri_file}, seconds: {type: number, default: 0.1}, name: {type: string, optional: true}}
outputs: {made: {type: uri_folder}}
code: .
command: python work.py "${{inputs.table}}" ${{inputs.seconds}} "${{outputs.made}}"
""",
    "join": """
inputs: {a: {type: uri_folder}, b: {type: uri_folder}, c: {type: uri_folder}}
outputs: {table: {type: uri_file}}
command: cat "${{inputs.a}}/rows.csv" "${{inputs.b}}/rows.csv" "${{inputs.c}}/rows.csv" > "${{outputs.table}}"
""",
}
SERVICES = ("DATABASE_URL", "BROKER_URL", "CHANNEL_URL", "AWS_ENDPOINT_URL")
TABLE = b"x,y\n1,2\n3,4\n"


@pytest.fixture(params=sorted(BROKERS))
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    for service in ("PostgreSQL", request.param, "redis"):
        needs(service, {"PostgreSQL": POSTGRES, **BROKERS}[service])
    with database() as database_url, s3_server() as s3, contextlib.ExitStack() as stack:
        settings = {
            "DATABASE_URL": database_url,
            "BROKER_URL": BROKERS[request.param],
            "BROKER_PREFIX": f"test_{uuid.uuid4().hex[:12]}",
            "CHANNEL_URL": BROKERS["redis"],
            "STORAGE_URL": f"s3://{s3.bucket}/portline",
            "AWS_ENDPOINT_URL": s3.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        made = Installation(tmp_path, settings)
        try:
            # All at once: workers wait until the database is there.
            made.start_web(prelude=NO_POLL)
            for number, name in enumerate(("one", "two")):
                made.placed[name] = stack.enter_context(elsewhere(number, settings))
                made.start_worker(name)
            made.ready("web", "one", "two")
            yield made
        finally:
            made.close()
            forget_queues(settings["BROKER_URL"], settings["BROKER_PREFIX"])


@contextlib.contextmanager
def elsewhere(number: int, settings: dict[str, str]) -> Iterator[Place]:
    """Where a worker runs: in a network of its own, at whose door the services are."""
    with namespace(number) as found, contextlib.ExitStack() as stack:
        if found is None:
            print("NOT TESTED: workers in networks of their own, which needs root and `ip`")
            yield Place()
            return
        doors = {}
        for name in SERVICES:
            wire = Wire(settings[name], found.door)
            stack.callback(wire.close)
            doors[name] = wire.url
        yield Place(found.prefix, doors)


def test_an_installation_on_several_machines(installation: Installation) -> None:
    """One test, so that what takes long to start is started once."""
    client = Client(installation.url)
    client.register(COMPONENTS, {"work.py": WORK})
    a_pipeline_runs_on_both_and_is_seen_through_the_web(installation, client)
    a_remote_step_is_watched_while_it_runs(client)
    a_worker_that_is_stopped_hands_its_step_to_another(installation, client)
    a_worker_that_may_finish_does_until_it_is_hurried(installation, client)


def fan(client: Client, seconds: float = 1.0) -> tuple[int, int]:
    """Three steps that may run at once, and one that needs them all. No other pipeline has the same."""
    table = {"kind": "data", "asset": client.upload("numbers.csv", TABLE), "type": "uri_file"}
    unique = uuid.uuid4().hex
    work = {
        name: {"component": "work:1.0.0", "params": {"seconds": seconds, "name": name + unique}}
        for name in ("a", "b", "c")
    }
    nodes = {"table": table, **work, "join": {"component": "join:1.0.0"}}
    edges = [f"table.data -> {name}.table" for name in work] + [f"{name}.made -> join.{name}" for name in work]
    return client.pipeline(nodes, edges)


def attempts(installation: Installation, run: int, node: str) -> list[tuple[str, str, str]]:
    """Status, worker and message of each attempt."""
    query = """
        SELECT a.status, a.worker, a.message FROM runner_attempt a JOIN runner_step s ON s.id = a.step_id
        WHERE s.run_id = %s AND s.node_id = %s ORDER BY a.number
    """
    with psycopg.connect(installation.settings["DATABASE_URL"]) as connection:
        return connection.execute(query, [run, node]).fetchall()


def a_pipeline_runs_on_both_and_is_seen_through_the_web(installation: Installation, client: Client) -> None:
    pipeline = fan(client)
    run = client.submit(pipeline)
    shown = client.finish(run)
    assert shown["status"] == "Completed", shown

    workers = {worker for node in ("a", "b", "c") for _, worker, _ in attempts(installation, run, node)}
    assert len(workers) == 2

    joined = shown["steps"]["join"]["outputs"]["table"]
    content = client.answer(f"artifacts/{joined['id']}/download/").content
    assert content == TABLE * 3
    assert hashlib.sha256(content).hexdigest() == joined["digest"]
    folder = shown["steps"]["a"]["outputs"]["made"]
    with zipfile.ZipFile(io.BytesIO(client.answer(f"artifacts/{folder['id']}/download/").content)) as archive:
        assert archive.namelist() == ["large.bin", "rows.csv"]
        assert archive.read("large.bin") == TABLE * 200_000
    assert client.answer(f"artifacts/{folder['id']}/files/rows.csv").content == TABLE
    preview = client.get(f"artifacts/{folder['id']}/preview/")
    assert (preview["kind"], preview["total"]) == ("folder", 2)

    assert client.answer("data/numbers/versions/1/download/").content == TABLE
    with zipfile.ZipFile(io.BytesIO(client.page("components/work/1.0.0/download/").content)) as archive:
        assert any(archive.read(name).decode() == WORK for name in archive.namelist())

    again = client.finish(client.submit(pipeline))
    assert {node: step["reused"] for node, step in again["steps"].items()} == dict.fromkeys(shown["steps"], True)

    # Nothing of it passed by the web process's disk.
    assert not [path for path in Path(installation.data("web")).rglob("*") if path.name == joined["digest"]]
    assert not (installation.data("web") / "storage").exists()


def a_remote_step_is_watched_while_it_runs(client: Client) -> None:
    """Its events, all of them in order, and its log."""
    run = client.submit(fan(client, seconds=2))
    events: list[dict[str, Any]] = []
    late: list[float] = []
    log_ended = False
    with client.socket(f"runs/{run}/?after=0") as connection:
        connection.send('{"t": "follow", "node": "a", "attempt": null, "after": 0}')
        for message in messages(connection):
            events += message.get("events", [])
            if message["t"] == "log":
                lines = "".join(chunk["text"] for chunk in message["chunks"]).splitlines()
                late += [time.time() - float(line.removeprefix("at ")) for line in lines if line.startswith("at ")]
                log_ended = log_ended or message["ended"]
            if not late:
                assert not log_ended
            if log_ended and {"status": "Completed", "message": ""} in [event["data"] for event in events]:
                break
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert len(late) >= 5
    assert max(late) < 2  # it took two seconds to write
    print(f"lines of a remote log reach a browser after {statistics.median(late) * 1000:.0f} ms (median)")


def a_worker_that_is_stopped_hands_its_step_to_another(installation: Installation, client: Client) -> None:
    run = client.submit(steps(client, a=3))
    wait_for(lambda: "a" in running(client, run))
    holder = holder_of(installation, run, "a")
    assert holder.stop() == 0
    assert client.finish(run)["status"] == "Completed"
    tried = attempts(installation, run, "a")
    assert [status for status, _, _ in tried] == ["Canceled", "Completed"]
    assert len({worker for _, worker, _ in tried}) == 2
    assert "steps that go back to the queue: 1" in holder.text()
    installation.start_worker(holder.name)
    installation.ready(holder.name)


def a_worker_that_may_finish_does_until_it_is_hurried(installation: Installation, client: Client) -> None:
    stopped = [installation.processes[name] for name in ("one", "two")]
    for worker in stopped:
        worker.signal(signal.SIGTERM)
    for worker in stopped:
        assert worker.process.wait(60) == 0
        installation.start_worker(worker.name, "--finish", "60")
    installation.ready("one", "two")
    run = client.submit(steps(client, short=1.5, long=6))
    wait_for(lambda: running(client, run) == {"short", "long"})
    short, long = (holder_of(installation, run, node) for node in ("short", "long"))
    assert short is not long
    for worker in (short, long):
        worker.signal(signal.SIGTERM)
    assert short.process.wait(20) == 0
    assert [status for status, _, _ in attempts(installation, run, "short")] == ["Completed"]
    assert "steps that may end first, within 60 seconds: 1" in long.text()
    assert long.stop() == 0  # asked a second time
    assert [status for status, _, _ in attempts(installation, run, "long")] == ["Canceled"]
    installation.start_worker("one")
    assert client.finish(run)["status"] == "Completed"


def steps(client: Client, **seconds: float) -> tuple[int, int]:
    """Independent steps that take so long."""
    nodes: dict[str, Any] = {
        "table": {"kind": "data", "asset": client.upload("numbers.csv", TABLE), "type": "uri_file"}
    }
    for name, each in seconds.items():
        nodes[name] = {"component": "work:1.0.0", "params": {"seconds": each, "name": uuid.uuid4().hex}}
    return client.pipeline(nodes, [f"table.data -> {name}.table" for name in seconds])


def running(client: Client, run: int) -> set[str]:
    return {node for node, step in client.get(f"runs/{run}/")["steps"].items() if step["status"] == "Running"}


def holder_of(installation: Installation, run: int, node: str) -> Process:
    worker = attempts(installation, run, node)[-1][1]
    return next(process for process in installation.processes.values() if f"_{process.pid}_" in worker)
