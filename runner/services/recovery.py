"""Putting right what was lost: messages, workers, and delays that are over."""

import os
import socket
import uuid
from collections.abc import Collection
from datetime import timedelta

import psutil
from django.db.models import Q, QuerySet
from django.utils import timezone

from runner import broker
from runner.engine.retrying import may_restart
from runner.engine.states import StepStatus
from runner.models import Attempt, Run, Step
from runner.services import clock, compute
from runner.services.attempts import step_requeue
from runner.services.changes import Change, changing

RESEND_SECONDS = 60
BATCH = 200


def queue_wake() -> int:
    """Send a message for each queued step that has none: never sent, long unanswered, or its delay just ended."""
    now = timezone.now()
    due = Q(available_at=None) | Q(available_at__lte=now)
    silent = Q(woken_at=None) | Q(woken_at__lt=now - timedelta(seconds=RESEND_SECONDS))
    steps = Step.objects.filter(due, silent, status=StepStatus.QUEUED, waits_for=None)
    steps = steps.exclude(compute__in=[found.target for found in compute.targets_waiting() if found.closed])
    found = list(steps.order_by("woken_at", "pk").values_list("pk", "compute_id")[:BATCH])
    if found:
        Step.objects.filter(pk__in=[pk for pk, _ in found], status=StepStatus.QUEUED).update(woken_at=now)
        broker.send_steps(found)
    return len(found)


def next_delay() -> float:
    """Seconds until the first delayed step is due, or a second where none is."""
    now = timezone.now()
    delayed = Step.objects.filter(status=StepStatus.QUEUED, woken_at=None, available_at__gt=now)
    first = delayed.order_by("available_at").values_list("available_at", flat=True).first()
    return min(1.0, (first - now).total_seconds()) if first else 1.0


def leases_reap(own: Collection[uuid.UUID] = ()) -> int:
    """Take back the steps whose worker stopped beating; whoever asks knows that it still holds its `own` leases.

    Leases in its name that it does not know of are taken back too: the answer to a claim may have been lost.
    """
    late = Step.objects.filter(lease_token__isnull=False, lease_until__lt=clock.now())
    return _take_back(late.exclude(lease_token__in=own) if own else late)


def recover(own_worker: str) -> int:
    """At start-up: take back what workers of this machine held that are no more, and send everything that waits."""
    held = Step.objects.filter(lease_token__isnull=False)
    workers = held.order_by().values_list("worker", flat=True).distinct()
    gone = [worker for worker in workers if worker != own_worker and is_gone(worker)]
    taken = _take_back(held.filter(worker__in=gone), blame=False)
    Step.objects.filter(status=StepStatus.QUEUED).update(woken_at=None)
    while queue_wake() == BATCH:
        pass
    return taken


def _take_back(steps: QuerySet[Step], blame: bool = True) -> int:
    taken = 0
    for pk, token in list(steps.values_list("pk", "lease_token")[:BATCH]):
        try:
            with changing(step_id=pk) as change:
                # Its worker may have renewed the lease or committed since.
                step = steps.filter(pk=pk, lease_token=token).first()
                if step is not None:
                    _lost(change, step, blame)
                    taken += 1
        except Run.DoesNotExist:
            continue
    return taken


def _lost(change: Change, step: Step, blame: bool) -> None:
    losses = step.losses + blame
    message = "The worker that ran this step vanished."
    status = StepStatus.FAILED if blame else StepStatus.CANCELED
    if step.status == StepStatus.CANCEL_REQUESTED:
        status, message = StepStatus.CANCELED, "Cancelled."
    Attempt.objects.filter(step=step, number=step.attempt).update(status=status, message=message, ended_at=change.now)
    if step.status == StepStatus.CANCEL_REQUESTED:
        change.steps_to([step], StepStatus.CANCELED, message=message, ended_at=change.now, progress=None)
    elif may_restart(losses):
        step_requeue(change, step, f"{message} It is tried again.", losses=losses, max_attempts=step.max_attempts + 1)
    else:
        message = f"The worker that ran this step vanished {losses} times; the step may take more memory than there is."
        change.steps_to([step], StepStatus.FAILED, message=message, ended_at=change.now, losses=losses, progress=None)


def worker_name(unique: str) -> str:
    """This process, as leases name it: machine, process id, and what tells it from another with the same id."""

    return f"{socket.gethostname()}_{os.getpid()}_{unique}"


def is_gone(worker: str) -> bool:
    """Whether a worker was a process of this machine that is no more. One of elsewhere is left to the reaper."""

    host, _, rest = worker.rpartition("_")[0].rpartition("_")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    return int(rest) == os.getpid() or not psutil.pid_exists(int(rest))
