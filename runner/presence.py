"""What a worker process tells of itself: that it is there, what it serves, and what it uses."""

import importlib.metadata
import os
import socket
import time
import tomllib
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path

import psutil
from django.utils import timezone

from registry.models import ComputeTarget
from runner.executors.process_tree import proportional
from runner.models import Worker
from runner.services.changes import turn

KEPT_HOURS = 24
"""Workers that are gone are shown for so long."""


class Presence:
    """The row of this process. Used by one thread at a time."""

    def __init__(self, name: str, slots: int, targets: Sequence[ComputeTarget], default_queue: bool) -> None:
        self.name, self.slots, self.targets, self.default_queue = name, slots, targets, default_queue
        self._spent: dict[tuple[int, float], float] = {}
        self._looked_at = time.monotonic()

    def enter(self) -> None:
        """From now on this worker is there; those that are gone for long are forgotten."""
        Worker.objects.filter(beat_at__lt=timezone.now() - timedelta(hours=KEPT_HOURS)).delete()
        row = Worker.objects.create(
            name=self.name,
            default_queue=self.default_queue,
            host=socket.gethostname(),
            version=version(),
            slots=self.slots,
            started_at=timezone.now(),
            beat_at=timezone.now(),
        )
        if self.targets:
            row.targets.set(self.targets)
        self._usage()

    def beat(self) -> None:
        """One UPDATE. A row that was taken for gone and forgotten is made again."""
        cpu, memory = self._usage()
        with turn():
            if not Worker.objects.filter(name=self.name).update(beat_at=timezone.now(), cpu=cpu, memory=memory):
                self.enter()

    def stopping(self) -> None:
        Worker.objects.filter(name=self.name).update(stopping=True)

    def leave(self) -> None:
        Worker.objects.filter(name=self.name).delete()

    def _usage(self) -> tuple[float, int]:
        """Cores in use since the last look, and bytes, by this process and all that it started."""
        spent: dict[tuple[int, float], float] = {}
        memory = 0
        own = psutil.Process()
        for process in (own, *own.children(recursive=True)):
            try:
                times = process.cpu_times()
                spent[process.pid, process.create_time()] = times.user + times.system
                memory += proportional(process.pid) or process.memory_info().rss
            except psutil.Error:
                continue
        seconds = time.monotonic() - self._looked_at
        used = sum(now - self._spent.get(key, 0.0) for key, now in spent.items())
        first = not self._spent
        self._spent, self._looked_at = spent, time.monotonic()
        cores = 0.0 if first or seconds <= 0 else min(used / seconds, float(os.cpu_count() or 1))
        return cores, memory


@cache
def version() -> str:
    """Of this Portline."""
    try:
        return importlib.metadata.version("portline")
    except importlib.metadata.PackageNotFoundError:
        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text())["project"]["version"]) if project.exists() else ""
