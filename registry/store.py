"""The store: immutable content on any fsspec file system, named by digest.

Code snapshots, data assets and artifacts lie here. Nothing is ever overwritten: content is written under a draft name
and moved to its place, and what is there already is left.

The age of content counts from when it was last published, also where equal content was there already: what is young
is never taken away (`registry.contents`), so that there is time to write the row that refers to it.
"""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import fsspec
from django.conf import settings
from fsspec.implementations.local import LocalFileSystem

# Content that is younger is never taken away.
YOUNG_SECONDS = 24 * 3600


def file_system() -> tuple[fsspec.AbstractFileSystem, str]:
    """The configured file system and the path of the store on it."""
    system, root = fsspec.core.url_to_fs(settings.STORAGE_URL)
    return system, root.rstrip("/")


def local_path(location: str) -> Path | None:
    """Where content lies on this machine's own disk, or None when the store is elsewhere."""
    system, root = file_system()
    return Path(root) / location if isinstance(system, LocalFileSystem) else None


def exists(location: str) -> bool:
    system, root = file_system()
    return bool(system.exists(f"{root}/{location}"))


def modified(facts: Mapping[str, Any]) -> float:
    """When a file of the store was written, in seconds since 1970, from what its file system tells of it."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        if found := facts.get(name):
            return float(found.timestamp() if isinstance(found, datetime) else found)
    return time.time()


def is_there(location: str) -> bool:
    """Whether equal content is there, so that it need not be published. If so, its age begins anew."""
    system, root = file_system()
    path = f"{root}/{location}"
    if isinstance(system, LocalFileSystem):
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        except PermissionError:
            pass  # somebody else's: it stays as old as it is
        return True
    # Elsewhere the only way to make it young is to write it again, which is done where it begins to be old.
    files = system.find(path, detail=True).values()
    return bool(files) and min(modified(facts) for facts in files) > time.time() - YOUNG_SECONDS / 2


def open_file(location: str) -> IO[bytes]:
    """A stored file for reading. Raises FileNotFoundError."""
    system, root = file_system()
    return system.open(f"{root}/{location}", "rb")


def list_files(location: str) -> list[str]:
    """The paths of a stored folder's files, relative to it and in order."""
    system, root = file_system()
    top = system._strip_protocol(f"{root}/{location}").rstrip("/")
    return sorted(path.removeprefix(f"{top}/") for path in system.find(top))


def put_files(location: str, files: dict[str, Path]) -> None:
    """Store a folder made of `files` (path within it -> file on this machine). Does nothing if it is there already."""
    if is_there(location):
        return
    system, root = file_system()
    target = f"{root}/{location}"
    if isinstance(system, LocalFileSystem):
        draft = Path(f"{root}/drafts/{uuid.uuid4().hex}")
        for relative, source in files.items():
            copy = draft / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
        draft.mkdir(parents=True, exist_ok=True)
        publish(draft, Path(target))
        return
    for relative, source in files.items():
        system.put_file(str(source), f"{target}/{relative}")


def put_file(location: str, source: Path) -> None:
    """Store one file. Does nothing if it is there already."""
    if is_there(location):
        return
    system, root = file_system()
    if isinstance(system, LocalFileSystem):
        draft = Path(f"{root}/drafts/{uuid.uuid4().hex}")
        draft.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, draft)
        publish(draft, Path(root) / location)
        return
    system.put_file(str(source), f"{root}/{location}")


def publish(draft: Path, target: Path) -> None:
    """Move a finished draft to its place by one rename; if another was faster, keep theirs, which is equal."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):
        os.utime(draft)  # it may hold copies that kept their times
    try:
        draft.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
