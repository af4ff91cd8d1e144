"""The store: immutable content on any fsspec file system, named by digest.

Code snapshots, data assets and artifacts lie here. On this machine's own disk content is written under a draft name
and moved to its place by one rename, and what is there already is left. Object storage cannot rename, so what lies
there has a manifest, written last: `manifests/<location>` lists the files with their sizes. What has no manifest is
not there.

The age of content counts from when it was last published, also where equal content was there already: what is young
is never taken away (`registry.contents`), so that there is time to write the row that refers to it.
"""

import contextlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import fsspec
from django.conf import settings
from fsspec.implementations.local import LocalFileSystem

from registry.refusal import Refusal

# Content that is younger is never taken away.
YOUNG_SECONDS = 24 * 3600
MANIFESTS = "manifests"
BLOCK = 4 * 1024 * 1024
"""What is fetched at once from elsewhere, in bytes."""
PART = 16 * 1024 * 1024
"""Larger files are sent in parts of this size, some of them at once."""
AT_ONCE = 8


class StoreError(Refusal):
    """The store cannot be reached or did not do what it was asked to. That may be over in a moment."""

    code = "store_unreachable"
    status = 503


def file_system() -> tuple[fsspec.AbstractFileSystem, str]:
    """The configured file system and the path of the store on it."""
    system, root = _file_system(settings.STORAGE_URL, json.dumps(settings.STORAGE_OPTIONS), os.getpid())
    return system, root


@lru_cache(maxsize=8)
def _file_system(url: str, options: str, process: int) -> tuple[fsspec.AbstractFileSystem, str]:
    """One for all threads of a process, and another after a fork: connections are not shared between processes.

    Without caches of listings, as other processes write to the store too.
    """
    system, root = fsspec.core.url_to_fs(url, use_listings_cache=False, skip_instance_cache=True, **json.loads(options))
    return system, root.rstrip("/")


def local_path(location: str) -> Path | None:
    """Where content lies on this machine's own disk, or None when the store is elsewhere."""
    system, root = file_system()
    return Path(root) / location if isinstance(system, LocalFileSystem) else None


@contextlib.contextmanager
def _clearly(done: str, location: str) -> Iterator[None]:
    """Say in a sentence what went wrong elsewhere. A file that is missing stays a FileNotFoundError."""
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, StoreError):
        raise
    except Exception as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise StoreError(f"{location} could not be {done} the store at {settings.STORAGE_URL}: {reason}.") from error


def exists(location: str) -> bool:
    """Whether content is there, and whole. Raises StoreError."""
    return bool(present([location]))


def present(locations: Iterable[str]) -> set[str]:
    """Those of the locations that hold content; elsewhere asked for several at once. Raises StoreError."""
    system, root = file_system()
    asked = sorted(set(locations))
    if isinstance(system, LocalFileSystem):
        return {location for location in asked if os.path.lexists(f"{root}/{location}")}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return {location for location, facts in zip(asked, threads.map(_manifest_facts, asked), strict=True) if facts}


def _manifest_facts(location: str) -> Mapping[str, Any] | None:
    system, root = file_system()
    try:
        with _clearly("found in", location):
            return dict(system.info(f"{root}/{MANIFESTS}/{location}"))
    except FileNotFoundError:
        return None


def modified(facts: Mapping[str, Any]) -> float:
    """When a file of the store was written, in seconds since 1970, from what its file system tells of it."""
    for name in ("mtime", "LastModified", "last_modified", "updated", "created"):
        if found := facts.get(name):
            return float(found.timestamp() if isinstance(found, datetime) else found)
    return time.time()


def is_there(location: str) -> bool:
    """Whether equal content is there, so that it need not be published. If so, its age begins anew.

    Raises StoreError.
    """
    system, root = file_system()
    if isinstance(system, LocalFileSystem):
        try:
            os.utime(f"{root}/{location}")
        except FileNotFoundError:
            return False
        except PermissionError:
            pass  # somebody else's: it stays as old as it is
        return True
    # Elsewhere the only way to make it young is to write it again, which is done where it begins to be old.
    facts = _manifest_facts(location)
    return facts is not None and modified(facts) > time.time() - YOUNG_SECONDS / 2


def open_file(location: str) -> IO[bytes]:
    """A stored file for reading, block by block. Raises FileNotFoundError and StoreError."""
    system, root = file_system()
    if isinstance(system, LocalFileSystem):
        return system.open(f"{root}/{location}", "rb")
    with _clearly("read from", location):
        return system.open(f"{root}/{location}", "rb", block_size=BLOCK)


def sizes(location: str) -> dict[str, int]:
    """The files of stored content, path within it -> size in bytes, in order; of a single file the path is empty.

    Raises FileNotFoundError and StoreError.
    """
    system, root = file_system()
    with _clearly("found in", location):
        if isinstance(system, LocalFileSystem):
            top = f"{root}/{location}"
            found = system.find(top, detail=True)
            return {path.removeprefix(top).lstrip("/"): found[path]["size"] for path in sorted(found)}
        listed = _manifest(location)["files"]
        return {path: listed[path] for path in sorted(listed)}


def _manifest(location: str) -> dict[str, Any]:
    system, root = file_system()
    found: dict[str, Any] = json.loads(system.cat_file(f"{root}/{MANIFESTS}/{location}"))
    return found


def list_files(location: str) -> list[str]:
    """The paths of a stored folder's files, relative to it and in order. Raises FileNotFoundError and StoreError."""
    return list(sizes(location))


def put_files(location: str, files: dict[str, Path]) -> None:
    """Store a folder made of `files` (path within it -> file on this machine). Does nothing if it is there already.

    Raises StoreError.
    """
    if is_there(location):
        return
    system, root = file_system()
    if isinstance(system, LocalFileSystem):
        with _draft(root) as draft:
            draft.mkdir(parents=True)
            for relative, source in files.items():
                (draft / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, draft / relative)
            publish(draft, Path(root) / location)
        return
    _send(location, files)


def put_file(location: str, source: Path) -> None:
    """Store one file. Does nothing if it is there already. Raises StoreError."""
    if is_there(location):
        return
    system, root = file_system()
    if isinstance(system, LocalFileSystem):
        with _draft(root) as draft:
            shutil.copyfile(source, draft)
            publish(draft, Path(root) / location)
        return
    _send(location, {"": source})


@contextlib.contextmanager
def _draft(root: str) -> Iterator[Path]:
    """Where to write before it is published. What is half written when the disk is full does not keep it full."""
    draft = Path(root) / "drafts" / uuid.uuid4().hex
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
        raise


def _send(location: str, files: Mapping[str, Path]) -> None:
    """Write files elsewhere, and the manifest when all are there: until then, nobody sees any of them."""
    system, root = file_system()
    with _clearly("written to", location):
        if files:
            sources = [str(path) for path in files.values()]
            targets = [_at(root, location, relative) for relative in files]
            system.put(sources, targets, batch_size=AT_ONCE, chunksize=PART)
        listed = {relative: path.stat().st_size for relative, path in files.items()}
        programs = sorted(relative for relative, path in files.items() if os.access(path, os.X_OK))
        manifest = json.dumps({"files": listed, "executable": programs})
        system.pipe_file(f"{root}/{MANIFESTS}/{location}", manifest.encode())


def fetch(location: str, target: Path) -> None:
    """Copy content from elsewhere to a place on this machine that is not there yet.

    Raises FileNotFoundError when the store does not hold it, and StoreError, also when what came is not whole.
    """
    system, root = file_system()
    with _clearly("fetched from", location):
        manifest = _manifest(location)
    listed = manifest["files"]
    places = {relative: target / relative if relative else target for relative in listed}
    for place in places.values():
        place.parent.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if "" not in listed:
        target.mkdir(exist_ok=True)
    with _clearly("fetched from", location):
        if places:
            sources = [_at(root, location, relative) for relative in places]
            system.get(sources, [str(place) for place in places.values()], batch_size=AT_ONCE)
    for relative, size in listed.items():
        if places[relative].stat().st_size != size:
            raise StoreError(f"{location} did not come whole from the store at {settings.STORAGE_URL}.")
    for relative in manifest["executable"]:
        places[relative].chmod(0o755)


def remove(location: str) -> None:
    """Take content away; elsewhere its manifest first, so that nobody sees half of it. Raises StoreError."""
    system, root = file_system()
    with _clearly("removed from", location):
        if not isinstance(system, LocalFileSystem):
            for path in system.find(f"{root}/{MANIFESTS}/{location}"):
                system.rm_file(path)
        system.rm(f"{root}/{location}", recursive=True)


def _at(root: str, location: str, relative: str) -> str:
    return f"{root}/{location}/{relative}" if relative else f"{root}/{location}"


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
