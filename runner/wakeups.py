"""Telling browsers that there is something new to read, from any thread of any process.

A wake-up says which rows to look at, and within this process also what a run's new events are. One that is lost costs
two seconds, the hub's own poll.
Where CHANNEL_URL names a Redis, wake-ups also reach the other web processes, through the channel layer.
"""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from runner.hub import GROUP, hub

_own_loop: asyncio.AbstractEventLoop | None = None
_lock = threading.Lock()


def run_changed(run_id: int, workspace_id: int, events: Sequence[tuple[Any, ...]]) -> None:
    """A run has new events: rows of (run, seq, type, data, at), committed."""
    _wake(f"run:{run_id}", f"workspace:{workspace_id}", rows=events)


def log_changed(step_id: int) -> None:
    """A step has new log lines, or its attempt ended."""
    _wake(f"log:{step_id}")


def _wake(*topics: str, rows: Sequence[Any] = ()) -> None:
    hub.wake_threadsafe(topics, rows)
    if settings.CHANNEL_URL:
        _publish({"type": "runner.wake", "topics": list(topics), "sender": hub.id})


def _publish(message: dict[str, Any]) -> None:
    """Send through the channel layer on a loop that runs: the web server's, or one kept for this."""
    layer = get_channel_layer()
    if layer is not None:
        _run(layer.group_send(GROUP, message))


def _run(coroutine: Coroutine[Any, Any, Any]) -> None:
    asyncio.run_coroutine_threadsafe(coroutine, hub.loop or _background_loop())


def _background_loop() -> asyncio.AbstractEventLoop:
    global _own_loop
    with _lock:
        if _own_loop is None:
            _own_loop = asyncio.new_event_loop()
            threading.Thread(target=_own_loop.run_forever, name="wakeups", daemon=True).start()
        return _own_loop
