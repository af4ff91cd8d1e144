"""The store: immutable content on any fsspec file system, named by digest.

Code snapshots, data assets and artifacts lie here. Nothing is ever overwritten: content is written under a draft name
and moved to its place, and what is there already is left.
"""

import shutil
import uuid
from pathlib import Path
from typing import IO

import fsspec
from django.conf import settings
from fsspec.implementations.local import LocalFileSystem


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
    if exists(location):
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
    if exists(location):
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
    try:
        draft.rename(target)
    except OSError:
        if not target.exists():
            raise
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink()
