"""What lies in the store, content by content: looking at it, and taking away what nobody wants any more.

Publishing and taking away may meet. Content is published first and the row that refers to it is committed later, and
where equal content lies there already, a publisher keeps that. So:

* Whoever publishes makes content young, also what lay there already (`store.is_there`). Young content is never taken.
* Content is looked at right before it is taken, and moved aside rather than deleted. After that, rows are asked once
  more; what is wanted now, or was made young in between, is moved back. A publisher that comes while it is aside finds
  nothing there and publishes its own, which is equal.

On a file system that cannot move at once (object storage), a file is taken away after the second look; there a
publisher that comes within the milliseconds between that look and the deletion is too late. What it published is made
again when a step finds it missing.
"""

import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from registry import store

KINDS = ("artifacts", "code", "data")
DRAFTS = "drafts"


@dataclass(frozen=True)
class Content:
    """What lies under one digest. `modified` is in seconds since 1970, `size` in bytes."""

    location: str
    size: int
    modified: float

    @property
    def young(self) -> bool:
        return self.modified > time.time() - store.YOUNG_SECONDS


def whole(location: str) -> str:
    """The content that a place in the store is part of: `data/ab/abcd/titanic.csv` is in `data/ab/abcd`."""
    return "/".join(location.split("/", 3)[:3])


def shards() -> Iterator[str]:
    """The folders that contents lie in, such as `artifacts/ab`; each holds few of them."""
    system, root = store.file_system()
    for kind in KINDS:
        if system.isdir(f"{root}/{kind}"):
            for path in sorted(system.ls(f"{root}/{kind}", detail=False)):
                yield f"{kind}/{path.rstrip('/').rpartition('/')[2]}"


def contents(shard: str) -> list[Content]:
    """Everything that lies in a shard."""
    top = store.local_path(shard)
    if top is not None:
        return [_local(f"{shard}/{path.name}", path) for path in top.iterdir()] if top.is_dir() else []
    system, root = store.file_system()
    system.invalidate_cache()
    files: dict[str, list[tuple[int, float]]] = {}
    for path, facts in system.find(f"{root}/{shard}", detail=True).items():
        found = whole(path.removeprefix(f"{system._strip_protocol(root).rstrip('/')}/"))
        files.setdefault(found, []).append((facts["size"] or 0, store.modified(facts)))
    return [
        Content(location, sum(size for size, _ in each), max(at for _, at in each)) for location, each in files.items()
    ]


def take_away(unwanted: Iterable[Content], wanted_now: Callable[[], set[str]]) -> list[Content]:
    """Delete contents except those that turn out to be wanted after all; answers what was deleted.

    `wanted_now` answers the locations that rows refer to at the moment at which it is called. Raises OSError.
    """
    system, root = store.file_system()
    if not isinstance(system, LocalFileSystem):
        listed = list(unwanted)
        now = {content.location: content for shard in _shards_of(listed) for content in contents(shard)}
        wanted = wanted_now()
        taken = [each for each in listed if each.location not in wanted and now.get(each.location) == each]
        for content in taken:
            store.remove(content.location)
        return taken
    aside = {}
    for content in unwanted:
        path = Path(root) / content.location
        if path.exists() and _modified(path) <= content.modified:
            draft = Path(root) / DRAFTS / uuid.uuid4().hex
            draft.parent.mkdir(parents=True, exist_ok=True)
            path.rename(draft)
            aside[content] = draft
    wanted = wanted_now() if aside else set()
    taken = []
    for content, draft in aside.items():
        if content.location in wanted or _modified(draft) > content.modified:
            store.publish(draft, Path(root) / content.location)
        else:
            _delete(draft)
            taken.append(content)
    return taken


def abandoned_drafts() -> list[Path]:
    """What was being written when its writer was killed."""
    folder = store.local_path(DRAFTS)
    paths = folder.iterdir() if folder is not None and folder.is_dir() else ()
    return [path for path in paths if _modified(path) < time.time() - store.YOUNG_SECONDS]


def size_of(path: Path) -> int:
    """Bytes of a file or folder on this machine."""
    if not path.is_dir() or path.is_symlink():
        return path.lstat().st_size
    return sum((Path(folder) / name).lstat().st_size for folder, _, names in os.walk(path) for name in names)


def _delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _local(location: str, path: Path) -> Content:
    return Content(location, size_of(path), _modified(path))


def _modified(path: Path) -> float:
    """When it was published: of the folder, or of what lies right in it (a data asset has a folder around its file)."""
    inside = (entry.stat(follow_symlinks=False).st_mtime for entry in os.scandir(path)) if path.is_dir() else ()
    return max([path.stat().st_mtime, *inside])


def _shards_of(listed: Iterable[Content]) -> set[str]:
    return {content.location.rpartition("/")[0] for content in listed}
