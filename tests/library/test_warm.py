"""Built-in components give the same whether their step starts cold or warm."""

import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.executors.azure_variables import Of
from runner.executors.environment import step_environment
from runner.executors.held import Stop
from runner.executors.processes import Call, CommandExecutor, Started, launcher
from runner.executors.warm import WarmStarts
from tests.runner.conftest import wait_for

from .harness import Runner, Step


def runner_of(start: Callable[[Call], Started], prepare: Callable[[Call, Stop], None] = lambda *_: None) -> Runner:
    """A runner that uses the worker's own way to start steps."""

    def run(argv: list[str], folder: Path, stdout: Path, stderr: Path) -> int:
        token = uuid.uuid4().hex
        env = step_environment(of=Of("job", 1), token=token, root=folder.parent)
        with stdout.open("wb") as out, stderr.open("wb") as err:
            files = {"stdout": out, "stderr": err}

            def feed(stream: str, data: bytes) -> None:
                files[stream].write(data)

            stop = Stop()
            call = Call([sys.executable, *argv], folder, env, token)
            prepare(call, stop)
            code = CommandExecutor(start).run(call, stop, feed, lambda: None)
            stop.close()
            return code

    return run


def chain(step: Step) -> list[Any]:
    """Load, split, train, score, evaluate; answers all that can be compared."""
    data = step("sample_dataset", dataset="iris")
    split = step("split_data", table=data.outputs["result"])
    names = list(split.outputs)
    trained = step("train_logistic_regression", table=split.outputs[names[0]], target=data.table().columns[-1])
    scored = step("score_model", model=trained.outputs["model"], table=split.outputs[names[1]])
    evaluated = step("evaluate_classification", table=scored.outputs["result"], actual=data.table().columns[-1])
    outcomes = [data, split, trained, scored, evaluated]
    return [
        (outcome.code, outcome.stdout, outcome.stderr, name, path.is_dir() and sorted(p.name for p in path.rglob("*")))
        for outcome in outcomes
        for name, path in outcome.outputs.items()
    ] + [scored.table().rows()]


def test_a_chain_is_the_same_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = chain(Step(tmp_path / "cold", runner_of(launcher.start)))
    starts = WarmStarts()
    for turn in range(3):
        other = chain(Step(tmp_path / str(turn), runner_of(starts.start, starts.prepare)))
        assert other == cold
        wait_for(starts.settled, 120)
    assert starts.cold == 0
    (tree,) = starts._trees.values()
    assert tree.unfit == set()
    packages = {name.partition(".")[0] for zygote in starts.ready() for name in zygote.modules}
    assert {"polars", "sklearn"} <= packages
    starts.stop()
