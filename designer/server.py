"""Daphne, which also writes frames that are prepared for many browsers (`designer.frames`)."""

from functools import partial
from typing import Any

from daphne.server import Server as Daphne
from daphne.ws_protocol import WebSocketProtocol

from designer.frames import EXTENSION

UNREAD_BYTES = 4_000_000
"""What a browser may leave unread before it is taken for too slow; more than a page of a log or of events."""

MESSAGE_BYTES = 32 * 1024**2
"""Of one message, either way: a pipeline is sent whole to who opens it, 300 bytes a node."""


class Server(Daphne):
    def __init__(self, *args: Any, **options: Any) -> None:
        limits = {"websocket_max_message_size": MESSAGE_BYTES, "websocket_max_frame_size": MESSAGE_BYTES}
        super().__init__(*args, **limits | options)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, WebSocketProtocol):
            scope = scope | {"extensions": {**scope.get("extensions", {}), EXTENSION: partial(write_frame, protocol)}}
        return super().create_application(protocol, scope)


def write_frame(protocol: Any, frame: bytes) -> bool:
    """Send a frame at once as far as the connection takes it, and keep the rest. False if too much is kept already."""
    transport = protocol.transport
    if protocol.state != protocol.STATE_OPEN or transport is None or not transport.connected:
        return True  # it is closing, and told of that elsewhere
    # Twisted's own count of what is kept (twisted.internet.abstract.FileDescriptor).
    kept = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    if kept > UNREAD_BYTES:
        return False
    # Twisted would wait for the loop's next turn, and have it watch the connection for that: thrice the cost.
    sent = 0 if kept else transport.writeSomeData(frame)
    if not isinstance(sent, int):
        sent = 0  # lost; Twisted finds out when it writes
    if sent < len(frame):
        transport.write(frame[sent:])
    return True
