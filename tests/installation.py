"""A whole installation in processes of its own: a web process, workers, and the services between them.

For the tests that look at it from outside, over HTTP, and end or cut parts of it.
"""

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import httpx
import pika
import psycopg
import pytest
import redis
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
BROKERS = {
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13"),
    "rabbitmq": os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672"),
}
USER, PASSWORD = "ada", "correct horse battery"
READY_SECONDS = 90
NO_LIBRARY = """
import django; django.setup()
from runner.management import preparing; preparing.register_library = lambda *_: None
"""
T = TypeVar("T")


def needs(service: str, url: str) -> None:
    """Fail in CI (CI=true) where a service cannot be reached; elsewhere leave the test out, loudly."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError as error:
        sentence = f"{service} cannot be reached at {address.hostname}:{address.port} ({error})"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(f"NOT TESTED: {sentence}")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The URL of a PostgreSQL database that is there for so long."""
    name = f"portline_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def forget_queues(url: str, prefix: str) -> None:
    """Take away what a test's processes left in a broker that others use too."""
    if url.startswith("redis"):
        client = redis.Redis.from_url(url)
        for key in client.scan_iter(f"{prefix}:*"):
            client.delete(key)
        return
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        for name in ("", ".DQ", ".XQ"):
            connection.channel().queue_delete(f"{prefix}.steps{name}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(condition: Callable[[], T], seconds: float = 40, what: str = "it") -> T:
    """Wait until something is true, and answer it. The time only bounds a failure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} never came true")


@dataclass
class Process:
    """One of the installation's processes, and what it wrote."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)

    def stop(self, seconds: float = 60) -> int:
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def text(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass(frozen=True)
class Place:
    """Where a process runs: the command that starts it there, and how services are called there."""

    prefix: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Installation:
    """`settings` is the environment that all processes share; each has a DATA_DIR of its own below `folder`.

    `placed` says of some by name where they run, each time that they are started.
    """

    folder: Path
    settings: Mapping[str, str]
    port: int = field(default_factory=free_port)
    processes: dict[str, Process] = field(default_factory=dict)
    placed: dict[str, Place] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def data(self, name: str) -> Path:
        return self.folder / name

    def environment(self, name: str, **extra: str) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        account = {"PORTLINE_ADMIN_USER": USER, "PORTLINE_ADMIN_PASSWORD": PASSWORD}
        return {
            **kept,
            **account,
            "DJANGO_SETTINGS_MODULE": "designer.settings",
            "SECRET_KEY": "only-for-tests",
            "DATA_DIR": str(self.data(name)),
            **self.settings,
            **extra,
        }

    def start(self, name: str, *command: str, prelude: str = "") -> Process:
        """Start a command of manage.py. `prelude` is Python that it executes first."""
        self.data(name).mkdir(parents=True, exist_ok=True)
        place = self.placed.get(name, Place())
        log = self.folder / f"{name}.log"
        log.unlink(missing_ok=True)
        run = f"execute_from_command_line(['manage.py', *{list(command)!r}])"
        script = f"{prelude}\nfrom django.core.management import execute_from_command_line; {run}"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [*place.prefix, sys.executable, "-c", script],
                cwd=ROOT,
                env=self.environment(name, **place.settings),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.processes[name] = Process(name, process, log)
        return self.processes[name]

    def start_web(self, slots: int = 0, prelude: str = "", **kwargs: Any) -> Process:
        """A web process, without the built-in components, whose registration takes a while."""
        command = ("up", "--port", str(self.port), "--slots", str(slots))
        return self.start("web", *command, prelude=f"{NO_LIBRARY}\n{prelude}", **kwargs)

    def start_worker(self, name: str, *options: str, slots: int = 1, **kwargs: Any) -> Process:
        return self.start(name, "worker", "--slots", str(slots), *options, **kwargs)

    def ready(self, *names: str) -> None:
        """Wait until processes take requests or steps. Fails with what one wrote when it ends instead."""
        for name in names:
            process = self.processes[name]

            def is_ready(process: Process = process) -> bool:
                text = process.text()
                assert process.process.poll() is None, text
                return "Portline is ready" in text or "waiting for steps" in text

            wait_for(is_ready, READY_SECONDS, f"{name} being ready")

    def close(self) -> None:
        """End everything that still runs."""
        for process in self.processes.values():
            process.signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()

    def steps_left(self) -> list[int]:
        """Processes of steps that still run: they bear the token of their attempt."""
        mark = f"={self.folder}/".encode()
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            with contextlib.suppress(OSError):
                variables = path.read_bytes()
                if b"PORTLINE_ATTEMPT=" in variables and mark in variables:
                    found.append(int(path.parent.name))
        return found


class Client:
    """A person with a browser, without the browser."""

    def __init__(self, url: str, timeout: float = 20) -> None:
        self._http = httpx.Client(base_url=url, follow_redirects=True, timeout=timeout)
        self._url = url
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._http.get("/login/").text)
        assert found
        form = {"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
        self._http.post("/login/", data=form, headers={"Referer": url}).raise_for_status()
        self._headers = {"X-CSRFToken": self._http.cookies["csrftoken"], "Referer": url}

    def get(self, path: str) -> Any:
        return self.answer(path).json()

    def answer(self, path: str) -> httpx.Response:
        return self._http.get(f"/api/v1/workspaces/main/{path}").raise_for_status()

    def page(self, path: str) -> httpx.Response:
        return self._http.get(f"/w/main/{path}").raise_for_status()

    def post(self, path: str, **kwargs: Any) -> Any:
        answer = self._http.post(f"/api/v1/workspaces/main/{path}", headers=self._headers, **kwargs)
        assert answer.is_success, answer.text
        return answer.json()

    def token(self, name: str = "test") -> str:
        """A new API token of this person."""
        answer = self._http.post("/api/v1/tokens/", json={"name": name}, headers=self._headers)
        secret: str = answer.raise_for_status().json()["secret"]
        return secret

    def socket(self, path: str) -> ClientConnection:
        cookie = f"sessionid={self._http.cookies['sessionid']}"
        url = f"ws{self._url.removeprefix('http')}/ws/w/main/{path}"
        return connect(url, additional_headers={"Cookie": cookie, "Origin": self._url})

    def register(self, components: Mapping[str, str], files: Mapping[str, str] = {}) -> None:
        """Upload components (name -> the rest of its YAML), each with the same files beside it."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, rest in components.items():
                archive.writestr(f"{name}/component.yml", f"name: {name}\nversion: 1.0.0\n{rest}")
                for path, text in files.items():
                    archive.writestr(f"{name}/{path}", text)
        self.post("components/", files={"file": ("components.zip", packed.getvalue())})

    def upload(self, name: str, content: bytes) -> str:
        ref: str = self.post("data/", files={"file": (name, content)})["ref"]
        return ref

    def pipeline(
        self, nodes: Mapping[str, Mapping[str, Any]], edges: list[str], order: Sequence[tuple[str, str, str]] = ()
    ) -> tuple[int, int]:
        """Make a pipeline; an edge is `a.out -> b.in`, an order edge (source, target, condition). Answers id and rev."""
        made = self.post("pipelines/", json={"name": "Test"})
        ops: list[dict[str, Any]] = [
            {"op": "add_node", "node": {"id": id, "x": 0, "y": 0, **parts}} for id, parts in nodes.items()
        ]
        for edge in edges:
            source, target = (end.strip().rsplit(".", 1) for end in edge.split("->"))
            wire = {"source": source[0], "output": source[1], "target": target[0], "input": target[1]}
            ops.append({"op": "connect", **wire})
        ops += [
            {"op": "connect_order", "source": source, "target": target, "condition": condition}
            for source, target, condition in order
        ]
        edit = {"op_id": str(uuid.uuid4()), "base_rev": 0, "ops": ops}
        return made["id"], self.post(f"pipelines/{made['id']}/operations/", json=edit)["rev"]

    def submit(self, pipeline: tuple[int, int], request_id: str = "") -> int:
        given = {"request_id": request_id or str(uuid.uuid4()), "rev": pipeline[1]}
        run: int = self.post(f"pipelines/{pipeline[0]}/runs/", json=given)["id"]
        return run

    def finish(self, run: int, seconds: float = 60) -> dict[str, Any]:
        """Wait until a run ended."""

        def ended() -> dict[str, Any] | None:
            shown: dict[str, Any] = self.get(f"runs/{run}/")
            return shown if shown["ended_at"] else None

        found = wait_for(ended, seconds, f"the end of run {run}")
        assert found
        return found

    def log(self, run: int, node: str) -> str:
        chunks = self.get(f"runs/{run}/steps/{node}/log/")["chunks"]
        return "".join(chunk["text"] for chunk in chunks)


def messages(connection: ClientConnection, seconds: float = 30) -> Iterator[dict[str, Any]]:
    """What a socket is told, one by one."""
    while True:
        yield json.loads(connection.recv(timeout=seconds))
