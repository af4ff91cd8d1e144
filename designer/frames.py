"""One WebSocket frame for many browsers.

A server's frames are not masked (RFC 6455, 5.1), so the bytes of a message are the same for all. A server that can
write them as they are says so in a connection's scope; where there is no such server, messages are sent one by one.
"""

from collections.abc import Callable

EXTENSION = "portline.frame"
"""In a scope's `extensions`: a `Write`."""
Write = Callable[[bytes], bool]
"""Takes a whole frame, on the event loop, and never waits; False where the browser leaves too much unread."""


def text_frame(text: str) -> bytes:
    """A text message as one frame (RFC 6455, 5.2): FIN and opcode 1, the length in 7, 16 or 64 bits, the payload."""
    data = text.encode()
    size = len(data)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 1 << 16:
        head = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + size.to_bytes(8, "big")
    return head + data
