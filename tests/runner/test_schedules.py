"""Schedules fire at each time once, whoever looks, and none is lost."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from designer.models import Pipeline
from runner.models import Run, Schedule, ScheduleFire
from runner.services.cancelling import run_cancel
from runner.services.schedules import schedule_trigger, schedules_fire, schedules_look_again
from runner.services.scheduling import (
    BadSchedule,
    StillEnabled,
    schedule_create,
    schedule_delete,
    schedule_disable,
    schedule_enable,
    schedule_update,
)
from tests.runner.conftest import World, wait_for

HOURLY = {"type": "cron", "expression": "0 * * * *"}
SOON = timedelta(seconds=1)


@pytest.fixture
def pipeline(world: World) -> Pipeline:
    true = world.component(
        "true", "true", inputs="n: {type: integer, default: 1, max: 5}, at: {type: string, default: x}"
    )
    params = {"n": "${{parent.inputs.n}}", "at": "${{parent.inputs.at}}"}
    return world.pipeline(
        {"a": {"component": true, "params": params}},
        inputs={"n": {"type": "integer", "default": 1}, "at": {"type": "string", "default": "never"}},
    )


def hourly(world: World, pipeline: Pipeline, **fields: Any) -> Schedule:
    return schedule_create(
        **{"workspace": world.workspace, "user": world.alice, "name": "hourly", "trigger": HOURLY, "pipeline": pipeline}
        | fields
    )


def first_time(schedule: Schedule) -> datetime:
    assert schedule.next_at is not None
    return schedule.next_at


def outcomes(schedule: Schedule) -> list[tuple[datetime, str]]:
    return list(schedule.fires.order_by("fire_time").values_list("fire_time", "outcome"))


def test_it_fires_at_its_time_and_not_before(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    at = first_time(schedule)
    assert at > timezone.now()
    assert schedules_fire(at - SOON) == 0
    assert schedules_fire(at) == 1
    run = Run.objects.get()
    assert run.name == run.display_name == f"hourly-{at:%Y%m%dT%H%M%SZ}"
    assert run.submitted_by == world.alice
    schedule.refresh_from_db()
    assert schedule.next_at == at + timedelta(hours=1)
    assert schedules_fire(at + SOON) == 0
    assert outcomes(schedule) == [(at, "started")]


def test_a_run_gets_what_the_schedule_says(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(
        world,
        pipeline,
        inputs={"n": 4, "at": "/data/${{ creation_context.trigger_time }}/${{other}}"},
        settings={"force_rerun": True},
        experiment_name="nights",
        run_tags={"team": "red"},
    )
    at = first_time(schedule)
    schedules_fire(at)
    run = Run.objects.get()
    assert run.inputs == {"n": 4, "at": f"/data/{at:%Y-%m-%dT%H:%M:%S}Z/${{{{other}}}}"}
    assert run.settings == {"force_rerun": True}
    assert (run.experiment_name, run.tags) == ("nights", {"team": "red"})


def test_a_job_is_run_as_it_was(world: World, pipeline: Pipeline) -> None:
    job = world.submit(pipeline, n=2)
    schedule = hourly(world, None, job=job, inputs={"at": "now"})  # type: ignore[arg-type]
    Pipeline.objects.filter(pk=pipeline.pk).update(document={**pipeline.document, "nodes": {}})
    schedules_fire(first_time(schedule))
    run = Run.objects.latest("pk")
    assert (run.document, run.inputs) == (job.document, {"n": 2, "at": "now"})


def test_the_draft_is_run_as_it_is_then(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    nodes = {**pipeline.document["nodes"], "b": {**pipeline.document["nodes"]["a"], "id": "b"}}
    Pipeline.objects.filter(pk=pipeline.pk).update(document={**pipeline.document, "nodes": nodes})
    schedules_fire(first_time(schedule))
    assert set(Run.objects.get().document["nodes"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        ("none", [(3, "missed")]),
        ("last", [(3, "started")]),
        ("all", [(0, "started"), (1, "started"), (2, "started"), (3, "started")]),
    ],
)
def test_times_at_which_nothing_ran(world: World, pipeline: Pipeline, catch_up: str, expected: Any) -> None:
    schedule = hourly(world, pipeline, catch_up=catch_up)
    at = first_time(schedule)
    schedules_fire(at + timedelta(hours=3, minutes=30))
    assert outcomes(schedule) == [(at + timedelta(hours=hours), outcome) for hours, outcome in expected]
    schedule.refresh_from_db()
    assert schedule.next_at == at + timedelta(hours=4)
    if catch_up != "all":
        number = {"none": "4", "last": "3"}[catch_up]
        assert schedule.fires.get().message == f"{number} times were missed, since no worker ran."


def test_a_time_is_skipped_while_the_run_before_goes_on(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline, overlap="skip")
    at = first_time(schedule)
    schedules_fire(at)
    schedules_fire(at + timedelta(hours=1))
    assert [outcome for _, outcome in outcomes(schedule)] == ["started", "skipped"]
    assert schedule.fires.get(outcome="skipped").message == f"{Run.objects.get().name} had not ended."
    run_cancel(Run.objects.get())
    schedules_fire(at + timedelta(hours=2))
    assert [outcome for _, outcome in outcomes(schedule)] == ["started", "skipped", "started"]


def test_times_wait_for_the_run_before_in_their_order(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline, overlap="wait")
    at = first_time(schedule)
    for hours in range(3):
        schedules_fire(at + timedelta(hours=hours))
    assert [outcome for _, outcome in outcomes(schedule)] == ["started", "waiting", "waiting"]
    for number in (1, 2):
        run_cancel(Run.objects.get(ended_at=None))
        assert schedules_fire(at + timedelta(hours=2)) == 1
        assert Run.objects.latest("pk").name == f"hourly-{at + timedelta(hours=number):%Y%m%dT%H%M%SZ}"
    assert [outcome for _, outcome in outcomes(schedule)] == ["started"] * 3


def test_times_go_on_over_each_other_where_that_is_allowed(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    at = first_time(schedule)
    for hours in range(3):
        schedules_fire(at + timedelta(hours=hours))
    assert Run.objects.filter(ended_at=None).count() == 3


def test_a_run_that_cannot_be_started_is_told_and_the_next_time_comes(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline, inputs={"n": 9})
    at = first_time(schedule)
    schedules_fire(at)
    fire = schedule.fires.get()
    assert fire.outcome == "failed"
    assert "above the largest allowed value, 5" in fire.message
    Pipeline.objects.filter(pk=pipeline.pk).update(deleted_at=timezone.now())
    schedules_fire(at + timedelta(hours=1))
    assert "in the bin" in schedule.fires.get(fire_time=at + timedelta(hours=1)).message
    assert not Run.objects.exists()


def test_disabled_it_does_not_fire_and_makes_nothing_up(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline, overlap="wait", catch_up="all")
    at = first_time(schedule)
    schedules_fire(at)
    schedules_fire(at + timedelta(hours=1))
    schedule = schedule_disable(schedule=schedule)
    assert schedules_fire(at + timedelta(hours=5)) == 0
    assert [outcome for _, outcome in outcomes(schedule)] == ["started", "skipped"]
    schedule = schedule_enable(schedule=schedule)
    # Enabled now, in the hour of the test: nothing of the past is due.
    assert first_time(schedule) > timezone.now()


def test_the_clock_may_jump_and_come_back(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    at = first_time(schedule)
    far = at + timedelta(days=300)
    schedules_fire(far)  # the clock was wrong
    assert outcomes(schedule) == [(far, "started")]
    schedules_look_again(at - SOON)  # it was put right
    assert [schedules_fire(at + timedelta(hours=hours)) for hours in range(2)] == [1, 1]
    Schedule.objects.update(next_at=far)
    assert schedules_fire(far) == 0  # this time was dealt with
    assert Run.objects.count() == 3


def test_triggered_by_hand_it_runs_besides_its_times(world: World, pipeline: Pipeline) -> None:
    schedule = schedule_disable(schedule=hourly(world, pipeline))
    fire = schedule_trigger(schedule=schedule)
    assert (fire.outcome, fire.by_hand) == ("started", True)
    assert fire.run == Run.objects.get()
    schedule.refresh_from_db()
    assert (schedule.enabled, schedule.next_at) == (False, None)


def test_what_makes_no_schedule_is_refused_in_words(world: World, pipeline: Pipeline) -> None:
    hourly(world, pipeline)
    for fields, sentence in (
        ({}, "There is a schedule `hourly` already; give another name."),
        ({"name": "b", "pipeline": None}, "A schedule runs a pipeline or a job: say one of the two."),
        ({"name": "b", "inputs": {"m": 1}}, "The pipeline has no input `m`; it has `n`, `at`."),
        (
            {"name": "b", "trigger": {**HOURLY, "end_time": "2020-01-01"}},
            "It would never fire: its end lies before its next time.",
        ),
        (
            {"name": "b", "trigger": {"type": "cron", "expression": "0 25 * * *"}},
            "`expression`: `25` is no hour of a cron expression; it takes 0 to 23, with , - / and *.",
        ),
    ):
        with pytest.raises(BadSchedule) as refused:
            hourly(world, **{"pipeline": pipeline, **fields})
        assert refused.value.sentence == sentence
    assert Schedule.objects.count() == 1


def test_a_changed_trigger_counts_from_now(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    daily = {"type": "recurrence", "frequency": "day", "schedule": {"hours": [3], "minutes": [30]}}
    changed = schedule_update(schedule=schedule, trigger=daily, description="Each night")
    assert (first_time(changed).hour, first_time(changed).minute) == (3, 30)
    assert schedule_update(schedule=changed, overlap="skip").next_at == changed.next_at


def test_only_a_disabled_one_is_deleted_and_its_runs_stay(world: World, pipeline: Pipeline) -> None:
    schedule = hourly(world, pipeline)
    schedules_fire(first_time(schedule))
    with pytest.raises(StillEnabled):
        schedule_delete(schedule=schedule)
    schedule_delete(schedule=schedule_disable(schedule=schedule))
    assert (Schedule.objects.count(), Run.objects.count()) == (0, 1)


def test_looking_costs_the_same_however_many_there_are(
    world: World, pipeline: Pipeline, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        hourly(world, pipeline, name=f"s{number}")
    with django_assert_max_num_queries(2):
        assert schedules_fire(timezone.now() - timedelta(hours=2)) == 0


def test_two_workers_that_see_it_due_run_it_once(live_world: World) -> None:
    true = live_world.component("true", "true")
    schedule = hourly(live_world, live_world.pipeline({"a": true}), catch_up="all")
    at = first_time(schedule)
    gate = threading.Barrier(4)
    faults: list[Exception] = []

    def look() -> None:
        try:
            gate.wait()
            for hours in range(3):
                schedules_fire(at + timedelta(hours=hours))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert outcomes(schedule) == [(at + timedelta(hours=hours), "started") for hours in range(3)]
    assert Run.objects.count() == ScheduleFire.objects.count() == 3


def test_a_worker_fires_what_was_due_before_it_came(live_world: World, worker: object) -> None:
    """As after a restart: the time lies in the past, and no other worker was there."""
    true = live_world.component("true", "true")
    schedule = hourly(live_world, live_world.pipeline({"a": true}))
    past = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    Schedule.objects.update(next_at=past, starts_at=past)
    run = wait_for(lambda: Run.objects.filter(ended_at__isnull=False).first())
    assert run.status == "Completed"
    # The last of those that were missed, and only that.
    assert outcomes(schedule) == [(past + timedelta(hours=2), "started")]
