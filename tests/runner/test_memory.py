"""Steps are held to their memory limits with all of their processes, and what they used at most is known."""

import pytest

from runner.models import Attempt, Step
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, signed_in, step_of

MB = 1024**2
GRAB = "import time; held = bytearray({size} * 1024 ** 2); time.sleep({seconds})"
LIMIT = {"resources": {"memory": "150MB"}}


def grabbing(world: World, command: str, size: int = 300, seconds: float = 30) -> str:
    return world.component("grab", command, files={"grab.py": GRAB.format(size=size, seconds=seconds)})


def the_attempt(step: Step) -> Attempt:
    return Attempt.objects.get(step=step)


# A fork, a program of its own, a child of a shell, one that has no variables, and one that left its step's session.
WAYS = {
    "warm": "python grab.py",
    "cold": "env python grab.py",
    "child": "python grab.py & sleep 1; wait",
    "without variables": 'env -i "$(which python)" grab.py & sleep 1; wait',
    "background": "setsid python grab.py & sleep 30",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_step_that_uses_more_than_its_limit_is_killed(live_world: World, worker: Worker, way: str) -> None:
    grab = grabbing(live_world, WAYS[way])
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": grab, "settings": LIMIT}})))
    step = step_of(run, "n")
    assert run.status == "Failed"
    assert step.message.startswith("killed: used ")
    assert step.message.endswith(" of its 150 MB limit")
    assert step.message in log_of(run, "n")
    assert 150 * MB < (the_attempt(step).peak_memory or 0) < 400 * MB


def test_processes_count_together(live_world: World, worker: Worker) -> None:
    """Each is below the limit."""
    grab = grabbing(live_world, "python grab.py & python grab.py & python grab.py & wait", size=80)
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": grab, "settings": LIMIT}})))
    assert step_of(run, "n").message.startswith("killed: used ")


def test_a_step_below_its_limit_ends_well_and_shows_its_peak(live_world: World, worker: Worker) -> None:
    grab = grabbing(live_world, "python grab.py", size=60, seconds=1.5)
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": grab, "settings": LIMIT}})))
    assert run.status == "Completed"
    answer = signed_in(live_world.alice).get(f"/api/v1/workspaces/main/runs/{run.pk}/steps/n/").json()
    assert 60 * MB <= answer["attempts"][0]["peak_memory"] < 150 * MB
    assert answer["resources"] == {"memory": 150 * MB}
    assert answer["compute"] is None


def test_what_steps_share_is_not_counted_for_each(live_world: World, worker: Worker) -> None:
    """Three processes with one hundred megabytes in common use little more than that."""
    code = "import os, time\nheld = bytearray(100 * 1024 ** 2)\npids = [os.fork() for _ in range(2)]\ntime.sleep(1.5)\n"
    share = live_world.component("share", "env python share.py", files={"share.py": code})
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": share, "settings": LIMIT}})))
    assert run.status == "Completed", step_of(run, "n").message
