"""Which kind an output is, from its port's type and its content; the first that fits makes the preview.

A kind that turns out not to be readable as such is passed over, so a broken file is still shown as what it is.
"""

import contextlib
import mimetypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runner.previews import images, tables, texts

Preview = dict[str, Any]
FOLDER_FILES = 500
SMALL = 64 * 1024
_PLAIN = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-+_ \r\n"


def preview(path: Path, name: str, type_: str) -> Preview:
    """The preview of an output, with its `kind`. `name` is what a single file is called in addresses."""
    for make in _of_folder(path) if path.is_dir() else _of_file(path, name):
        try:
            made = make()
        except Exception:
            continue
        if made is not None:
            return made
    return {"kind": "file", "mime": _mime(path)}


def at_once(path: Path, name: str) -> Preview | None:
    """The preview of a small file that needs no library to be read; None where it may be something else."""
    if not path.is_file() or path.stat().st_size > SMALL:
        return None
    head = _head(path)
    if head.lstrip()[:1] in (b"{", b"["):
        with contextlib.suppress(ValueError):
            return texts.of_json(path, head)
    # Without anything that could separate columns, or begin a picture or a page, it is text if it reads as such.
    if head.strip(_PLAIN) or len(head) > len(head.splitlines()[0] if head else b"") + 1:
        return None
    return texts.of_text(path, head)


def _of_folder(path: Path) -> list[Callable[[], Preview | None]]:
    makers: list[Callable[[], Preview | None]] = []
    if (path / "MLTable").is_file():
        makers.append(lambda: tables.of_table(path))
    if (path / "model.json").is_file():
        makers.append(lambda: texts.of_model(path / "model.json"))
    return [*makers, lambda: images.of_folder(path), lambda: _folder(path)]


def _of_file(path: Path, name: str) -> list[Callable[[], Preview | None]]:
    head = _head(path)
    if head.startswith(b"PAR1"):
        return [lambda: tables.of_parquet(path)]
    return [
        lambda: images.of_file(path, name, head),
        lambda: texts.of_json(path, head),
        lambda: texts.of_html(head, name),
        lambda: tables.of_delimited(path, head),
        lambda: texts.of_text(path, head),
    ]


def _folder(path: Path) -> Preview:
    files: list[dict[str, Any]] = []
    total = 0
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            total += 1
            if len(files) < FOLDER_FILES:
                file = Path(folder) / name
                files.append({"path": file.relative_to(path).as_posix(), "size": file.stat().st_size})
    return {"kind": "folder", "files": files, "total": total}


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _mime(path: Path) -> str:
    if path.is_dir():
        return "inode/directory"
    known = ((b"%PDF-", "application/pdf"), (b"PK\x03\x04", "application/zip"), (b"\x1f\x8b", "application/gzip"))
    head = _head(path)
    for magic, mime in known:
        if head.startswith(magic):
            return mime
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
