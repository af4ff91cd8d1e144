"""What environments there are on this machine, and taking one away."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from runner.environments import places
from runner.environments.ensuring import is_begun

# So long after its last use one is taken away by the next collection; one that was never finished, sooner.
UNUSED = timedelta(days=30)
UNFINISHED = timedelta(days=1)


@dataclass(frozen=True)
class OnDisk:
    """One environment. `size` is in bytes; one that was never finished has `built_at` None."""

    digest: str
    ref: str
    size: int
    built_at: datetime | None
    used_at: datetime


@dataclass(frozen=True)
class State:
    """How an environment stands on this machine: `ready`, `building`, `failed` or `none`."""

    word: str
    log: str = ""
    message: str = ""
    facts: dict[str, Any] | None = None


def environments_on_disk() -> list[OnDisk]:
    """All of them, the one that was not used for longest first."""
    found = [_seen(path) for path in places.root().glob("*") if len(path.name) == 64 and path.is_dir()]
    return sorted(found, key=lambda each: each.used_at)


def environments_unused() -> list[OnDisk]:
    """Those that nobody used for long."""
    now = datetime.now(UTC)
    return [each for each in environments_on_disk() if now - each.used_at > (UNUSED if each.built_at else UNFINISHED)]


def remove(digest: str) -> bool:
    """Take one away; False where a step runs in it, or somebody makes it right now."""
    lock = places.Lock.exclusive(digest)
    if lock is None:
        return False
    with lock:
        home = places.folder(digest)
        (home / places.BUILT).unlink(missing_ok=True)
        shutil.rmtree(home, ignore_errors=True)
    return True


def state(digest: str) -> State:
    """How one stands, for people."""
    home = places.folder(digest)
    log = _text(home / places.LOG)
    if facts := places.built(digest):
        return State("ready", log, facts=facts)
    lock = None if is_begun(digest) else places.Lock.exclusive(digest)
    if lock is None:
        return State("building", log)
    lock.release()
    failed = places.read(home / places.FAILED)
    if failed:
        return State("failed", log, str(failed["message"]))
    return State("none")


def _seen(home: Path) -> OnDisk:
    facts = places.read(home / places.BUILT)
    used = home / places.USED
    touched = (used if used.exists() else home).stat().st_mtime
    return OnDisk(
        digest=home.name,
        ref=facts["ref"] if facts else "",
        size=facts["size"] if facts else sum(file.lstat().st_size for file in home.rglob("*")),
        built_at=datetime.fromtimestamp(facts["at"], UTC) if facts else None,
        used_at=datetime.fromtimestamp(touched, UTC),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")[-20_000:]
    except OSError:
        return ""


__all__ = ["OnDisk", "State", "environments_on_disk", "remove", "state"]
