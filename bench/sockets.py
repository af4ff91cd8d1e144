"""Many WebSocket clients in one process that do as little as they can, so that they are not what is measured.

They parse no frame while they listen: they note when bytes came, and read them when all is over.
"""

import asyncio
import base64
import os
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TEXT = 1


@dataclass
class Socket(asyncio.Protocol):
    """One client. `heard` is what was received, with the time of it."""

    address: str
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[float, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        url = urlsplit(self.address)
        key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "Host": url.netloc,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
            **self.headers,
        }
        asked = f"GET {url.path}{'?' * bool(url.query)}{url.query} HTTP/1.1\r\n"
        transport.write((asked + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n").encode())

    def data_received(self, data: bytes) -> None:
        self.heard.append((time.time(), data))
        if not self.open.done():
            before, found, rest = b"".join(data for _, data in self.heard).partition(b"\r\n\r\n")
            if found:
                if b" 101 " not in before[:20]:
                    self.open.set_exception(ConnectionError(before.decode()))
                    return
                self.heard = [(time.time(), rest)] if rest else []
                self.open.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(error or ConnectionError("closed"))

    def say(self, text: str) -> None:
        """Send a text of fewer than 126 bytes."""
        data = text.encode()
        assert len(data) < 126
        self._transport.write(bytes([0x80 | TEXT, 0x80 | len(data)]) + bytes(4) + data)

    def close(self) -> None:
        self._transport.close()

    def messages(self) -> list[tuple[float, bytes]]:
        """The texts that were received, each with the time at which its last byte was."""
        found, held = [], b""
        for at, data in self.heard:
            held += data
            while (size := _frame(held)) and len(held) >= sum(size):
                head, body = size
                if held[0] & 15 == TEXT:
                    found.append((at, held[head : head + body]))
                held = held[head + body :]
        return found


def _frame(data: bytes) -> tuple[int, int] | None:
    """The length of the first frame's head and body; a server's are not masked."""
    if len(data) < 2:
        return None
    length = data[1] & 127
    if length < 126:
        return 2, length
    head = 4 if length == 126 else 10
    return (head, int.from_bytes(data[2:head], "big")) if len(data) >= head else None


async def connect(address: str, headers: dict[str, str] | None = None) -> Socket:
    url = urlsplit(address)
    assert url.hostname
    assert url.port
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: Socket(address, headers or {}), url.hostname, url.port)
    await socket.open
    return socket
