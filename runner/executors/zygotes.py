"""A worker's side of one zygote: start it, follow what it says, start steps in it, end it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from runner.executors.launcher import TOKEN
from runner.executors.processes import ANSWER_SECONDS, Call, LauncherClient, Started
from runner.executors.zygote import TOKEN_ROOM

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_ROOT)!r}); bare = frozenset(sys.modules)\n"
    "from runner.executors.zygote import main; main(bare)"
)


class ZygoteClient(LauncherClient):
    """One zygote. `names` is what it is to import, `packages` what they are of; `modules` is what it has, or is to have
    until it is `ready`. `weight` is how much a fork of it copies the tables of, in bytes.

    `on_ready` and `on_gone` are called with it, on a thread of its own, and `on_imports(token, names)` after each
    step. When it is gone, `culprit` is the module whose import ended it, if one did, and `why` says how.
    `running` are the tokens of its steps.
    """

    def __init__(
        self,
        names: list[str],
        on_ready: Callable[["ZygoteClient"], None],
        on_gone: Callable[["ZygoteClient"], None],
        on_imports: Callable[[str, list[str] | None], None],
    ) -> None:
        super().__init__()
        self.names = names
        self.modules: frozenset[str] = frozenset()
        self.packages: frozenset[str] = frozenset()
        self.folders: Mapping[str, int] = {}
        self.ready = self.gone = self.retired = False
        self.culprit, self.why = "", "it ended unexpectedly"
        self.pid = 0
        self.memory = self.weight = 0
        self.running: set[str] = set()
        self.used_at = time.monotonic()
        self._on_ready, self._on_gone, self._on_imports = on_ready, on_gone, on_imports

    def begin(self, python: str, env: Mapping[str, str], parent: "ZygoteClient | None") -> None:
        """Start it: as a fork of another, or with an interpreter and the variables that its steps share."""
        ours, theirs = socket.socketpair()
        self._temp = tempfile.mkdtemp(prefix="portline-zygote-")
        with theirs:
            if parent is not None:
                self._asked = parent.fork(self.names, theirs, self._temp)
            else:
                self._process = subprocess.Popen(
                    [python, "-c", _PROGRAM, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    cwd="/",
                    env={**env, TOKEN: TOKEN_ROOM, "TMPDIR": self._temp},
                )
                for pipe in (self._process.stdout, self._process.stderr):
                    assert pipe is not None
                    pipe.close()
        self._control = ours
        self._thread = threading.Thread(target=self._follow, name="zygote", daemon=True)
        self._thread.start()

    def start(self, call: Call) -> Started:
        """As the launcher's. Raises OSError if it certainly did not start the call, and then is ended."""
        self.used_at = time.monotonic()
        try:
            out, err, status = super().start(call)
        except OSError:
            self.kill()
            raise
        try:
            status.settimeout(ANSWER_SECONDS)
            if status.recv(1) != b"+":
                raise ConnectionError("it did not answer")
            status.settimeout(None)
        except OSError:
            # A child that exists by now is killed with it.
            self.kill()
            status.close()
            os.close(out)
            os.close(err)
            raise
        return out, err, status

    def fork(self, names: list[str], control: socket.socket, temp: str) -> socket.socket:
        """Ask for a new zygote with this one's modules and more; closing what is answered takes the request back."""
        nothing = os.open(os.devnull, os.O_WRONLY)
        try:
            return self._ask({"preload": names, "temp": temp, "token": ""}, control.fileno(), nothing)
        finally:
            os.close(nothing)

    def retire(self) -> None:
        """Let it end once nothing runs in it."""
        self.retired = True
        if not self.running:
            self.stop()

    def kill(self) -> None:
        """End it at once, and with it what runs in it."""
        if self.pid and not self.gone:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
        self.stop()

    def stop(self) -> None:
        """Let it end; what runs in it is ended by it."""
        with contextlib.suppress(OSError):
            if self._control is not None:
                self._control.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        self._thread.join(ANSWER_SECONDS)

    def outdated(self) -> bool:
        """Whether something was installed or removed since it started."""
        return any(_modified(path) != at for path, at in self.folders.items())

    def _running(self) -> socket.socket:
        if self.gone or self._control is None:
            raise ConnectionError("the zygote is gone")
        return self._control

    def _follow(self) -> None:
        assert self._control is not None
        with contextlib.suppress(OSError), self._control.makefile("rb") as lines:
            for line in lines:
                self._heard(json.loads(line))
        self.gone, self.ready = True, False
        if self._process is not None:
            self._process.wait()
        with self._lock:
            self._control.close()
        shutil.rmtree(self._temp, ignore_errors=True)
        self._on_gone(self)

    def _heard(self, message: dict[str, Any]) -> None:
        if "importing" in message:
            self.culprit = message["importing"]
        elif "unfit" in message:
            self.why = message["unfit"]
        elif "ready" in message:
            ready = message["ready"]
            self.culprit = ""
            self.pid, self.folders = ready["pid"], ready["folders"]
            self.modules = frozenset(ready["modules"]) | frozenset(ready["missing"])
            self.memory, self.weight = _memory(self.pid)
            self.ready = True
            self._on_ready(self)
        elif "ended" in message:
            self.running.discard(message["ended"])
            self._on_imports(message["ended"], message["imported"])
            if self.retired and not self.running:
                self.stop()


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _memory(pid: int) -> tuple[int, int]:
    """Bytes, where what is shared with others counts in part; and what is not a file's, counted in full."""
    with contextlib.suppress(OSError, KeyError), open(f"/proc/{pid}/smaps_rollup") as file:
        found = {line.split(":")[0]: line.split()[1] for line in file}
        return int(found["Pss"]) * 1024, int(found["Anonymous"]) * 1024
    return 0, 0
