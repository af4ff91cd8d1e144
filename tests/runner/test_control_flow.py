"""Order edges, branches, loops, groups and final steps, run by a real worker."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from designer.services.pipeline_components import component_from_pipeline
from registry import store
from registry.models import ComponentVersion
from runner.models import Artifact, Event, Iteration, Run, Step
from runner.services.cancelling import run_cancel
from runner.services.resuming import NotResumable, run_resume
from runner.services.submit import NotReady, run_submit
from runner.worker import Worker
from tests.runner.conftest import World, finish, statuses, step_of, wait_for

pytestmark = pytest.mark.usefixtures("worker")


def order(*edges: tuple[str, str, str]) -> dict[str, Any]:
    """Order edges: source, condition, target."""
    return {
        f"{target}<{source}": {"source": source, "target": target, "condition": condition}
        for source, condition, target in edges
    }


def branch(operator: str, operand: Any = None, value: Any = None) -> dict[str, Any]:
    params = {} if value is None else {"value": value}
    return {"kind": "branch", "component": None, "params": params, "branch": {"operator": operator, "operand": operand}}


def values_of(run: Run, node: str) -> dict[str, Any]:
    return dict(Artifact.objects.filter(run=run, step__node_id=node).values_list("output", "value"))


def text_of(artifact: Artifact, path: str = "") -> str:
    with store.open_file(f"{artifact.location}/{path}" if path else artifact.location) as file:
        return file.read().decode()


def test_order_edges_run_what_their_condition_asks(live_world: World, worker: Worker) -> None:
    good = live_world.component("good", "true")
    bad = live_world.component("bad", "exit 3")
    after = {
        f"{name}_{condition}": good for name in ("good", "bad") for condition in ("succeeded", "failed", "completed")
    }
    edges = [(name.partition("_")[0], name.partition("_")[2], name) for name in after]
    nodes = {"good": good, "bad": bad, **after, "never": good, "if_never": good}
    more = [("good", "failed", "never"), ("never", "skipped", "if_never")]
    run = finish(live_world.submit(live_world.pipeline(nodes, order=order(*edges, *more))))
    assert run.status == "Failed"
    assert statuses(run) == {
        "good": "Completed",
        "bad": "Failed",
        "good_succeeded": "Completed",
        "good_failed": "Skipped",
        "good_completed": "Completed",
        "bad_succeeded": "Skipped",
        "bad_failed": "Completed",
        "bad_completed": "Completed",
        "never": "Skipped",
        "if_never": "Completed",
    }


def test_disabled_steps_are_skipped_with_what_needs_them_and_bypassed_ones_hand_on(live_world: World) -> None:
    make = live_world.component("make", "echo made > ${{outputs.out}}", outputs="out: {type: uri_file}")
    change = live_world.component("change", "exit 3", inputs="in: {type: uri_file}", outputs="out: {type: uri_file}")
    show = live_world.component(
        "show", "cp ${{inputs.in}} ${{outputs.out}}", "in: {type: uri_file}", "out: {type: uri_file}"
    )
    nodes = {
        "make": make,
        "passed": {"component": change, "mode": "bypassed"},
        "show": show,
        "off": {"component": change, "mode": "disabled"},
        "needs_it": show,
        "instead": make,
    }
    edges = ["make.out -> passed.in", "passed.out -> show.in", "show.out -> off.in", "off.out -> needs_it.in"]
    pipeline = live_world.pipeline(nodes, edges, order=order(("off", "skipped", "instead")))
    run = finish(live_world.submit(pipeline))
    assert run.status == "Completed"
    assert statuses(run) == {
        "make": "Completed",
        "show": "Completed",
        "off": "Skipped",
        "needs_it": "Skipped",
        "instead": "Completed",
    }
    assert step_of(run, "off").message == "Skipped, since it is disabled."
    assert step_of(run, "needs_it").message == "Skipped, since “off” was skipped."
    assert text_of(Artifact.objects.get(run=run, step__node_id="show")) == "made\n"


def test_a_disabled_group_is_one_skipped_step(live_world: World) -> None:
    inner = live_world.pipeline(
        {"good": live_world.component("good", "true"), "bad": {"component": "good:1.0.0", "mode": "disabled"}}
    )
    group = component_from_pipeline(pipeline=inner, user=live_world.alice, name="group").version.ref
    nodes = {"group": group, "off": {"component": group, "mode": "disabled"}}
    run = finish(live_world.submit(live_world.pipeline(nodes)))
    assert statuses(run) == {"group": "Completed", "group.good": "Completed", "group.bad": "Skipped", "off": "Skipped"}


@pytest.mark.parametrize(("accuracy", "ran"), [("0.95", "deploy"), ("0.5", "retrain")])
def test_a_branch_goes_one_way(live_world: World, accuracy: str, ran: str) -> None:
    score = live_world.component(
        "score", "echo ${{inputs.x}} > ${{outputs.accuracy}}", "x: {type: number}", "accuracy: {type: number}"
    )
    step = live_world.component("step", "true")
    nodes = {"score": {"component": score, "params": {"x": float(accuracy)}}, "good": branch("ge", 0.9)}
    nodes |= {"deploy": {"component": step}, "retrain": {"component": step}, "after": {"component": step}}
    edges = order(("good", "true", "deploy"), ("good", "false", "retrain"), ("deploy", "succeeded", "after"))
    run = finish(live_world.submit(live_world.pipeline(nodes, ["score.accuracy -> good.value"], order=edges)))
    found = statuses(run)
    assert run.status == "Completed"
    assert found["good"] == "Completed"
    assert {name for name in ("deploy", "retrain") if found[name] == "Completed"} == {ran}
    assert found["after"] == ("Completed" if ran == "deploy" else "Skipped")
    assert step_of(run, "good").result["taken"] is (ran == "deploy")
    # Branches do no work, so nobody waits for them in the counts.
    assert sum(run.counts.values()) == 4


def test_a_branch_on_a_parameter(live_world: World) -> None:
    step = live_world.component("step", "true")
    nodes = {"asked": branch("eq", "full", "${{parent.inputs.mode}}"), "full": step, "quick": step}
    pipeline = live_world.pipeline(
        nodes,
        order=order(("asked", "true", "full"), ("asked", "false", "quick")),
        inputs={"mode": {"type": "string", "default": "quick"}},
    )
    assert statuses(finish(live_world.submit(pipeline))) == {
        "asked": "Completed",
        "full": "Skipped",
        "quick": "Completed",
    }
    assert statuses(finish(live_world.submit(pipeline, mode="full")))["full"] == "Completed"


def test_a_branch_that_cannot_decide_fails(live_world: World) -> None:
    step = live_world.component("step", "true")
    nodes = {"asked": branch("gt", 3, "many"), "then": step}
    run = finish(live_world.submit(live_world.pipeline(nodes, order=order(("asked", "true", "then")))))
    assert "`many` and `3` cannot be compared by size" in step_of(run, "asked").message
    assert statuses(run)["then"] == "Skipped"
    assert run.status == "Failed"


SQUARE = "echo $((${{inputs.x}} * ${{inputs.x}})) | tee ${{outputs.value}} > ${{outputs.file}}"


def square(world: World) -> str:
    outputs = "file: {type: uri_file}, value: {type: integer}"
    return world.component("square", SQUARE, "x: {type: integer}", outputs)


def test_a_parallel_for_goes_over_its_items_and_gathers_what_they_made(live_world: World) -> None:
    show = live_world.component(
        "show", "cat ${{inputs.all}}/* > ${{outputs.text}}", "all: {type: uri_folder}", "text: {type: uri_file}"
    )
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2, 3], "input": "x", "max_concurrency": 2}
    nodes = {"each": {"component": square(live_world), "loop": loop}, "show": show}
    run = finish(live_world.submit(live_world.pipeline(nodes, ["each.file -> show.all"])))
    assert run.status == "Completed", statuses(run)
    assert {f"each[{n}]" for n in range(3)} < set(statuses(run))
    assert [each.label for each in Iteration.objects.all()] == ["x=1", "x=2", "x=3"]
    assert step_of(run, "each").result == {
        "type": "parallel_for",
        "total": 3,
        "counts": {"Completed": 3},
        "best": None,
    }
    file, value = Artifact.objects.filter(step=step_of(run, "each")).order_by("output")
    assert (text_of(file, "0000"), text_of(file, "0002")) == ("1\n", "9\n")
    assert json.loads(value.value) == [1, 4, 9]
    assert text_of(Artifact.objects.get(run=run, step__node_id="show")) == "1\n4\n9\n"
    # At no time did more than two run.
    running = most = 0
    for event in Event.objects.filter(run=run, type="loop.iteration").order_by("seq"):
        running += 1 if event.data["status"] == "Running" else -1
        most = max(most, running)
    assert most == 2
    # Iterations are told of by their loop; the run counts nodes.
    assert run.counts == {"Completed": 2}


def test_the_iterations_of_a_loop_are_reused_each_by_itself(live_world: World) -> None:
    loop: dict[str, Any] = {"type": "parallel_for", "over": "items", "items": "${{parent.inputs.of}}", "input": "x"}
    pipeline = live_world.pipeline(
        {"each": {"component": square(live_world), "loop": loop}},
        inputs={"of": {"type": "string", "default": "[1, 2]"}},
    )
    finish(live_world.submit(pipeline))
    run = finish(live_world.submit(pipeline, of="[2, 3]"))
    assert step_of(run, "each[0]").reused
    assert not step_of(run, "each[1]").reused
    assert values_of(run, "each")["value"] == "[4, 9]"


def test_a_failed_iteration_fails_its_loop_after_all_have_run(live_world: World) -> None:
    picky = live_world.component("picky", "test ${{inputs.x}} != 2", "x: {type: integer}")
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2, 3], "input": "x", "max_concurrency": 1}
    run = finish(live_world.submit(live_world.pipeline({"each": {"component": picky, "loop": loop}})))
    assert run.status == "Failed"
    assert step_of(run, "each").message == "1 of 3 iterations did not end well."
    assert step_of(run, "each").result["counts"] == {"Completed": 2, "Failed": 1}


def test_a_parallel_for_goes_over_the_files_of_a_folder_in_batches(live_world: World) -> None:
    make = live_world.component(
        "make", "for n in a b c; do echo $n > ${{outputs.files}}/$n.txt; done", "", "files: {type: uri_folder}"
    )
    join = live_world.component(
        "join", "cat ${{inputs.some}}/* > ${{outputs.text}}", "some: {type: uri_folder}", "text: {type: uri_file}"
    )
    one = live_world.component(
        "one", "basename ${{inputs.file}} > ${{outputs.name}}", "file: {type: uri_file}", "name: {type: string}"
    )
    nodes = {
        "make": make,
        "batches": {"component": join, "loop": files("some", batch_size=2)},
        "singles": {"component": one, "loop": files("file")},
    }
    pipeline = live_world.pipeline(nodes, ["make.files -> batches.some", "make.files -> singles.file"])
    run = finish(live_world.submit(pipeline))
    assert run.status == "Completed", [(step.node_id, step.message) for step in Step.objects.filter(run=run)]
    joined = Artifact.objects.get(run=run, step__node_id="batches")
    assert (text_of(joined, "0000"), text_of(joined, "0001")) == ("a\nb\n", "c\n")
    assert json.loads(values_of(run, "singles")["name"]) == ["a.txt\n", "b.txt\n", "c.txt\n"]
    again = finish(live_world.submit(pipeline))
    assert Step.objects.filter(run=again, iteration__isnull=False, reused=True).count() == 5


def files(input_: str, **more: Any) -> dict[str, Any]:
    return {"type": "parallel_for", "over": "files", "input": input_, "batch_size": 1, **more}


def test_a_loop_over_nothing_is_skipped(live_world: World) -> None:
    loop = {"type": "parallel_for", "over": "items", "items": "${{parent.inputs.of}}", "input": "x"}
    nodes = {"each": {"component": square(live_world), "loop": loop}}
    run = finish(live_world.submit(live_world.pipeline(nodes, inputs={"of": {"type": "string", "default": "[]"}})))
    assert (run.status, statuses(run)) == ("Completed", {"each": "Skipped"})


@pytest.mark.parametrize(("most", "rounds"), [(10, 4), (2, 2)])
def test_a_while_loop_goes_on_until_its_condition_fails_or_it_did_its_maximum(
    live_world: World, most: int, rounds: int
) -> None:
    double = live_world.component(
        "double",
        "n=$((${{inputs.n}} * 2)); echo $n > ${{outputs.n}}\n"
        "if [ $n -lt 16 ]; then echo true; else echo false; fi > ${{outputs.more}}",
        "n: {type: integer}",
        "n: {type: integer}, more: {type: boolean}",
    )
    loop = {"type": "do_while", "condition": "more", "mapping": {"n": "n"}, "max_iteration_count": most}
    run = finish(live_world.submit(live_world.pipeline({"d": {"component": double, "params": {"n": 1}, "loop": loop}})))
    assert run.status == "Completed", step_of(run, "d").message
    assert Iteration.objects.count() == rounds
    assert values_of(run, "d")["n"] == 2**rounds


def train(world: World) -> str:
    return world.component(
        "train",
        "printf '{\"score\": %s}' $((${{inputs.depth}} * ${{inputs.sign}})) > ${{outputs.metrics}}",
        "depth: {type: integer}, sign: {type: integer, default: 1}",
        "metrics: {type: uri_file}",
    )


def sweep(space: dict[str, Any], goal: str = "maximize", **more: Any) -> dict[str, Any]:
    return {
        "type": "sweep",
        "sampling_algorithm": "grid",
        "search_space": space,
        "objective": {"goal": goal, "primary_metric": "score"},
        "limits": {"max_total_trials": 20, "max_concurrent_trials": 2},
        "seed": None,
        "early_termination": None,
        **more,
    }


@pytest.mark.parametrize(("goal", "best", "score"), [("maximize", 2, 30), ("minimize", 0, 10)])
def test_a_sweep_tries_all_and_gives_what_the_best_trial_made(
    live_world: World, goal: str, best: int, score: int
) -> None:
    control = sweep({"depth": {"type": "choice", "values": [10, 20, 30]}}, goal)
    run = finish(live_world.submit(live_world.pipeline({"tune": {"component": train(live_world), "loop": control}})))
    assert run.status == "Completed", step_of(run, "tune").message
    assert [trial.metric for trial in Iteration.objects.all()] == [10, 20, 30]
    assert step_of(run, "tune").result["best"] == best
    assert json.loads(text_of(Artifact.objects.get(step=step_of(run, "tune")))) == {"score": score}


def test_a_sweep_that_is_run_again_has_the_metrics_that_its_trials_told(live_world: World) -> None:
    learn = live_world.component("learn", 'echo "::metric score=${{inputs.rate}}::"', "rate: {type: integer}")
    control = sweep({"rate": {"type": "choice", "values": [3, 7]}})
    pipeline = live_world.pipeline({"tune": {"component": learn, "loop": control}})
    finish(live_world.submit(pipeline))
    run = finish(live_world.submit(pipeline))
    assert run.status == "Completed", step_of(run, "tune").message
    assert step_of(run, "tune[1]").reused
    trials = Iteration.objects.filter(loop=step_of(run, "tune"))
    assert [(trial.metric, trial.course) for trial in trials] == [(3, [3]), (7, [7])]
    assert step_of(run, "tune").result["best"] == 1


def test_a_sweep_without_a_metric_says_which_is_missing(live_world: World) -> None:
    control = sweep({"depth": {"type": "choice", "values": [1]}}) | {
        "objective": {"goal": "maximize", "primary_metric": "auc"}
    }
    run = finish(live_world.submit(live_world.pipeline({"tune": {"component": train(live_world), "loop": control}})))
    assert "None of the 1 trials ended well with a value of the metric `auc`." in step_of(run, "tune").message


def test_a_trial_that_falls_behind_is_ended_early(live_world: World) -> None:
    learn = live_world.component(
        "learn",
        'for n in 1 2 3 4 5 6; do echo "::metric score=$((n * ${{inputs.rate}}))::"; sleep 0.2; done\n'
        "test ${{inputs.rate}} = 10 || sleep 60",
        "rate: {type: integer}",
    )
    policy = {
        "type": "bandit",
        "slack_factor": 0.2,
        "slack_amount": None,
        "evaluation_interval": 1,
        "delay_evaluation": 2,
    }
    control = sweep({"rate": {"type": "choice", "values": [10, 1]}}, early_termination=policy)
    run = finish(live_world.submit(live_world.pipeline({"tune": {"component": learn, "loop": control}})))
    good, slow = Iteration.objects.all()
    assert run.status == "Completed"
    assert (good.status, good.course, good.metric) == ("Completed", [10, 20, 30, 40, 50, 60], 60)
    assert (slow.status, slow.message) == ("Canceled", "Ended early: others were better by then.")
    assert len(slow.course) < 6
    assert step_of(run, "tune").result["best"] == 0


def group(world: World, name: str, document: dict[str, Any], interface: dict[str, Any]) -> str:
    """A pipeline component, made from a document."""
    inside = world.pipeline(document["nodes"], document.get("edges", []), **document.get("more", {})).document
    inside["outputs"] = document.get("outputs", {})
    ports = {
        "ref": f"{name}:1.0.0", "name": name, "version": "1.0.0", "title": name, "description": "", "category": "",
        "icon": "", "pipeline": True, **interface,
    }  # fmt: skip
    outputs = ", ".join(f"{output['name']}: {{type: {output['type']}}}" for output in interface["outputs"])
    carrier = world.component(name, "true", outputs=outputs)
    version = ComponentVersion.objects.get(component__name=name)
    ComponentVersion.objects.filter(pk=version.pk).update(graph=inside, interface=ports)
    return carrier


def port(name: str, type_: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("default", "enum", "min", "max", "widget", "language", "columns_of"))
    return {"name": name, "label": name, "type": type_, "description": "", "optional": False, **empty, **more}


def squares_twice(world: World) -> str:
    """A pipeline component: x to the fourth."""
    nodes = {
        "first": {"component": square(world), "params": {"x": "${{parent.inputs.x}}"}},
        "second": {"component": "square:1.0.0", "exposed": ["x"]},
    }
    document = {
        "nodes": nodes,
        "edges": ["first.value -> second.x"],
        "more": {"inputs": {"x": {"type": "integer"}}},
        "outputs": {"result": {"type": "integer", "source": "second", "output": "value", "description": ""}},
    }
    interface = {"inputs": [port("x", "integer")], "outputs": [port("result", "integer")]}
    return group(world, "fourth", document, interface)


def test_the_steps_of_a_pipeline_component_run_as_those_of_the_pipeline(live_world: World) -> None:
    fourth = squares_twice(live_world)
    step = live_world.component("step", "true")
    nodes = {
        "start": {"component": "square:1.0.0", "params": {"x": 2}},
        "inner": {"component": fourth, "exposed": ["x"]},
        "after": {"component": "square:1.0.0", "exposed": ["x"]},
        "then": step,
    }
    edges = ["start.value -> inner.x", "inner.result -> after.x"]
    pipeline = live_world.pipeline(nodes, edges, order=order(("inner", "succeeded", "then")))
    run = finish(live_world.submit(pipeline))
    assert run.status == "Completed", statuses(run)
    assert set(statuses(run)) == {"start", "inner", "inner.first", "inner.second", "after", "then"}
    assert values_of(run, "after")["value"] == (2**2) ** 4 * (2**2) ** 4
    assert run.counts == {"Completed": 5}


def test_a_group_ends_as_its_steps_did_and_holds_back_what_is_ordered_after_it(live_world: World) -> None:
    bad = live_world.component("bad", "exit 1")
    step = live_world.component("step", "true")
    inside = group(live_world, "inside", {"nodes": {"a": step, "b": bad}}, {"inputs": [], "outputs": []})
    nodes = {"gate": bad, "g": inside, "handler": step, "never": step, "held": inside}
    edges = order(("g", "failed", "handler"), ("g", "succeeded", "never"), ("gate", "succeeded", "held"))
    found = statuses(finish(live_world.submit(live_world.pipeline(nodes, order=edges))))
    assert (found["g"], found["handler"], found["never"]) == ("Failed", "Completed", "Skipped")
    assert (found["held"], found["held.a"]) == ("Skipped", "Skipped")


def test_a_loop_over_a_pipeline_component(live_world: World) -> None:
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2], "input": "x"}
    run = finish(
        live_world.submit(live_world.pipeline({"each": {"component": squares_twice(live_world), "loop": loop}}))
    )
    assert run.status == "Completed", statuses(run)
    assert {"each[0].first", "each[0].second", "each[1].second"} < set(statuses(run))
    assert json.loads(values_of(run, "each")["result"]) == [1, 16]


def test_final_steps_run_whatever_happened(live_world: World) -> None:
    bad = live_world.component("bad", "exit 1")
    step = live_world.component("step", "true")
    nodes = {"bad": bad, "next": step, "clean": {"component": step, "settings": {"final": True}}}
    pipeline = live_world.pipeline(nodes, order=order(("bad", "succeeded", "next")))
    run = finish(live_world.submit(pipeline))
    assert statuses(run) == {"bad": "Failed", "next": "Skipped", "clean": "Completed"}
    assert step_of(run, "clean").started_at >= step_of(run, "bad").ended_at


def test_final_steps_run_after_a_cancellation_and_when_the_rest_is_stopped(live_world: World) -> None:
    slow = live_world.component("slow", "sleep 60")
    step = live_world.component("step", "true")
    nodes = {"slow": slow, "next": step, "clean": {"component": step, "settings": {"final": True}}}
    run = live_world.submit(live_world.pipeline(nodes, order=order(("slow", "succeeded", "next"))))
    wait_for(lambda: statuses(run)["slow"] == "Running")
    run_cancel(run, live_world.alice)
    run = finish(run)
    assert run.status == "Canceled"
    assert statuses(run) == {"slow": "Canceled", "next": "Canceled", "clean": "Completed"}

    bad = live_world.component("bad", "exit 1")
    nodes = {"bad": bad, "slow": slow, "clean": {"component": step, "settings": {"final": True}}}
    run = finish(live_world.submit(live_world.pipeline(nodes, settings={"continue_on_step_failure": False})))
    assert statuses(run) == {"bad": "Failed", "slow": "Canceled", "clean": "Completed"} or statuses(run) == {
        "bad": "Failed",
        "slow": "Skipped",
        "clean": "Completed",
    }


def test_cancelling_ends_a_loop_with_its_iterations(live_world: World) -> None:
    slow = live_world.component("slow", "sleep 60", "x: {type: integer}")
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2, 3], "input": "x", "max_concurrency": 1}
    run = live_world.submit(live_world.pipeline({"each": {"component": slow, "loop": loop}}))
    wait_for(lambda: statuses(run).get("each[0]") == "Running")
    run_cancel(run)
    run = finish(run)
    assert (run.status, statuses(run)) == ("Canceled", {"each": "Canceled", "each[0]": "Canceled"})


def test_retries_back_off(live_world: World) -> None:
    bad = live_world.component("bad", "exit 1")
    settings = {"retries": 2, "retry_delay": 0.1, "retry_backoff": 3}
    run = finish(live_world.submit(live_world.pipeline({"bad": {"component": bad, "settings": settings}})))
    first, second, third = step_of(run, "bad").attempts.all()
    assert run.status == "Failed"
    assert (second.started_at - first.ended_at).total_seconds() >= 0.1
    assert (third.started_at - second.ended_at).total_seconds() >= 0.3


def chain(world: World, flag: Path) -> Any:
    """a -> b -> c, and d beside; b fails while there is no flag."""
    nodes = {
        "a": world.component("a", "date +%N > ${{outputs.o}}", "", "o: {type: uri_file}"),
        "b": world.component(
            "b", f"test -e {flag} && echo b > ${{{{outputs.o}}}}", "x: {type: uri_file}", "o: {type: uri_file}"
        ),
        "c": world.component("c", "true", "x: {type: uri_file}"),
        "d": world.component("d", "true"),
    }
    return world.pipeline(nodes, ["a.o -> b.x", "b.o -> c.x"])


def narrowed(world: World, pipeline: Any, **only: Any) -> Run:
    return run_submit(pipeline=pipeline, user=world.alice, request_id=uuid.uuid4(), only=only)[0]


def test_a_run_up_to_a_node_runs_what_that_needs(live_world: World, tmp_path: Path) -> None:
    (tmp_path / "flag").touch()
    run = finish(narrowed(live_world, chain(live_world, tmp_path / "flag"), to="b"))
    assert statuses(run) == {"a": "Completed", "b": "Completed"}
    with pytest.raises(NotReady, match="no node `zzz`"):
        narrowed(live_world, live_world.last_pipeline, to="zzz")


def test_a_run_from_a_node_runs_that_and_all_behind_it_anew(live_world: World, tmp_path: Path) -> None:
    (tmp_path / "flag").touch()
    pipeline = chain(live_world, tmp_path / "flag")
    finish(live_world.submit(pipeline))
    run = finish(narrowed(live_world, pipeline, **{"from": "b"}))
    assert dict(Step.objects.filter(run=run).values_list("node_id", "reused")) == {
        "a": True,
        "b": False,
        "c": False,
        "d": True,
    }


def test_only_what_failed_is_run_again(live_world: World, tmp_path: Path) -> None:
    pipeline = chain(live_world, tmp_path / "flag")
    failed = finish(live_world.submit(pipeline))
    assert statuses(failed) == {"a": "Completed", "b": "Failed", "c": "Skipped", "d": "Completed"}
    (tmp_path / "flag").touch()
    run = finish(narrowed(live_world, pipeline, failed_of=failed.pk))
    assert run.status == "Completed"
    assert [step_of(run, node).reused for node in "abcd"] == [True, False, False, True]
    assert step_of(run, "a").reused_from == step_of(failed, "a")


def test_a_failed_run_is_resumed_in_place(live_world: World, tmp_path: Path) -> None:
    pipeline = chain(live_world, tmp_path / "flag")
    run = finish(live_world.submit(pipeline))
    before = Artifact.objects.get(step=step_of(run, "a")).digest
    with pytest.raises(NotResumable):
        run_resume(finish(live_world.submit(live_world.pipeline({"d": "d:1.0.0"}))))
    (tmp_path / "flag").touch()
    run_resume(run, live_world.alice)
    run = finish(run)
    assert run.status == "Completed", statuses(run)
    assert set(statuses(run).values()) == {"Completed"}
    assert Artifact.objects.get(step=step_of(run, "a")).digest == before
    assert [step.attempts.count() for step in Step.objects.filter(run=run).order_by("node_id")] == [1, 2, 1, 1]
    assert run.counts == {"Completed": 4}
    seqs = list(Event.objects.filter(run=run).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_what_was_rightly_skipped_stays_so_when_a_run_is_resumed(live_world: World, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    step = live_world.component("step", "true")
    fails = live_world.component("fails", f"test -e {flag}")
    nodes = {"a": step, "handler": step, "b": fails, "c": step}
    edges = order(("a", "failed", "handler"), ("a", "succeeded", "b"), ("b", "succeeded", "c"))
    run = finish(live_world.submit(live_world.pipeline(nodes, order=edges)))
    flag.touch()
    run_resume(run)
    assert statuses(finish(run)) == {"a": "Completed", "handler": "Skipped", "b": "Completed", "c": "Completed"}


def test_a_resumed_loop_runs_only_the_iterations_that_failed(live_world: World, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    picky = live_world.component("picky", f"test ${{{{inputs.x}}}} = 1 -o -e {flag}", "x: {type: integer}")
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2], "input": "x"}
    run = finish(live_world.submit(live_world.pipeline({"each": {"component": picky, "loop": loop}})))
    assert run.status == "Failed"
    flag.touch()
    run_resume(run)
    run = finish(run)
    assert run.status == "Completed", step_of(run, "each").message
    assert [step_of(run, f"each[{n}]").attempts.count() for n in (0, 1)] == [1, 2]


def test_a_resumed_loop_goes_on_within_its_iterations(live_world: World, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    first = live_world.component(
        "first", "echo ${{inputs.x}} > ${{outputs.o}}", "x: {type: integer}", "o: {type: uri_file}"
    )
    second = live_world.component("second", f"test -e {flag}", "i: {type: uri_file}")
    nodes = {"a": {"component": first, "params": {"x": "${{parent.inputs.x}}"}}, "b": second}
    document = {"nodes": nodes, "edges": ["a.o -> b.i"], "more": {"inputs": {"x": {"type": "integer"}}}}
    body = group(live_world, "body", document, {"inputs": [port("x", "integer")], "outputs": []})
    loop = {"type": "parallel_for", "over": "items", "items": [1, 2], "input": "x"}
    run = finish(live_world.submit(live_world.pipeline({"each": {"component": body, "loop": loop}})))
    assert statuses(run)["each[0].a"] == "Completed"
    assert statuses(run)["each[0].b"] == "Failed"
    flag.touch()
    run_resume(run)
    run = finish(run)
    assert run.status == "Completed", statuses(run)
    assert [step_of(run, f"each[1].{node}").attempts.count() for node in "ab"] == [1, 2]


def test_resuming_makes_anew_what_was_given_up_since(live_world: World, tmp_path: Path) -> None:
    run = finish(live_world.submit(chain(live_world, tmp_path / "flag")))
    made = Artifact.objects.get(step=step_of(run, "a"))
    local = store.local_path(made.location)
    assert local is not None
    local.unlink()
    (tmp_path / "flag").touch()
    run_resume(run)
    run = finish(run)
    assert run.status == "Completed", statuses(run)
    assert step_of(run, "a").attempts.count() == 2
    assert Artifact.objects.get(step=step_of(run, "a")).digest != made.digest


def test_a_cancelled_run_is_resumed(live_world: World, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    slow = live_world.component("slow", f"test -e {flag} || sleep 60")
    step = live_world.component("step", "true")
    run = live_world.submit(live_world.pipeline({"a": slow, "b": step}, order=order(("a", "succeeded", "b"))))
    wait_for(lambda: statuses(run)["a"] == "Running")
    run_cancel(run)
    assert finish(run).status == "Canceled"
    flag.touch()
    run_resume(run)
    run = finish(run)
    assert (run.status, run.cancel_requested_at) == ("Completed", None)
