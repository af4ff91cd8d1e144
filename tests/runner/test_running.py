"""Whole runs through a real worker: what is executed, in which order, and what comes out."""

import json

from runner.models import Artifact, Event, Run
from tests.runner.conftest import World, finish, log_of, statuses, step_of


def test_a_chain_hands_its_outputs_on(live_world: World, worker: object) -> None:
    write = live_world.component("write", 'echo hello > "${{outputs.text}}"', outputs="text: {type: uri_file}")
    double = live_world.component(
        "double",
        'cat "${{inputs.a}}" "${{inputs.a}}" > "${{outputs.b}}"',
        inputs="a: {type: uri_file}",
        outputs="b: {type: uri_file}",
    )
    pipeline = live_world.pipeline(
        {"one": write, "two": double, "three": double}, ["one.text -> two.a", "two.b -> three.a"]
    )

    run = finish(live_world.submit(pipeline))

    assert run.status == "Completed"
    assert statuses(run) == {"one": "Completed", "two": "Completed", "three": "Completed"}
    artifact = Artifact.objects.get(step=step_of(run, "three"))
    assert artifact.size == 4 * len("hello\n")
    assert run.counts == {"Completed": 3}


def test_a_diamond_joins(live_world: World, worker: object) -> None:
    write = live_world.component("write", 'echo x > "${{outputs.o}}"', outputs="o: {type: uri_file}")
    copy = live_world.component(
        "copy", 'cp "${{inputs.i}}" "${{outputs.o}}"', inputs="i: {type: uri_file}", outputs="o: {type: uri_file}"
    )
    join = live_world.component(
        "join",
        'cat "${{inputs.a}}" "${{inputs.b}}" > "${{outputs.o}}"',
        inputs="a: {type: uri_file}, b: {type: uri_file}",
        outputs="o: {type: uri_file}",
    )
    pipeline = live_world.pipeline(
        {"top": write, "left": copy, "right": copy, "bottom": join},
        ["top.o -> left.i", "top.o -> right.i", "left.o -> bottom.a", "right.o -> bottom.b"],
    )

    run = finish(live_world.submit(pipeline))

    assert set(statuses(run).values()) == {"Completed"}
    assert Artifact.objects.get(step=step_of(run, "bottom")).size == 4


def test_its_events_are_dense_and_lead_to_its_state(live_world: World, worker: object) -> None:
    true = live_world.component("true", "true")
    run = finish(live_world.submit(live_world.pipeline({f"n{i}": true for i in range(8)})))

    events = list(Event.objects.filter(run=run))
    assert [event.seq for event in events] == list(range(1, run.event_seq + 1))
    told = {event.data["node"]: event.data["status"] for event in events if event.type == "step.status"}
    assert told == statuses(run)
    assert events[-1].data == {"status": "Completed", "message": ""}


def test_a_failing_step_skips_what_needs_it_and_lets_others_finish(live_world: World, worker: object) -> None:
    fail = live_world.component(
        "fail", "echo 'ValueError: there is no column x' >&2; exit 3", outputs="o: {type: uri_file}"
    )
    need = live_world.component("need", "true", inputs="i: {type: uri_file}")
    maybe = live_world.component(
        "maybe", "echo got $[[ '${{inputs.i}}' ]] nothing", inputs="i: {type: uri_file, optional: true}"
    )
    true = live_world.component("true", "true")
    pipeline = live_world.pipeline(
        {"bad": fail, "needs": need, "might": maybe, "free": true}, ["bad.o -> needs.i", "bad.o -> might.i"]
    )

    run = finish(live_world.submit(pipeline))

    assert run.status == "Failed"
    assert statuses(run) == {"bad": "Failed", "needs": "Skipped", "might": "Completed", "free": "Completed"}
    assert step_of(run, "bad").message == "ValueError: there is no column x"
    assert step_of(run, "bad").exit_code == 3
    assert log_of(run, "might") == "got nothing\n"


def test_without_continue_on_step_failure_the_rest_is_ended(live_world: World, worker: object) -> None:
    fail = live_world.component("fail", "sleep 0.3; exit 1")
    slow = live_world.component("slow", "sleep 60")
    pipeline = live_world.pipeline(
        {"slow": slow, "bad": fail, "later": slow}, settings={"continue_on_step_failure": False}
    )

    run = finish(live_world.submit(pipeline))

    assert run.status == "Failed"
    assert statuses(run) == {"bad": "Failed", "slow": "Canceled", "later": "Skipped"}


def test_a_step_is_tried_again(live_world: World, worker: object, tmp_path: object) -> None:
    flaky = live_world.component("flaky", f"test -e {tmp_path}/seen || {{ touch {tmp_path}/seen; exit 1; }}")
    pipeline = live_world.pipeline({"n": {"component": flaky, "settings": {"retries": 2, "retry_delay": 0.05}}})

    run = finish(live_world.submit(pipeline))

    assert run.status == "Completed"
    attempts = step_of(run, "n").attempts.all()
    assert [(attempt.number, attempt.status) for attempt in attempts] == [(1, "Failed"), (2, "Completed")]


def test_a_step_fails_when_its_attempts_are_used_up(live_world: World, worker: object) -> None:
    fail = live_world.component("fail", "exit 9")
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": fail, "settings": {"retries": 1}}})))

    assert run.status == "Failed"
    assert [attempt.status for attempt in step_of(run, "n").attempts.all()] == ["Failed", "Failed"]


def test_pipeline_inputs_reach_the_command(live_world: World, worker: object) -> None:
    show = live_world.component(
        "show",
        "python -c 'import json,sys; print(json.dumps(sys.argv[1:]))' \"${{inputs.text}}\" ${{inputs.n}}",
        inputs="text: {type: string}, n: {type: integer}",
    )
    value = """it's "quoted" $HOME `x`\n{{x}} ${y}"""
    pipeline = live_world.pipeline(
        {
            "n": {
                "component": show,
                "params": {"text": "${{parent.inputs.text}}", "n": "${{parent.inputs.n}}"},
            }
        },
        inputs={"text": {"type": "string"}, "n": {"type": "integer", "default": 7}},
    )

    run = finish(live_world.submit(pipeline, text=value))

    assert json.loads(log_of(run, "n")) == [value, "7"]


def test_a_primitive_output_feeds_a_parameter(live_world: World, worker: object) -> None:
    count = live_world.component("count", "echo 41 > ${{outputs.n}}", outputs="n: {type: integer}")
    show = live_world.component("show", "echo got ${{inputs.n}}", inputs="n: {type: integer}")
    pipeline = live_world.pipeline(
        {"count": count, "show": {"component": show, "exposed": ["n"]}}, ["count.n -> show.n"]
    )

    run = finish(live_world.submit(pipeline))

    assert log_of(run, "show") == "got 41\n"


def test_a_run_with_nothing_left_to_do_is_counted(live_world: World, worker: object) -> None:
    true = live_world.component("true", "true")
    runs = [live_world.submit(live_world.pipeline({"a": true, "b": true})) for _ in range(3)]
    for run in runs:
        finish(run)
    assert [run.counts for run in Run.objects.all()] == [{"Completed": 2}] * 3
