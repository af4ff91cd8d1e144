"""Messages on their way to a broker elsewhere: sent by one thread, and kept while the broker cannot be reached.

So no request waits for a broker, and none fails for it: the rows are committed, and what is lost with this process is
sent again by a worker's reconciler.
"""

import atexit
import contextlib
import logging
import threading
from collections import deque

from dramatiq import Broker, Message

RETRY_SECONDS = 1.0
ALIVE_SECONDS = 5.0
"""How often an idle connection is looked after, so that RabbitMQ does not take it for dead."""
LIMIT = 10_000
"""What is kept at most; the reconciler finds the rest."""
log = logging.getLogger("portline.broker")


class Outbox:
    """One a process, and one connection to the broker with it."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._waiting: deque[Message] = deque(maxlen=LIMIT)
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._failing = False

    def put(self, message: Message) -> None:
        """Send a message, soon."""
        with self._changed:
            self._waiting.append(message)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
                self._thread.start()
                atexit.register(self.flush)
            self._changed.notify_all()

    def flush(self, seconds: float = 5.0) -> bool:
        """Wait until everything is sent; False where that takes too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting, seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting, ALIVE_SECONDS)
                message = self._waiting[0] if self._waiting else None
            if message is None:
                self._keep_alive()
            elif self._sent(message):
                with self._changed:
                    # The oldest may have been pushed out meanwhile.
                    if self._waiting and self._waiting[0] is message:
                        self._waiting.popleft()
                    self._changed.notify_all()
            else:
                threading.Event().wait(RETRY_SECONDS)

    def _sent(self, message: Message) -> bool:
        try:
            self._broker.declare_queue(message.queue_name)
            self._broker.enqueue(message)
        except Exception as error:
            if not self._failing:
                log.warning("the broker does not take messages (%s); they wait until it does", error)
            self._failing = True
            return False
        if self._failing:
            log.warning("the broker takes messages again")
        self._failing = False
        return True

    def _keep_alive(self) -> None:
        """Answer RabbitMQ's heartbeats; a connection that turns out to be broken is replaced by the next message."""
        connection = getattr(getattr(self._broker, "state", None), "connection", None)
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.process_data_events(time_limit=0)
