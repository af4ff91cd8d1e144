"""Which compute target a step runs on, and what a target has room for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from designer.graph.problems import Problem
from registry.models import ComputeTarget
from runner import broker
from runner.engine.placement import CannotPlace, Limits, Place, Target, ask_of, place
from runner.engine.planning import PlannedStep
from runner.engine.states import StepStatus
from runner.models import Step, Worker

GONE_SECONDS = 15.0
"""A worker that has not beaten for so long is gone."""

HELD = Q(lease_token__isnull=False)


def steps_place(
    workspace_id: int, steps: Iterable[PlannedStep], pipeline_settings: Mapping[str, Any]
) -> tuple[dict[str, Place], dict[str, list[Problem]]]:
    """Where each step runs, by node, and the problems of those that fit nowhere.

    Costs one query, and none where nothing is asked for.
    """
    targets: list[Target] | None = None
    places: dict[str, Place] = {}
    problems: dict[str, list[Problem]] = {}
    for step in steps:
        try:
            ask = ask_of(step.settings, pipeline_settings)
            if targets is None and not ask.anywhere:
                targets = [_target(row) for row in ComputeTarget.objects.filter(workspace=workspace_id)]
            places[step.node] = place(ask, targets or ())
        except CannotPlace as error:
            problem: Problem = {
                "node": step.node,
                "field": error.field,
                "code": "compute",
                "severity": "error",
                "message": str(error),
            }
            problems[step.node] = [problem]
    return places, problems


def _target(row: ComputeTarget) -> Target:
    limits = Limits(row.cpu, row.memory, row.gpus)
    return Target(row.pk, row.name, row.labels, limits, archived=row.archived_at is not None)


def room_for(compute_id: int | None) -> bool:
    """Within the transaction in which a step is to be taken: whether its target may run one more.

    Whoever takes a step of a target with `max_steps` waits for the others who do, by the target's row lock.
    """
    if compute_id is None:
        return True
    # Read by all who insert steps, so the lock is one that lets them.
    limited = ComputeTarget.objects.select_for_update(no_key=True).filter(pk=compute_id, max_steps__isnull=False)
    most = limited.values_list("max_steps", flat=True).first()
    return most is None or Step.objects.filter(HELD, compute=compute_id).count() < most


def wake_on_commit(steps: Iterable[Step]) -> None:
    """These steps are held no longer: once that is committed, others of their targets may begin."""
    targets = {step.compute_id for step in steps if step.compute_id is not None}
    if targets:
        transaction.on_commit(lambda: wake_where_room(targets), robust=True)


def wake_where_room(targets: Iterable[int]) -> None:
    """Send, for each target with `max_steps`, as many of its queued steps as it has room for, the oldest first."""
    limited = ComputeTarget.objects.filter(pk__in=list(targets), max_steps__isnull=False).annotate(running=_held())
    for target in limited:
        room = (target.max_steps or 0) - target.running
        if room > 0:
            _wake(due_steps().filter(compute=target).order_by("pk")[:room])


def _wake(steps: QuerySet[Step]) -> None:
    found = list(steps.values_list("pk", "compute_id"))
    if found and broker.reaches_workers():
        Step.objects.filter(pk__in=[pk for pk, _ in found], status=StepStatus.QUEUED).update(woken_at=timezone.now())
        broker.send_steps(found)


def due_steps() -> QuerySet[Step]:
    """Steps that could begin now, had somebody a place for them."""
    due = Q(available_at=None) | Q(available_at__lte=timezone.now())
    return Step.objects.filter(due, status=StepStatus.QUEUED, waits_for=None)


@dataclass(frozen=True)
class Waiting:
    """A target that has queued steps."""

    target: int
    name: str
    served: bool
    full: bool

    @property
    def closed(self) -> bool:
        """Whether none of its steps can begin now."""
        return self.full or not self.served


def targets_waiting() -> list[Waiting]:
    """The targets for which steps are queued. One query."""
    queued = Step.objects.filter(compute=OuterRef("pk"), status=StepStatus.QUEUED)
    rows = ComputeTarget.objects.filter(Exists(queued)).annotate(running=_held(), served=Exists(_alive_workers()))
    return [
        Waiting(row.pk, row.name, row.served, row.max_steps is not None and row.running >= row.max_steps)
        for row in rows
    ]


def _held() -> Any:
    held = Step.objects.filter(HELD, compute=OuterRef("pk")).order_by().values("compute")
    return Coalesce(Subquery(held.annotate(number=Count("pk")).values("number")), 0)


def _alive_workers() -> QuerySet[Worker]:
    since = timezone.now() - timedelta(seconds=GONE_SECONDS)
    return Worker.objects.filter(targets=OuterRef("pk"), beat_at__gt=since, stopping=False)
