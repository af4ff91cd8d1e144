"""A worker takes from the broker only what one of its threads can begin with now: which are free, and what is told
when one begins. What waits in a busy worker's memory would be out of reach for idle workers elsewhere.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from typing import Any

from dramatiq import Message, MessageProxy
from dramatiq.middleware import Middleware, SkipMessage

log = logging.getLogger("portline.broker")


class Slots:
    """How many messages the threads of this process can begin with; shared by the consumers of all its queues."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = 0
        self._listeners: set[Callable[[], None]] = set()
        self.closed = False

    def open(self, number: int) -> None:
        self._free, self.closed = number, False
        self._tell()

    def close(self) -> None:
        """From now on nothing is taken."""
        self.closed = True
        self._tell()

    @property
    def full(self) -> bool:
        return self.closed or self._free <= 0

    def take(self, message: MessageProxy) -> bool:
        """Reserve a thread for a message; False where there is none."""
        with self._lock:
            if self.full:
                return False
            self._free -= 1
            message.has_slot = True  # type: ignore[attr-defined]
            return True

    def give_back(self, message: MessageProxy) -> None:
        """Its thread is free again. Harmless when repeated, and for messages that never had one."""
        with self._lock:
            if not getattr(message, "has_slot", None):
                return
            message.has_slot = False  # type: ignore[attr-defined]
            self._free += 1
        self._tell()

    def listen(self, tell: Callable[[], None]) -> None:
        """Call `tell` whenever a thread may be free."""
        with self._lock:
            self._listeners.add(tell)

    def forget(self, tell: Callable[[], None]) -> None:
        with self._lock:
            self._listeners.discard(tell)

    def _tell(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for tell in listeners:
            with contextlib.suppress(Exception):  # one whose connection just broke; it is about to be replaced
                tell()


slots = Slots()


class Beginning(Middleware):
    """What happens when a thread begins with a message, and when it is done. `again` sends one once more."""

    def __init__(self, again: Callable[[Message], None]) -> None:
        self._again = again

    def before_process_message(self, broker: Any, message: MessageProxy) -> None:
        if receipt := getattr(message, "receipt", None):
            receipt()
        if slots.closed:
            log.info("%s arrived while this worker stops; it goes back to its queue", message)
            self._again(message._message)
            raise SkipMessage

    def after_process_message(
        self, broker: Any, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        slots.give_back(message)
        if exception is not None:
            # Nobody may have claimed the step; if somebody has, the message finds nothing to do.
            self._again(message._message)

    def after_skip_message(self, broker: Any, message: MessageProxy) -> None:
        slots.give_back(message)

    def before_nack(self, broker: Any, message: MessageProxy) -> None:
        slots.give_back(message)
