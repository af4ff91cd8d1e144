"""How much memory steps use: all processes of a step together are held against its limit, and the peak is kept.

One thread looks at all steps of this process; a step that is over before the first look costs nothing. Not
RLIMIT_AS: that limits addresses, of which some libraries reserve a hundred times what they use, and each process alone.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from registry.spec.sizes import shown_size
from runner.executors.held import Stop
from runner.executors.launcher import TOKEN
from runner.executors.process_tree import Process, children_of, processes, proportional, variable_of

LOOK_SECONDS = 0.25
SHARE = 20
"""Looking takes at most one part in so many of the time, however large the steps are."""

log = logging.getLogger("portline.worker")


@dataclass(eq=False)
class Watched:
    """One step. `peak` is in bytes, None until the first look; `limit` too, None where there is none."""

    token: str
    limit: int | None
    stop: Stop
    peak: int | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def why(self) -> str:
        """What is said of a step that was killed for this."""
        used, limit = shown_size(self.peak or 0), shown_size(self.limit or 0)
        return f"killed: used {'more than' if used == limit else f'{used} of'} its {limit} limit"


class MemoryWatch:
    """Its methods may be called by any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[Watched] = set()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, token: str, limit: int | None, stop: Stop) -> Iterator[Watched]:
        """Watch the processes that bear a token; `stop` is set to "memory" when they use more than the limit."""
        watched = Watched(token, limit, stop)
        with self._changed:
            self._watched.add(watched)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="memory", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield watched
        finally:
            with self._changed:
                self._watched.discard(watched)

    def _run(self) -> None:
        wait = LOOK_SECONDS
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._watched)
            time.sleep(wait)
            begun = time.monotonic()
            with self._changed:
                due = {watched.token: watched for watched in self._watched if begun - watched.since >= LOOK_SECONDS}
            try:
                if due:
                    look(due)
            except Exception:
                log.exception("the memory of steps could not be looked at")
            wait = max(LOOK_SECONDS, SHARE * (time.monotonic() - begun))


def look(watched: dict[str, Watched]) -> None:
    """Measure steps, by token, and stop those that are above their limits."""
    for token, family in _families(set(watched)).items():
        step = watched[token]
        # What is resident, with shared pages counted for each, is never less than what is used: where even that is
        # no new peak, the dearer measure would not be either.
        if sum(process.resident for process in family) <= (step.peak or 0):
            continue
        used = sum(proportional(process.pid) for process in family)
        step.peak = max(used, step.peak or 0)
        if step.limit is not None and used > step.limit:
            step.stop.set("memory")


def _families(tokens: set[str]) -> dict[str, list[Process]]:
    """All processes of each step: those that bear its token, also in the background, and what they started."""
    known = processes()
    children = children_of(known)
    found: dict[str, list[Process]] = {}
    rest = [(pid, "") for pid in children.get(os.getpid(), ())]
    while rest:
        pid, token = rest.pop()
        if not token:
            own = variable_of(pid, TOKEN)
            token = own if own in tokens else ""
        if token:
            found.setdefault(token, []).append(known[pid])
        rest += [(child, token) for child in children.get(pid, ())]
    return found


watch = MemoryWatch()
