"""Which zygotes there are, what they have, and what happens when one fails or its worker does."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from runner.executors import trees, warm, zygotes
from runner.executors.held import Stop
from runner.executors.launcher import SPARES
from runner.executors.processes import Call, CommandExecutor, LauncherClient
from runner.executors.warm import WarmStarts
from runner.executors.zygote import TOKEN_ROOM
from runner.executors.zygotes import ZygoteClient
from tests.runner.conftest import wait_for

UNFIT = {
    "threads": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "processes": "import subprocess\np = subprocess.Popen(['sleep', '60'])",
    "open files": "f = open('/dev/null')",
    "output": "print('welcome')",
    "temporary files": "import tempfile\nf = tempfile.mkdtemp()",
    "sys.path": "import sys\nsys.path.append('/elsewhere')",
    "signal handlers": "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)",
    "ImportError": "raise ImportError('broken')",
    "it ended unexpectedly": "import os\nos._exit(3)",
}


class Place:
    """An environment with a few libraries of its own, and what steps print when they run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packages = folder / "site-packages"
        self.packages.mkdir()
        self.library("lib_a")
        self.library("lib_b", "import lib_a\n")
        self.starts = WarmStarts()
        self.count = 0
        self.notes: list[str] = []

    def library(self, name: str, text: str = "") -> None:
        (self.packages / f"{name}.py").write_text(text)

    def call(self, text: str, timeout: float | None = None) -> Call:
        self.count += 1
        code = self.folder / str(self.count)
        code.mkdir()
        (code / "step.py").write_text(f"import sys; had = [n for n in sys.modules if n.startswith('lib_')]\n{text}")
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.packages), "TMPDIR": str(code)}
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        token = f"{self.count:032}"
        return Call(
            [sys.executable, "step.py"], code, env | {"PORTLINE_ATTEMPT": token}, token, timeout, note=self.notes.append
        )

    def run(self, text: str, stop: Stop | None = None, feed: Callable[..., None] | None = None) -> tuple[int, str]:
        """Run a step to its end as a worker does; answers its exit code and what it printed."""
        call, stop = self.call(text), stop or Stop()
        self.starts.prepare(call, stop)
        return self.execute(call, stop, feed)

    def execute(self, call: Call, stop: Stop | None = None, feed: Callable[..., None] | None = None) -> tuple[int, str]:
        """The same without waiting for its libraries."""
        printed: list[bytes] = []
        code = CommandExecutor(self.starts.start).run(
            call, stop or Stop(), feed or (lambda _, data: printed.append(data)), lambda: None
        )
        return code, b"".join(printed).decode()

    def had(self, text: str) -> list[str]:
        """Which libraries a step had before its own first import."""
        code, printed = self.run(f"{text}\nimport json; print(json.dumps(had))")
        assert code == 0, printed
        return sorted(json.loads(printed))

    def settled(self) -> None:
        """Wait until no zygote is being made, and all that steps told has been heard."""
        wait_for(self.starts.settled)

    def warmed(self, text: str) -> list[str]:
        """The same after as many runs as it takes at most to have a zygote that fits."""
        for _ in range(4):
            self.had(text)
            self.settled()
        return self.had(text)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(tmp_path)
    monkeypatch.setattr(warm, "launcher", launcher_of_tests)
    yield made
    made.starts.stop()


launcher_of_tests = LauncherClient()


@pytest.fixture(scope="module", autouse=True)
def _launcher() -> Iterator[None]:
    yield
    launcher_of_tests.stop()


def test_the_first_step_waits_for_its_libraries_and_starts_warm(place: Place) -> None:
    assert place.had("import lib_a") == ["lib_a"]
    assert (place.starts.cold, place.starts.warm) == (0, 1)
    assert place.notes == []


def test_a_step_without_libraries_does_not_wait(place: Place) -> None:
    assert place.had("pass") == []
    assert (place.starts.cold, place.starts.warm) == (1, 0)
    place.settled()
    assert place.had("pass") == []
    assert (place.starts.cold, place.starts.warm) == (1, 1)


GATE = "import os, time\nwhile 'zygote' in os.environ['TMPDIR'] and not os.path.exists({!r}): time.sleep(0.01)\n"


def slow(place: Place) -> Path:
    """A library that is loaded into a zygote once a file is there."""
    place.library("lib_slow", GATE.format(str(place.folder / "gate")))
    return place.folder / "gate"


def test_who_waits_is_told_and_goes_on_as_soon_as_they_are_loaded(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "TELL_SECONDS", 0.0)
    gate = slow(place)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(place.had, "import lib_slow") for _ in range(2)]
        wait_for(lambda: len(place.notes) == 2)
        assert not any(run.done() for run in runs)
        gate.touch()
        assert [run.result() for run in runs] == [["lib_slow"]] * 2
    assert (place.starts.cold, place.starts.warm) == (0, 2)
    assert place.notes == ["The libraries that this step imports are being loaded; it starts when they are."] * 2


def test_nobody_waits_for_ever(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "WAIT_SECONDS", 0.0)
    slow(place)
    assert place.had("import lib_slow") == []
    assert place.notes == ["The libraries that this step imports were not loaded in 0 s; it does not wait."]


def test_who_waits_may_be_stopped(place: Place) -> None:
    slow(place)
    stop = Stop()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(place.starts.prepare, place.call("import lib_slow"), stop)
        wait_for(lambda: place.starts._trees)
        assert not waiting.done()
        stop.set("cancel")
        waiting.result()
    assert (place.starts.cold, place.starts.warm) == (0, 0)


def test_the_lightest_that_has_all_serves(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "SLACK", -(1024**3))
    assert place.had("import lib_a") == ["lib_a"]
    assert place.had("import lib_a, lib_b") == ["lib_a", "lib_b"]
    assert place.had("import lib_a") == ["lib_a"]
    assert place.had("pass") == []
    assert len(place.starts.ready()) == 3


def test_one_that_is_hardly_heavier_takes_the_place_of_what_has_less(place: Place) -> None:
    assert place.had("import lib_a") == ["lib_a"]
    (smaller,) = (zygote for zygote in place.starts.ready() if zygote.names)
    assert place.had("import lib_a, lib_b") == ["lib_a", "lib_b"]
    assert place.had("import lib_a") == ["lib_a", "lib_b"]
    assert len(place.starts.ready()) == 2
    wait_for(lambda: smaller.gone)


def test_what_has_some_of_the_libraries_is_forked_and_what_is_made_is_waited_for(place: Place) -> None:
    """Nothing is imported twice: a library that is loaded in one process says so in a file."""
    for name in ("lib_c", "lib_d"):
        place.library(name, f"import os\nopen({str(place.folder / 'loaded')!r}, 'a').write('{name} ')\n")
    place.had("import lib_c")
    place.had("import lib_c, lib_a")
    place.had("import lib_c, lib_d")
    assert place.starts.cold == 0
    assert (place.folder / "loaded").read_text() == "lib_c lib_d "


def test_the_libraries_of_all_steps_of_a_run_are_loaded_for_its_first(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a pipeline that loads, splits, trains and reports: two zygotes are left, and no step started cold."""
    made: list[ZygoteClient] = []
    begin = ZygoteClient.begin
    monkeypatch.setattr(ZygoteClient, "begin", lambda self, *rest: (made.append(self), begin(self, *rest)))
    (place.packages / "lib_s").mkdir()
    for name in ("__init__", "data", "model", "metrics"):
        (place.packages / "lib_s" / f"{name}.py").write_text("")
    texts = ["import lib_s.data", "import lib_a, lib_s.model", "import lib_a, lib_s.metrics, lib_s.model", "pass"]
    first, *ahead = (place.call(text) for text in texts)
    place.starts.prepare(first, Stop(), ahead)
    assert place.execute(first) == (0, "")
    place.settled()
    before = len(made)
    assert place.had("import lib_a, lib_s.metrics") == ["lib_a", "lib_s", "lib_s.data", "lib_s.metrics", "lib_s.model"]
    assert [place.run(text)[0] for text in texts] == [0] * 4
    assert (place.starts.cold, place.starts.warm) == (0, 6)
    assert before == len(made) == 3, "the bare one, that of the first step, and that of all"
    assert sorted(len(zygote.names) for zygote in place.starts.ready()) == [0, 4]


def test_what_steps_turn_out_to_import_is_loaded_once_nothing_runs(place: Place) -> None:
    place.library("lib_lazy")
    lazy = "import lib_a, importlib; importlib.import_module('lib' + '_lazy')"
    assert place.had(lazy) == ["lib_a"]
    place.settled()
    assert place.had(lazy) == ["lib_a", "lib_lazy"]
    assert len(place.starts.ready()) == 2, "it took the place of the one without"


def test_what_the_code_does_not_show_is_learned_from_use(place: Place) -> None:
    assert place.warmed("import importlib; importlib.import_module('lib' + '_a')") == ["lib_a"]
    # Other code is not concerned.
    assert place.had("import importlib; importlib.import_module('lib' + '_b')") == []


def test_steps_that_use_the_same_packages_share_a_zygote(place: Place) -> None:
    (place.packages / "lib_p").mkdir()
    for name in ("__init__", "one", "two"):
        (place.packages / "lib_p" / f"{name}.py").write_text("")
    place.warmed("import lib_p.one")
    place.warmed("import lib_p.two")
    assert place.had("import lib_p.one") == ["lib_p", "lib_p.one", "lib_p.two"]
    assert len(place.starts.ready()) == 2


@pytest.mark.parametrize("left", UNFIT)
def test_a_module_that_leaves_something_behind_is_not_preloaded(place: Place, left: str) -> None:
    place.library("lib_bad", UNFIT[left])
    with_both = "import lib_a\ntry:\n    import lib_bad\nexcept ImportError:\n    pass\n"
    if left == "it ended unexpectedly":
        with_both = "import lib_a\nif 0:\n    import lib_bad\n"
    for _ in range(5):
        assert place.run(with_both)[0] == 0
        place.settled()
    assert place.run(with_both + "print(had)")[1].endswith("['lib_a']\n")
    (tree,) = place.starts._trees.values()
    assert tree.unfit == {"lib_bad"}


def test_what_this_environment_does_not_have_is_no_obstacle(place: Place) -> None:
    assert place.warmed("import lib_a\ntry:\n    import lib_none\nexcept ImportError: pass") == ["lib_a"]


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_zygote_that_fails_is_replaced_and_the_step_starts_cold(
    place: Place, monkeypatch: pytest.MonkeyPatch, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(zygotes, "ANSWER_SECONDS", 0.5)
    caplog.set_level(logging.WARNING, "portline.worker")
    logging.getLogger("portline").propagate = True
    place.warmed("import lib_a")
    failing = max(place.starts.ready(), key=lambda zygote: len(zygote.modules))
    before = place.starts.cold, place.starts.warm

    os.kill(failing.pid, number)
    ran = place.folder / "ran"
    assert place.had(f"import lib_a\nwith open({str(ran)!r}, 'a') as f: f.write('x')") in ([], ["lib_a"])
    # Also where a child that waited took the step before the zygote was given up.
    assert ran.read_text() == "x"

    assert place.starts.cold + place.starts.warm == sum(before) + 1
    wait_for(lambda: failing.gone)
    if number == signal.SIGSTOP:
        assert place.starts.cold == before[0] + 1
        assert "starts cold" in caplog.text
        assert place.notes == [
            "The process that was to start this step warm failed. It is replaced; the step starts cold."
        ]
    place.settled()
    assert place.warmed("import lib_a") == ["lib_a"]
    assert failing not in place.starts.ready()


def test_steps_of_another_environment_have_other_zygotes(place: Place) -> None:
    place.warmed("import lib_a")
    call = place.call("print(had)")
    call = Call(call.argv, call.cwd, {**call.env, "OMP_NUM_THREADS": "7"}, call.token)
    place.starts.start(call)
    assert len(place.starts._trees) == 2


def test_after_an_installation_nothing_old_is_used(place: Place) -> None:
    place.library("lib_v", "x = 1")
    place.warmed("import lib_v")
    old = place.starts.ready()
    place.library("lib_new")
    place.library("lib_v", "x = 22")
    assert place.run("import lib_v; print(lib_v.x, had)")[1] == "22 ['lib_v']\n"
    wait_for(lambda: all(zygote.gone for zygote in old))


def test_the_one_that_was_not_used_for_longest_makes_room(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "MOST_ZYGOTES", 2)
    monkeypatch.setattr(warm, "KEPT_SECONDS", 3600.0)
    place.warmed("import lib_a")
    first = max(place.starts.ready(), key=lambda zygote: len(zygote.modules))
    place.warmed("import lib_b")
    assert first in place.starts.ready(), "it is kept for a while"
    monkeypatch.setattr(warm, "KEPT_SECONDS", 0.0)
    assert place.warmed("import lib_b") == ["lib_a", "lib_b"]
    assert len(place.starts.ready()) == 2
    wait_for(lambda: first.gone)


def test_one_that_is_retired_sees_its_steps_through(place: Place) -> None:
    place.warmed("import lib_a")
    zygote = max(place.starts.ready(), key=lambda zygote: len(zygote.modules))
    gate = place.folder / "gate"
    out, err, status = place.starts.start(
        place.call(f"import lib_a, time, os\nwhile not os.path.exists({str(gate)!r}):\n    time.sleep(0.01)")
    )
    zygote.retire()
    assert not zygote.gone
    gate.touch()
    assert json.loads(status.recv(100)) == {"code": 0, "alone": True}
    wait_for(lambda: zygote.gone)
    for fd in (out, err):
        os.close(fd)
    status.close()


@pytest.mark.parametrize("way", ["fork", "exec"])
def test_a_step_that_is_stopped_leaves_nothing_in_the_background(place: Place, way: str) -> None:
    """Also what has a session of its own and shows its token only in the memory that it was forked with."""
    place.warmed("pass")
    sleep = "time.sleep(600)" if way == "fork" else "os.execvp('sleep', ['sleep', '600'])"
    text = (
        f"import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        print(os.getpid(), flush=True)\n        {sleep}\n    os._exit(0)\nos.wait()\ntime.sleep(600)"
    )
    stop = Stop()
    printed: list[int] = []

    def feed(_: str, data: bytes) -> None:
        printed.append(int(data))
        stop.set("cancel")

    code, _ = place.run(text, stop, feed)
    assert code == -signal.SIGTERM
    wait_for(lambda: not alive(printed[0]))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_turned_off_nothing_is_warm(place: Place, settings: Any) -> None:
    settings.WARM_STARTS = False
    for _ in range(3):
        place.had("import lib_a")
    assert place.starts.warm == 0
    assert place.starts._trees == {}


def test_what_is_no_python_call_starts_cold(place: Place) -> None:
    call = place.call("")
    place.starts.start(Call(["bash", "-c", "true"], call.cwd, call.env, call.token))
    assert (place.starts.cold, place.starts._trees) == (1, {})


def waiting(pid: int) -> list[int]:
    """The children of a zygote that wait for a step: they bear no step's token yet."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if f"PORTLINE_ATTEMPT={TOKEN_ROOM}".encode() in environ(int(child))]


def environ(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def zygote_of(place: Place, library: str) -> ZygoteClient:
    place.warmed(f"import {library}")
    return max(place.starts.ready(), key=lambda zygote: len(zygote.modules))


def test_children_wait_ahead_and_are_replaced_when_taken(place: Place) -> None:
    zygote = zygote_of(place, "lib_a")
    before = wait_for(lambda: len(found := waiting(zygote.pid)) == SPARES and found)
    code, printed = place.run("import lib_a, os; print(os.getpid(), os.getsid(0))")
    assert (code, len(set(printed.split()))) == (0, 1), "it leads a session of its own"
    assert int(printed.split()[0]) in before
    after = wait_for(lambda: len(found := waiting(zygote.pid)) == SPARES and found)
    assert len(set(before) & set(after)) == SPARES - 1


def test_a_child_that_is_killed_while_it_waits_is_replaced(place: Place) -> None:
    zygote = zygote_of(place, "lib_a")
    before = wait_for(lambda: len(found := waiting(zygote.pid)) == SPARES and found)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    assert place.had("import lib_a") == ["lib_a"]
    after = wait_for(lambda: len(found := waiting(zygote.pid)) == SPARES and found)
    assert not set(before) & set(after)
    assert not zygote.gone


def test_many_more_steps_than_children_wait_run_at_once(place: Place) -> None:
    zygote_of(place, "lib_a")
    gate = place.folder / "gate"
    text = (
        "import lib_a, os, time\nopen('here', 'w').close()\n"
        f"while not os.path.exists({str(gate)!r}): time.sleep(0.01)\nprint(os.getpid())"
    )
    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(place.run, text) for _ in range(8)]
        wait_for(lambda: len(list(place.folder.glob("*/here"))) == 8)
        gate.touch()
        ended = [run.result() for run in runs]
    assert [code for code, _ in ended] == [0] * 8
    assert len({printed for _, printed in ended}) == 8


@pytest.mark.parametrize("way", ["kill", "stop"])
def test_children_that_wait_end_with_their_zygote(place: Place, way: str) -> None:
    zygote = zygote_of(place, "lib_a")
    pids = wait_for(lambda: waiting(zygote.pid))
    zygote.kill() if way == "kill" else zygote.stop()
    wait_for(lambda: not any(alive(pid) for pid in [zygote.pid, *pids]))


def test_while_memory_is_short_no_child_waits_and_steps_start_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygotes, "_PROGRAM", SHORT + zygotes._PROGRAM)
    zygote = zygote_of(place, "lib_a")
    assert place.had("import lib_a") == ["lib_a"]
    assert waiting(zygote.pid) == []


SHORT = f"""
import sys; sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from runner.executors import launcher
launcher._memory_is_short = lambda: True
del sys.path[0], sys, launcher
"""


def test_a_request_larger_than_a_socket_holds_arrives(place: Place) -> None:
    zygote_of(place, "lib_a")
    call = place.call("import sys; print(len(sys.argv), sum(map(len, sys.argv)))")
    words = ["x" * 100_000] * 10
    for start in (place.starts.start, launcher_of_tests.start):
        printed: list[bytes] = []
        again = Call([*call.argv, *words], call.cwd, call.env, call.token)
        code = CommandExecutor(start).run(again, Stop(), lambda _, data: printed.append(data), lambda: None)  # noqa: B023
        assert (code, b"".join(printed)) == (0, b"11 1000007\n")


WORKER = """
import os, sys, time, django
django.setup()
from tests.runner.test_warm_pool import Place, launcher_of_tests
from runner.executors import warm
import pathlib
place = Place(pathlib.Path(sys.argv[1]))
place.warmed("import lib_b")
kept = place.starts.start(place.call(
    "import lib_b, os, time\\nos.fork() or os.setsid()\\nopen(f'pid{os.getpid()}', 'w')\\ntime.sleep(600)"))
print([zygote.pid for zygote in place.starts.ready()], flush=True)
time.sleep(600)
"""


def test_a_killed_worker_leaves_no_process(tmp_path: Path) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env
    ) as worker:
        assert worker.stdout is not None
        try:
            pids = json.loads(worker.stdout.readline())
            started = wait_for(lambda: len(found := list(tmp_path.glob("*/pid*"))) == 2 and found)
            pids += [int(path.name.removeprefix("pid")) for path in started]
            assert len(pids) == 4
            assert all(alive(pid) for pid in pids)
        finally:
            worker.kill()
    wait_for(lambda: not any(alive(pid) for pid in pids))


def test_it_may_be_used_by_many_threads(place: Place) -> None:
    place.warmed("import lib_a")
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda number: place.run(f"import lib_a; print({number}, had)"), range(24)))
    assert ended == [(0, f"{number} ['lib_a']\n") for number in range(24)]


def test_a_library_that_looked_for_the_temporary_folder_does_not_pass_on_its_own(place: Place) -> None:
    place.library("lib_t", "import tempfile\ntempfile.gettempdir()")
    assert place.warmed("import lib_t") == ["lib_t"]
    call_folder = place.folder / str(place.count + 1)
    assert place.run("import lib_t, tempfile; print(tempfile.gettempdir())") == (0, f"{call_folder}\n")
