"""From what a step wrote to artifacts in the store: checked, hashed, and moved by one rename."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry import store
from registry.spec.component import ComponentSpec
from registry.spec.types import is_data
from registry.spec.values import parse
from runner.executors import downloads
from runner.previews.client import preview_of
from runner.services.attempts import Made

BLOCK = 1024 * 1024
VALUE_LIMIT = 64 * 1024
LARGE = 16 * 1024 * 1024


class BadOutput(RuntimeError):
    """What the step left at an output cannot be kept; the message is for people."""


@dataclass(frozen=True)
class _Content:
    digest: str
    size: int
    folder: bool


def keep_outputs(spec: ComponentSpec, places: dict[str, Path]) -> list[Made]:
    """Keep everything that a step wrote to its outputs, and to folders that it did not declare. Raises BadOutput."""
    made = []
    for name, place in places.items():
        type_ = spec.outputs[name].type if name in spec.outputs else "uri_folder"
        if not is_data(type_):
            # Azure ML's own helper writes a value to the path, or into it where that is a folder.
            place = place / "output" if place.is_dir() else place
        content = _examine(name, place)
        value = _value(name, type_, place) if not is_data(type_) else None
        location = f"artifacts/{content.digest[:2]}/{content.digest}"
        kind, preview = preview_of(place, name, type_)
        _publish(place, location, content)
        facts = {"type": type_, "size": content.size, "digest": content.digest}
        made.append(
            Made(
                output=name,
                type=type_,
                kind=kind,
                folder=content.folder,
                digest=content.digest,
                size=content.size,
                location=location,
                value=value,
                preview={**preview, "kind": kind, **facts},
            )
        )
    return made


def are_large(places: Iterable[Path]) -> bool:
    """Whether it takes a while to keep what lies there."""
    return any(place.is_dir() or (place.exists() and place.stat().st_size > LARGE) for place in places)


def _examine(name: str, place: Path) -> _Content:
    """Hash what lies there: a file by its bytes, a folder as `registry.spec.folder.files_digest` does."""
    nothing = f"The step ended well but wrote nothing to its output `{name}`."
    _materialise(name, place)
    if place.is_file():
        return _Content(_file_digest(place), place.stat().st_size, folder=False)
    if not place.is_dir():
        raise BadOutput(nothing)
    files = {}
    for folder, folders, names in os.walk(place):
        for entry in (*folders, *names):
            _materialise(name, Path(folder) / entry)
        folders[:] = [entry for entry in folders if (Path(folder) / entry).is_dir()]
        for entry in names:
            path = Path(folder) / entry
            if not path.is_file():
                raise BadOutput(f"The output `{name}` holds {entry}, which is neither a file nor a folder.")
            files[path.relative_to(place).as_posix()] = path
    if not files:
        raise BadOutput(nothing)
    digest = hashlib.sha256()
    size = 0
    for relative in sorted(files):
        bytes_ = files[relative].stat().st_size
        size += bytes_
        digest.update(f"{relative}\0{bytes_}\0".encode())
        _hash_into(digest, files[relative])
    return _Content(digest.hexdigest(), size, folder=True)


def _materialise(name: str, path: Path) -> None:
    """Put what a link points to in its place: the working folder that it may point into is about to go."""
    if not path.is_symlink():
        return
    target = path.resolve()
    path.unlink()
    if target.is_dir():
        shutil.copytree(target, path)
    elif target.is_file():
        shutil.copyfile(target, path)
    else:
        raise BadOutput(f"The output `{name}` holds {path.name}, a link to what does not exist.")


def _value(name: str, type_: str, place: Path) -> Any:
    if place.stat().st_size > VALUE_LIMIT:
        raise BadOutput(f"The value at the output `{name}` is larger than {VALUE_LIMIT // 1024} KB.")
    written = place.read_text(encoding="utf-8", errors="replace")
    try:
        return parse(type_, written if type_ == "string" else written.strip())
    except ValueError as error:
        raise BadOutput(f"The output `{name}` cannot be read: {error}.") from None


def _publish(place: Path, location: str, content: _Content) -> None:
    """Move the content to its place in the store; if equal content is there already, that one stays."""
    target = store.local_path(location)
    if target is not None:
        if store.is_there(location):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.stat().st_dev == target.parent.stat().st_dev:
            store.publish(place, target)
            downloads.protect(target)
            return
    if content.folder:
        files = {path.relative_to(place).as_posix(): path for path in place.rglob("*") if path.is_file()}
        store.put_files(location, files)
    else:
        store.put_file(location, place)
    downloads.keep(location, content.digest, place)


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    _hash_into(digest, path)
    return digest.hexdigest()


def _hash_into(digest: "hashlib._Hash", path: Path) -> None:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
