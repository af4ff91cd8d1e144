"""Compute targets at work: placed at submit, queues of their own, limits over all workers, and what people see."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from designer.services.pipeline_components import component_from_pipeline
from registry.models import ComputeTarget
from registry.services.compute import compute_change
from runner import broker
from runner.executors.gpus import Gpus
from runner.management.serving import targets_named
from runner.models import Event, Step
from runner.models import Worker as WorkerRow
from runner.services.attempts import attempt_claim, attempt_complete, attempt_running
from runner.services.compute import GONE_SECONDS
from runner.services.recovery import queue_wake
from runner.services.submit import NotReady
from runner.services.waiting import waiting_tell
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, signed_in, statuses, step_of, wait_for

NOBODY = "waits for a worker of compute target gpu: none is connected"


def target(world: World, name: str = "gpu", **fields: Any) -> ComputeTarget:
    return ComputeTarget.objects.create(workspace=world.workspace, name=name, **fields)


def node(ref: str, **settings: Any) -> dict[str, Any]:
    return {"component": ref, "settings": settings}


def worker_row(*targets: ComputeTarget, name: str = "far_1_x", seconds_ago: float = 0, **fields: Any) -> WorkerRow:
    """As if a worker elsewhere had told of itself."""
    at = timezone.now() - timedelta(seconds=seconds_ago)
    row = WorkerRow.objects.create(
        name=name,
        host="far",
        version="1",
        slots=4,
        started_at=at,
        beat_at=at,
        **{"default_queue": not targets, **fields},
    )
    row.targets.set(targets)
    return row


@contextmanager
def serving(*targets: ComputeTarget, slots: int = 2) -> Iterator[Worker]:
    """A worker in this process."""
    worker = Worker(slots, targets)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None]]:
    """What was sent, as if a worker could hear it."""
    found: list[tuple[int, int | None]] = []
    monkeypatch.setattr(broker, "reaches_workers", lambda: True)
    monkeypatch.setattr(broker, "send_steps", found.extend)
    return found


def test_a_step_is_placed_at_submit(world: World) -> None:
    gpu = target(world, gpus=1, memory=2**30)
    true = world.component("true", "true")
    run = world.submit(
        world.pipeline({"a": node(true, compute="gpu"), "b": node(true, compute="default"), "c": node(true)}),
    )
    assert (step_of(run, "a").compute, step_of(run, "a").resources) == (gpu, {"memory": 2**30, "gpus": 1})
    assert (step_of(run, "b").compute, step_of(run, "b").resources) == (None, {})
    run = world.submit(world.pipeline({"a": node(true)}, settings={"compute": "gpu"}))
    assert step_of(run, "a").compute == gpu


def test_a_pipeline_component_chooses_for_the_steps_in_it(world: World) -> None:
    """A step's own choice counts first, then its group's node, its group's pipeline, and the run's pipeline."""
    for name in ("own", "node", "inside", "outside"):
        target(world, name)
    true = world.component("true", "true")
    nodes = {"silent": true, "choosy": node(true, compute="own")}
    inner = component_from_pipeline(
        pipeline=world.pipeline(nodes, settings={"compute": "inside"}), user=world.alice, name="inner"
    ).version.ref
    run = world.submit(
        world.pipeline({"a": node(inner), "b": node(inner, compute="node"), "c": true}, settings={"compute": "outside"})
    )
    chosen = dict(Step.objects.filter(run=run, kind="component").values_list("node_id", "compute__name"))
    assert chosen == {
        "a.silent": "inside",
        "a.choosy": "own",
        "b.silent": "node",
        "b.choosy": "own",
        "c": "outside",
    }


def test_the_iterations_of_a_loop_run_where_it_says(live_world: World) -> None:
    gpu = target(live_world, memory=2**30)
    true = live_world.component("true", "true", inputs="x: {type: integer, default: 0}")
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2], "input": "x"}
    with serving(gpu):
        run = finish(live_world.submit(live_world.pipeline({"l": {**node(true, compute="gpu"), "loop": loop}})))
    assert run.status == "Completed"
    steps = Step.objects.filter(run=run, kind="component")
    assert [(step.compute, step.resources) for step in steps] == [(gpu, {"memory": 2**30, "gpus": 0})] * 2


def test_a_misfit_is_a_problem_at_its_node(world: World) -> None:
    target(world)
    true = world.component("true", "true")
    pipeline = world.pipeline({"a": node(true, compute="gqu"), "b": node(true), "c": node(true, labels={"x": "y"})})
    answer = signed_in(world.alice).post(
        f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/runs/",
        {"request_id": "b5ff3c0c-7ff4-4ab4-8a15-c4c56e4e2a3c"},
        content_type="application/json",
    )
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert sorted(problems) == ["a", "c"]
    assert (problems["a"][0]["code"], problems["a"][0]["field"]) == ("compute", "compute")
    assert "did you mean `gpu`?" in problems["a"][0]["message"]


def test_targets_of_another_workspace_are_not_there(world: World) -> None:
    ComputeTarget.objects.create(workspace=world.elsewhere, name="gpu")
    with pytest.raises(NotReady, match="There is no compute target `gpu`"):
        world.submit(world.pipeline({"a": node(world.component("true", "true"), compute="gpu")}))


def test_placing_costs_one_query(world: World) -> None:
    target(world)
    true = world.component("true", "true")

    def queries(size: int, **settings: Any) -> int:
        pipeline = world.pipeline({f"n{i}": node(true, **settings) for i in range(size)})
        with CaptureQueriesContext(connection) as asked:
            world.submit(pipeline)
        return sum('FROM "registry_computetarget"' in query["sql"] for query in asked)

    assert queries(3) == 0
    assert queries(3, compute="gpu") == 1
    assert queries(30, compute="gpu") == 1


def test_each_step_goes_to_the_queue_of_its_target(
    world: World, sent: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    gpu = target(world)
    true = world.component("true", "true")
    with django_capture_on_commit_callbacks(execute=True):
        run = world.submit(world.pipeline({"a": node(true, compute="gpu"), "b": node(true, force_rerun=True)}))
    assert sorted(sent) == [(step_of(run, "a").pk, gpu.pk), (step_of(run, "b").pk, None)]
    assert broker.queue_of(gpu.pk) not in (broker.queue_of(None), broker.queue_of(gpu.pk + 1))


def test_a_step_waits_visibly_until_a_worker_serves_its_target(live_world: World) -> None:
    gpu = target(live_world)
    true = live_world.component("true", "true")
    with serving():
        run = live_world.submit(live_world.pipeline({"a": node(true, compute="gpu"), "b": node(true)}))
        wait_for(lambda: step_of(run, "a").message == NOBODY)
        wait_for(lambda: step_of(run, "b").status == "Completed" or step_of(run, "b").waits_for_id)
        assert step_of(run, "a").status == "Queued"
        assert Event.objects.filter(run=run, type="step.status", data__message=NOBODY).count() == 1
    with serving(gpu):
        assert finish(run).status == "Completed"
    assert step_of(run, "a").message == ""


def test_the_reason_is_taken_back_when_a_worker_comes(world: World) -> None:
    gpu = target(world, max_steps=1)
    run = world.submit(world.pipeline({"a": node(world.component("true", "true"), compute="gpu")}))
    waiting_tell()
    assert step_of(run, "a").message == NOBODY
    waiting_tell()
    assert Event.objects.filter(run=run, data__message=NOBODY).count() == 1
    row = worker_row(gpu)
    waiting_tell()
    assert step_of(run, "a").message == ""
    WorkerRow.objects.filter(pk=row.pk).update(beat_at=timezone.now() - timedelta(seconds=GONE_SECONDS + 1))
    waiting_tell()
    assert step_of(run, "a").message == NOBODY


def test_what_nobody_serves_is_not_sent_again_and_again(world: World, sent: list[Any]) -> None:
    gpu = target(world)
    run = world.submit(world.pipeline({"a": node(world.component("true", "true"), compute="gpu")}))
    Step.objects.update(woken_at=None)
    assert queue_wake() == 0
    worker_row(gpu)
    assert queue_wake() == 1
    assert sent == [(step_of(run, "a").pk, gpu.pk)]


def test_a_full_target_takes_no_more(world: World, sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    """Over all workers; and the end of one wakes the next, without anybody polling."""
    gpu = target(world, max_steps=2)
    worker_row(gpu)
    true = world.component("true", "true")
    run = world.submit(world.pipeline({f"n{i}": node(true, compute="gpu", force_rerun=True) for i in range(5)}))
    ids = list(Step.objects.filter(run=run).order_by("pk").values_list("pk", flat=True))
    claims = [attempt_claim(pk, f"worker{pk % 2}") for pk in ids]
    assert [claim is not None for claim in claims] == [True, True, False, False, False]
    assert sorted(statuses(run).values()) == ["Preparing", "Preparing", "Queued", "Queued", "Queued"]
    assert queue_wake() == 0  # nothing is sent while it is full
    assert claims[0] is not None
    with django_capture_on_commit_callbacks(execute=True):
        attempt_running(claims[0], "true")
        attempt_complete(claims[0], [], 0)
    assert sent == [(ids[2], gpu.pk)]
    assert attempt_claim(ids[2], "worker0") is not None
    assert attempt_claim(ids[3], "worker1") is None


def test_a_higher_limit_counts_at_once(world: World, sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    gpu = target(world, max_steps=1)
    true = world.component("true", "true")
    run = world.submit(world.pipeline({f"n{i}": node(true, compute="gpu", force_rerun=True) for i in range(3)}))
    ids = list(Step.objects.filter(run=run).order_by("pk").values_list("pk", flat=True))
    assert attempt_claim(ids[0], "here") is not None
    with django_capture_on_commit_callbacks(execute=True):
        compute_change(target=gpu, max_steps=2)
    assert sent == [(ids[1], gpu.pk)]


def test_steps_of_a_limited_target_all_run(live_world: World) -> None:
    """More slots than the target has room for."""
    gpu = target(live_world, max_steps=1)
    trail = live_world.tmp_path / "trail"
    touch = live_world.component("touch", f"echo in >> {trail}; sleep 0.05; echo out >> {trail}")
    with serving(gpu, slots=3):
        run = live_world.submit(
            live_world.pipeline({f"n{i}": node(touch, compute="gpu", force_rerun=True) for i in range(6)})
        )
        assert finish(run).status == "Completed"
    assert trail.read_text().split() == ["in", "out"] * 6


def test_a_step_gets_its_share_of_the_machine(live_world: World, worker: Worker, monkeypatch: Any) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,7")
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    tell = live_world.component("tell", 'echo "$OMP_NUM_THREADS/$CUDA_VISIBLE_DEVICES/"')
    run = live_world.submit(
        live_world.pipeline(
            {
                "none": node(tell, force_rerun=True),
                "some": node(tell, force_rerun=True, resources={"cpu": 3, "gpus": 1}),
                "most": node(tell, force_rerun=True, resources={"cpu": 0.5, "gpus": 3}),
            }
        )
    )
    assert finish(run).status == "Completed"
    assert log_of(run, "none") == "4//\n"  # eight cores, two slots
    assert log_of(run, "some") in ("3/5/\n", "3/7/\n")
    assert "1/5,7/\n" in log_of(run, "most") or "1/7,5/\n" in log_of(run, "most")
    assert "may use 3 GPUs, but its worker has only 2" in log_of(run, "most")


def test_steps_at_once_get_different_gpus(monkeypatch: Any) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,7")
    gpus = Gpus()
    with gpus.share(1) as one:
        with gpus.share(1) as other:
            assert {*one, *other} == {"5", "7"}
            with gpus.share(0) as none, gpus.share(2) as both:
                assert (none, set(both)) == ([], {"5", "7"})
        with gpus.share(1) as again:
            assert again == other


def test_a_worker_serves_only_what_there_is(world: World) -> None:
    with pytest.raises(CommandError, match=r"no compute target gpu in any workspace\. Register it"):
        targets_named(["gpu"], None)
    gpu = target(world)
    assert targets_named(["gpu"], None) == [gpu]
    other = ComputeTarget.objects.create(workspace=world.elsewhere, name="gpu")
    with pytest.raises(CommandError, match=r"gpu: \w+, \w+\. Say which by --workspace"):
        targets_named(["gpu"], None)
    assert targets_named(["gpu"], "elsewhere") == [other]
    with pytest.raises(CommandError, match=r"no compute target gqu in the workspace main\. There is: gpu\."):
        targets_named(["gqu"], "main")


def test_a_worker_tells_of_itself(live_world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("runner.worker.BEAT_SECONDS", 0.1)
    old = worker_row(name="old_1_x", seconds_ago=25 * 3600)
    gpu = target(live_world)
    with serving(gpu, slots=3):
        row = WorkerRow.objects.exclude(pk=old.pk).get()
        assert (row.slots, row.default_queue, list(row.targets.all())) == (3, True, [gpu])
        wait_for(lambda: WorkerRow.objects.get(pk=row.pk).beat_at > row.beat_at)
        assert WorkerRow.objects.get(pk=row.pk).memory > 10 * 1024**2
        assert not WorkerRow.objects.filter(pk=old.pk).exists()  # gone for more than a day
        WorkerRow.objects.all().delete()
        wait_for(WorkerRow.objects.exists)  # whoever was forgotten tells of itself again
    assert not WorkerRow.objects.exists()


def test_the_page_shows_queues_workers_and_steps(world: World) -> None:
    gpu = target(world, labels={"zone": "eu"}, max_steps=1)
    worker_row(gpu)
    worker_row(gpu, name="far_2_x", seconds_ago=GONE_SECONDS + 1)
    true = world.component("true", "true")
    run = world.submit(world.pipeline({f"n{i}": node(true, compute="gpu", force_rerun=True) for i in range(3)}))
    assert attempt_claim(step_of(run, "n0").pk, "far_1_x") is not None

    page = signed_in(world.vera).get("/w/main/compute/").content.decode()
    assert "zone=eu" in page
    assert f'href="/w/main/runs/{run.pk}/"' in page
    # Nobody serves the default queue.
    assert "python manage.py up --compute gpu --workspace main --slots 4" in page
    answer = signed_in(world.vera).get("/api/v1/workspaces/main/queues/").json()["results"]
    assert [(queue["compute"], queue["queued"], queue["running"]) for queue in answer] == [(None, 0, 0), ("gpu", 2, 1)]
    workers = {worker["name"]: worker for worker in answer[1]["workers"]}
    assert (workers["far_1_x"]["state"], workers["far_1_x"]["busy"]) == ("busy", 1)
    assert workers["far_1_x"]["steps"] == [{"run": run.pk, "node": "n0"}]
    assert workers["far_2_x"]["state"] == "gone"


def test_the_page_says_how_to_start_a_worker(world: World) -> None:
    target(world)
    page = signed_in(world.alice).get("/w/main/compute/").content.decode()
    assert "python manage.py up --compute gpu --workspace main --slots 4" in page


def test_the_page_shows_nothing_of_another_workspace(world: World) -> None:
    gpu = target(world)
    worker_row(gpu, name="secret_1_x")
    true = world.component("true", "true")
    run = world.submit(world.pipeline({"a": node(true, compute="gpu"), "b": node(true, force_rerun=True)}))
    worker_row(name="common_1_x")
    assert attempt_claim(step_of(run, "b").pk, "common_1_x") is not None
    mallory = signed_in(world.mallory)
    answer = mallory.get("/api/v1/workspaces/elsewhere/queues/").json()["results"]
    assert [(queue["compute"], queue["queued"], queue["running"]) for queue in answer] == [(None, 0, 0)]
    assert [(worker["name"], worker["busy"], worker["steps"]) for worker in answer[0]["workers"]] == [
        ("common_1_x", 1, [])
    ]
    assert mallory.get("/api/v1/workspaces/main/queues/").status_code == 404


def test_the_page_costs_a_fixed_number_of_queries(world: World) -> None:
    browser = signed_in(world.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/w/main/compute/", headers={"HX-Request": "true"}).status_code == 200
        return len(asked)

    true = world.component("true", "true")

    def grow(first: int, last: int) -> None:
        for number in range(first, last):
            made = target(world, f"t{number}")
            worker_row(made, name=f"far_{number}_x")
            run = world.submit(world.pipeline({"a": node(true, compute=made.name, force_rerun=True)}))
            assert attempt_claim(step_of(run, "a").pk, f"far_{number}_x") is not None

    grow(0, 1)
    queries()
    few = queries()
    grow(1, 6)
    assert queries() == few
