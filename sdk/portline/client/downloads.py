"""Writing what the server sends into a folder."""

import os
import tempfile
import zipfile
from collections.abc import Mapping
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import IO, Any

from portline.client.errors import PortlineError
from portline.client.http import Http

BLOCK = 1024 * 1024


def download(
    http: Http, path: str, folder: Path, params: Mapping[str, Any] | None = None, *, unpack: bool = True
) -> list[Path]:
    """Write an answer below a folder, which is made: a zip with what is in it, or with `unpack` off as one file.

    Answers the files that were written. Raises PortlineError, also for a zip whose paths lead elsewhere.
    """
    with tempfile.TemporaryFile() as file:
        with http.stream(path, params) as response:
            for block in response.iter_bytes(BLOCK):
                file.write(block)
            name = _file_name(response.headers.get("Content-Disposition", ""))
        file.seek(0)
        folder.mkdir(parents=True, exist_ok=True)
        if unpack and name.endswith(".zip"):
            return _unpack(file, folder)
        target = folder / name
        _write(file, target)
        return [target]


def _unpack(file: IO[bytes], folder: Path) -> list[Path]:
    written = []
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                target = _inside(entry.filename, folder)
                if entry.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                with archive.open(entry) as content:
                    _write(content, target)
                written.append(target)
    except zipfile.BadZipFile:
        raise PortlineError("The download broke off; try it again.", code="broken_download") from None
    return written


def _inside(name: str, folder: Path) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name.split("/")[0]:
        raise PortlineError(f"The download holds “{name}”, which lies outside of {folder}; nothing more is written.")
    return folder.joinpath(*path.parts)


def _write(content: IO[bytes], target: Path) -> None:
    """Replace a file, also one that may not be written to, but never what a link points to."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():
        target.unlink()
    try:
        with target.open("wb") as out:
            while block := content.read(BLOCK):
                out.write(block)
    except OSError as error:
        raise PortlineError(f"{target} cannot be written: {error.strerror}.", code="not_written") from None


def _file_name(disposition: str) -> str:
    """The last part of the name that the server gives; `download` where it gives none."""
    message = Message()
    message["Content-Disposition"] = disposition
    return os.path.basename((message.get_filename() or "").replace("\\", "/")).lstrip(".") or "download"
