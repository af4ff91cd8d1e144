"""A worker's part in a step: claim it, keep it alive, and commit how it ended. All of it is fenced by the lease."""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from runner import wakeups
from runner.engine.loops import Planned
from runner.engine.retrying import may_restart, may_retry, put_off_delay, retry_delay
from runner.engine.states import HELD, RunStatus, StepStatus
from runner.models import Artifact, Attempt, LogChunk, Run, Step
from runner.rows import insert_row, read_rows, update_held
from runner.selectors import artifact_summary
from runner.services import clock, reuse
from runner.services.changes import Change, changing
from runner.services.compute import due_steps, room_for
from runner.services.loops import loop_begin
from runner.services.registering import register_outputs
from runner.services.settling import NEEDED, settle
from runner.services.steadfast import steadfast

TELL_SECONDS = 0.05
"""A state that lasts shorter is written together with the one after it."""

TURN_SECONDS = 1.0
"""How long a worker's thread stays with one run before others get their turn."""


class LostLease(Exception):
    """Somebody else holds the step now, or it was ended: what this worker did with it does not count."""


@dataclass
class Claim:
    """A step that this worker holds. `untold` are the states that it went through and that are not written yet.

    `workspace` (an id), `job` (a name) and `experiment` are its run's.
    """

    step: Step
    attempt: Attempt
    token: uuid.UUID
    workspace: int
    job: str
    experiment: str
    begun: float = field(default_factory=time.monotonic)
    untold: list[tuple[StepStatus, datetime]] = field(default_factory=list)
    tell_at: float = 0.0


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
    return clock.now() + timedelta(seconds=settings.STEP_LEASE_SECONDS)


def attempt_claim(step_id: int, worker: str) -> Claim | None:
    """Take a queued step, with a lease; None if somebody else was faster or there is nothing to do."""
    if not due_steps().filter(pk=step_id).exists():
        return None  # a message about a step that was taken since: the run's lock is not needed to see that
    try:
        with changing(step_id=step_id) as change:
            step = due_steps().filter(pk=step_id).first()
            if step is None or not room_for(step.compute_id):
                return None
            return _take(change, step, worker, time.monotonic())
    except Run.DoesNotExist:
        return None


def _take(change: Change, step: Step, worker: str, begun: float) -> Claim:
    token = uuid.uuid4()
    change.taken(step)
    change.steps_to(
        [step],
        StepStatus.PREPARING,
        attempt=step.attempt + 1,
        worker=worker,
        lease_token=token,
        lease_until=lease_end(),
        started_at=change.now,
        ended_at=None,
        message="",
        exit_code=None,
        progress=None,
    )
    if change.run.status == RunStatus.QUEUED:
        change.run_to(RunStatus.RUNNING)
    attempt = insert_row(Attempt(step=step, number=step.attempt, worker=worker, started_at=change.now))
    return Claim(step, attempt, token, change.run.workspace_id, change.run.name, change.run.experiment_name, begun)


def _take_next(change: Change, claim: Claim) -> Claim | None:
    """Take another step of the run within the change that ends one, so that it waits for no message."""
    if time.monotonic() - claim.begun > TURN_SECONDS:
        return None
    settle(change)
    if change.run.ended:
        return None
    compute = claim.step.compute_id
    found = next((step for step in change.queued if step.compute_id == compute), None)
    if found is None and (change.run.counts.get(StepStatus.QUEUED) or claim.step.iteration_id):
        change.flush()
        found = _waiting_step(change.run.pk, compute)
    if found is None or not room_for(compute):
        return None
    return _take(change, found, claim.attempt.worker, claim.begun)


def _waiting_step(run_id: int, compute: int | None) -> Step | None:
    """The oldest step of a run that could begin now; one whose delay is over is woken by a message of its own."""
    where = "run_id = %s AND status = 'Queued' AND waits_for_id IS NULL AND available_at IS NULL AND compute_id "
    where += "IS NULL" if compute is None else "= %s"
    parameters = [run_id, *([] if compute is None else [compute])]
    return next(iter(read_rows(Step, NEEDED, f"{where} ORDER BY id LIMIT 1", parameters)), None)


def attempt_running(claim: Claim, command: str) -> None:
    """The step's command is about to start."""
    claim.step.command = command
    _note_state(claim, StepStatus.RUNNING)


def attempt_finalizing(claim: Claim) -> None:
    """The command ended well; its outputs are being kept."""
    _note_state(claim, StepStatus.FINALIZING)


def _note_state(claim: Claim, status: StepStatus) -> None:
    if not claim.untold:
        claim.tell_at = time.monotonic() + TELL_SECONDS
    claim.untold.append((status, timezone.now()))


def attempt_tell(claim: Claim, at_once: bool = False) -> float | None:
    """Write the state that it is in, if that lasts; answers in how many seconds to ask again. Raises LostLease."""
    if not claim.untold:
        return None
    wait = claim.tell_at - time.monotonic()
    if wait > 0 and not at_once:
        return wait
    _tell(claim)
    return None


@steadfast
def _tell(claim: Claim) -> None:
    with changing(run_id=claim.step.run_id) as change:
        if _moved(claim, claim.untold[-1][0]):
            _record_untold(change, claim, claim.step)
    claim.untold.clear()


@steadfast
def attempt_progress(claim: Claim, progress: float) -> None:
    """How far the step says it is. Raises LostLease."""
    with changing(run_id=claim.step.run_id) as change:
        step = _held(claim)
        change.set(step, progress=progress)
        change.emit("step.progress", {"node": step.node_id, "progress": progress})


@steadfast
def attempt_complete(
    claim: Claim, made: Iterable[Made], exit_code: int, log: Iterable[LogChunk] = (), another: bool = False
) -> Claim | None:
    """Commit a step that ended well: its outputs, its state, and what it makes ready. Raises LostLease.

    With `another`, a step that waits is taken in the same transaction, and answered.
    """
    with changing(run_id=claim.step.run_id) as change:
        step = claim.step
        ended: dict[str, Any] = {"exit_code": exit_code, "ended_at": change.now, "progress": None, "message": ""}
        change.log(log)
        if _moved(claim, StepStatus.COMPLETED, lease_token=None, lease_until=None, **ended):
            _record_untold(change, claim, step)
            _close(change, claim, StepStatus.COMPLETED, "", exit_code)
            kept = _keep(change, step, made)
            reuse.remember(change, step)
            change.record(step, StepStatus.COMPLETED, None, **ended)
            if step.launch:
                register_outputs(change, step, kept)
        else:
            _end(change, claim, _held(claim), StepStatus.CANCELED, "Cancelled.", exit_code)
        return _take_next(change, claim) if another else None


@steadfast
def attempt_loop(claim: Claim, iterations: Iterable[tuple[Planned, Mapping[str, Any]]]) -> None:
    """Commit what a loop goes over; from now on nobody holds it until its iterations ended. Raises LostLease."""
    with changing(run_id=claim.step.run_id) as change:
        step = _held(claim)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, "Cancelled.", None)
            return
        _close(change, claim, StepStatus.COMPLETED, "", None)
        loop_begin(change, step, iterations)


@steadfast
def attempt_fail(
    claim: Claim,
    message: str,
    exit_code: int | None = None,
    log: Iterable[LogChunk] = (),
) -> None:
    """Commit a step that did not end well: another attempt if it has any left, else its end. Raises LostLease."""
    with changing(run_id=claim.step.run_id) as change:
        step = _held(claim)
        change.log(log)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, step.message or "Cancelled.", exit_code)
            return
        _record_untold(change, claim, step)
        if may_retry(step.attempt, step.max_attempts):
            _close(change, claim, StepStatus.FAILED, message, exit_code)
            step_requeue(change, step, message, delay=retry_delay(step.retry_delay, step.retry_backoff, step.attempt))
        else:
            _end(change, claim, step, StepStatus.FAILED, message, exit_code)


@steadfast
def attempt_hand_back(claim: Claim, message: str) -> None:
    """Give the step back to the queue: its worker stops. Raises LostLease."""
    with changing(run_id=claim.step.run_id) as change:
        step = _held(claim)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, "Cancelled.", None)
            return
        _close(change, claim, StepStatus.CANCELED, message, None)
        step_requeue(change, step, message, max_attempts=step.max_attempts + 1)


@steadfast
def attempt_put_off(claim: Claim, message: str, log: Iterable[LogChunk] = ()) -> None:
    """Something that the step needs is out of reach, which may be over soon: tried again, a few times, later each time.

    Raises LostLease.
    """
    with changing(run_id=claim.step.run_id) as change:
        step = _held(claim)
        change.log(log)
        if step.status == StepStatus.CANCEL_REQUESTED:
            _end(change, claim, step, StepStatus.CANCELED, step.message or "Cancelled.", None)
        elif may_restart(step.losses + 1):
            _record_untold(change, claim, step)
            _close(change, claim, StepStatus.FAILED, message, None)
            fields = {"losses": step.losses + 1, "max_attempts": step.max_attempts + 1}
            step_requeue(change, step, message, delay=put_off_delay(step.losses), **fields)
        else:
            _record_untold(change, claim, step)
            _end(change, claim, step, StepStatus.FAILED, message, None)


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
    change.set(step, message=message, started_at=None, **fields)
    change.queue([step], delay)


def steps_ask_to_end(change: Change, steps: Iterable[Step], message: str = "") -> None:
    """Ask the workers that hold any of these steps to end them; a loop ends once its iterations did."""
    from runner.executors import held

    running = [step for step in steps if step.status in HELD and step.status != StepStatus.CANCEL_REQUESTED]
    change.steps_to(running, StepStatus.CANCEL_REQUESTED, **({"message": message} if message else {}))
    held.cancel_on_commit([step.pk for step in running])


def _moved(claim: Claim, status: StepStatus, **fields: Any) -> bool:
    """Move the step on from where this worker left it; False where it was asked to end meanwhile. Raises LostLease."""
    where = {"id": claim.step.pk, "lease_token": claim.token, "status": claim.step.status}
    if update_held(Step, where, {"status": status, "command": claim.step.command, **fields}):
        return True
    claim.step.status = _held(claim).status
    return False


def _record_untold(change: Change, claim: Claim, step: Step) -> None:
    for status, at in claim.untold:
        change.record(step, status, at)
    if step is not claim.step:
        change.set(step, command=claim.step.command)


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
    change.set(
        claim.attempt,
        status=status,
        message=message,
        exit_code=exit_code,
        ended_at=change.now,
        peak_memory=claim.attempt.peak_memory,
    )
    step_id = claim.step.pk
    transaction.on_commit(lambda: wakeups.log_changed(step_id), robust=True)


def _keep(change: Change, step: Step, made: Iterable[Made]) -> dict[str, Artifact]:
    rows = [
        Artifact(workspace_id=change.run.workspace_id, run=change.run, step=step, **vars(output)) for output in made
    ]
    for artifact in map(insert_row, rows):
        change.emit("step.output", {"node": step.node_id, "artifact": artifact_summary(artifact)})
    return {artifact.output: artifact for artifact in rows}
