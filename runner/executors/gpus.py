"""The GPUs of this machine, shared out to the steps of this worker."""

import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

_DEVICE = re.compile(r"nvidia(\d+)")


def machine_gpus() -> list[str]:
    """What this worker may give out: the devices it was started with, or all."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        return [name.strip() for name in given.split(",") if name.strip() not in ("", "-1")]
    found = (_DEVICE.fullmatch(name) for name in os.listdir("/dev"))
    return sorted((match[1] for match in found if match), key=int)


class Gpus:
    """Which devices are in use, and how often."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: Counter[str] = Counter()

    @contextmanager
    def share(self, number: int) -> Iterator[list[str]]:
        """So many devices, those with the fewest steps first; fewer where the machine has fewer."""
        with self._lock:
            chosen = sorted(machine_gpus(), key=lambda device: self._used[device])[:number] if number else []
            self._used.update(chosen)
        try:
            yield chosen
        finally:
            with self._lock:
                self._used.subtract(chosen)


gpus = Gpus()
