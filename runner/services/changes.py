"""One change of a run: its row lock, its states, its events and counts, and the wake-ups after commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from runner import broker, wakeups
from runner.engine.states import ENDED, HELD, RUN_ENDED, RunStatus, StepStatus, check_run, check_step, run_outcome
from runner.models import Event, Run, Step

# All but the graph, which may be large and which no change needs.
_NEEDED = (
    "id",
    "workspace_id",
    "settings",
    "status",
    "message",
    "counts",
    "event_seq",
    "started_at",
    "ended_at",
    "cancel_requested_at",
)
_CHANGED = ["status", "message", "counts", "event_seq", "started_at", "ended_at", "cancel_requested_at"]
_FREED: dict[str, Any] = {"lease_token": None, "lease_until": None}


class Change:
    """What is being done to one run. Nothing else assigns a status."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.now: datetime = timezone.now()
        self._events: list[Event] = []
        self._woken: list[tuple[int, int | None]] = []
        self._ended: list[int] = []

    def emit(self, type: str, data: dict[str, Any]) -> None:
        self.run.event_seq += 1
        self._events.append(Event(run=self.run, seq=self.run.event_seq, type=type, data=data, at=self.now))

    def run_to(self, status: RunStatus, message: str = "") -> None:
        check_run(self.run.status, status)
        self.run.status = status
        self.run.message = message or self.run.message
        if status == RunStatus.RUNNING:
            self.run.started_at = self.now
        if status in RUN_ENDED:
            self.run.ended_at = self.now
        self.emit("run.status", {"status": status, "message": self.run.message})

    def steps_to(self, steps: Iterable[Step], status: StepStatus, **fields: Any) -> None:
        """Move steps of this run to a state, all with the same `fields`, in one UPDATE."""
        steps = list(steps)
        if not steps:
            return
        if status not in HELD:
            fields = _FREED | fields
        for step in steps:
            self.record(step, status, **fields)
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(status=status, **fields)

    def record(self, step: Step, status: StepStatus, **fields: Any) -> None:
        """Note a move that is written elsewhere in this transaction: check it, count it, tell of it."""
        check_step(step.status, status)
        counts = self.run.counts
        counts[step.status] = counts.get(step.status, 0) - 1
        if not counts[step.status]:
            del counts[step.status]
        counts[status] = counts.get(status, 0) + 1
        step.status = status
        if status in ENDED:
            self._ended.append(step.pk)
        for name, value in fields.items():
            setattr(step, name, value)
        self.emit("step.status", step_event(step))

    def queue(self, steps: Iterable[Step], delay: float = 0, wake: bool = True) -> None:
        """Give steps to whichever worker is free, now or after a delay; without `wake`, something else will tell."""
        steps = list(steps)
        available = self.now + timedelta(seconds=delay) if delay else None
        told = self.now if broker.reaches_workers() and not delay and wake else None
        self.steps_to(steps, StepStatus.QUEUED, available_at=available, woken_at=told, progress=None)
        if told:
            self._woken += [(step.pk, step.compute_id) for step in steps]
        else:
            transaction.on_commit(broker.nudge.set)

    def wake(self, steps: Iterable[Step]) -> None:
        """Tell workers of steps that are queued already."""
        found = [step.pk for step in steps]
        if found:
            Step.objects.filter(pk__in=found).update(woken_at=None)
            transaction.on_commit(broker.nudge.set)

    def end_if_over(self) -> None:
        """End the run when none of its steps can change any more."""
        run = self.run
        outcome = run_outcome(run.counts, run.cancel_requested_at is not None)
        if outcome and not run.ended:
            if run.status == RunStatus.QUEUED and outcome != RunStatus.CANCELED:
                self.run_to(RunStatus.RUNNING)
            self.run_to(outcome)

    def write(self) -> None:
        """Write what was gathered, and tell browsers and workers once it is committed."""
        if self._events:
            Event.objects.bulk_create(self._events)
            self.run.save(update_fields=_CHANGED)
            run_id, workspace_id = self.run.pk, self.run.workspace_id
            transaction.on_commit(lambda: wakeups.run_changed(run_id, workspace_id), robust=True)
        if self._woken:
            woken = self._woken
            transaction.on_commit(lambda: broker.send_steps(woken), robust=True)
        if self._ended:
            ended = self._ended
            transaction.on_commit(lambda: _release_waiting(ended), robust=True)


@contextmanager
def changing(*, run_id: int | None = None, step_id: int | None = None) -> Iterator[Change]:
    """A transaction that holds the run's row lock. Everything that changes a run's rows happens within one.

    Raises Run.DoesNotExist.
    """
    with transaction.atomic():
        wanted = Q(pk=run_id) if step_id is None else Q(steps=step_id)
        # SQLite has locked at BEGIN already; elsewhere the row lock orders those who work on one run.
        run = Run.objects.select_for_update(of=("self",)).only(*_NEEDED).get(wanted)
        change = Change(run)
        yield change
        change.write()


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
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
