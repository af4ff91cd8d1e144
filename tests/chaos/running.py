"""One fault test from its beginning to its end: an installation, work, faults, and what must be true afterwards."""

import contextlib
import hashlib
import io
import json
import random
import tempfile
import threading
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import psutil
import psycopg

from tests.chaos.faults import LEASE_SECONDS, Faults
from tests.chaos.work import COMPONENTS, WORK, Job, jobs
from tests.installation import (
    BROKERS,
    READY_SECONDS,
    Client,
    Installation,
    Process,
    database,
    forget_queues,
    wait_for,
)
from tests.proxy import Wire
from tests.s3 import s3_server

# Workers vanish more often here than a step would survive otherwise, and messages are lost.
PRELUDE = """
import django; django.setup()
import runner.engine.retrying as retrying; retrying.LOSSES_ALLOWED = 1000
import runner.services.recovery as recovery; recovery.RESEND_SECONDS = 5
"""
END_SECONDS = 90
T = TypeVar("T")
VARIANTS = ("embedded", "distributed")


@contextlib.contextmanager
def embedded(random: random.Random) -> Iterator[tuple[Installation, Faults]]:
    """SQLite, a folder, and one process that serves and works."""
    with tempfile.TemporaryDirectory(prefix="portline-chaos-") as folder:
        made = Installation(Path(folder), {"STEP_LEASE_SECONDS": str(LEASE_SECONDS)})

        def start(name: str) -> Process:
            return made.start_web(slots=3, prelude=PRELUDE)

        try:
            start("web")
            yield made, Faults(random, made, ["web"], start)
        finally:
            made.close()


@contextlib.contextmanager
def distributed(random: random.Random) -> Iterator[tuple[Installation, Faults]]:
    """PostgreSQL, RabbitMQ, Redis and S3 behind wires that can be cut; a web process and two workers."""
    with tempfile.TemporaryDirectory(prefix="portline-chaos-") as folder, database() as url, s3_server() as s3:
        services = {"PostgreSQL": url, "RabbitMQ": BROKERS["rabbitmq"], "Redis": BROKERS["redis"], "S3": s3.url}
        wires = {name: Wire(service) for name, service in services.items()}
        prefix = f"chaos_{uuid.uuid4().hex[:12]}"
        settings = {
            "STEP_LEASE_SECONDS": str(LEASE_SECONDS),
            "DATABASE_URL": wires["PostgreSQL"].url,
            "BROKER_URL": wires["RabbitMQ"].url,
            "BROKER_PREFIX": prefix,
            "CHANNEL_URL": wires["Redis"].url,
            "STORAGE_URL": f"s3://{s3.bucket}/chaos",
            "AWS_ENDPOINT_URL": wires["S3"].url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        made = Installation(Path(folder), settings)

        def start(name: str) -> Process:
            if name == "web":
                return made.start_web(prelude=PRELUDE)
            return made.start_worker(name, slots=2, prelude=PRELUDE)

        try:
            for name in ("web", "one", "two"):
                start(name)
            name = urlsplit(url).path.lstrip("/")
            yield made, Faults(random, made, ["web", "one", "two"], start, wires, name)
        finally:
            made.close()
            for wire in wires.values():
                wire.close()
            forget_queues(BROKERS["rabbitmq"], prefix)


def chaos(variant: str, seed: int, seconds: float, number: int) -> None:
    """Raises AssertionError for what is not as it must be."""
    chance = random.Random(f"{variant} {seed}")
    with {"embedded": embedded, "distributed": distributed}[variant](chance) as (installation, faults):
        installation.ready(*faults.processes)
        client = Client(installation.url)
        client.register(COMPONENTS, {"work.py": WORK})
        work = jobs(chance, number)
        for job in work:
            job.make(client)
        submitter = threading.Thread(target=submit, args=(client, work, seconds * 0.7), daemon=True)
        submitter.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.2, 2.0))
            faults.one()
        for name in faults.processes:
            if installation.processes[name].process.poll() is not None:
                faults.start(name)
        submitter.join(READY_SECONDS + len(work))
        assert not submitter.is_alive(), installation.processes["web"].text()
        print(f"{variant}: {len(faults.done)} faults, {len(work)} runs: {dict(Counter(job.shape for job in work))}")
        try:
            check(installation, faults, work)
        except BaseException:
            for line in faults.done:
                print(f"    {line}")
            for name in faults.processes:
                print(f"--- {name}\n{installation.processes[name].text()[-6000:]}")
            raise


def submit(client: Client, work: list[Job], seconds: float) -> None:
    """As a person who tries again while the server is away: the same request twice is one run."""
    for job in work:
        job.run = insisted(partial(client.submit, job.pipeline, job.request_id))
        if job.cancel_after is not None:
            ask = partial(client.post, f"runs/{job.run}/cancel/")
            threading.Timer(job.cancel_after, insisted, [ask]).start()
        time.sleep(seconds / len(work))


def insisted(ask: Callable[[], T]) -> T:
    while True:
        try:
            return ask()
        except (httpx.HTTPError, AssertionError):
            time.sleep(0.2)


def check(installation: Installation, faults: Faults, work: list[Job]) -> None:
    installation.ready(*faults.processes)
    client = Client(installation.url)
    for job in work:
        assert job.run
        shown = client.finish(job.run, END_SECONDS)
        right(client, job, shown)
    events_are_dense(client, work)
    attempts_are_right(installation)
    for job in work:
        if job.reusable:
            again = client.finish(client.submit(job.pipeline), END_SECONDS)
            assert all(step["reused"] for step in again["steps"].values()), (job.shape, again["steps"])
    for name in faults.processes:
        faults.families |= set(psutil.Process(installation.processes[name].pid).children(recursive=True))
        assert installation.processes[name].stop() == 0, installation.processes[name].text()[-3000:]
    wait_for(
        lambda: not [each for each in faults.families if each.is_running() and each.status() != "zombie"],
        15,
        "the end of all processes",
    )
    wait_for(lambda: not installation.steps_left(), 10, "the end of all steps")


def right(client: Client, job: Job, shown: dict[str, Any]) -> None:
    """A run ended as it had to, and what it made is whole."""
    states = {node: step["status"] for node, step in shown["steps"].items()}
    told = {node: step["message"] for node, step in shown["steps"].items()}
    assert shown["status"] in job.status, (job.shape, shown["status"], states, told)
    if job.cancel_after is None:
        assert states == job.ends, (job.shape, states, told)
    for node, step in shown["steps"].items():
        assert ("made" in step["outputs"]) == (step["status"] == "Completed"), (job.shape, node, step)
        if step["status"] == "Completed":
            packed = client.answer(f"artifacts/{step['outputs']['made']['id']}/download/").content
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                assert archive.namelist() == ["content"]
                content = archive.read("content")
            assert content == job.content(node), (job.shape, node, len(content))
            digest = hashlib.sha256(f"content\0{len(content)}\0".encode() + content).hexdigest()
            assert digest == step["outputs"]["made"]["digest"]


def events_are_dense(client: Client, work: list[Job]) -> None:
    for job in work:
        shown = client.get(f"runs/{job.run}/")
        with client.socket(f"runs/{job.run}/?after=0") as socket:
            seen: list[int] = []
            while len(seen) < shown["seq"]:
                seen += [event["seq"] for event in json.loads(socket.recv(timeout=10)).get("events", [])]
        assert seen == list(range(1, shown["seq"] + 1)), (job.shape, seen)


def attempts_are_right(installation: Installation) -> None:
    """Exactly one attempt of a completed step completed, none is open, and none failed for what is no step's fault."""
    url = installation.settings.get("DATABASE_URL")
    open_ = "SELECT count(*) FROM runner_attempt WHERE ended_at IS NULL"
    twice = """
        SELECT s.node_id, count(a.id) FROM runner_step s
        LEFT JOIN runner_attempt a ON a.step_id = s.id AND a.status = 'Completed'
        WHERE s.status = 'Completed' AND s.reused_from_id IS NULL GROUP BY s.id, s.node_id HAVING count(a.id) <> 1
    """
    blamed = "SELECT message FROM runner_attempt WHERE message LIKE 'Portline could not run%'"
    if url:
        with psycopg.connect(url) as connection:
            found = [connection.execute(query).fetchall() for query in (open_, twice, blamed)]
    else:
        import sqlite3

        with contextlib.closing(sqlite3.connect(installation.data("web") / "db.sqlite3")) as file:
            found = [file.execute(query).fetchall() for query in (open_, twice, blamed)]
    assert [list(rows) for rows in found] == [[(0,)], [], []], found
