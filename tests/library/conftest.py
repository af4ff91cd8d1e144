"""A process that runs the steps, and data sets to run them on."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from .harness import Runner, Step


@pytest.fixture(scope="session")
def fork_server() -> Iterator[Runner]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | threads,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    ask, answer = server.stdin, server.stdout

    def run(argv: list[str], folder: Path, stdout: Path, stderr: Path) -> int:
        request = {"folder": str(folder), "argv": argv, "stdout": str(stdout), "stderr": str(stderr)}
        ask.write(json.dumps(request) + "\n")
        ask.flush()
        return int(answer.readline())

    yield run
    server.terminate()
    server.wait()


@pytest.fixture
def step(tmp_path: Path, fork_server: Runner) -> Step:
    return Step(tmp_path, fork_server)


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory, fork_server: Runner) -> Callable[[str], pl.DataFrame]:
    """scikit-learn's data sets, each made once by the component that gives them."""
    step = Step(tmp_path_factory.mktemp("datasets"), fork_server)
    return cache(lambda name: step("sample_dataset", dataset=name).table())
