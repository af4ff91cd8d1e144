"""The interpreter of an environment: at once where it is made already, else after it was made, once for all who ask."""

import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.environments import places
from runner.environments.building import EnvironmentFailed, log, make, recent_failure
from runner.executors.held import Stop

LOOK_SECONDS = 0.05
# The oldest Python whose processes can be forked for steps (`runner.executors.zygote`).
WARM_FROM = (3, 10)


@dataclass
class Interpreter:
    """What runs a step's code. Until it is released, nobody removes its environment. `version` is such as 3.11.7."""

    python: Path
    prefix: Path | None = None
    version: str = ""
    _lock: places.Lock | None = field(default=None, repr=False)

    @property
    def warm(self) -> bool:
        """Whether steps may start warm in it."""
        return tuple(int(part) for part in self.version.split(".")[:2]) >= WARM_FROM

    def release(self) -> None:
        """Nothing of it is used any more."""
        if self._lock is not None:
            self._lock.release()


OWN = Interpreter(
    Path(sys.executable),
    Path(sys.prefix) if sys.prefix != sys.base_prefix else None,
    ".".join(map(str, sys.version_info[:3])),
)
"""What the server itself runs with: the environment of steps that ask for none."""


def ensure(
    environment: Mapping[str, Any],
    *,
    log: Callable[[str], None],
    stop: Stop,
    idle: Callable[[], object] = lambda: None,
) -> Interpreter | None:
    """The interpreter for a frozen environment (`Step.environment`); `{}` is the server's own.

    While it is being made, `log` gets what is printed, line by line, and `idle` is called many times a second. Answers
    None when `stop` was set meanwhile. Raises EnvironmentFailed.
    """
    if not environment:
        return OWN
    digest = environment["digest"]
    printed = _Tail(places.folder(digest) / places.LOG, log)
    while (found := _open(digest)) is None:
        build = _builds.join(environment)
        try:
            while not build.done.wait(LOOK_SECONDS):
                printed.read()
                idle()
                if stop.reason:
                    return None
        finally:
            _builds.leave(build)
        printed.read()
        if build.failure:
            raise EnvironmentFailed(build.failure)
        if stop.reason:
            return None
    return found


def prepare(environment: Mapping[str, Any]) -> None:
    """Begin to make an environment that a step may need, in the background; what comes of it is seen on the disk."""
    (places.folder(environment["digest"]) / places.FAILED).unlink(missing_ok=True)
    build = _builds.join(environment)

    def wait() -> None:
        build.done.wait()
        _builds.leave(build)

    threading.Thread(target=wait, name="environment", daemon=True).start()


def is_begun(digest: str) -> bool:
    """Whether this process makes it, or is about to."""
    return digest in _builds


def _open(digest: str) -> Interpreter | None:
    """Take hold of an environment that is whole."""
    if not (places.folder(digest) / places.BUILT).exists():
        return None
    lock = places.Lock.shared(digest)
    if lock is None:
        return None
    found = places.built(digest)
    if found is None:
        lock.release()
        return None
    with contextlib.suppress(OSError):
        (places.folder(digest) / places.USED).touch()
    return Interpreter(Path(found["python"]), Path(found["prefix"]), found["version"], lock)


class _Build:
    """One environment on its way, for everybody in this process who waits for it."""

    def __init__(self, environment: Mapping[str, Any]) -> None:
        self.environment = environment
        self.waiting = 0
        self.stop = Stop()
        self.done = threading.Event()
        self.failure = ""

    def run(self) -> None:
        try:
            self._run()
        except EnvironmentFailed as error:
            self.failure = str(error)
        except Exception as error:
            log.exception("An environment could not be made")
            self.failure = f"Portline could not make the environment: {error}"

    def _run(self) -> None:
        """Make it, or wait until another process has; one that dies leaves it to us."""
        digest = self.environment["digest"]
        while not self.stop.reason:
            if lock := places.Lock.exclusive(digest):
                with lock:
                    if places.built(digest) is None:
                        self.failure = recent_failure(digest)
                        if not self.failure:
                            make(self.environment, self.stop)
                return
            if places.built(digest):
                return
            select.select([self.stop], [], [], LOOK_SECONDS)


class _Builds:
    """The environments that this process is making, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._building: dict[str, _Build] = {}

    def __contains__(self, digest: str) -> bool:
        return digest in self._building

    def join(self, environment: Mapping[str, Any]) -> _Build:
        """Wait with others for a build, which begins with the first."""
        digest = environment["digest"]
        with self._lock:
            build = self._building.get(digest)
            if build is None or build.stop.reason:
                build = self._building[digest] = _Build(environment)
                threading.Thread(target=self._run, args=[digest, build], name="environment", daemon=True).start()
            build.waiting += 1
        return build

    def leave(self, build: _Build) -> None:
        """Wait no more; it is stopped when the last one leaves."""
        with self._lock:
            build.waiting -= 1
            if not build.waiting and not build.done.is_set():
                build.stop.set("cancel")

    def _run(self, digest: str, build: _Build) -> None:
        build.run()
        with self._lock:
            if self._building.get(digest) is build:
                del self._building[digest]
            build.done.set()
            build.stop.close()


_builds = _Builds()


class _Tail:
    """Follows a log that anybody writes, in this process or another."""

    def __init__(self, path: Path, log: Callable[[str], None]) -> None:
        self._path, self._log = path, log
        self._file = 0
        self._at = 0

    def read(self) -> None:
        """Tell the lines that are new. A log that began anew is told from its beginning."""
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                if status.st_ino != self._file or status.st_size < self._at:
                    self._file, self._at = status.st_ino, 0
                file.seek(self._at)
                data = file.read()
        except OSError:
            return
        whole = data.rfind(b"\n") + 1
        self._at += whole
        for line in data[:whole].decode(errors="replace").splitlines():
            self._log(line)
