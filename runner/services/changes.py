"""One change of a run: its row lock, its states, its events and counts, and the wake-ups after commit.

A change gathers what becomes of steps and writes it once, when it closes. Before that, what the ends of steps mean for
others is worked out (`runner.services.settling`), so that nobody has to think of it who ends a step.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from runner import broker, wakeups
from runner.engine.states import ENDED, HELD, RUN_ENDED, RunStatus, StepStatus, check_run, check_step, run_outcome
from runner.models import Attempt, Event, Iteration, LogChunk, Run, Step
from runner.rows import insert_rows, insert_values, read_rows, update_rows
from runner.services import compute

# All but the graph, which may be large and which no change needs.
_NEEDED = (
    "id",
    "workspace_id",
    "name",
    "experiment_name",
    "settings",
    "status",
    "message",
    "counts",
    "event_seq",
    "started_at",
    "ended_at",
    "cancel_requested_at",
)
_CHANGED = ("status", "message", "counts", "event_seq", "started_at", "ended_at", "cancel_requested_at")
_EVENT = ("run_id", "seq", "type", "data", "at")
_FREED: dict[str, Any] = {"lease_token": None, "lease_until": None}
_UNCOUNTED = frozenset({Step.Kind.BRANCH, Step.Kind.GROUP})
# SQLite lets one write at a time, and who finds it busy sleeps; here, threads of one process take turns instead.
_turn = threading.RLock()


class Change:
    """What is being done to one run. Nothing else assigns a status."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.now: datetime = timezone.now()
        self.queued: list[Step] = []
        self._events: list[tuple[Any, ...]] = []
        self._chunks: list[LogChunk] = []
        self._changed: dict[tuple[type[Model], int], dict[str, Any]] = {}
        self._woken: dict[int, Step] = {}
        self._unsettled: list[Step] = []
        self._retold: list[Step] = []
        self._leaders: list[int] = []
        self._freed: list[Step] = []

    def emit(self, type: str, data: dict[str, Any], at: datetime | None = None) -> None:
        self.run.event_seq += 1
        self._events.append((self.run.pk, self.run.event_seq, type, data, at or self.now))

    def run_to(self, status: RunStatus, message: str = "") -> None:
        check_run(self.run.status, status)
        self.run.status = status
        self.run.message = message or self.run.message
        if status == RunStatus.RUNNING:
            self.run.started_at = self.run.started_at or self.now
        if status in RUN_ENDED:
            self.run.ended_at = self.now
        self.emit("run.status", {"status": status, "message": self.run.message})

    def reopen(self, message: str) -> None:
        """Let a run that ended go on."""
        run = self.run
        run.status, run.message = RunStatus.RUNNING, message
        run.ended_at = run.cancel_requested_at = None
        self.emit("run.status", {"status": run.status, "message": message})

    def reopen_step(self, step: Step, status: StepStatus = StepStatus.NOT_STARTED, **fields: Any) -> None:
        """Let a step that ended be begun again."""
        self._count(step, status)
        step.status = status
        forgotten = ("exit_code", "started_at", "ended_at", "waits_for_id", "reused_from_id")
        fresh: dict[str, Any] = {**dict.fromkeys(forgotten), "message": "", "reused": False}
        self.set(step, status=status, **fresh, **fields)
        self.emit("step.status", step_event(step))

    def settle_again(self, steps: Iterable[Step]) -> None:
        """Let the ends of these steps have their effect on those behind them that were reopened."""
        self._retold += steps

    def set(self, row: Step | Iteration | Attempt, **fields: Any) -> None:
        """Change a row's fields (by attribute name), written when the change closes."""
        for name, value in fields.items():
            setattr(row, name, value)
        self._changed.setdefault((type(row), row.pk), {}).update(fields)

    def steps_to(self, steps: Iterable[Step], status: StepStatus, **fields: Any) -> None:
        """Move steps of this run to a state, all with the same `fields`."""
        if status not in HELD:
            fields = _FREED | fields
        for step in steps:
            self.set(step, **fields)
            self.record(step, status)
            self._changed[Step, step.pk]["status"] = status

    def record(self, step: Step, status: StepStatus, at: datetime | None = None, **fields: Any) -> None:
        """Note a move that is written elsewhere in this transaction: check it, count it, tell of it."""
        check_step(step.status, status)
        self._count(step, status)
        before, step.status = step.status, status
        if before in HELD and status not in HELD:
            self._freed.append(step)
        for name, value in fields.items():
            setattr(step, name, value)
        if status in ENDED:
            self._unsettled.append(step)
            if step.key and before != StepStatus.NOT_STARTED:  # others wait only for one that was in flight
                self._leaders.append(step.pk)
        self.emit("step.status", step_event(step), at)

    def _count(self, step: Step, status: StepStatus) -> None:
        """Iterations are told of by their loop, and what does no work is not counted, unless it fails."""
        counts = self.run.counts
        if step.kind == Step.Kind.BRANCH and step.iteration_id is None and status == StepStatus.FAILED:
            counts[status] = counts.get(status, 0) + 1
        if step.kind in _UNCOUNTED or step.iteration_id is not None:
            return
        counts[step.status] = counts.get(step.status, 0) - 1
        if not counts[step.status]:
            del counts[step.status]
        counts[status] = counts.get(status, 0) + 1

    def queue(self, steps: Iterable[Step], delay: float = 0, wake: bool = True) -> None:
        """Give steps to whichever worker is free, now or after a delay; without `wake`, something else will tell."""
        steps = list(steps)
        available = self.now + timedelta(seconds=delay) if delay else None
        told = self.now if broker.reaches_workers() and not delay and wake else None
        self.steps_to(steps, StepStatus.QUEUED, available_at=available, woken_at=told, progress=None)
        if told:
            self._woken |= {step.pk: step for step in steps}
        elif wake:
            transaction.on_commit(broker.nudge.set)
        if not delay and wake:
            self.queued += steps

    def wake(self, steps: Iterable[Step]) -> None:
        """Tell workers of steps that are queued already."""
        for step in steps:
            self.set(step, woken_at=None)
            transaction.on_commit(broker.nudge.set)

    def taken(self, step: Step) -> None:
        """A step that this change queued is begun right away by whoever makes the change: nobody need be told."""
        self._woken.pop(step.pk, None)

    def log(self, chunks: Iterable[LogChunk]) -> None:
        """Lines that a step printed, kept together with what became of it."""
        self._chunks += chunks

    def take_retold(self) -> list[Step]:
        """The steps that ended before, and whose ends count once more for those behind them."""
        found, self._retold = self._retold, []
        return found

    def take_unsettled(self) -> list[Step]:
        """The steps that ended since this was last asked."""
        found, self._unsettled = self._unsettled, []
        return found

    def end_if_over(self) -> None:
        """End the run when none of its steps can change any more."""
        run = self.run
        if run.ended:
            return
        outcome = run_outcome(run.counts, run.cancel_requested_at is not None)
        if outcome:
            if run.status == RunStatus.QUEUED and outcome != RunStatus.CANCELED:
                self.run_to(RunStatus.RUNNING)
            self.run_to(outcome)

    def tell(self, run: Run) -> None:
        """Bring another object of this run up to date, once the change is written."""
        for name in _CHANGED:
            setattr(run, name, getattr(self.run, name))

    def flush(self) -> None:
        """Write the rows that were changed, for who reads them within this change."""
        for model in (Step, Iteration, Attempt):
            update_rows(model, ((pk, fields) for (kind, pk), fields in self._changed.items() if kind is model))
        self._changed.clear()

    def write(self) -> None:
        """Write what was gathered, and tell browsers and workers once it is committed."""
        self.flush()
        insert_rows(self._chunks)
        if self._events:
            insert_values(Event, _EVENT, self._events)
            update_rows(Run, [(self.run.pk, {name: getattr(self.run, name) for name in _CHANGED})])
            run_id, workspace_id, events = self.run.pk, self.run.workspace_id, self._events
            transaction.on_commit(lambda: wakeups.run_changed(run_id, workspace_id, events), robust=True)
        if self._woken:
            woken = [(step.pk, step.compute_id) for step in self._woken.values()]
            transaction.on_commit(lambda: broker.send_steps(woken), robust=True)
        compute.wake_on_commit(self._freed)
        if self._leaders:
            leaders = self._leaders
            transaction.on_commit(lambda: _release_waiting(leaders), robust=True)


@contextmanager
def changing(*, run_id: int | None = None, step_id: int | None = None) -> Iterator[Change]:
    """A transaction that holds the run's row lock. Everything that changes a run's rows happens within one.

    Raises Run.DoesNotExist.
    """
    from runner.services.settling import settle

    # SQLite has locked at BEGIN already; elsewhere the row lock orders those who work on one run.
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    where = "id = %s" if step_id is None else "id = (SELECT run_id FROM runner_step WHERE id = %s)"
    with turn(), transaction.atomic():
        found = read_rows(Run, _NEEDED, where + lock, [run_id if step_id is None else step_id])
        if not found:
            raise Run.DoesNotExist
        change = Change(found[0])
        yield change
        settle(change)
        change.write()


def turn() -> AbstractContextManager[Any]:
    """Whoever writes to a run holds this for the time of the transaction."""
    return _turn if connection.vendor == "sqlite" else nullcontext()


def _release_waiting(ended: list[int]) -> None:
    """Steps of any run that waited for the result of these."""
    from runner.services.reuse import waiting_release

    waiting_release(ended)


def step_event(step: Step) -> dict[str, Any]:
    """What browsers are told when a step moves."""
    return {
        "node": step.node_id,
        "status": str(step.status),
        "attempt": step.attempt,
        "message": step.message,
        "exit_code": step.exit_code,
        "reused": step.reused,
        "started_at": _iso(step.started_at),
        "ended_at": _iso(step.ended_at),
        **({"taken": (step.result or {}).get("taken")} if step.kind == Step.Kind.BRANCH else {}),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
