"""Process-local fan-out: what is new is read once and encoded once, however many browsers look at it.

A membership of the channel layer and an encoding for each browser is what makes Channels slow (20 ms against 1.6 ms for
100 browsers, measured). So sockets join a stream here; each stream reads its new rows when it is woken, and hands the
same frame to all of its sockets. What was committed in this process comes with its wake-up and need not be read; the
rows remain the truth. All of it runs on the web server's event loop, but for `wake_threadsafe`.

Nobody waits for a slow browser: one that leaves too much unread is closed, and comes back with the position it has.
"""

import asyncio
import contextlib
import contextvars
import logging
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from channels.layers import get_channel_layer
from django.conf import settings

from designer.frames import Write, text_frame

COALESCE_SECONDS = 0.005
"""After each sending a stream rests so long, or as long as the sending took, so that a burst shares its messages."""
POLL_SECONDS = 2.0
SLOW_SECONDS = 1.0
"""So long may a server take to accept a message for a browser where it does not take frames."""
TRY_AGAIN = 1013
"""RFC 6455's registry of close codes: “Try Again Later”."""
GROUP = "runner"
log = logging.getLogger("portline.hub")


class Socket(Protocol):
    """What a stream needs of a consumer. Without `write`, the server takes messages only."""

    write: Write | None

    async def send(self, text_data: str) -> None: ...

    async def close(self, code: int) -> None: ...


class Stream(ABC):
    """One thing that sockets look at. `topic` names what wakes it, `key` tells streams of one topic apart."""

    topic: str
    key: str

    def __init__(self) -> None:
        # Socket -> the position from which it wants what is new.
        self.sockets: dict[Socket, int] = {}
        self.joining = 0
        self._lock = asyncio.Lock()
        self._dirty = False
        self._unread = False
        self._handed: list[Any] = []
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    async def start(self) -> None:
        """Take the present as the position, before the first socket joins."""

    @abstractmethod
    async def read_new(self) -> list[tuple[int, str]]:
        """What was added since the position, encoded, each with the position after it; moves the position."""

    def take_handed(self, rows: list[Any]) -> list[tuple[int, str]] | None:
        """The same from rows that came with wake-ups; None where they do not follow the position: read, then."""
        return None

    @abstractmethod
    async def read_past(self, after: int) -> list[str]:
        """What lies between `after` and the position, encoded."""

    async def join(self, socket: Socket, after: int) -> None:
        """Send a socket what it missed, then all that comes."""
        async with self._lock:
            if self.sockets:
                self._unread = True
                await self._send_new()
            else:
                await self.start()
            for text in await self.read_past(after):
                await socket.send(text_data=text)
            self.sockets[socket] = after

    def wake(self, rows: Sequence[Any] = ()) -> None:
        """There is something new: `rows`, or what has to be read."""
        self._dirty = True
        self._handed += rows
        self._unread = self._unread or not rows
        if self._task is None or self._task.done():
            # Not in the context of whoever woke it: a request's has it work in a thread that ends with the request.
            self._task = asyncio.get_running_loop().create_task(self._pump(), context=contextvars.Context())

    async def _pump(self) -> None:
        loop = asyncio.get_running_loop()
        while self._dirty:
            self._dirty = False
            began = loop.time()
            try:
                async with self._lock:
                    await self._send_new()
            except Exception:
                log.exception("%s could not be read; the next wake-up tries again", self.topic)
            await asyncio.sleep(max(COALESCE_SECONDS, loop.time() - began))

    async def _send_new(self) -> None:
        for position, text in await self._new():
            frame = text_frame(text)
            for socket, after in list(self.sockets.items()):
                if position > after and not await _sent(socket, text, frame):
                    self.sockets.pop(socket, None)
                    with contextlib.suppress(Exception):  # it is just closing
                        await socket.close(code=TRY_AGAIN)

    async def _new(self) -> list[tuple[int, str]]:
        rows, self._handed = self._handed, []
        unread, self._unread = self._unread, False
        found = None if unread else self.take_handed(rows)
        if found is not None:
            return found
        try:
            return await self.read_new()
        except BaseException:
            self._unread = True
            raise


async def _sent(socket: Socket, text: str, frame: bytes) -> bool:
    """False where the browser leaves too much unread. One that is just closing will not be missed."""
    if socket.write is not None:
        return socket.write(frame)
    try:
        await asyncio.wait_for(socket.send(text_data=text), SLOW_SECONDS)
    except TimeoutError:
        return False
    except Exception:
        log.debug("a browser left while it was sent to")
    return True


class Hub:
    """The streams of this process."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex
        self.loop: asyncio.AbstractEventLoop | None = None
        self._streams: dict[str, dict[str, Stream]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, stream: Stream, socket: Socket, after: int) -> None:
        """Let a socket follow what `stream` stands for; an equal stream that exists already is used."""
        self._attach()
        # Known before it reads: what is committed meanwhile either is read or wakes it.
        found = self._streams.setdefault(stream.topic, {}).setdefault(stream.key, stream)
        found.joining += 1
        try:
            await found.join(socket, after)
        finally:
            found.joining -= 1
            self._drop_if_unused(found)

    def leave(self, topic: str, key: str, socket: Socket) -> None:
        stream = self._streams.get(topic, {}).get(key)
        if stream is not None:
            stream.sockets.pop(socket, None)
            self._drop_if_unused(stream)

    def _drop_if_unused(self, stream: Stream) -> None:
        if stream.sockets or stream.joining:
            return
        streams = self._streams.get(stream.topic, {})
        streams.pop(stream.key, None)
        if not streams:
            self._streams.pop(stream.topic, None)

    def wake(self, topics: Iterable[str], rows: Sequence[Any] = ()) -> None:
        """Wake streams, on the loop; `rows` are what is new in the first topic, where that is known."""
        for topic in topics:
            for stream in list(self._streams.get(topic, {}).values()):
                stream.wake(rows)
            rows = ()

    def wake_threadsafe(self, topics: Sequence[str], rows: Sequence[Any] = ()) -> None:
        """Wake streams from any thread."""
        loop = self.loop
        if loop is None or loop.is_closed() or not any(topic in self._streams for topic in topics):
            return
        with contextlib.suppress(RuntimeError):  # closed meanwhile
            loop.call_soon_threadsafe(self.wake, topics, rows)

    def _attach(self) -> None:
        loop = asyncio.get_running_loop()
        if self.loop is loop and self._tasks:
            return
        self.loop = loop
        self._streams = {}
        self._tasks = [loop.create_task(self._poll())]
        if settings.CHANNEL_URL:
            self._tasks.append(loop.create_task(self._listen()))

    async def _poll(self) -> None:
        """What a lost wake-up costs at most."""
        while True:
            await asyncio.sleep(POLL_SECONDS)
            for streams in list(self._streams.values()):
                for stream in list(streams.values()):
                    stream.wake()

    async def _listen(self) -> None:
        """Take wake-ups of other processes from the channel layer: one membership for the whole process."""
        while True:
            try:
                layer: Any = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(GROUP, channel)
                while True:
                    message = await layer.receive(channel)
                    if message.get("sender") != self.id:
                        self.wake(message["topics"])
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("wake-ups of other processes do not arrive; browsers are up to 2 s late")
                await asyncio.sleep(POLL_SECONDS)


hub = Hub()
