"""A real server for the command line and the SDK to talk to, and the command as a test calls it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portline import MLClient
from portline.cli.main import run
from tests.installation import Client, Installation

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).parent / "files"


@dataclass
class Live:
    """A server, and a person's token on it."""

    url: str
    token: str
    person: Client


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("server")
    installation = Installation(folder, {"ENVIRONMENT_IMAGES": '{"ubuntu": "local"}'})
    try:
        installation.start_web(slots=2)
        installation.ready("web")
        person = Client(installation.url)
        yield Live(installation.url, person.token(), person)
    finally:
        installation.close()


@pytest.fixture(autouse=True)
def _nobody_is_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the configuration nor the environment of whoever runs the tests counts."""
    for name in [name for name in os.environ if name.startswith("PORTLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTLINE_CONFIG", str(tmp_path / "config" / "portline"))


@pytest.fixture
def logged_in(live: Live, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setenv("PORTLINE_URL", live.url)
    monkeypatch.setenv("PORTLINE_TOKEN", live.token)
    return live


@pytest.fixture
def client(logged_in: Live) -> Iterator[MLClient]:
    with MLClient() as made:
        yield made


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


class Command:
    """`portline ...` within this process."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def __call__(self, *args: str | Path) -> Ended:
        self._captured.readouterr()
        with pytest.raises(SystemExit) as ended:
            run([str(arg) for arg in args])
        out, err = self._captured.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 1, out, err)


@pytest.fixture
def portline(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def bash(script: str, folder: Path, environment: Mapping[str, str]) -> Ended:
    """A shell script, for which `portline` is the command of this checkout."""
    binaries = folder / ".bin"
    binaries.mkdir(exist_ok=True)
    command = binaries / "portline"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m portline "$@"\n')
    command.chmod(0o755)
    found = shutil.which("bash")
    assert found
    ended = subprocess.run(
        [found, "-c", script],
        cwd=folder,
        env={
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT / "sdk"),
            "PORTLINE_CONFIG": str(folder / "config"),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)
