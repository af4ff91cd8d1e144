"""Telling browsers what happened, from any thread of any process.

The in-memory channel layer belongs to the event loop of the web server: called from another thread it wakes nobody
(`async_to_sync` was measured 1 to 3 s late). So the loop is remembered when the first socket connects, and messages
are handed to it; where no socket ever connected there is nobody to tell.
"""

import asyncio
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

_loop: asyncio.AbstractEventLoop | None = None


def remember_loop() -> None:
    """Called by each consumer when it connects."""
    global _loop
    _loop = asyncio.get_running_loop()


def notify(group: str, message: dict[str, Any]) -> None:
    """Send a message to every consumer in a group; it arrives at their `live_message`. Never waits for them."""
    layer = get_channel_layer()
    event = {"type": "live.message", "message": message}
    if not isinstance(layer, InMemoryChannelLayer):
        async_to_sync(layer.group_send)(group, event)
    elif _loop is not None and _loop.is_running():
        asyncio.run_coroutine_threadsafe(layer.group_send(group, event), _loop)


def pipeline_group(pipeline_id: int) -> str:
    return f"pipeline-{pipeline_id}"
