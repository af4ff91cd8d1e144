"""Environments with other people's engines, made by `make`; what Portline exports is given to scripts that run there."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Check = Callable[..., str]


@pytest.fixture
def check() -> Check:
    """Run a script of this folder in the environment of an engine; what it printed."""

    def run(engine: str, script: str, *arguments: str | Path, env: Mapping[str, str] | None = None) -> str:
        python = ROOT / ".oracle" / engine / "bin" / "python"
        if not (python.parent.parent / ".installed").exists():
            missing = f"There is no environment with {engine}: make .oracle/{engine}/.installed"
            if os.environ.get("CI"):
                pytest.fail(missing)
            pytest.skip(missing)
        ended = subprocess.run(
            [python, Path(__file__).parent / script, *arguments],
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
        return ended.stdout

    return run
