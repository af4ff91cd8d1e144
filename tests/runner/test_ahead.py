"""The libraries of a run's other steps are loaded before these begin."""

import sys
from pathlib import Path

from runner.environments import OWN
from runner.executors.ahead import calls_ahead
from runner.executors.processes import Call
from runner.executors.warm import warm_starts
from runner.models import Run
from runner.worker import Worker
from tests.runner.conftest import World, finish, statuses, step_of, wait_for

FIRST = "import six, sys\nopen(sys.argv[1], 'w').write('1')\n"
SECOND = "import six, yaml, sys\nopen(sys.argv[2], 'w').write(sys.argv[1])\n"


def script(world: World, name: str, text: str, arguments: str, inputs: str = "") -> str:
    return world.component(name, f"python step.py {arguments}", inputs, "o: {type: uri_file}", {"step.py": text})


def submitted(world: World) -> Run:
    first = script(world, "first", FIRST, "${{outputs.o}}")
    second = script(world, "second", SECOND, "${{inputs.i}} ${{outputs.o}}", "i: {type: uri_file}")
    shell = world.component("shell", "cat step.py; true | true", files={"step.py": "import json5"})
    nodes = {
        "first": first,
        "second": second,
        "again": second,
        "shell": shell,
        "wide": {
            "component": script(world, "wide", "import PIL\n" + FIRST, "${{outputs.o}}"),
            "settings": {"resources": {"cpu": 7}},
        },
    }
    return world.submit(world.pipeline(nodes, ["first.o -> second.i", "second.o -> again.i"]))


def test_each_component_of_the_same_environment_is_looked_at_once_a_run(world: World) -> None:
    run = submitted(world)
    step = step_of(run, "first")
    call = Call([sys.executable, "step.py"], Path("/"), {}, "t")
    ahead = calls_ahead(step, call, OWN)
    assert [sorted(other.needs.names) for other in ahead if other.needs] == [["six", "yaml"]]
    assert calls_ahead(step_of(run, "second"), call, OWN) == []


def test_no_step_of_a_run_that_can_be_forked_starts_cold(live_world: World, worker: Worker) -> None:
    before = warm_starts.cold
    run = finish(submitted(live_world))
    assert set(statuses(run).values()) == {"Completed"}
    wait_for(warm_starts.settled)
    assert warm_starts.cold == before + 1, "that of the shell alone"
    assert any({"six", "yaml"} <= zygote.modules for zygote in warm_starts.ready())
