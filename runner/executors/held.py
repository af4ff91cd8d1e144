"""The steps that this process holds right now, and how each is told to stop."""

import os
import threading
import uuid
from collections.abc import Iterable
from typing import Literal

from django.db import transaction

Reason = Literal["cancel", "timeout", "memory", "lost", "shutdown"]


class Stop:
    """A request to stop that a loop can wait for, among its pipes. The first reason stands; `why` is for people."""

    def __init__(self) -> None:
        self.reason: Reason | None = None
        self.why = ""
        self._read, self._write = os.pipe()
        self._lock = threading.Lock()

    def set(self, reason: Reason) -> None:
        with self._lock:
            if self.reason is None and self._write >= 0:
                self.reason = reason
                os.write(self._write, b"!")

    def fileno(self) -> int:
        return self._read

    def close(self) -> None:
        with self._lock:
            os.close(self._read)
            os.close(self._write)
            self._read = self._write = -1


class HeldSteps:
    """Shared by worker threads, the heartbeat, and those who cancel."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._steps: dict[int, tuple[uuid.UUID, Stop]] = {}
        self.closing = False

    def add(self, step_id: int, token: uuid.UUID) -> Stop:
        stop = Stop()
        with self._lock:
            self._steps[step_id] = (token, stop)
            if self.closing:
                stop.set("shutdown")
        return stop

    def remove(self, step_id: int) -> None:
        with self._lock:
            found = self._steps.pop(step_id, None)
        if found:
            found[1].close()

    def tokens(self) -> dict[int, uuid.UUID]:
        with self._lock:
            return {step_id: token for step_id, (token, _) in self._steps.items()}

    def stop(self, step_ids: Iterable[int], reason: Reason) -> None:
        with self._lock:
            for step_id in step_ids:
                if step_id in self._steps:
                    self._steps[step_id][1].set(reason)

    def close(self) -> None:
        """From now on nothing is begun here, and what runs is stopped."""
        self.closing = True
        self.stop(list(self.tokens()), "shutdown")

    def open(self) -> None:
        self.closing = False


held = HeldSteps()


def cancel_on_commit(step_ids: list[int]) -> None:
    """Stop those of the steps that run in this process at once; the heartbeats of others see it within two seconds."""
    if step_ids:
        transaction.on_commit(lambda: held.stop(step_ids, "cancel"), robust=True)
