"""Unpacking a zip that a stranger may have made: nothing outside of the folder, no links, no bombs."""

import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from registry.refusal import Refusal

FILE_COUNT_LIMIT = 10_000
PATH_LIMIT = 400
# Text packs well, but a hundredfold only where somebody means harm. Small files are let off: headers distort them.
RATIO_LIMIT = 100
RATIO_FREE = 10 * 1024 * 1024
CHUNK = 1024 * 1024


class BadArchive(Refusal):
    """The upload is no zip, or one that is not safe to unpack."""

    code = "bad_archive"
    status = 422


def unpack(file: IO[bytes], target: Path, limit: int) -> list[str]:
    """Unpack a zip below `target` and return the paths of its files. At most `limit` bytes are written.

    Raises BadArchive with a sentence that names the entry.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > FILE_COUNT_LIMIT:
                raise BadArchive(f"The zip holds {len(entries)} files; at most {FILE_COUNT_LIMIT} are accepted.")
            for entry in entries:
                _check(entry)
            left = limit
            for entry in entries:
                left -= _write(archive, entry, target, left, limit)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, UnicodeDecodeError) as error:
        raise BadArchive(f"This file cannot be read as a zip: {error}.") from None
    return [entry.filename for entry in entries]


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name)
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or drive or "\\" in name or "\0" in name or ".." in path.parts or not path.parts:
        raise BadArchive(f"The zip holds “{name}”, which would lie outside of the folder.")
    if len(name) > PATH_LIMIT or any(len(part.encode()) > 255 for part in path.parts):
        raise BadArchive(f"The zip holds a path that is too long: “{name[:80]}…”.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise BadArchive(f"The zip holds “{name}”, which is a link or a device; only files are accepted.")
    if entry.flag_bits & 1:
        raise BadArchive(f"“{name}” is locked with a password; make the zip without one.")
    if entry.file_size > RATIO_FREE and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
        raise BadArchive(f"“{name}” would grow more than {RATIO_LIMIT} times when unpacked: a zip bomb?")


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int, limit: int) -> int:
    """Write one file, counting what really comes out: the sizes in a zip's directory may lie."""
    path = target / entry.filename
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        destination = path.open("xb")
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise BadArchive(f"The zip holds “{entry.filename}” twice.") from None
    written = 0
    with destination, archive.open(entry) as source:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > left:
                raise BadArchive(f"The zip is larger than {limit // (1024 * 1024)} MB when unpacked.")
            destination.write(chunk)
    return written
