"""When schedules fire: the times of a trigger, and what becomes of times that nobody was there for.

All moments are in UTC; triggers are read in their own zone. A time of day that the clock skips in spring fires when the
clock goes on; one that comes twice in autumn fires the first time. Cron expressions whose minute or hour begins with a
star go on minute by minute, as Debian's cron has it.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice, takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from registry.spec.trigger import WEEK_DAYS, CronTrigger, RecurrenceTrigger, Trigger

ON_TIME = timedelta(seconds=60)
"""A time is missed when nobody was there for it this long."""

BATCH = 100
"""How many times are fired at once; the others follow."""

MANY = 1000
"""Missed times are counted up to here."""

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_BARREN = 500
"""After so many months without such a day there is none any more."""


class CatchUp(StrEnum):
    """What becomes of the times that were missed, because no worker ran."""

    NONE = "none"
    LAST = "last"
    ALL = "all"


class Overlap(StrEnum):
    """What becomes of a time at which the schedule's last run has not ended."""

    ALLOW = "allow"
    SKIP = "skip"
    WAIT = "wait"


CATCH_UP_WORDS = {CatchUp.LAST: "run once", CatchUp.NONE: "let them go", CatchUp.ALL: "run each of them"}
OVERLAP_WORDS = {
    Overlap.ALLOW: "run beside it",
    Overlap.SKIP: "leave this time out",
    Overlap.WAIT: "wait until it has ended",
}


def times_after(trigger: Trigger, start: datetime, after: datetime) -> Iterator[datetime]:
    """The times of a trigger, ascending, later than `after`, not before `start` (which stands where it says none)."""
    first = trigger.start or start
    last = after
    for moment in _from(trigger, first, max(after, first - timedelta(microseconds=1))):
        if trigger.end is not None and moment > trigger.end:
            return
        if moment > last and moment >= first:
            last = moment
            yield moment


def next_time(trigger: Trigger, start: datetime, after: datetime) -> datetime | None:
    return next(times_after(trigger, start, after), None)


@dataclass(frozen=True)
class Due:
    """What a schedule is to do now: times to fire, how many were missed and let go, the last of these, what is next."""

    fire: tuple[datetime, ...]
    missed: int
    last_missed: datetime | None
    next: datetime | None


def due(trigger: Trigger, start: datetime, expected: datetime, now: datetime, catch_up: str) -> Due:
    """What to do at `now`, when `expected` is the first time that was not looked at yet."""
    before = expected - timedelta(microseconds=1)
    coming = times_after(trigger, start, before)
    if catch_up == CatchUp.ALL:
        found = tuple(islice(takewhile(lambda moment: moment <= now, coming), BATCH))
        return Due(found, 0, None, next_time(trigger, start, found[-1] if found else max(before, now)))
    on_time = tuple(takewhile(lambda moment: moment <= now, times_after(trigger, start, max(before, now - ON_TIME))))
    missed, last_missed = 0, None
    for moment in takewhile(lambda moment: moment <= now - ON_TIME, coming):
        missed, last_missed = missed + 1, moment
        if missed >= MANY:
            last_missed = _last(trigger, start, now - ON_TIME) or moment
            break
    following = next_time(trigger, start, max(before, now))
    if catch_up == CatchUp.LAST and last_missed is not None and not on_time:
        return Due((last_missed,), missed - 1, None, following)
    return Due(on_time, missed, last_missed, following)


def _last(trigger: Trigger, start: datetime, until: datetime) -> datetime | None:
    """The last time up to `until`, looked for from near to far."""
    for days in (1 / 24, 1, 32, 400, 4000):
        found = None
        for moment in takewhile(lambda moment: moment <= until, _after_days(trigger, start, until, days)):
            found = moment
        if found is not None:
            return found
    return None


def _after_days(trigger: Trigger, start: datetime, until: datetime, days: float) -> Iterator[datetime]:
    return times_after(trigger, start, until - timedelta(days=days))


def _from(trigger: Trigger, first: datetime, after: datetime) -> Iterator[datetime]:
    match trigger:
        case CronTrigger():
            return (moment.astimezone(UTC) for moment in CronSim(trigger.expression, after.astimezone(trigger.zone)))
        case RecurrenceTrigger(frequency=frequency) if frequency in _UNITS:
            return _steps(first, trigger.interval * _UNITS[frequency], after)
    return _moments(trigger, first, after)


def _steps(first: datetime, step: timedelta, after: datetime) -> Iterator[datetime]:
    number = max(0, (after - first) // step)
    while True:
        yield first + number * step
        number += 1


def _moments(trigger: RecurrenceTrigger, first: datetime, after: datetime) -> Iterator[datetime]:
    local = first.astimezone(trigger.zone)
    pattern = trigger.schedule
    if pattern is None:
        times = [local.time()]
    else:
        times = [time(hour, minute) for hour in sorted(set(pattern.hours)) for minute in sorted(set(pattern.minutes))]
    for day in _days(trigger, local.date(), after.astimezone(trigger.zone).date() - timedelta(days=1)):
        yield from sorted({_instant(datetime.combine(day, at), trigger.zone) for at in times})


def _days(trigger: RecurrenceTrigger, first: date, after: date) -> Iterator[date]:
    """The days on which it fires, from `after` or somewhat before on."""
    pattern, interval = trigger.schedule, trigger.interval
    if trigger.frequency == "day":
        for number in count(max(0, (after - first).days // interval)):
            yield first + timedelta(days=number * interval)
    elif trigger.frequency == "week":
        monday = first - timedelta(days=first.weekday())
        named = pattern.week_days if pattern and pattern.week_days else [WEEK_DAYS[first.weekday()]]
        for number in count(max(0, (after - monday).days // (7 * interval))):
            for day in sorted(WEEK_DAYS.index(name) for name in named):
                yield monday + timedelta(days=number * 7 * interval + day)
    else:
        yield from _month_days(
            pattern.month_days if pattern and pattern.month_days else [first.day], interval, first, after
        )


def _month_days(named: list[int], interval: int, first: date, after: date) -> Iterator[date]:
    """The days of months that have them: the 31st leaves short months out, as in Azure ML."""
    begin, barren = 12 * first.year + first.month - 1, 0
    for number in count(max(0, (12 * after.year + after.month - 1 - begin) // interval)):
        year, month = divmod(begin + number * interval, 12)
        if year > 9998 or barren > _BARREN:
            return
        length = calendar.monthrange(year, month + 1)[1]
        found = [date(year, month + 1, day) for day in sorted(set(named)) if day <= length]
        barren = 0 if found else barren + 1
        yield from found


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """A local time as a moment; one that the clock skips is when the clock goes on."""
    moment = local.replace(tzinfo=zone, fold=0)
    while moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        moment += timedelta(minutes=1)
    return moment.astimezone(UTC)
