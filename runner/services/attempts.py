"""A worker's part in a step: claim it, keep it alive, and commit how it ended. All of it is fenced by the lease."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from runner import wakeups
from runner.engine.retrying import may_retry
from runner.engine.states import HELD, RunStatus, StepStatus
from runner.models import Artifact, Attempt, Run, Step
from runner.selectors import artifact_summary
from runner.services import reuse
from runner.services.changes import Change, changing
from runner.services.compute import TargetFull, check_room
from runner.services.successors import release_successors


class LostLease(Exception):
    """Somebody else holds the step now, or it was ended: what this worker did with it does not count."""


@dataclass(frozen=True)
class Claim:
    """A step that this worker holds."""

    step: Step
    attempt: Attempt
    token: uuid.UUID


@dataclass(frozen=True)
class Made:
    """An output that lies in the store already."""

    output: str
    type: str
    kind: str
    folder: bool
    digest: str
    size: int
    location: str
    value: Any = None
    preview: dict[str, Any] = field(default_factory=dict)


def lease_end() -> Any:
    return timezone.now() + timedelta(seconds=settings.STEP_LEASE_SECONDS)


def attempt_claim(step_id: int, worker: str) -> Claim | None:
    """Take a queued step, with a lease; None if somebody else was faster or there is nothing to do."""
    try:
        with changing(step_id=step_id) as change:
            return _claim(change, step_id, worker)
    except (Run.DoesNotExist, TargetFull):
        return None


def _claim(change: Change, step_id: int, worker: str) -> Claim | None:
    token = uuid.uuid4()
    fields = {
        "attempt": F("attempt") + 1,
        "worker": worker,
        "lease_token": token,
        "lease_until": lease_end(),
        "started_at": change.now,
        "ended_at": None,
        "message": "",
        "exit_code": None,
        "progress": None,
    }
    due = Q(available_at=None) | Q(available_at__lte=change.now)
    queued = Step.objects.filter(due, pk=step_id, status=StepStatus.QUEUED, waits_for=None)
    if queued.update(status=StepStatus.PREPARING, **fields) != 1:
        return None
    step = Step.objects.get(pk=step_id)
    check_room(step.compute_id)
    step.status = StepStatus.QUEUED
    change.record(step, StepStatus.PREPARING)
    if change.run.status == RunStatus.QUEUED:
        change.run_to(RunStatus.RUNNING)
    attempt = Attempt.objects.create(step=step, number=step.attempt, worker=worker, started_at=change.now)
    return Claim(step, attempt, token)


def attempt_running(claim: Claim, command: str) -> None:
    """The step's command is about to start. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        if _moved(claim, StepStatus.RUNNING, command=command):
            change.record(claim.step, StepStatus.RUNNING, command=command)


def attempt_finalizing(claim: Claim) -> None:
    """The command ended well; its outputs are being kept. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        if _moved(claim, StepStatus.FINALIZING):
            change.record(claim.step, StepStatus.FINALIZING)


def attempt_progress(claim: Claim, progress: float) -> None:
    """How far the step says it is. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        step = _held(claim)
        Step.objects.filter(pk=step.pk).update(progress=progress)
        change.emit("step.progress", {"node": step.node_id, "progress": progress})


def attempt_complete(claim: Claim, made: Iterable[Made], exit_code: int) -> None:
    """Commit a step that ended well: its outputs, its state, and what it makes ready. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        step = claim.step
        ended = {"exit_code": exit_code, "ended_at": change.now, "progress": None, "message": ""}
        if _moved(claim, StepStatus.COMPLETED, lease_token=None, lease_until=None, **ended):
            _close(change, claim, StepStatus.COMPLETED, "", exit_code)
            _keep(change, step, made)
            reuse.remember(change, step)
            change.record(step, StepStatus.COMPLETED, **ended)
            release_successors(change, [(step.pk, True)])
        else:
            _end(change, claim, _held(claim), StepStatus.CANCELED, "Cancelled.", exit_code)
        change.end_if_over()


def attempt_fail(claim: Claim, message: str, exit_code: int | None = None) -> None:
    """Commit a step that did not end well: another attempt if it has any left, else its end. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        step = _held(claim)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, "Cancelled.", exit_code)
        elif may_retry(step.attempt, step.max_attempts):
            _close(change, claim, StepStatus.FAILED, message, exit_code)
            step_requeue(change, step, message, delay=step.retry_delay)
        else:
            _end(change, claim, step, StepStatus.FAILED, message, exit_code)
            step_failed(change, step)
        change.end_if_over()


def attempt_hand_back(claim: Claim, message: str) -> None:
    """Give the step back to the queue: its worker stops. Raises LostLease."""
    with changing(step_id=claim.step.pk) as change:
        step = _held(claim)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, "Cancelled.", None)
            change.end_if_over()
            return
        _close(change, claim, StepStatus.CANCELED, message, None)
        step_requeue(change, step, message, max_attempts=F("max_attempts") + 1)


def leases_renew(held: dict[int, uuid.UUID]) -> tuple[set[int], set[int]]:
    """Renew the leases on steps (id -> token). Answers which are lost, and which are to be cancelled."""
    if not held:
        return set(), set()
    # One by one: a statement that locks several rows could lock them in another order than a cancellation does.
    for token in held.values():
        Step.objects.filter(lease_token=token).update(lease_until=lease_end())
    rows = dict(Step.objects.filter(lease_token__in=held.values()).values_list("pk", "status"))
    cancelled = {pk for pk, status in rows.items() if status == StepStatus.CANCEL_REQUESTED}
    return set(held) - set(rows), cancelled


def step_requeue(change: Change, step: Step, message: str, delay: float = 0, **fields: Any) -> None:
    """Back to the queue, for another attempt."""
    Step.objects.filter(pk=step.pk).update(message=message, started_at=None, **fields)
    step.message, step.started_at = message, None
    change.queue([step], delay)


def step_failed(change: Change, step: Step) -> None:
    """What a failure means for the others: those that need it are skipped, or all of them are ended."""
    if change.run.continues_on_failure:
        release_successors(change, [(step.pk, False)])
        return
    reason = f"Not run, since “{step.title}” failed."
    others = list(Step.objects.filter(run_id=change.run.pk).exclude(pk=step.pk))
    waiting = [other for other in others if other.status in (StepStatus.NOT_STARTED, StepStatus.QUEUED)]
    change.steps_to(waiting, StepStatus.SKIPPED, message=reason, ended_at=change.now)
    steps_ask_to_end(change, others)


def steps_ask_to_end(change: Change, steps: Iterable[Step]) -> None:
    """Ask the workers that hold any of these steps to end them."""
    from runner.executors import held

    running = [step for step in steps if step.status in HELD and step.status != StepStatus.CANCEL_REQUESTED]
    change.steps_to(running, StepStatus.CANCEL_REQUESTED)
    held.cancel_on_commit([step.pk for step in running])


def _moved(claim: Claim, status: StepStatus, **fields: Any) -> bool:
    """Move the step on from where this worker left it; False where it was asked to end meanwhile. Raises LostLease."""
    held = Step.objects.filter(pk=claim.step.pk, lease_token=claim.token, status=claim.step.status)
    if held.update(status=status, **fields):
        return True
    claim.step.status = _held(claim).status
    return False


def _held(claim: Claim) -> Step:
    """The step as it is now. Raises LostLease."""
    step = Step.objects.filter(pk=claim.step.pk, lease_token=claim.token).first()
    if step is None:
        raise LostLease(f"{claim.step} is not held by {claim.attempt.worker} any more")
    return step


def _end(change: Change, claim: Claim, step: Step, status: StepStatus, message: str, exit_code: int | None) -> None:
    _close(change, claim, status, message, exit_code)
    change.steps_to([step], status, message=message, exit_code=exit_code, ended_at=change.now, progress=None)


def _close(change: Change, claim: Claim, status: StepStatus, message: str, exit_code: int | None) -> None:
    Attempt.objects.filter(pk=claim.attempt.pk).update(
        status=status,
        message=message,
        exit_code=exit_code,
        ended_at=change.now,
        peak_memory=claim.attempt.peak_memory,
    )
    step_id = claim.step.pk
    transaction.on_commit(lambda: wakeups.log_changed(step_id), robust=True)


def _keep(change: Change, step: Step, made: Iterable[Made]) -> None:
    rows = [
        Artifact(workspace_id=change.run.workspace_id, run=change.run, step=step, **vars(output)) for output in made
    ]
    for artifact in Artifact.objects.bulk_create(rows):
        change.emit("step.output", {"node": step.node_id, "artifact": artifact_summary(artifact)})
