"""Claims, leases and what happens when messages or workers are lost. Without threads: each step by hand."""

import socket
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from runner import broker
from runner.models import Artifact, Event, Run, Step
from runner.services import recovery
from runner.services.attempts import (
    TELL_SECONDS,
    TURN_SECONDS,
    Claim,
    LostLease,
    Made,
    attempt_claim,
    attempt_complete,
    attempt_fail,
    attempt_finalizing,
    attempt_hand_back,
    attempt_progress,
    attempt_put_off,
    attempt_running,
    attempt_tell,
    leases_renew,
)
from runner.services.cancelling import run_cancel
from runner.services.recovery import leases_reap, queue_wake, recover
from tests.runner.conftest import World, statuses, step_of


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of steps for which a message was sent, as if a worker could hear it."""
    ids: list[int] = []
    monkeypatch.setattr(broker, "reaches_workers", lambda: True)
    monkeypatch.setattr(broker, "send_steps", lambda steps: ids.extend(pk for pk, _ in steps))
    return ids


@pytest.fixture
def chain(world: World) -> Run:
    write = world.component("write", "true", outputs="o: {type: uri_file}")
    read = world.component("read", "true", inputs="i: {type: uri_file}")
    return world.submit(world.pipeline({"a": write, "b": read}, ["a.o -> b.i"]))


def claim(run: Run, node: str = "a", worker: str = "here_1_x") -> Claim:
    found = attempt_claim(step_of(run, node).pk, worker)
    assert found is not None
    return found


def started(run: Run, node: str = "a") -> Claim:
    found = claim(run, node)
    attempt_running(found, "true")
    attempt_tell(found, at_once=True)
    return found


MADE = Made("o", "uri_file", "file", False, "d" * 64, 3, "artifacts/dd/d")


def test_a_step_is_claimed_once(chain: Run) -> None:
    step_id = step_of(chain, "a").pk
    assert attempt_claim(step_id, "one") is not None
    assert attempt_claim(step_id, "two") is None  # the same message twice
    assert Step.objects.get(pk=step_id).attempts.count() == 1


def test_a_step_that_waits_cannot_be_claimed(chain: Run) -> None:
    assert attempt_claim(step_of(chain, "b").pk, "one") is None
    assert attempt_claim(10**9, "one") is None


def test_finishing_makes_the_next_ready(chain: Run) -> None:
    attempt_complete(started(chain), [MADE], 0)
    assert statuses(chain) == {"a": "Completed", "b": "Queued"}
    assert step_of(chain, "b").missing == 0


def test_whoever_lost_the_lease_commits_nothing(chain: Run) -> None:
    mine = started(chain)
    Step.objects.filter(pk=mine.step.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leases_reap() == 1
    theirs = started(chain)

    for commit in (
        lambda: attempt_complete(mine, [MADE], 0),
        lambda: attempt_fail(mine, "no"),
        lambda: attempt_hand_back(mine, "no"),
        lambda: attempt_progress(mine, 0.5),
        lambda: attempt_running(mine, "true") or attempt_tell(mine, at_once=True),
    ):
        with pytest.raises(LostLease):
            commit()
    assert not Artifact.objects.exists()
    attempt_complete(theirs, [MADE], 0)
    assert Artifact.objects.count() == 1
    assert statuses(chain)["a"] == "Completed"


def test_a_heartbeat_keeps_a_lease_and_tells_what_was_lost(chain: Run) -> None:
    held = started(chain)
    Step.objects.filter(pk=held.step.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    gone = held.step.pk + 1_000
    assert leases_renew({held.step.pk: held.token, gone: uuid.uuid4()}) == ({gone}, set())
    assert leases_reap() == 0
    run_cancel(chain)
    assert leases_renew({held.step.pk: held.token}) == (set(), {held.step.pk})


def test_nobody_reaps_what_they_hold_themselves(chain: Run) -> None:
    """After a machine slept, its leases look old though its steps go on."""
    held = started(chain)
    Step.objects.filter(pk=held.step.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leases_reap([held.token]) == 0
    assert leases_reap() == 1


def test_a_worker_reaps_what_it_does_not_know_that_it_holds(chain: Run) -> None:
    """The connection was cut between the commit of its claim and the answer."""
    held = started(chain)
    Step.objects.filter(pk=held.step.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert leases_reap([uuid.uuid4()]) == 1


def test_what_is_out_of_reach_is_tried_again_later_and_not_for_ever(chain: Run) -> None:
    delays = []
    for _ in range(3):
        attempt_put_off(started(chain), "The store could not be reached.")
        step = step_of(chain, "a")
        if step.status == "Queued":
            delays.append(round((step.available_at - timezone.now()).total_seconds()))
            Step.objects.filter(pk=step.pk).update(available_at=None)
    assert delays == [5, 20]
    assert (step.status, step.message) == ("Failed", "The store could not be reached.")


def test_a_step_that_ends_its_workers_fails_at_last(chain: Run) -> None:
    for _ in range(3):
        started(chain)
        Step.objects.filter(lease_token__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))
        leases_reap()
    assert statuses(chain) == {"a": "Failed", "b": "Skipped"}
    assert "vanished 3 times" in step_of(chain, "a").message
    chain.refresh_from_db()
    assert chain.status == "Failed"


def test_a_cancelled_step_whose_worker_vanished_ends(chain: Run) -> None:
    started(chain)
    run_cancel(chain)
    assert statuses(chain) == {"a": "CancelRequested", "b": "Canceled"}
    Step.objects.filter(lease_token__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))
    leases_reap()
    chain.refresh_from_db()
    assert (chain.status, statuses(chain)["a"]) == ("Canceled", "Canceled")


def test_a_step_that_ended_well_after_all_is_cancelled_all_the_same(chain: Run) -> None:
    held = started(chain)
    run_cancel(chain)
    attempt_complete(held, [MADE], 0)
    chain.refresh_from_db()
    assert chain.status == "Canceled"
    assert not Artifact.objects.exists()


def test_cancelling_twice_or_too_late_changes_nothing(chain: Run) -> None:
    run_cancel(chain)
    chain.refresh_from_db()
    seq = chain.event_seq
    run_cancel(chain)
    chain.refresh_from_db()
    assert (chain.status, chain.event_seq) == ("Canceled", seq)


def test_what_nobody_was_told_of_is_sent(chain: Run, sent: list[int]) -> None:
    step_id = step_of(chain, "a").pk
    assert queue_wake() == 1
    assert sent == [step_id]
    assert queue_wake() == 0  # not again at once
    Step.objects.filter(pk=step_id).update(woken_at=timezone.now() - timedelta(seconds=recovery.RESEND_SECONDS + 1))
    assert queue_wake() == 1  # but when the message seems to be lost


def test_a_delayed_step_waits_for_its_time(chain: Run, sent: list[int]) -> None:
    step = step_of(chain, "a")
    Step.objects.filter(pk=step.pk).update(available_at=timezone.now() + timedelta(hours=1))
    assert queue_wake() == 0
    assert attempt_claim(step.pk, "early") is None
    assert recovery.next_delay() == 1.0
    Step.objects.filter(pk=step.pk).update(available_at=timezone.now())
    assert queue_wake() == 1
    assert attempt_claim(step.pk, "in time") is not None


def test_a_message_is_sent_only_after_the_commit(
    world: World, sent: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    true = world.component("true", "true")
    pipeline = world.pipeline({"a": true})
    with django_capture_on_commit_callbacks(execute=True):
        run = world.submit(pipeline)
        assert sent == []
    assert sent == [step_of(run, "a").pk]


def test_a_start_takes_back_what_a_dead_worker_of_this_machine_held(chain: Run, sent: list[int]) -> None:
    held = started(chain)
    Step.objects.filter(pk=held.step.pk).update(worker=f"{socket.gethostname()}_999999999_gone")
    assert recover("me") == 1
    assert statuses(chain)["a"] == "Queued"
    assert sent == [held.step.pk]
    # It was no fault of the step's, so it has lost neither an attempt nor a life.
    step = step_of(chain, "a")
    assert (step.losses, step.max_attempts - step.attempt) == (0, 1)


def test_a_start_leaves_workers_of_other_machines_alone(chain: Run, sent: list[int]) -> None:
    held = started(chain)
    Step.objects.filter(pk=held.step.pk).update(worker="elsewhere_1_x")
    assert recover("me") == 0
    assert statuses(chain)["a"] == "Running"


def test_a_step_that_was_handed_back_keeps_its_attempts(chain: Run) -> None:
    attempt_hand_back(started(chain), "The server stopped.")
    step = step_of(chain, "a")
    assert (step.status, step.attempt, step.max_attempts) == ("Queued", 1, 2)
    assert step.attempts.get().status == "Canceled"


def test_what_needs_a_skipped_step_is_skipped_too(world: World) -> None:
    top = world.component("top", "true", outputs="o: {type: uri_file}")
    mid = world.component("mid", "true", "i: {type: uri_file}", "o: {type: uri_file}")
    nodes = {"top": top, "one": mid, "two": mid, "three": mid}
    run = world.submit(world.pipeline(nodes, ["top.o -> one.i", "one.o -> two.i", "two.o -> three.i"]))
    attempt_fail(started(run, "top"), "no")
    assert statuses(run) == {"top": "Failed", "one": "Skipped", "two": "Skipped", "three": "Skipped"}
    run.refresh_from_db()
    assert run.status == "Failed"


def test_one_step_that_two_failed_ones_feed_is_skipped_once(world: World) -> None:
    fail = world.component("fail", "exit 1", outputs="o: {type: uri_file}")
    mid = world.component(
        "mid", "true", "a: {type: uri_file}, b: {type: uri_file, optional: true}", "o: {type: uri_file}"
    )
    pipeline = world.pipeline(
        {"top": fail, "one": mid, "two": mid}, ["top.o -> one.a", "top.o -> two.a", "one.o -> two.b"]
    )
    run = world.submit(pipeline)
    attempt_fail(started(run, "top"), "no")
    run.refresh_from_db()
    assert statuses(run) == {"top": "Failed", "one": "Skipped", "two": "Skipped"}
    assert run.counts == {"Failed": 1, "Skipped": 2}


@pytest.mark.parametrize(
    "change", [{"status": "Running"}, {"lease_token": uuid.uuid4()}, {"lease_until": timezone.now()}]
)
def test_the_database_refuses_a_held_step_without_a_lease(chain: Run, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(run=chain, node_id="a").update(**change)


def test_work_per_step_does_not_grow_with_the_graph(world: World) -> None:
    write = world.component("write", "true", outputs="o: {type: uri_file}")
    read = world.component("read", "true", inputs="i: {type: uri_file}", outputs="o: {type: uri_file}")

    def queries(size: int) -> tuple[float, int, int]:
        nodes = {"n0": write, **{f"n{i}": read for i in range(1, size)}}
        pipeline = world.pipeline(nodes, [f"n{i}.o -> n{i + 1}.i" for i in range(size - 1)])
        with CaptureQueriesContext(connection) as submitting:
            run = world.submit(pipeline)
        with CaptureQueriesContext(connection) as claiming:
            held = claim(run, "n0")
            attempt_running(held, "true")
        with CaptureQueriesContext(connection) as completing:
            attempt_complete(held, [MADE], 0)
        assert not any("document" in query["sql"] for query in [*claiming, *completing])
        return len(submitting) / size, len(claiming), len(completing)

    queries(2)  # reads the components, which are then known
    small, large = queries(10), queries(200)
    assert large[1:] == small[1:]
    assert large[0] < small[0]


def test_the_end_of_a_step_begins_the_next_in_the_same_transaction(chain: Run, sent: list[int]) -> None:
    held = started(chain)
    with CaptureQueriesContext(connection) as queries:
        following = attempt_complete(held, [MADE], 0, another=True)
    assert following is not None
    assert following.step == step_of(chain, "b")
    assert statuses(chain) == {"a": "Completed", "b": "Preparing"}
    assert leases_renew({following.step.pk: following.token}) == (set(), set())
    # Nobody else is told of a step that was taken already. What is counted grows with every needless statement.
    assert following.step.pk not in sent
    assert len(queries) <= 15


def test_whoever_stays_with_a_run_lets_others_have_their_turn(chain: Run, sent: list[int]) -> None:
    held = started(chain)
    held.begun -= TURN_SECONDS + 1
    assert attempt_complete(held, [MADE], 0, another=True) is None
    assert statuses(chain)["b"] == "Queued"


def test_a_state_that_lasts_is_told_and_a_short_one_comes_with_the_end(chain: Run) -> None:
    short = claim(chain, "a")
    attempt_running(short, "true")
    assert attempt_tell(short) is not None
    assert statuses(chain)["a"] == "Preparing"
    short.tell_at -= TELL_SECONDS
    assert attempt_tell(short) is None
    assert statuses(chain)["a"] == "Running"
    attempt_finalizing(short)
    attempt_complete(short, [MADE], 0)
    told = Event.objects.filter(run=chain, type="step.status", data__node="a").order_by("seq")
    assert [event.data["status"] for event in told] == ["Queued", "Preparing", "Running", "Finalizing", "Completed"]
    assert [event.at for event in told] == sorted(event.at for event in told)
