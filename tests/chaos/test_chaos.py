"""A bounded part of the fault test (`make chaos`), and faults that need a scene of their own."""

import contextlib
import os
import random
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.chaos.faults import LEASE_SECONDS, Faults
from tests.chaos.running import PRELUDE, VARIANTS, chaos, distributed
from tests.chaos.work import COMPONENTS, WORK, node
from tests.installation import BROKERS, POSTGRES, Client, Installation, Process, needs, wait_for

pytestmark = pytest.mark.services
SECONDS = 10
SEED = int(os.environ.get("CHAOS_SEED", "7"))


def needs_services() -> None:
    for service, url in {"PostgreSQL": POSTGRES, **BROKERS}.items():
        needs(service, url)


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_lost(variant: str) -> None:
    if variant == "distributed":
        needs_services()
    print(f"python -m tests.chaos --variant {variant} --seed {SEED} --seconds {SECONDS}")
    chaos(variant, SEED, SECONDS, number=6)


@pytest.fixture
def scene() -> Iterator[tuple[Installation, Faults, Client]]:
    """A web process and two workers, and nothing that happens by itself."""
    needs_services()
    with distributed(random.Random(SEED)) as (installation, faults):
        installation.ready(*faults.processes)
        client = Client(installation.url)
        client.register(COMPONENTS, {"work.py": WORK})
        yield installation, faults, client


def test_what_goes_wrong_in_scenes_of_their_own(scene: tuple[Installation, Faults, Client]) -> None:
    """One test, so that what takes long to start is started once."""
    installation, faults, client = scene
    who_hangs_and_wakes_up_commits_nothing(installation, client)
    a_clock_that_jumps_takes_no_step_from_anybody(installation, client)
    everything_is_restarted_in_the_middle(installation, faults, client)


def who_hangs_and_wakes_up_commits_nothing(installation: Installation, client: Client) -> None:
    run = client.submit(client.pipeline({"a": node("", "a", 3)}, []))
    wait_for(lambda: status(client, run, "a") == "Running")
    hanging = holder(installation, run, "a")
    hanging.signal(signal.SIGSTOP)
    shown = client.finish(run, LEASE_SECONDS + 30)
    assert shown["status"] == "Completed"
    hanging.signal(signal.SIGCONT)
    wait_for(lambda: "what this worker did is dropped" in hanging.text())
    after = client.get(f"runs/{run}/")
    assert after["seq"] == shown["seq"]
    assert after["steps"]["a"]["outputs"] == shown["steps"]["a"]["outputs"]
    assert attempts(installation, run) == ["Failed", "Completed"]


def everything_is_restarted_in_the_middle(installation: Installation, faults: Faults, client: Client) -> None:
    nodes = {name: node("", name, 1) for name in "abcd"}
    run = client.submit(client.pipeline(nodes, ["a.made -> b.a", "b.made -> c.a", "a.made -> d.a"]))
    wait_for(lambda: status(client, run, "a") == "Completed")
    for name in faults.processes:
        installation.processes[name].kill()
    for wire in faults.wires.values():
        wire.cut()
    for name in faults.processes:
        faults.start(name)
    installation.ready(*faults.processes)
    assert Client(installation.url).finish(run)["status"] == "Completed"


def a_clock_that_jumps_takes_no_step_from_anybody(installation: Installation, client: Client) -> None:
    """One worker's clock goes an hour forward, and back: its own steps and those of the other go on."""
    clock = installation.folder / "clock"
    clock.write_text("0")
    installation.processes["one"].stop()
    installation.start_worker("one", slots=2, prelude=PRELUDE + JUMPING.format(clock=clock))
    installation.ready("one")
    run = client.submit(client.pipeline({name: node("", name, 6) for name in "abcd"}, []))
    wait_for(lambda: all(status(client, run, name) == "Running" for name in "abcd"))
    for offset in ("3600", "-3600", "0"):
        clock.write_text(offset)
        assert not wait_quietly(lambda: attempts(installation, run) != [None] * 4, 1.5)
    assert client.finish(run)["status"] == "Completed"
    assert attempts(installation, run) == ["Completed"] * 4


def test_a_full_disk_fails_a_step_and_leaves_nothing_half(tmp_path: Path) -> None:
    """Where the outputs go. A file system of 6 MB where the machine lets us make one, else a limit on files."""
    small = tmp_path / "small"
    small.mkdir()
    prelude, settings = PRELUDE, {"STORAGE_URL": str(small / "storage")}
    with contextlib.ExitStack() as stack:
        if mounted(small):
            stack.callback(subprocess.run, ["umount", "--lazy", str(small)], check=True)
        else:
            prelude += "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))\n"
        installation = Installation(tmp_path, settings)
        stack.callback(installation.close)
        installation.start_web(slots=2, prelude=prelude)
        installation.ready("web")
        client = Client(installation.url)
        client.register({"large": LARGE})
        run = client.finish(client.submit(client.pipeline({"a": large(20)}, [])))
        steps = run["steps"]
        assert steps["a"]["status"] == "Failed"
        assert any(word in steps["a"]["message"] for word in ("No space left", "File too large", "disk is full")), (
            steps["a"]
        )
        # There is room again for what is small.
        again = client.finish(client.submit(client.pipeline({"b": large(1)}, [])))
        assert again["status"] == "Completed"
        stored = [path for path in (small / "storage/artifacts").rglob("*") if path.is_file()]
        assert [path.stat().st_size for path in stored] == [1 << 20]
        assert not [path for path in (small / "storage/drafts").rglob("*") if path.is_file()]


LARGE = """
inputs: {megabytes: {type: integer}, name: {type: string}}
outputs: {made: {type: uri_file}}
command: head -c ${{inputs.megabytes}}M /dev/zero > "${{outputs.made}}"
"""
JUMPING = """
import datetime, pathlib, time
from django.utils import timezone
_time, _now = time.time, timezone.now
def _offset(): return float(pathlib.Path({str(clock)!r}).read_text() or 0)
time.time = lambda: _time() + _offset()
timezone.now = lambda: _now() + datetime.timedelta(seconds=_offset())
""".replace("{str(clock)!r}", '"{clock}"')


def large(megabytes: int) -> dict[str, Any]:
    return {"component": "large:1.0.0", "params": {"megabytes": megabytes, "name": uuid.uuid4().hex}}


def mounted(folder: Path) -> bool:
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    return subprocess.run(mount, stderr=subprocess.DEVNULL).returncode == 0


def wait_quietly(condition: Any, seconds: float) -> bool:
    try:
        return bool(wait_for(condition, seconds))
    except AssertionError:
        return False


def status(client: Client, run: int, name: str) -> str:
    return str(client.get(f"runs/{run}/")["steps"][name]["status"])


def attempts(installation: Installation, run: int) -> list[str | None]:
    """How each attempt of a run ended; None while it goes on."""
    query = """
        SELECT CASE WHEN a.ended_at IS NULL THEN NULL ELSE a.status END FROM runner_attempt a
        JOIN runner_step s ON s.id = a.step_id WHERE s.run_id = %s ORDER BY s.id, a.number
    """
    with psycopg.connect(installation.settings["DATABASE_URL"]) as connection:
        return [row[0] for row in connection.execute(query, [run])]


def holder(installation: Installation, run: int, name: str) -> Process:
    query = "SELECT worker FROM runner_step WHERE run_id = %s AND node_id = %s"
    with psycopg.connect(installation.settings["DATABASE_URL"]) as connection:
        row = connection.execute(query, [run, name]).fetchone()
    assert row
    return next(process for process in installation.processes.values() if f"_{process.pid}_" in row[0])
