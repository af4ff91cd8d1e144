"""A process that has libraries loaded and becomes a step's process by forking, or another zygote with more of them.

Standard library only; runs with the interpreter of a step's environment and with its environment variables.
It takes requests as the launcher does, and cares for its steps as the launcher does. Beyond that:

* It answers `+` on the status socket when a step is about to begin. Until then it may be started otherwise.
* A request `{preload, temp, token}` makes a new zygote; the first descriptor is its control socket.
* On the control socket it writes lines of JSON: `{"importing": name}` before each import, then
  `{"ready": {pid, modules, missing, folders}}` (or `{"unfit": why}`), and `{"ended": token, "imported": [names]}`
  after each step (null where the step did not live to tell).
"""

import contextlib
import ctypes
import gc
import importlib
import json
import mmap
import os
import resource
import signal
import socket
import sys
from typing import Any, NoReturn

from runner.executors import forked
from runner.executors.launcher import TOKEN, Launcher
from runner.executors.preloading import ALLOCATORS, end_preloading, preload
from runner.executors.python_calls import PythonCall, python_call

# An import that takes longer never ends.
IMPORT_SECONDS = 120
REPORT_SIZE = 256 * 1024
# The place in this process's memory where others read its environment; each step writes its own token there.
TOKEN_ROOM = "-" * 64
# A child that waits has pages of its own, the more the larger its zygote is.
HEAVY = 64 * 1024**2
# Of the standard library, what nearly every script begins with: half of what a small one costs is to import these.
COMMON = ("argparse", "pathlib", "csv", "datetime", "random", "tempfile")


class Zygote(Launcher):
    """The launcher's loop, with children that go on instead of executing a program."""

    def __init__(self, control: socket.socket) -> None:
        super().__init__(control)
        # Made before any fork, see `forked`: all modules, and those that a fresh interpreter does not have.
        self.preloaded: frozenset[str] = frozenset()
        self.loaded: frozenset[str] = frozenset()
        self.reports: dict[int, mmap.mmap] = {}
        self.report: mmap.mmap

    def tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self.control.sendall(json.dumps(message).encode() + b"\n")

    def fork(self) -> None:
        # Memory shared with the child, and no file: the step's descriptors are those of a cold start.
        self.report = mmap.mmap(-1, REPORT_SIZE)
        known = set(self.spares)
        super().fork()
        for pid in self.spares.keys() - known:
            self.reports[pid] = self.report

    def wait(self) -> None:
        _close_files(self.control.fileno(), self.parent.fileno())
        super().wait()

    def taken(self, pid: int) -> None:
        super().taken(pid)
        if pid not in self.steps:
            self.reports.pop(pid).close()

    def rehearse(self) -> None:
        python_call([sys.executable, "step.py"], os.environ)
        forked.rehearse()
        super().rehearse()

    def told(self) -> dict[int, int]:
        # A child that has much mapped takes longer to be taken apart than it ran.
        return {pid: self.reports[pid][-1] for pid in self.steps if self.reports[pid][-2]}

    def began(self, pid: int) -> None:
        with contextlib.suppress(OSError):
            self.steps[pid][1].sendall(b"+")

    def become(self, request: dict[str, Any], out: int, err: int) -> None:
        if "preload" in request:
            # It is no step of this one: it goes on when this one ends.
            self.go()
            if os.fork():
                os._exit(0)
            os.setsid()
            raise _Fork(self, request, out)
        call = python_call(request["argv"], request["env"])
        fits = len(request["token"]) <= len(TOKEN_ROOM) and os.access(request["cwd"], os.X_OK)
        if call is None or not fits or not forked.can_run(call, request["cwd"], self.loaded):
            super().become(request, out, err)
        assert call is not None
        raise _Step(self, request, call, out, err)

    def ended(self, pid: int, code: int) -> None:
        token = self.steps[pid][0]
        super().ended(pid, code)
        with self.reports.pop(pid) as report:
            imported = report.readline().decode().split() if report[0] else None
        self.tell({"ended": token, "imported": imported})

    def leave(self) -> None:
        super().leave()
        signal.signal(signal.SIGINT, signal.default_int_handler)


class _Fork(BaseException):
    """A child leaves the loop to be a new zygote; its control socket is the descriptor `control`."""

    def __init__(self, zygote: Zygote, request: dict[str, Any], control: int) -> None:
        self.zygote, self.request, self.control = zygote, request, control


class _Step(BaseException):
    """A child leaves the loop to be a step."""

    def __init__(self, zygote: Zygote, request: dict[str, Any], call: PythonCall, out: int, err: int) -> None:
        self.zygote, self.request, self.call, self.out, self.err = zygote, request, call, out, err


def main(bare: frozenset[str]) -> NoReturn:
    """`bare`: the modules that any program finds loaded. The argument is the control socket's descriptor."""
    # Of this program itself, and of `-c`.
    del sys.path[:2]
    given = {entry.partition(b"=")[0].decode() for entry in _initial_environ()}
    # The interpreter's own doing (a C locale becomes C.UTF-8); a fresh one would do it as well.
    added = {name: os.environ[name] for name in os.environ.keys() - given}
    room = _address_of_token()
    # Its pipes were needed to make `sys.stdout` what it is in a step. What imports print is caught.
    nothing = os.memfd_create("printed")
    for number in (1, 2):
        os.dup2(nothing, number)
    os.close(nothing)
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in COMMON:
        importlib.import_module(name)
    own = [name for name in sys.modules if name.partition(".")[0] == "runner"]
    names: list[str] = []
    while True:
        zygote = Zygote(control)
        try:
            _make_ready(zygote, names, added)
            zygote.preloaded = frozenset(sys.modules) - set(own)
            zygote.loaded = zygote.preloaded - bare
            if _resident() > HEAVY:
                zygote.most_spares = 1
            zygote.run()
            os._exit(0)
        except _Fork as found:
            names = found.request["preload"]
            os.environ["TMPDIR"] = found.request["temp"]
            control = socket.socket(fileno=os.dup(found.control))
            _close_files(control.fileno())
        except _Step as found:
            step = found.with_traceback(None)
            break
    call, report, preloaded = step.call, zygote.report, zygote.preloaded
    _settle(step, zygote, room, added)
    for name in own:
        del sys.modules[name]
    forked.run(call, report, preloaded)


def _make_ready(zygote: Zygote, names: list[str], added: dict[str, str]) -> None:
    """Import what this zygote is for and tell the worker. Ends the process where that left something behind."""
    before = dict(os.environ)
    os.environ.update(ALLOCATORS)
    signal.alarm(IMPORT_SECONDS)
    try:
        missing = preload(names, lambda name: zygote.tell({"importing": name}))
    except BaseException as error:
        zygote.tell({"unfit": f"{type(error).__name__}: {error}"})
        os._exit(1)
    signal.alarm(0)
    for name, value in ALLOCATORS.items():
        if os.environ[name] == value:
            del os.environ[name]
        else:
            os.environ[name] = os.environ[name].replace(f",{value}", "")
    # Libraries set variables when they are imported, for their own later use.
    added |= {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()
    libraries = [name for name in sys.modules if name.partition(".")[0] not in sys.stdlib_module_names]
    folders = {path: os.stat(path).st_mtime_ns for path in sys.path if os.path.isdir(path)}
    zygote.tell({"ready": {"pid": os.getpid(), "modules": libraries, "missing": missing, "folders": folders}})


def _settle(step: _Step, zygote: Zygote, room: int, added: dict[str, str]) -> None:
    """Take on the step's session, limits, files, folder and environment."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for source, target in ((step.out, 1), (step.err, 2)):
        os.dup2(source, target)
        os.close(source)
    os.chdir(step.request["cwd"])
    ctypes.memmove(room, step.request["token"].encode() + b"\0", len(step.request["token"]) + 1)
    forked.settle(step.call, step.request["argv"], added | step.request["env"])
    zygote.go()
    # After the environment is set: this may start threads, which read it.
    end_preloading()


def _resident() -> int:
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _close_files(*kept: int) -> None:
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number not in kept:
            with contextlib.suppress(OSError):
                os.close(number)


def _initial_environ() -> list[bytes]:
    with open("/proc/self/environ", "rb") as file:
        return file.read().split(b"\0")


def _address_of_token() -> int:
    """Where /proc shows this process's token: steps are found by it when they leave processes behind."""
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    return int(getenv(TOKEN.encode()))
