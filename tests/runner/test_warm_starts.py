"""A warm start gives what a cold start gives: each case is run both ways, and all that can be seen is compared."""

import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.executors.azure_variables import Of
from runner.executors.environment import step_environment
from runner.executors.held import Stop
from runner.executors.processes import Call, CommandExecutor, launcher
from runner.executors.zygotes import ZygoteClient
from tests.runner.warm_cases import CASES, Case

SECONDS = 120


class Warm:
    """A zygote with the usual libraries, and what it told of each step."""

    def __init__(self, names: list[str], env: dict[str, str]) -> None:
        self.told: list[list[str] | None] = []
        self.ended = threading.Event()
        self.root = self._zygote([], env, None)
        self.zygote = self._zygote(names, env, self.root)

    def _zygote(self, names: list[str], env: dict[str, str], parent: ZygoteClient | None) -> ZygoteClient:
        heard = threading.Event()
        zygote = ZygoteClient(names, lambda _: heard.set(), lambda _: heard.set(), self._imported)
        zygote.begin(sys.executable, env, parent)
        assert heard.wait(SECONDS)
        assert zygote.ready, f"{zygote.culprit}: {zygote.why}"
        return zygote

    def _imported(self, token: str, names: list[str] | None) -> None:
        self.told.append(names)
        self.ended.set()

    def stop(self) -> None:
        for zygote in (self.zygote, self.root):
            zygote.stop()
            zygote.join()


def environment(temp: Path) -> dict[str, str]:
    return step_environment(of=Of("job", 2), token="t" * 32, inputs={"i": "/i"}, outputs={"o": "/o"}, root=temp.parent)


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    shared = {
        k: v
        for k, v in environment(Path("/")).items()
        if not k.startswith(("AZURE", "PIP", "PORTLINE", "PYTHONPATH", "TMPDIR"))
    }
    made = Warm(["joblib", "pandas", "polars", "pyarrow", "sklearn", "sklearn.linear_model"], shared)
    yield made
    made.stop()


def execute(start: Callable[[Call], Any], case: Case, folder: Path) -> dict[str, Any]:
    """Run a case in a new folder, always of the same name; answers all that it left."""
    shutil.rmtree(folder, ignore_errors=True)
    code = folder / "code"
    (folder / "tmp").mkdir(parents=True)
    code.mkdir()
    for name, text in case.files.items():
        (code / name).parent.mkdir(parents=True, exist_ok=True)
        (code / name).write_text(text)
    printed = {"stdout": b"", "stderr": b""}

    def feed(stream: str, data: bytes) -> None:
        printed[stream] += data

    argv = [word.replace("{folder}", str(code)) for word in case.argv]
    call = Call([sys.executable, *argv], code, environment(folder / "tmp"), "t" * 32, SECONDS)
    stop = Stop()
    ended = CommandExecutor(start).run(call, stop, feed, lambda: None)
    stop.close()
    left = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    made = {name: (folder / name).read_bytes() for name in left if name.startswith("code/out")}
    return {"code": ended, "left": left, "made": made} | {
        k: v.decode(errors="backslashreplace") for k, v in printed.items()
    }


def normalised(result: dict[str, Any]) -> dict[str, Any]:
    """Without what no two runs have in common: addresses, process and thread numbers."""
    text = {
        name: re.sub(
            r"0x[0-9a-f]{6,}", "0x", re.sub(r"(ident|Thread-\d+|MainThread, started) ?\d*", r"\1", result[name])
        )
        for name in ("stdout", "stderr")
    }
    text["stdout"] = re.sub(r"started (daemon )?\d+", r"started \1", text["stdout"])
    return result | text


@pytest.mark.parametrize("name", CASES)
def test_both_ways_are_the_same(name: str, warm: Warm, tmp_path: Path) -> None:
    case = CASES[name]
    cold = execute(launcher.start, case, tmp_path / "step")
    warm.ended.clear()
    other = execute(warm.zygote.start, case, tmp_path / "step")

    assert normalised(other) == normalised(cold)
    assert warm.ended.wait(SECONDS)
    assert (warm.told[-1] is not None) == (case.warm and case.tells), "it ran the way that it is meant to"


def test_random_numbers_differ_from_step_to_step(warm: Warm, tmp_path: Path) -> None:
    case = Case(
        {
            "step.py": "import random, numpy, os, uuid, tempfile, multiprocessing\nprint(random.random(), "
            "numpy.random.rand(), numpy.random.default_rng().random(), uuid.uuid4(), tempfile.mktemp(),"
            " bytes(multiprocessing.current_process().authkey).hex(), sep='\\n')"
        }
    )
    lines = [execute(warm.zygote.start, case, tmp_path / "step")["stdout"].splitlines() for _ in range(4)]
    for column in zip(*lines, strict=True):
        assert len(set(column)) == 4


def test_polars_works_in_every_child(warm: Warm, tmp_path: Path) -> None:
    """Polars' pools and its cleaner are the child's own; a spill, which needs the cleaner, ends and is cleared."""
    text = (
        "import os, polars as pl\nos.environ.update(POLARS_OOC_MEMORY_BUDGET_MB='1', POLARS_OOC_SPILL_MIN_BYTES='1')\n"
        "f = pl.LazyFrame({'a': range(200000)}).with_columns(b=pl.col('a').hash() % 1000)\n"
        "print(f.group_by('b').agg(pl.col('a').sum()).sort('b').collect(engine='streaming').height)\n"
        "names = {open(f'/proc/self/task/{t}/comm').read().strip() for t in os.listdir('/proc/self/task')}\n"
        "print('polars-ooc-clea' in names)"
    )
    for _ in range(5):
        ended = execute(warm.zygote.start, Case({"step.py": text}), tmp_path / "step")
        assert (ended["code"], ended["stdout"], ended["stderr"]) == (0, "1000\nTrue\n", "")
