"""Making and changing schedules."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from pydantic import ValidationError

from designer.models import Pipeline
from registry.models import User, Workspace
from registry.refusal import Refusal
from registry.spec.trigger import Trigger, trigger_of
from runner.engine.schedule import next_time
from runner.models import Run, Schedule


class BadSchedule(Refusal):
    """`field` says which field of the schedule is meant."""

    code = "bad_schedule"
    status = 422

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class StillEnabled(Refusal):
    code = "still_enabled"


CHANGEABLE = (
    "display_name", "description", "tags", "inputs", "settings", "experiment_name", "run_tags", "catch_up", "overlap",
)  # fmt: skip


def read_trigger(data: Any) -> Trigger:
    """A trigger as it was sent. Raises BadSchedule with a sentence."""
    try:
        return trigger_of(data)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        names = [str(part) for part in found["loc"] if part not in ("cron", "recurrence")]
        message = str(found["msg"]).removeprefix("Value error, ")
        subject = f"`{'.'.join(names)}`: " if names else ""
        raise BadSchedule(f"{subject}{message[:1].lower() + message[1:]}.", names[-1] if names else "trigger") from None


def schedule_create(
    *,
    workspace: Workspace,
    user: User | None,
    name: str,
    trigger: Any,
    pipeline: Pipeline | None = None,
    job: Run | None = None,
    enabled: bool = True,
    **fields: Any,
) -> Schedule:
    """A schedule that runs a pipeline's draft, or a job's graph as it was. `fields` are those of CHANGEABLE.

    Raises BadSchedule.
    """
    now = timezone.now()
    schedule = Schedule(workspace=workspace, name=name, created_by=user, enabled=enabled)
    schedule.starts_at = now.replace(second=0, microsecond=0)
    _runs(schedule, pipeline, job)
    _change(schedule, fields)
    _retime(schedule, trigger, now)
    try:
        with transaction.atomic():
            schedule.save()
    except IntegrityError:
        raise BadSchedule(f"There is a schedule `{name}` already; give another name.", "name") from None
    return schedule


@transaction.atomic
def schedule_update(
    *, schedule: Schedule, trigger: Any = None, pipeline: Pipeline | None = None, job: Run | None = None, **fields: Any
) -> Schedule:
    """Change what is given. A changed trigger counts from now, unless it says its start. Raises BadSchedule."""
    locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if pipeline is not None or job is not None:
        _runs(locked, pipeline, job)
    _change(locked, fields)
    if trigger is not None and trigger != locked.trigger:
        locked.starts_at = timezone.now().replace(second=0, microsecond=0)
        _retime(locked, trigger, timezone.now())
    locked.save()
    return locked


@transaction.atomic
def schedule_enable(*, schedule: Schedule) -> Schedule:
    """Let it fire from now on; the times that passed while it was disabled are not made up for."""
    locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if not locked.enabled:
        locked.enabled = True
        locked.next_at = next_time(trigger_of(locked.trigger), locked.starts_at, timezone.now())
        locked.save()
    return locked


@transaction.atomic
def schedule_disable(*, schedule: Schedule) -> Schedule:
    """Let it fire no more. Runs that it started go on; times that wait for one are given up."""
    locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
    locked.enabled, locked.next_at = False, None
    locked.save()
    locked.fires.filter(outcome="waiting").update(outcome="skipped", message="The schedule was disabled.")
    return locked


def schedule_delete(*, schedule: Schedule) -> None:
    """Raises StillEnabled; the runs that it started stay."""
    if schedule.enabled:
        raise StillEnabled(f"The schedule `{schedule.name}` is enabled. Disable it first, then it can be deleted.")
    schedule.delete()


def _runs(schedule: Schedule, pipeline: Pipeline | None, job: Run | None) -> None:
    if (pipeline is None) == (job is None):
        raise BadSchedule("A schedule runs a pipeline or a job: say one of the two.", "pipeline")
    if job is not None and job.pipeline is None:
        raise BadSchedule(f"The pipeline of the job `{job.name}` was deleted; schedule another one.", "job")
    schedule.pipeline = job.pipeline if job is not None else pipeline
    schedule.document, schedule.job_name = (job.document, job.name) if job is not None else (None, "")
    if job is not None:
        schedule.inputs = job.inputs


def _change(schedule: Schedule, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name not in CHANGEABLE:
            raise TypeError(f"{name} of a schedule is not changed so")
        merged = {**schedule.inputs, **value} if name == "inputs" and schedule.document else value
        setattr(schedule, name, merged)
    known = (schedule.document or schedule.pipeline.document)["inputs"] if schedule.pipeline else {}
    unknown = sorted(set(schedule.inputs) - set(known))
    if unknown:
        hint = f"it has {', '.join(f'`{each}`' for each in known)}." if known else "it has none."
        raise BadSchedule(f"The pipeline has no input `{unknown[0]}`; {hint}", "inputs")


def _retime(schedule: Schedule, trigger: Any, now: datetime) -> None:
    read = read_trigger(trigger)
    schedule.trigger = read.model_dump(exclude_none=True)
    # The time of its making itself does not count: an hourly one fires first an hour later.
    following = next_time(read, schedule.starts_at, max(now, schedule.starts_at))
    if following is None:
        raise BadSchedule("It would never fire: its end lies before its next time.", "end_time")
    schedule.next_at = following if schedule.enabled else None
