"""Reading schedules: what the API and pages show. Every function here costs a fixed number of queries."""

from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from registry.models import Workspace
from registry.spec.trigger import Trigger, trigger_of
from runner.engine.schedule import times_after
from runner.models import Schedule, ScheduleFire

PREVIEWED = 5
SHOWN_FIRES = 20


def schedules_of(workspace: Workspace) -> QuerySet[Schedule]:
    """The schedules of a workspace by name, without graphs."""
    found = Schedule.objects.filter(workspace=workspace).select_related("pipeline", "created_by")
    return found.defer("document", "pipeline__document")


def find_schedule(workspace: Workspace, name: str) -> Schedule:
    """Raises Http404."""
    found = schedules_of(workspace).filter(name=name).first()
    if found is None:
        raise Http404("There is no such schedule.")
    return found


def fires_of(schedule: Schedule) -> QuerySet[ScheduleFire]:
    """Its times, the newest first, with their runs."""
    return schedule.fires.select_related("run").defer("run__document")


def upcoming(trigger: Trigger, start: datetime, after: datetime | None = None) -> list[datetime]:
    """The next five times."""
    return list(islice(times_after(trigger, start, after or max(timezone.now(), start)), PREVIEWED))


def schedule_summary(schedule: Schedule) -> dict[str, Any]:
    """A schedule as lists show it."""
    by, pipeline = schedule.created_by, schedule.pipeline
    told = (
        "name", "display_name", "description", "tags", "enabled", "next_at", "trigger", "inputs", "settings",
        "experiment_name", "run_tags", "catch_up", "overlap", "created_at", "updated_at",
    )  # fmt: skip
    return {
        **{name: getattr(schedule, name) for name in told},
        "pipeline": {"id": pipeline.pk, "name": pipeline.name} if pipeline else None,
        "job": schedule.job_name or None,
        "created_by": {"id": by.pk, "name": by.shown_name} if by else None,
    }


def schedule_detail(schedule: Schedule) -> dict[str, Any]:
    """With its next times, and the newest of those that came. One query."""
    coming = upcoming(trigger_of(schedule.trigger), schedule.starts_at) if schedule.enabled else []
    fires = [fire_summary(fire) for fire in fires_of(schedule)[:SHOWN_FIRES]]
    return {**schedule_summary(schedule), "upcoming": coming, "fires": fires}


def fire_summary(fire: ScheduleFire) -> dict[str, Any]:
    return {
        "fire_time": fire.fire_time,
        "outcome": fire.outcome,
        "message": fire.message,
        "by_hand": fire.by_hand,
        "job": fire.run.name if fire.run else None,
        "job_status": fire.run.status if fire.run else None,
    }
