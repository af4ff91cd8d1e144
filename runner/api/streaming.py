"""Large answers, block by block. (Under ASGI, Django would gather a plain iterator in memory before it sends it.)"""

import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async

BLOCK = 256 * 1024


async def from_thread(blocks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Take the blocks one by one, each in a thread."""
    following = sync_to_async(lambda: next(blocks, None), thread_sensitive=False)
    while (block := await following()) is not None:
        yield block


def file_blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(BLOCK):
            yield block


def zip_blocks(files: Iterator[tuple[str, IO[bytes]]]) -> Iterator[bytes]:
    """A zip made while it is sent; at no time is more of it in memory than a block."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, file in files:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with file, archive.open(entry, "w", force_zip64=True) as target:
                while block := file.read(BLOCK):
                    target.write(block)
                    if sink.waiting:
                        yield sink.take()
            if sink.waiting:
                yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """Where zipfile writes; it cannot seek, so zipfile puts sizes behind each file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    @property
    def waiting(self) -> bool:
        return bool(self._parts)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken
