"""The times of schedules, against an obvious reference: every minute looked at, one after the other."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.spec.trigger import WEEK_DAYS, trigger_of
from registry.spec.windows_zones import WINDOWS_ZONES
from registry.spec.zones import zone_of
from runner.engine.schedule import BATCH, MANY, due, next_time, times_after

START = datetime(2026, 1, 1, tzinfo=UTC)


def times(trigger: dict[str, Any], after: datetime, number: int, start: datetime = START) -> list[datetime]:
    return list(islice(times_after(trigger_of(trigger), start, after), number))


def local(trigger: dict[str, Any], after: str, number: int) -> list[str]:
    """Times of a trigger after a local time, as local times."""
    zone = zone_of(trigger.get("time_zone", "UTC"))
    found = times(trigger, datetime.fromisoformat(after).replace(tzinfo=zone).astimezone(UTC), number)
    return [moment.astimezone(zone).strftime("%m-%d %H:%M%z") for moment in found]


def cron(expression: str, **more: Any) -> dict[str, Any]:
    return {"type": "cron", "expression": expression, **more}


# Fields as a star, one value, a list, a range, a step: text and what it holds for.
def _field(low: int, high: int) -> st.SearchStrategy[tuple[str, set[int]]]:
    value = st.integers(low, high)
    return st.one_of(
        st.just(("*", set(range(low, high + 1)))),
        value.map(lambda one: (str(one), {one})),
        st.sets(value, min_size=1, max_size=4).map(lambda some: (",".join(map(str, sorted(some))), some)),
        st.tuples(value, value).map(lambda pair: (f"{min(pair)}-{max(pair)}", set(range(min(pair), max(pair) + 1)))),
        st.integers(1, 20).map(lambda step: (f"*/{step}", set(range(low, high + 1, step)))),
    )


@settings(deadline=None, max_examples=60)
@given(
    minute=_field(0, 59),
    hour=_field(0, 23),
    day=_field(1, 31),
    month=_field(1, 12),
    weekday=_field(0, 6),
    begin=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
)
def test_all_five_fields_of_cron_count(minute: Any, hour: Any, day: Any, month: Any, weekday: Any, begin: Any) -> None:
    after = begin.replace(second=0, microsecond=0, tzinfo=UTC)
    until = after + timedelta(days=8)
    expression = " ".join(field[0] for field in (minute, hour, day, month, weekday))
    try:
        trigger = trigger_of(cron(expression))
    except ValidationError:
        # No month of those has such a day.
        assert min(day[1]) > max(29 if each == 2 else 30 if each in (4, 6, 9, 11) else 31 for each in month[1])
        return
    both = day[0].startswith("*") or weekday[0].startswith("*")

    def fits(moment: datetime) -> bool:
        on_day, on_weekday = moment.day in day[1], (moment.weekday() + 1) % 7 in weekday[1]
        days = on_day and on_weekday if both else on_day or on_weekday
        return moment.minute in minute[1] and moment.hour in hour[1] and moment.month in month[1] and days

    expected = []
    moment = after + timedelta(minutes=1)
    while moment <= until and len(expected) < 20:
        if fits(moment):
            expected.append(moment)
        moment += timedelta(minutes=1)
    found = [moment for moment in islice(times_after(trigger, START, after), 20) if moment <= until]
    assert found == expected


@settings(deadline=None)
@given(
    frequency=st.sampled_from(["day", "week", "month"]),
    interval=st.integers(1, 5),
    hours=st.sets(st.integers(0, 23), min_size=1, max_size=3),
    minutes=st.sets(st.integers(0, 59), min_size=1, max_size=3),
    week_days=st.sets(st.sampled_from(WEEK_DAYS), min_size=1),
    month_days=st.sets(st.integers(1, 31), min_size=1, max_size=4),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1)),
    later=st.integers(-5, 200),
)
def test_a_recurrence_counts_from_its_start(
    frequency: str, interval: int, hours: Any, minutes: Any, week_days: Any, month_days: Any, start: Any, later: int
) -> None:
    pattern: dict[str, Any] = {"hours": sorted(hours), "minutes": sorted(minutes)}
    if frequency == "week":
        pattern["week_days"] = sorted(week_days)
    if frequency == "month":
        pattern["month_days"] = sorted(month_days)
    trigger = {"type": "recurrence", "frequency": frequency, "interval": interval, "schedule": pattern}
    first = start.replace(tzinfo=UTC)
    after = first + timedelta(days=later)

    def on(day: datetime) -> bool:
        if frequency == "day":
            return (day.date() - first.date()).days % interval == 0
        if frequency == "week":
            monday = first.date() - timedelta(days=first.weekday())
            return ((day.date() - monday).days // 7) % interval == 0 and WEEK_DAYS[day.weekday()] in week_days
        months = 12 * (day.year - first.year) + day.month - first.month
        return months % interval == 0 and day.day in month_days

    expected = []
    day = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < after + timedelta(days=400):
        if on(day):
            at = [day.replace(hour=hour, minute=minute) for hour in sorted(hours) for minute in sorted(minutes)]
            expected += [moment for moment in at if moment >= first and moment > after]
        day += timedelta(days=1)
    assert times(trigger, after, min(10, len(expected)), first) == expected[:10]


@settings(deadline=None, max_examples=50)
@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    expression=st.sampled_from(
        ["30 2 * * *", "15 1-3 * * *", "*/20 * * * *", "0 */2 * * *", "30 0 * * 0", "45 23 1 * *"]
    ),
    begin=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
)
def test_times_ascend_whatever_the_clock_does(zone: str, expression: str, begin: datetime) -> None:
    """And asked anew after each of them, the next is the same: nothing is lost or doubled between two looks."""
    trigger, after = trigger_of(cron(expression, time_zone=zone)), begin.replace(tzinfo=UTC)
    found = list(islice(times_after(trigger, START, after), 30))
    assert found == sorted(set(found))
    one_by_one = []
    for _ in range(30):
        after = next_time(trigger, START, after)  # type: ignore[assignment]
        one_by_one.append(after)
    assert one_by_one == found


def test_a_time_that_the_clock_skips_comes_when_it_goes_on() -> None:
    daily = {"type": "recurrence", "frequency": "day", "schedule": {"hours": [2], "minutes": [10, 30]}}
    for trigger in (cron("10,30 2 * * *", time_zone="Europe/Berlin"), {**daily, "time_zone": "Europe/Berlin"}):
        # On 29 March 2026, 02:00 is followed by 03:00.
        assert local(trigger, "2026-03-28T12:00", 3) == ["03-29 03:00+0200", "03-30 02:10+0200", "03-30 02:30+0200"]


def test_a_time_that_comes_twice_fires_the_first_time() -> None:
    daily = {"type": "recurrence", "frequency": "day", "schedule": {"hours": [2], "minutes": [30]}}
    for trigger in (cron("30 2 * * *", time_zone="Europe/Berlin"), {**daily, "time_zone": "Europe/Berlin"}):
        # On 25 October 2026, 03:00 is followed by 02:00.
        assert local(trigger, "2026-10-24T12:00", 2) == ["10-25 02:30+0200", "10-26 02:30+0100"]


def test_every_so_many_minutes_goes_on_through_both() -> None:
    assert local(cron("*/30 * * * *", time_zone="Europe/Berlin"), "2026-10-25T01:30", 4) == [
        "10-25 02:00+0200", "10-25 02:30+0200", "10-25 02:00+0100", "10-25 02:30+0100",
    ]  # fmt: skip


def test_a_recurrence_without_a_pattern_keeps_its_starts_time_of_day() -> None:
    trigger = {
        "type": "recurrence", "frequency": "week", "interval": 2, "start_time": "2026-03-02T09:15:00",
        "time_zone": "W. Europe Standard Time",
    }  # fmt: skip
    assert local(trigger, "2026-03-01T00:00", 3) == ["03-02 09:15+0100", "03-16 09:15+0100", "03-30 09:15+0200"]


def test_hours_are_counted_on_the_clock_that_never_changes() -> None:
    trigger = {"type": "recurrence", "frequency": "hour", "interval": 6, "start_time": "2026-03-29T00:00:00",
               "time_zone": "Europe/Berlin"}  # fmt: skip
    assert local(trigger, "2026-03-28T00:00", 3) == ["03-29 00:00+0100", "03-29 07:00+0200", "03-29 13:00+0200"]


def test_the_31st_leaves_short_months_out() -> None:
    pattern = {"hours": [0], "minutes": [0], "month_days": [31]}
    trigger = {"type": "recurrence", "frequency": "month", "schedule": pattern}
    assert [day[:5] for day in local(trigger, "2026-01-01T00:00", 4)] == ["01-31", "03-31", "05-31", "07-31"]
    never = trigger_of({**trigger, "interval": 12})
    assert next_time(never, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)) is None


def test_start_and_end_bound_it() -> None:
    trigger = cron("0 12 * * *", start_time="2026-05-02", end_time="2026-05-04T12:00:00Z")
    found = times(trigger, START, 10)
    assert [moment.day for moment in found] == [2, 3, 4]


# From here on: a time an hour, on the hour.
HOURLY = trigger_of(cron("0 * * * *"))
EIGHT = datetime(2026, 5, 1, 8, tzinfo=UTC)


def hours(*numbers: int) -> tuple[datetime, ...]:
    return tuple(EIGHT.replace(hour=number) for number in numbers)


@pytest.mark.parametrize("catch_up", ["none", "last", "all"])
def test_what_is_due_now_fires_whatever_the_policy(catch_up: str) -> None:
    todo = due(HOURLY, START, EIGHT, EIGHT + timedelta(seconds=1), catch_up)
    assert (todo.fire, todo.missed, todo.next) == (hours(8), 0, hours(9)[0])


def test_missed_times_are_let_go_made_up_for_once_or_all() -> None:
    now = EIGHT.replace(hour=11, minute=30)
    none, last, all_ = (due(HOURLY, START, EIGHT, now, policy) for policy in ("none", "last", "all"))
    assert (none.fire, none.missed, none.last_missed) == ((), 4, hours(11)[0])
    assert (last.fire, last.missed) == (hours(11), 3)
    assert (all_.fire, all_.missed) == (hours(8, 9, 10, 11), 0)
    assert none.next == last.next == all_.next == hours(12)[0]


def test_a_long_absence_is_made_up_for_in_parts() -> None:
    minutely = trigger_of(cron("* * * * *"))
    now = EIGHT + timedelta(days=30)
    fired: list[datetime] = []
    todo = due(minutely, START, EIGHT, now, "all")
    assert len(todo.fire) == BATCH
    while todo.fire:
        fired += todo.fire
        assert todo.next is not None
        todo = due(minutely, START, todo.next, min(now, todo.next + timedelta(hours=2)), "all")
        if len(fired) > 500:
            break
    assert fired == [EIGHT + timedelta(minutes=number) for number in range(len(fired))]
    last = due(minutely, START, EIGHT, now + timedelta(seconds=90), "none")
    assert (last.missed, last.last_missed) == (MANY, now)


def test_windows_names_are_zones_of_this_machine() -> None:
    assert [zone_of(name) for name in WINDOWS_ZONES] == [ZoneInfo(zone) for zone in WINDOWS_ZONES.values()]
    assert zone_of("pacific standard time") == ZoneInfo("America/Los_Angeles")


def _faults() -> Iterator[tuple[dict[str, Any], str]]:
    yield cron("* * * *"), "has 4 fields"
    yield cron("* 24 * * *"), "`24` is no hour"
    yield cron("* * 0 * *"), "`0` is no day of the month"
    yield cron("* * * * MOO"), "`MOO` is no day of the week"
    yield cron("0 0 30 2 *"), "never comes"
    yield cron("* * * * *", time_zone="Europe/Berln"), "did you mean `Europe/Berlin`?"
    yield cron("* * * * *", time_zone="../etc/passwd"), "there is no time zone"
    yield cron("* * * * *", start_time="tomorrow"), "`tomorrow` is no time"
    yield cron("* * * * *", start_time="2026-02-01", end_time="2026-01-01"), "end_time lies before start_time"
    yield {"type": "recurrence", "frequency": "year"}, "frequency"
    yield {"type": "recurrence", "frequency": "day", "interval": 0}, "interval"
    pattern = {"hours": 1, "minutes": 1}
    yield {"type": "recurrence", "frequency": "hour", "schedule": pattern}, "has no meaning"
    yield (
        {"type": "recurrence", "frequency": "day", "schedule": {**pattern, "week_days": ["monday"]}},
        "every week only",
    )
    yield {"type": "recurrence", "frequency": "week", "schedule": {**pattern, "month_days": [1]}}, "every month only"
    yield {"type": "event"}, "`cron` or `recurrence`"


@pytest.mark.parametrize(("trigger", "sentence"), list(_faults()))
def test_what_is_no_trigger_is_refused_in_words(trigger: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        trigger_of(trigger)
    assert sentence in str(refused.value)
