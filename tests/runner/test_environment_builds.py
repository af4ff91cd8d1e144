"""Making environments for real, from the package index: once for all who ask, whoever of them dies."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command
from uv import find_uv_bin

from registry.spec.environment_reading import environment_of
from runner.environments import (
    EnvironmentFailed,
    Interpreter,
    building,
    ensure,
    environments_on_disk,
    places,
    prepare,
    remove,
)
from runner.environments.disk import state
from runner.executors.held import Stop
from runner.services.environments import environment_frozen
from tests.runner.conftest import wait_for

_REAL = find_uv_bin()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: Any) -> str:
    return str(tmp_path_factory.mktemp("uv-cache"))


@pytest.fixture(autouse=True)
def _downloaded_once(monkeypatch: Any, downloads: str) -> None:
    monkeypatch.setenv("UV_CACHE_DIR", downloads)


@pytest.fixture
def stop() -> Iterator[Stop]:
    made = Stop()
    yield made
    made.close()


def frozen(*packages: str, **more: Any) -> dict[str, Any]:
    return environment_frozen(environment_of({"pip": list(packages), **more}), "tools:1")


def made(environment: dict[str, Any], stop: Stop, log: Any = lambda line: None) -> Interpreter:
    found = ensure(environment, log=log, stop=stop)
    assert found is not None
    return found


def version_in(interpreter: Interpreter, package: str) -> str:
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run([interpreter.python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def builds(digest: str) -> int:
    return len([path for path in places.folder(digest).iterdir() if path.is_dir()])


def test_a_list_becomes_an_interpreter_that_has_it(stop: Stop) -> None:
    lines: list[str] = []
    found = made(frozen("six==1.16.0"), stop, lines.append)
    assert version_in(found, "six") == "1.16.0"
    assert found.prefix in found.python.parents
    assert (
        lines[0]
        == f"The environment tools:1 is made: Python {sys.version_info[0]}.{sys.version_info[1]} with six==1.16.0."
    )
    assert " + six==1.16.0" in lines
    assert lines[-1].startswith("Ready after")
    assert list(found.prefix.rglob("site-packages/__pycache__/six.*.pyc"))  # type: ignore[union-attr]
    found.release()


def test_the_next_one_gets_it_at_once_and_hears_nothing(stop: Stop) -> None:
    made(frozen("six==1.16.0"), stop).release()
    lines: list[str] = []
    made(frozen("six==1.16.0"), stop, lines.append).release()
    assert lines == []
    assert len(environments_on_disk()) == 1


def test_pip_within_it_is_its_own(stop: Stop) -> None:
    found = made(frozen("six==1.16.0"), stop)
    answer = subprocess.run([found.python.parent / "pip", "--version"], capture_output=True, text=True, check=True)
    assert str(found.prefix) in answer.stdout
    found.release()


def test_many_threads_and_processes_make_it_once(stop: Stop, settings: Any) -> None:
    environment = frozen("humanize==4.9.0")
    ours: list[tuple[Interpreter, list[str]]] = []

    def ask() -> None:
        lines: list[str] = []
        ours.append((made(environment, stop, lines.append), lines))

    others = [_other_process(environment, settings.WORK_DIR) for _ in range(2)]
    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    told = [other.communicate(timeout=60)[0] for other in others]
    assert builds(environment["digest"]) == 1
    assert {str(found.python) for found, _ in ours} | {text.splitlines()[-1] for text in told} == {
        places.built(environment["digest"])["python"]  # type: ignore[index]
    }
    # Who waited saw how it was made, whoever made it.
    assert any("+ humanize==4.9.0" in line for line in ours[0][1])
    for found, _ in ours:
        found.release()


def test_a_builder_that_is_killed_is_replaced(stop: Stop, settings: Any) -> None:
    environment = frozen("six==1.15.0")
    hung = _other_process(environment, settings.WORK_DIR, slow=str(_slow_uv(settings)))
    pid = settings.WORK_DIR / "pid"
    wait_for(pid.exists)
    assert state(environment["digest"]).word == "building"
    result: list[Interpreter] = []
    waiter = threading.Thread(target=lambda: result.append(made(environment, stop)))
    waiter.start()
    time.sleep(0.2)
    assert not result
    os.kill(hung.pid, signal.SIGKILL)
    hung.wait()
    waiter.join(60)
    assert version_in(result[0], "six") == "1.15.0"
    wait_for(lambda: not alive(int(pid.read_text())))
    assert builds(environment["digest"]) == 1
    result[0].release()


class TestFailure:
    BAD = "nosuchpackage-portline==9"

    def test_has_the_resolvers_words(self, stop: Stop) -> None:
        with pytest.raises(EnvironmentFailed) as found:
            ensure(frozen(self.BAD), log=lambda line: None, stop=stop)
        sentence = str(found.value)
        assert sentence.startswith("The environment tools:1 could not be made: No solution found")
        assert "nosuchpackage-portline was not found in the package registry" in sentence
        assert "\n" not in sentence

    def test_leaves_no_half_of_it(self, stop: Stop) -> None:
        with pytest.raises(EnvironmentFailed):
            ensure(frozen(self.BAD), log=lambda line: None, stop=stop)
        digest = frozen(self.BAD)["digest"]
        assert builds(digest) == 0
        assert state(digest).word == "failed"
        assert "nosuchpackage" in state(digest).log

    def test_is_remembered_for_a_while_only(self, stop: Stop, monkeypatch: Any) -> None:
        calls = []
        real = building._run
        monkeypatch.setattr(building, "_run", lambda *args: calls.append(1) or real(*args))

        def fails() -> int:
            calls.clear()
            with pytest.raises(EnvironmentFailed, match="nosuchpackage"):
                ensure(frozen(self.BAD), log=lambda line: None, stop=stop)
            return len(calls)

        assert fails() == 2
        assert fails() == 0
        monkeypatch.setattr(building, "FAILURE_SECONDS", 0)
        assert fails() == 2

    def test_of_a_python_that_is_not_there(self, stop: Stop) -> None:
        with pytest.raises(EnvironmentFailed, match=r"No interpreter found for Python 3\.99"):
            ensure(frozen("six", python="3.99"), log=lambda line: None, stop=stop)

    def test_after_too_long(self, stop: Stop, settings: Any, monkeypatch: Any) -> None:
        settings.ENVIRONMENT_BUILD_SECONDS = 0.5
        use_slow_uv(monkeypatch, settings)
        with pytest.raises(EnvironmentFailed, match=r"it took longer than 0\.5 seconds"):
            ensure(frozen("six"), log=lambda line: None, stop=stop)


class TestStopping:
    def test_ends_the_build(self, stop: Stop, settings: Any, monkeypatch: Any) -> None:
        environment = frozen("six")
        pid = use_slow_uv(monkeypatch, settings)
        threading.Thread(target=lambda: (wait_for(pid.exists), stop.set("cancel"))).start()
        assert ensure(environment, log=lambda line: None, stop=stop) is None
        wait_for(lambda: not alive(int(pid.read_text())))
        wait_for(lambda: state(environment["digest"]).word == "none")

    def test_does_not_while_somebody_else_waits(self, settings: Any, stop: Stop, monkeypatch: Any) -> None:
        environment = frozen("six==1.16.0")
        go = settings.WORK_DIR / "go"
        pid = use_slow_uv(monkeypatch, settings, until=go)
        other, result = Stop(), []
        waiter = threading.Thread(target=lambda: result.append(ensure(environment, log=print, stop=other)))
        waiter.start()
        wait_for(pid.exists)
        threading.Timer(0.2, stop.set, ["cancel"]).start()
        begun = int(pid.read_text())
        assert ensure(environment, log=lambda line: None, stop=stop) is None
        time.sleep(0.3)  # it would be ended at once
        assert alive(begun)
        go.touch()
        waiter.join(60)
        assert result[0] is not None
        result[0].release()
        other.close()


class TestRemoving:
    def test_never_takes_one_in_use(self, stop: Stop) -> None:
        environment = frozen("six==1.16.0")
        found = made(environment, stop)
        assert not remove(environment["digest"])
        assert version_in(found, "six") == "1.16.0"
        found.release()
        assert remove(environment["digest"])
        assert environments_on_disk() == []
        assert state(environment["digest"]).word == "none"

    def test_one_that_is_gone_is_made_again(self, stop: Stop) -> None:
        environment = frozen("six==1.16.0")
        made(environment, stop).release()
        remove(environment["digest"])
        made(environment, stop).release()
        assert state(environment["digest"]).word == "ready"

    def test_the_one_that_was_not_used_for_longest_comes_first(self, stop: Stop) -> None:
        first, second = frozen("six==1.16.0"), frozen("six==1.17.0")
        for environment in (first, second, first):
            time.sleep(0.02)
            made(environment, stop).release()
        seen = environments_on_disk()
        assert [each.digest for each in seen] == [second["digest"], first["digest"]]
        assert all(each.size > 1000 and each.built_at and each.ref == "tools:1" for each in seen)


def test_gc_takes_what_was_not_used_for_long(db: None, stop: Stop) -> None:
    old, new = frozen("six==1.16.0"), frozen("six==1.17.0")
    for environment in (old, new):
        made(environment, stop).release()
    long_ago = time.time() - 31 * 86400
    os.utime(places.folder(old["digest"]) / places.USED, (long_ago, long_ago))
    call_command("gc", "--dry-run", stdout=StringIO())
    assert len(environments_on_disk()) == 2
    out = StringIO()
    call_command("gc", stdout=out)
    assert "1 unused environment" in out.getvalue()
    assert [each.digest for each in environments_on_disk()] == [new["digest"]]


def test_one_can_be_made_before_a_step_needs_it() -> None:
    environment = frozen("six==1.16.0")
    prepare(environment)
    wait_for(lambda: state(environment["digest"]).word == "ready")
    assert "six==1.16.0" in state(environment["digest"]).facts["installed"]  # type: ignore[index]


_ASK = """
import os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "designer.settings"
import django; django.setup()
from django.conf import settings
from pathlib import Path
settings.WORK_DIR = Path(sys.argv[2])
from runner.environments import ensure, uv
if len(sys.argv) > 3: uv.find_uv_bin = lambda: sys.argv[3]
from runner.executors.held import Stop
found = ensure(json.loads(sys.argv[1]), log=print, stop=Stop())
print(found.python)
"""


def _other_process(environment: dict[str, Any], work: Path, slow: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _ASK, json.dumps(environment), str(work), *([slow] if slow else [])]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _slow_uv(settings: Any, until: Path | None = None) -> Path:
    """An uv that waits before it works, for ever or until a file is there; it writes its process id down."""
    work = settings.WORK_DIR
    work.mkdir(parents=True, exist_ok=True)
    script = work / "uv"
    wait = f"while [ ! -e {until} ]; do sleep 0.02; done" if until else "sleep 600"
    script.write_text(
        f'#!/bin/bash\necho $$ > {work}/pid.new; mv {work}/pid.new {work}/pid\n{wait}\nexec {_REAL} "$@"\n'
    )
    script.chmod(0o755)
    return script


def use_slow_uv(monkeypatch: Any, settings: Any, until: Path | None = None) -> Path:
    script = _slow_uv(settings, until)
    monkeypatch.setattr("runner.environments.uv.find_uv_bin", lambda: str(script))
    return Path(settings.WORK_DIR / "pid")


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
