"""A step that was run before is answered from then: what counts as the same, and what is done only once."""

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry import store
from registry.models import ComputeTarget
from runner import rows
from runner.models import Artifact, Attempt, CacheEntry, Run, Step
from runner.services.reuse import waiting_release_overdue
from runner.worker import Worker
from tests.runner.conftest import World, finish, signed_in, statuses, wait_for

FILE = "o: {type: uri_file}"


def chain(world: World, **settings: Any) -> Any:
    """first -> second -> third; the first writes its parameter, the second only whether there is something."""
    first = world.component("first", "echo ${{inputs.word}} > ${{outputs.o}}", "word: {type: string}", FILE)
    second = world.component("second", "wc -l < ${{inputs.i}} > ${{outputs.o}}", "i: {type: uri_file}", FILE)
    third = world.component("third", "echo read; cat ${{inputs.i}} > ${{outputs.o}}", "i: {type: uri_file}", FILE)
    nodes = {"first": {"component": first, "params": {"word": "a"}}, "second": second, "third": third}
    return world.pipeline(nodes, ["first.o -> second.i", "second.o -> third.i"], settings=settings)


def set_word(pipeline: Any, word: str) -> None:
    pipeline.document["nodes"]["first"]["params"]["word"] = word
    pipeline.save()


def reused(run: Run) -> dict[str, bool]:
    return dict(Step.objects.filter(run=run).values_list("node_id", "reused"))


def test_an_unchanged_pipeline_ends_within_its_submit(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world)
    before = finish(live_world.submit(pipeline))
    again = live_world.submit(pipeline)
    assert again.status == "Completed"
    assert reused(again) == {"first": True, "second": True, "third": True}
    assert Attempt.objects.filter(step__run=again).count() == 0
    made = [list(Artifact.objects.filter(run=run).values_list("output", "digest")) for run in (before, again)]
    assert made[0] == made[1]
    assert list(again.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, again.event_seq + 1))


def test_a_changed_step_whose_result_stays_lets_what_is_below_be_reused(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world)
    finish(live_world.submit(pipeline))
    set_word(pipeline, "b")
    run = finish(live_world.submit(pipeline))
    assert reused(run) == {"first": False, "second": False, "third": True}


def test_a_step_says_from_where_it_was_reused_or_why_not(live_world: World, worker: Worker) -> None:
    client = Client()
    client.force_login(live_world.alice)
    pipeline = chain(live_world)
    before = finish(live_world.submit(pipeline))

    def reuse_of(run: Run, node: str) -> Any:
        return client.get(f"/api/v1/workspaces/main/runs/{run.pk}/steps/{node}/").json()["reuse"]

    assert reuse_of(before, "first") == {"from": None, "reasons": ["This step has not run in this pipeline before."]}
    again = live_world.submit(pipeline)
    assert reuse_of(again, "third") == {"from": {"run": before.pk, "node": "third"}, "reasons": []}
    log = client.get(f"/api/v1/workspaces/main/runs/{again.pk}/steps/third/log/").json()
    assert log["chunks"][0]["text"] == "read\n"
    set_word(pipeline, "b")
    changed = finish(live_world.submit(pipeline))
    assert reuse_of(changed, "first")["reasons"] == ['The parameter `word` was "a" and is "b".']
    assert reuse_of(changed, "second")["reasons"] == ["The content of the input `i` changed."]
    pipeline.document["settings"] = {"force_rerun": True}
    pipeline.save()
    forced = finish(live_world.submit(pipeline))
    assert reuse_of(forced, "third")["reasons"] == ["It was asked to run again whatever is known."]


def test_what_was_forced_may_be_reused_later(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world, force_rerun=True)
    finish(live_world.submit(pipeline))
    assert set(reused(finish(live_world.submit(pipeline))).values()) == {False}
    pipeline.document["settings"] = {}
    pipeline.save()
    assert set(reused(live_world.submit(pipeline)).values()) == {True}


def test_one_run_may_be_told_to_reuse_nothing(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world)
    finish(live_world.submit(pipeline))
    sent = {"request_id": str(uuid.uuid4()), "force_rerun": True}
    url = f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/runs/"
    anew = signed_in(live_world.alice).post(url, sent, content_type="application/json").json()["id"]
    assert set(reused(finish(Run.objects.get(pk=anew))).values()) == {False}
    assert set(reused(live_world.submit(pipeline)).values()) == {True}


def test_one_node_may_be_forced_alone(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world)
    finish(live_world.submit(pipeline))
    pipeline.document["nodes"]["second"]["settings"] = {"force_rerun": True}
    pipeline.save()
    assert reused(finish(live_world.submit(pipeline))) == {"first": True, "second": False, "third": True}


def test_what_is_not_deterministic_is_never_reused(live_world: World, worker: Worker) -> None:
    folder = live_world.tmp_path / "clock"
    folder.mkdir()
    (folder / "component.yml").write_text(
        "name: clock\nversion: 1.0.0\nis_deterministic: false\noutputs: {o: {type: uri_file}}\n"
        "command: date +%N > ${{outputs.o}}\n"
    )
    live_world.register(folder)
    pipeline = live_world.pipeline({"clock": "clock:1.0.0"})
    for _ in range(2):
        assert reused(finish(live_world.submit(pipeline))) == {"clock": False}
    assert CacheEntry.objects.count() == 0


def test_another_workspace_knows_nothing_of_it(live_world: World, worker: Worker) -> None:
    finish(live_world.submit(chain(live_world)))
    assert set(CacheEntry.objects.values_list("workspace", flat=True)) == {live_world.workspace.pk}
    CacheEntry.objects.update(workspace=live_world.elsewhere)
    assert set(reused(finish(live_world.submit(live_world.last_pipeline))).values()) == {False}


def test_a_result_whose_content_is_gone_does_not_count(live_world: World, worker: Worker) -> None:
    pipeline = chain(live_world)
    run = finish(live_world.submit(pipeline))
    gone = store.local_path(Artifact.objects.get(run=run, step__node_id="second").location)
    assert gone is not None
    shutil.rmtree(gone) if gone.is_dir() else Path(gone).unlink()
    assert reused(finish(live_world.submit(pipeline))) == {"first": True, "second": False, "third": True}


def test_equal_steps_in_flight_run_once(live_world: World, worker: Worker) -> None:
    slow = live_world.component("slow", "sleep 0.5; echo x > ${{outputs.o}}", outputs=FILE)
    pipeline = live_world.pipeline({"a": slow, "b": slow})
    runs = [live_world.submit(pipeline) for _ in range(2)]
    for run in runs:
        assert statuses(finish(run)) == {"a": "Completed", "b": "Completed"}
    assert Attempt.objects.count() == 1


def test_nobody_waits_for_an_equal_step_that_waits_for_another_machine(live_world: World, worker: Worker) -> None:
    ComputeTarget.objects.create(workspace=live_world.workspace, name="far-away")
    write = live_world.component("write", "echo x > ${{outputs.o}}", outputs=FILE)
    far = live_world.submit(live_world.pipeline({"a": {"component": write, "settings": {"compute": "far-away"}}}))
    assert statuses(far) == {"a": "Queued"}
    assert finish(live_world.submit(live_world.pipeline({"a": write}))).status == "Completed"


def test_when_the_first_of_equal_steps_fails_the_next_one_tries(live_world: World, worker: Worker) -> None:
    fails = live_world.component("fails", "sleep 0.2; exit 1", outputs=FILE)
    run = finish(live_world.submit(live_world.pipeline({"a": fails, "b": fails})))
    assert statuses(run) == {"a": "Failed", "b": "Failed"}
    assert Attempt.objects.count() == 2


def test_a_step_whose_leader_ended_unheard_is_released(live_world: World) -> None:
    write = live_world.component("write", "echo x > ${{outputs.o}}", outputs=FILE)
    run = live_world.submit(live_world.pipeline({"a": write, "b": write}))
    waiting = Step.objects.get(run=run, waits_for__isnull=False)
    Step.objects.filter(pk=waiting.waits_for_id).update(status="Failed", ended_at=run.created_at)
    waiting_release_overdue()
    waiting.refresh_from_db()
    assert (waiting.waits_for_id, waiting.status) == (None, "Queued")


@pytest.mark.parametrize("length", [10, 60])
def test_reusing_a_chain_costs_the_same_queries_for_any_length(live_world: World, worker: Worker, length: int) -> None:
    write = live_world.component("write", "echo x > ${{outputs.o}}", "i: {type: uri_file, optional: true}", FILE)
    nodes = {f"n{number}": write for number in range(length)}
    edges = [f"n{number}.o -> n{number + 1}.i" for number in range(length - 1)]
    pipeline = live_world.pipeline(nodes, edges)
    finish(live_world.submit(pipeline), 60)
    with CaptureQueriesContext(connection) as queries:
        run = live_world.submit(pipeline)
    assert wait_for(lambda: Run.objects.get(pk=run.pk).status == "Completed")
    assert set(reused(run).values()) == {True}
    assert len(queries) <= 22


def test_more_steps_than_one_statement_takes_are_reused(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_PARAMETERS", 20)
    inputs = "number: {type: integer}, i: {type: uri_file, optional: true}"
    write = live_world.component("write", "echo ${{inputs.number}} > ${{outputs.o}}", inputs, FILE)
    nodes = {f"n{number}": {"component": write, "params": {"number": number}} for number in range(50)}
    pipeline = live_world.pipeline(nodes, [f"n0.o -> n{number}.i" for number in range(1, 50)])
    first = live_world.submit(pipeline)
    finish(first, 60)
    run = live_world.submit(pipeline)
    assert wait_for(lambda: Run.objects.get(pk=run.pk).status == "Completed")
    assert set(reused(run).values()) == {True}
    same = ("step__node_id", "output", "type", "kind", "folder", "digest", "size", "location", "value", "preview")
    made = [list(Artifact.objects.filter(run=each).order_by("step").values(*same)) for each in (first, run)]
    assert made[0] == made[1]
    assert len(made[1]) == 50


def test_steps_behind_reused_ones_begin(live_world: World, worker: Worker) -> None:
    """What is answered at submit is written as ended at once, and still lets begin what waits for it."""
    write = live_world.component("write", "echo x > ${{outputs.o}}", "i: {type: uri_file, optional: true}", FILE)
    edges = ["a.o -> b.i", "a.o -> c.i"]
    finish(live_world.submit(live_world.pipeline({"a": write, "b": write}, edges[:1])), 60)
    again = live_world.component("again", "cp ${{inputs.i}} ${{outputs.o}}", "i: {type: uri_file}", FILE)
    run = live_world.submit(live_world.pipeline({"a": write, "b": write, "c": again}, edges))
    assert finish(run, 60).status == "Completed"
    assert reused(run) == {"a": True, "b": True, "c": False}
