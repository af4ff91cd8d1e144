"""Content of the store on this machine's disk, for steps to read: where it lies already, else a copy kept by digest.

Workers of one machine may share the cache. It is held below CACHE_LIMIT by taking away what was not used for longest;
what a working folder of a step points to is left.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from registry import store
from runner.executors.addresses import CannotFetch, fetch_address
from runner.services.addresses import name_of

CACHE = "cache"
WORKERS = "workers"
LOCK_ATTEMPTS = 50
T = TypeVar("T")
log = logging.getLogger("portline.worker")
_trimmer = ThreadPoolExecutor(1, thread_name_prefix="cache")
_trimming = threading.Lock()
# Steps that ask for the same at once wait for one download. Few locks for many digests: some wait without need.
_downloading = [threading.Lock() for _ in range(64)]


class CannotStage(RuntimeError):
    """Something that the step needs is not where it should be; the message is for people."""


def use(location: str, digest: str, take: Callable[[Path], T]) -> T:
    """Call `take` with the path of content on this machine's disk; it links or copies what must outlive the call.

    The content is not to be written to. Raises CannotStage, and store.StoreError when the store cannot be reached.
    """
    path = store.local_path(location)
    if path is not None:
        if not path.exists():
            raise CannotStage(f"The store does not hold {location} any more.")
        return take(path)
    return _cached(_place(location, digest), digest, lambda path: _download(location, path), take)


def use_address(uri: str, type_: str, digest: str, take: Callable[[Path], T]) -> T:
    """The same for what lies at an address, which is fetched once to this machine. Raises CannotStage."""

    def fetch(path: Path) -> None:
        draft = _drafts() / uuid.uuid4().hex
        try:
            fetch_address(uri, type_, draft)
        except CannotFetch as error:
            raise CannotStage(str(error)) from None
        protect(draft)
        store.publish(draft, path)
        _trim_soon()

    return _cached(_place(name_of(uri), digest), digest, fetch, take)


def _cached(path: Path, digest: str, fetch: Callable[[Path], None], take: Callable[[Path], T]) -> T:
    while True:
        with _lock(fcntl.LOCK_SH):
            if path.exists():
                os.utime(path.parent)
                return take(path)
        with _downloading[hash(digest) % len(_downloading)]:
            if not path.exists():
                fetch(path)


def keep(location: str, digest: str, made: Path) -> None:
    """Take an output that was just stored elsewhere into the cache: what comes next often runs here too."""
    if store.local_path(location) is None:
        protect(made)
        with contextlib.suppress(OSError):  # on another disk, or full: it is downloaded when it is needed
            store.publish(made, _place(location, digest))
        _trim_soon()


def protect(content: Path) -> None:
    """Later steps read it where it lies, so nobody may write to it by mistake. (Root may; nothing helps there.)"""
    if content.is_file():
        _take_writing(content)
    for folder, _, names in os.walk(content):
        for name in names:
            _take_writing(Path(folder) / name)


def _take_writing(path: Path) -> None:
    path.chmod(path.stat().st_mode & 0o555 | 0o444)


def _place(location: str, digest: str) -> Path:
    return Path(settings.WORK_DIR / CACHE / digest[:2] / digest / Path(location).name)


def _drafts() -> Path:
    return Path(settings.WORK_DIR / CACHE / "drafts")


def _download(location: str, target: Path) -> None:
    draft = _drafts() / uuid.uuid4().hex
    try:
        store.fetch(location, draft)
    except FileNotFoundError:
        raise CannotStage(f"The store does not hold {location} any more.") from None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        draft.unlink(missing_ok=True) if draft.is_file() else None
        raise
    protect(draft)
    store.publish(draft, target)
    _trim_soon()


@contextlib.contextmanager
def _lock(mode: int) -> Iterator[None]:
    """Shared: who links or copies content. Alone: who looks what is unused and moves it out of the way."""
    folder = settings.WORK_DIR / CACHE
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, mode)
        yield


def _trim_soon() -> None:
    """In the background, and not twice at once: what came meanwhile is seen by the one that runs or the next."""
    if _trimming.acquire(blocking=False):

        def run() -> None:
            _trimming.release()
            try:
                trim()
            except Exception:
                log.exception("the cache of stored content could not be trimmed")

        _trimmer.submit(run)


def trim(limit: int | None = None, unused_for: float = 0, dry: bool = False) -> list[int]:
    """Bring the cache below a limit in bytes (None: CACHE_LIMIT), as far as running steps allow.

    What was used within `unused_for` seconds stays. Answers the bytes of each content that was taken away, or would be.
    """
    folder = settings.WORK_DIR / CACHE
    found = [path for shard in _folders(folder) if len(shard.name) == 2 for path in _folders(shard)]
    sizes = {path: _size(path) for path in found}
    excess = sum(sizes.values()) - (settings.CACHE_LIMIT if limit is None else limit)
    if excess <= 0:
        return []
    aside = []
    taken = []
    unused = [path for path in sorted(found, key=_used_at) if _used_at(path) <= time.time() - unused_for]
    for _ in range(LOCK_ATTEMPTS):
        try:
            with _lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
                used = _used()
                for path in unused:
                    if excess > 0 and path not in used:
                        taken.append(sizes[path])
                        excess -= sizes[path]
                        if dry:
                            continue
                        draft = _drafts() / uuid.uuid4().hex
                        draft.parent.mkdir(exist_ok=True)
                        with contextlib.suppress(FileNotFoundError):
                            path.rename(draft)
                            aside.append(draft)
            break
        except BlockingIOError:
            time.sleep(0.02)
    for draft in aside:
        shutil.rmtree(draft, ignore_errors=True)
    return taken


def _folders(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []


def _used() -> set[Path]:
    """The cached contents that working folders of steps point to."""
    used = set()
    workers = settings.WORK_DIR / WORKERS
    for inputs in workers.glob("*/*/inputs"):
        for folder, names, files in os.walk(inputs):
            for name in (*names, *files):
                path = Path(folder) / name
                if path.is_symlink():
                    used.add(Path(os.readlink(path)).parent)
    return used


def _used_at(path: Path) -> float:
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime
    return 0.0


def _size(path: Path) -> int:
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                size += (Path(folder) / name).lstat().st_size
    return size
