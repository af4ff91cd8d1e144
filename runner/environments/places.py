"""Where environments lie on this machine's disk, and who may touch one.

`WORK_DIR/environments/<digest>/` holds one folder for each try to make it (virtualenvs cannot be moved, so the path in
which one is made is the path in which it is used), `built.json` that names the one that is whole and is written last,
`failed.json` and `build.log`. `<digest>.lock` is held shared by each step that runs in it and exclusively by who makes
or removes it; the kernel takes the lock from a process that dies.
"""

import contextlib
import fcntl
import json
import os
from pathlib import Path
from typing import Any, Self

from django.conf import settings

BUILT = "built.json"
FAILED = "failed.json"
LOG = "build.log"
USED = "used"


def root() -> Path:
    return Path(settings.WORK_DIR / "environments")


def folder(digest: str) -> Path:
    return root() / digest


def read(path: Path) -> dict[str, Any] | None:
    """A small file of ours; None where there is none, or half of one."""
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def write(path: Path, content: dict[str, Any]) -> None:
    """All of it or nothing."""
    draft = path.with_name(f"{path.name}.draft-{os.getpid()}")
    draft.write_text(json.dumps(content))
    draft.replace(path)


def built(digest: str) -> dict[str, Any] | None:
    """What is known of an environment that is whole."""
    found = read(folder(digest) / BUILT)
    return found if found and os.access(found["python"], os.X_OK) else None


class Lock:
    """A lock on one environment, among threads and processes of this machine. Held until it is released."""

    def __init__(self, file: int) -> None:
        self._file = file

    @classmethod
    def shared(cls, digest: str) -> Self | None:
        """None while somebody makes or removes it."""
        return cls._take(digest, fcntl.LOCK_SH)

    @classmethod
    def exclusive(cls, digest: str) -> Self | None:
        """None while anybody has it."""
        return cls._take(digest, fcntl.LOCK_EX)

    @classmethod
    def _take(cls, digest: str, kind: int) -> Self | None:
        root().mkdir(parents=True, exist_ok=True)
        file = os.open(root() / f"{digest}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return None
        return cls(file)

    def release(self) -> None:
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
