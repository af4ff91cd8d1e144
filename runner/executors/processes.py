"""A worker's side of the launcher: start a step's process, read what it prints, end it."""

import contextlib
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from runner.executors.held import Stop
from runner.executors.imports import Needs, known_needs
from runner.executors.python_calls import python_call

GRACE_SECONDS = 5.0
# Starting takes milliseconds; who does not answer in this time never will.
ANSWER_SECONDS = 10.0
READ_SIZE = 65536


class LauncherGone(RuntimeError):
    """The launcher ended before the step did."""


@dataclass(frozen=True)
class Call:
    """What to execute. `token` marks the processes that belong to it, `timeout` is in seconds.

    `warm` says whether its interpreter is one that can be forked for it. `note` is told, in a
    sentence, what those who read the step's log should know of how it was started. `alone` is called when it ended and
    nothing that it started runs any more. `code` is the digest of what lies in `cwd` before it starts, empty where
    that is not known.
    """

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    token: str
    timeout: float | None = None
    warm: bool = True
    note: Callable[[str], None] = lambda _: None
    alone: Callable[[], None] = lambda: None
    code: str = ""

    @cached_property
    def needs(self) -> Needs | None:
        """What its code imports; None where it is no Python call that can start warm."""
        python = python_call(self.argv, self.env) if self.warm else None
        return known_needs(python, self.cwd, self.code) if python else None


# The reading ends of stdout and stderr, and the status socket.
Started = tuple[int, int, socket.socket]


class LauncherClient:
    """The launcher of this worker process; started when first needed, and again should it ever end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, call: Call) -> Started:
        """Start a call; answers the reading ends of its stdout and stderr, and its status socket."""
        request = {"argv": list(call.argv), "cwd": str(call.cwd), "env": dict(call.env), "token": call.token}
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        try:
            status = self._ask(request, out_write, err_write)
        except OSError:
            for fd in (out_read, err_read):
                os.close(fd)
            raise
        finally:
            os.close(out_write)
            os.close(err_write)
        return out_read, err_read, status

    def stop(self) -> None:
        """End the launcher, and with it everything that it started."""
        with self._lock:
            if self._control and self._process:
                self._control.close()
                self._process.wait()
            self._control = self._process = None

    def _ask(self, request: Mapping[str, Any], out: int, err: int) -> socket.socket:
        """Send a request with two descriptors; answers its status socket. Raises OSError."""
        body = json.dumps(request).encode()
        message = struct.pack("!I", len(body)) + body
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                # All that the buffer takes is there already when somebody takes the request.
                sent = ours.send(message, socket.MSG_DONTWAIT)
                with self._lock:
                    socket.send_fds(self._running(), [b"!"], [out, err, theirs.fileno()])
            if sent < len(message):
                ours.settimeout(ANSWER_SECONDS)
                ours.sendall(message[sent:])
                ours.settimeout(None)
        except OSError:
            ours.close()
            raise
        return ours

    def _running(self) -> socket.socket:
        if self._control is None or self._process is None or self._process.poll() is not None:
            ours, theirs = socket.socketpair()
            script = Path(__file__).with_name("launcher.py")
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(script), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                env={},
            )
            theirs.close()
            self._control = ours
        return self._control


launcher = LauncherClient()


class CommandExecutor:
    """Runs a call as a process of its own. `start` starts it, as the launcher does."""

    def __init__(self, start: Callable[[Call], Started] | None = None) -> None:
        self._start = start or launcher.start

    def run(
        self,
        call: Call,
        stop: Stop,
        feed: Callable[[str, bytes], None],
        idle: Callable[[], float | None],
    ) -> int:
        """Run to the end and answer the exit code (negative: the signal that ended it).

        `feed` gets what is printed, by stream; `idle` is called between, and says in how many seconds again.
        When `stop` is set or the time is over, all processes of the call are asked to end, and ended after a grace.
        """
        out, err, status = self._start(call)
        streams = {out: "stdout", err: "stderr"}
        # Not select(): a server may well have more than 1,024 files open.
        selector = selectors.PollSelector()
        for source in (out, err, status, stop):
            selector.register(source, selectors.EVENT_READ)
        deadline = time.monotonic() + call.timeout if call.timeout else None
        kill_at: float | None = None
        asked = False
        try:
            while True:
                now = time.monotonic()
                if deadline is not None and now >= deadline and not asked:
                    stop.set("timeout")
                if stop.reason and not asked:
                    # Whoever uses up the memory of others is not waited for.
                    asked, kill_at = True, now + (0 if stop.reason == "memory" else GRACE_SECONDS)
                    selector.unregister(stop)
                    _send(status, b"T")
                if kill_at is not None and now >= kill_at:
                    kill_at = None
                    _send(status, b"K")
                waits = [idle(), *(at - now for at in (deadline if not asked else None, kill_at) if at is not None)]
                wait = min((max(0.0, seconds) for seconds in waits if seconds is not None), default=None)
                readable = [key.fileobj for key, _ in selector.select(wait)]
                for fd in [fd for fd in streams if fd in readable]:
                    if not _read(fd, streams, feed):
                        selector.unregister(fd)
                if status in readable:
                    answer = status.recv(200)
                    if not answer:
                        raise LauncherGone("The process that starts steps ended unexpectedly.")
                    _drain(streams, feed)
                    ended = json.loads(answer)
                    if ended["alone"]:
                        call.alone()
                    return int(ended["code"])
        finally:
            selector.close()
            status.close()
            for fd in (out, err):
                os.close(fd)


def _read(fd: int, streams: dict[int, str], feed: Callable[[str, bytes], None]) -> bool:
    data = os.read(fd, READ_SIZE)
    if data:
        feed(streams[fd], data)
    else:
        del streams[fd]
    return bool(data)


def _drain(streams: dict[int, str], feed: Callable[[str, bytes], None]) -> None:
    """Read what is left in the pipes; processes that escaped may still hold them open, so there may be no end."""
    for fd in list(streams):
        os.set_blocking(fd, False)
        with contextlib.suppress(BlockingIOError):
            while _read(fd, streams, feed):
                pass


def _send(status: socket.socket, word: bytes) -> None:
    with contextlib.suppress(OSError):
        status.sendall(word)
