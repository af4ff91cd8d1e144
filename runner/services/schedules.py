"""Firing schedules: in every worker, at each time once, and none that was missed without a word.

A time is dealt with in one transaction: its row (`ScheduleFire`, one a time), its run, and the schedule's next time. So
two workers that see the same schedule due cannot both run it, and one that dies leaves it due.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from designer.models import Pipeline
from registry.refusal import Refusal
from registry.spec.trigger import trigger_of
from registry.spec.values import BINDING
from runner.engine.schedule import MANY, Due, Overlap, due, next_time
from runner.models import Run, Schedule, ScheduleFire
from runner.services.changes import turn
from runner.services.describing import RunDetails
from runner.services.submit import run_submit

BATCH = 50
log = logging.getLogger("portline.schedules")
TRIGGER_TIME = "creation_context.trigger_time"
Outcome = ScheduleFire.Outcome


class CannotTrigger(Refusal):
    code = "cannot_trigger"


def schedules_fire(now: datetime | None = None) -> int:
    """Start what is due, and what waited for a run that has ended meanwhile; answers how many runs were started."""
    now = now or timezone.now()
    ready = Schedule.objects.filter(enabled=True, next_at__lte=now).order_by("next_at")
    held = ScheduleFire.objects.filter(outcome=Outcome.WAITING).order_by().values_list("schedule", flat=True).distinct()
    started = 0
    for deal_with, found in ((partial(_fire, now=now), ready.values_list("pk", flat=True)), (_let_go, held)):
        for pk in list(found[:BATCH]):
            try:
                started += deal_with(pk)
            except DatabaseError:
                raise
            except Exception:
                log.exception("schedule %d could not be fired; tried again", pk)
    return started


def schedules_look_again(now: datetime | None = None) -> None:
    """Find the next times anew, after the clock was put back: what it showed before is not to silence a schedule."""
    now = now or timezone.now()
    for schedule in Schedule.objects.filter(enabled=True, next_at__gt=now):
        following = next_time(trigger_of(schedule.trigger), schedule.starts_at, now)
        if following is not None and schedule.next_at is not None and following < schedule.next_at:
            Schedule.objects.filter(pk=schedule.pk, next_at=schedule.next_at).update(next_at=following)


def schedule_trigger(*, schedule: Schedule) -> ScheduleFire:
    """Run it now, besides its times, and also while it is disabled. Raises CannotTrigger, and as `run_submit` does."""
    now = timezone.now().replace(microsecond=0)
    with turn(), transaction.atomic():
        locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if locked.fires.filter(fire_time=now).exists():
            raise CannotTrigger("It was triggered in this very second already.")
        fire = ScheduleFire(schedule=locked, fire_time=now, outcome=Outcome.STARTED, by_hand=True)
        fire.run = _submit(locked, now)
        fire.save()
        return fire


def run_name_of(schedule: Schedule, moment: datetime) -> str:
    """What a run is called: `nightly-20260501T060000Z`, as in Azure ML."""
    return f"{schedule.name}-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _fire(pk: int, now: datetime) -> int:
    with turn(), transaction.atomic():
        found = Schedule.objects.select_for_update(skip_locked=True)
        schedule = found.filter(pk=pk, enabled=True, next_at__lte=now).first()
        if schedule is None or schedule.next_at is None:
            return 0
        todo = due(trigger_of(schedule.trigger), schedule.starts_at, schedule.next_at, now, schedule.catch_up)
        if todo.last_missed is not None and not todo.fire:
            _note(schedule, todo.last_missed, Outcome.MISSED, _missed(todo))
        started = 0
        for moment in todo.fire:
            first = _missed(todo) if moment == todo.fire[0] and todo.missed else ""
            started += _at(schedule, moment, first)
        Schedule.objects.filter(pk=pk).update(next_at=todo.next)
        return started


def _missed(todo: Due) -> str:
    number = f"{MANY} or more" if todo.missed >= MANY else str(todo.missed)
    times = "time was" if todo.missed == 1 else "times were"
    return f"{number} {times} missed, since no worker ran."


def _note(schedule: Schedule, moment: datetime, outcome: str, message: str = "") -> bool:
    """Keep what came of a time; False where it was dealt with before, as after the clock was put back."""
    _, made = ScheduleFire.objects.get_or_create(
        schedule=schedule, fire_time=moment, defaults={"outcome": outcome, "message": message}
    )
    return made


def _at(schedule: Schedule, moment: datetime, message: str) -> int:
    """Deal with one time; answers the number of runs that it started."""
    running = _running(schedule) if schedule.overlap != Overlap.ALLOW else None
    if running is not None and schedule.overlap == Overlap.SKIP:
        _note(schedule, moment, Outcome.SKIPPED, f"{message} {running.name} had not ended.".strip())
        return 0
    waits = schedule.overlap == Overlap.WAIT and (running or schedule.fires.filter(outcome=Outcome.WAITING).exists())
    if not _note(schedule, moment, Outcome.WAITING, message) or waits:
        return 0
    return _start(schedule, schedule.fires.get(fire_time=moment))


def _let_go(pk: int) -> int:
    """Start the first time that waits, if nothing of its schedule runs any more."""
    with turn(), transaction.atomic():
        schedule = Schedule.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if schedule is None or _running(schedule) is not None:
            return 0
        fire = schedule.fires.filter(outcome=Outcome.WAITING).order_by("fire_time").first()
        return _start(schedule, fire) if fire else 0


def _running(schedule: Schedule) -> Run | None:
    return Run.objects.filter(fires__schedule=schedule, ended_at=None).only("name").first()


def _start(schedule: Schedule, fire: ScheduleFire) -> int:
    try:
        with transaction.atomic():
            fire.run = _submit(schedule, fire.fire_time)
        fire.outcome = Outcome.STARTED
    except Refusal as refused:
        fire.outcome, fire.message = Outcome.FAILED, f"{fire.message} {refused.sentence}".strip()
    fire.save(update_fields=["run", "outcome", "message"])
    return int(fire.outcome == Outcome.STARTED)


def _submit(schedule: Schedule, moment: datetime) -> Run:
    """Raises Refusal."""
    if schedule.pipeline is None:
        raise CannotTrigger("The pipeline that it runs was deleted.")
    name = run_name_of(schedule, moment)
    at = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    try:
        run, _ = run_submit(
            pipeline=schedule.pipeline,
            user=schedule.created_by,
            request_id=uuid.uuid5(uuid.NAMESPACE_OID, f"schedule {schedule.pk} {at}"),
            inputs=_filled(schedule.inputs, at),
            document=schedule.document,
            settings=schedule.settings,
            details=RunDetails(
                name=name,
                display_name=name,
                experiment_name=_filled(schedule.experiment_name, at) or None,
                tags=_filled(schedule.run_tags, at) or None,
            ),
        )
    except Pipeline.DoesNotExist:
        raise CannotTrigger("The pipeline that it runs is in the bin; restore it, or delete the schedule.") from None
    return run


def _filled(value: Any, at: str) -> Any:
    """`${{creation_context.trigger_time}}` as the time at which it fires, wherever it stands."""
    if isinstance(value, Mapping):
        return {key: _filled(each, at) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, at) for each in value]
    if isinstance(value, str):
        return BINDING.sub(lambda found: at if found[1] == TRIGGER_TIME else found[0], value)
    return value
