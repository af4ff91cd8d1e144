"""A server of one's own for a benchmark, and what the processes of a server hold of memory."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).resolve().parents[1]
USER, PASSWORD = "bench", "correct horse battery"
START_SECONDS = STOP_SECONDS = 120


@dataclass(frozen=True)
class Served:
    url: str
    pid: int
    seconds: float
    """From its start until it answered."""


@contextmanager
def data_dir() -> Iterator[Path]:
    """A folder for a server's data, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portline-bench-") as name:
        yield Path(name)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """`manage.py up` with its data in `folder` and the default settings, on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    account = {"PORTLINE_ADMIN_USER": USER, "PORTLINE_ADMIN_PASSWORD": PASSWORD}
    env = {**kept, **account, "DATA_DIR": str(folder), "PORT": str(port)}
    began = time.perf_counter()
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz", process, folder / "server.log")
        yield Served(url, process.pid, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError(f"the server does not answer:\n{log.read_text()}")


@dataclass(frozen=True)
class Held:
    """One process of a server. Bytes, with what is shared counted in part (PSS)."""

    what: str
    memory: int


def process_at(url: str) -> psutil.Process:
    """The process that listens there, which must be of this user and this machine."""
    port = urlsplit(url).port
    listening = {
        found.pid for found in psutil.net_connections("tcp") if found.status == "LISTEN" and found.laddr.port == port
    }
    return psutil.Process(min(pid for pid in listening if pid))


def cpu_seconds(url: str) -> float:
    """Processor time that the server and all that it started have used, also what has ended since."""
    total = 0.0
    server = process_at(url)
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


def held_by(url: str) -> list[Held]:
    """The server's process and all that it started."""
    server = process_at(url)
    found = [Held("server and worker", _pss(server))]
    for process in server.children(recursive=True):
        try:
            found.append(Held(_name(process), _pss(process)))
        except psutil.Error:  # ended meanwhile
            continue
    return found


def _name(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    for module in ("zygote", "launcher", "previews"):
        if module in line:
            return {"zygote": "fork servers and children forked ahead", "previews": "outputs and previews"}.get(
                module, "launcher of commands"
            )
    return line[:60] or process.name()


def _pss(process: psutil.Process) -> int:
    held: int = process.memory_full_info().pss
    return held
