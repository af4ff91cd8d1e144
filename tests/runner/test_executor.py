"""How one step runs: its files, its environment, its log, its end."""

import json
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from registry import store
from registry.models import DataAsset
from runner.executors.processes import Call, launcher
from runner.executors.warm import warm_starts
from runner.models import Artifact, Event, LogChunk
from runner.services.cancelling import run_cancel
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, statuses, step_of, wait_for

# Two processes more: one in the step's own group, one that left it.
FAMILY = "echo $$; sleep 300 & echo $!; setsid sleep 300 & sleep 0.2; pgrep -n -f 'sleep 300'; wait"


def only(world: World, ref: str, **node: Any) -> Any:
    return world.pipeline({"n": {"component": ref, **node}})


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def family_of(run: Any) -> list[int]:
    return wait_for(lambda: len(found := [int(word) for word in log_of(run, "n").split()]) == 3 and found)


def test_cancelling_ends_every_process_of_a_step(live_world: World, worker: Worker) -> None:
    run = live_world.submit(only(live_world, live_world.component("family", FAMILY)))
    pids = family_of(run)
    assert len(alive(pids)) == 3

    run_cancel(run, live_world.alice)

    assert finish(run).status == "Canceled"
    assert statuses(run) == {"n": "Canceled"}
    wait_for(lambda: not alive(pids))
    assert "The step was cancelled." in log_of(run, "n")


def test_a_timeout_ends_every_process_of_a_step(live_world: World, worker: Worker) -> None:
    run = live_world.submit(only(live_world, live_world.component("family", FAMILY), settings={"timeout": 1.5}))
    pids = family_of(run)
    assert finish(run).status == "Failed"
    assert step_of(run, "n").message == "killed: took longer than its timeout of 1.5 s"
    wait_for(lambda: not alive(pids))


def test_a_step_that_will_not_end_is_ended(live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.executors.processes.GRACE_SECONDS", 0.2)
    deaf = live_world.component("deaf", "trap '' TERM; echo ready; while true; do sleep 0.05; done")
    run = live_world.submit(only(live_world, deaf))
    wait_for(lambda: "ready" in log_of(run, "n"))
    run_cancel(run)
    assert finish(run).status == "Canceled"


def test_what_a_step_leaves_in_the_background_goes_with_it(live_world: World, worker: Worker) -> None:
    leave = live_world.component("leave", "setsid sleep 300 & echo $!; (sleep 300 &) ; sleep 0.1")
    run = finish(live_world.submit(only(live_world, leave)))
    assert run.status == "Completed"
    pid = int(log_of(run, "n").split()[0])
    wait_for(lambda: not alive([pid]))
    wait_for(lambda: running_below_the_launcher() == [])


def running_below_the_launcher() -> list[list[str]]:
    """Command lines, without those of children that only wait for a request."""
    own = psutil.Process(launcher._process.pid)  # type: ignore[union-attr]
    return [found for process in own.children(recursive=True) if (found := process.cmdline()) != own.cmdline()]


def test_nothing_survives_the_launcher(live_world: World, worker: Worker) -> None:
    run = live_world.submit(only(live_world, live_world.component("family", FAMILY)))
    pids = family_of(run)
    launcher._control.close()  # type: ignore[union-attr]  (as the kernel does when a worker is killed)
    wait_for(lambda: not alive(pids))
    launcher._control = None
    # It is no fault of the step, which is tried again.
    wait_for(lambda: statuses(run) == {"n": "Queued"})
    assert step_of(run, "n").message == "The process that starts steps ended unexpectedly."
    run_cancel(run)
    finish(run)


def test_a_worker_that_stops_hands_its_steps_back(live_world: World) -> None:
    first = Worker(slots=2)
    first.start()
    slow = live_world.component("slow", f"echo begun; test -e {live_world.tmp_path}/go || sleep 300")
    run = live_world.submit(only(live_world, slow))
    wait_for(lambda: "begun" in log_of(run, "n"))
    first.stop()
    assert statuses(run) == {"n": "Queued"}

    Path(live_world.tmp_path, "go").touch()
    second = Worker(slots=2)
    second.start()
    try:
        assert finish(run).status == "Completed"
        assert [attempt.status for attempt in step_of(run, "n").attempts.all()] == ["Canceled", "Completed"]
    finally:
        second.stop()


def test_a_warm_start_that_failed_is_told_in_the_steps_log(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing:
        def start(self, call: Call) -> None:
            raise ConnectionError("it did not answer")

    monkeypatch.setattr(warm_starts, "_zygote_for", lambda call: Failing())
    run = finish(live_world.submit(only(live_world, live_world.component("hello", "python -c 'print(1)'"))))
    assert run.status == "Completed"
    assert list(LogChunk.objects.order_by("seq").values_list("stream", "text")) == [
        ("system", "The process that was to start this step warm failed. It is replaced; the step starts cold.\n"),
        ("stdout", "1\n"),
    ]


def test_no_secret_of_the_server_reaches_a_step(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "STORAGE_URL", "AWS_SECRET_ACCESS_KEY", "ANYTHING_ELSE"):
        monkeypatch.setenv(name, f"secret-{name}")
    show = live_world.component("show", "python -c 'import json, os; print(json.dumps(dict(os.environ)))'")
    run = finish(live_world.submit(only(live_world, show)))
    env = json.loads(log_of(run, "n"))
    assert not [value for value in env.values() if "secret-" in value]
    assert {"PATH", "TMPDIR", "PYTHONUNBUFFERED", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"} <= set(env)
    assert env["AZUREML_ROOT_RUN_ID"] == run.name


def test_python_is_the_servers_interpreter_in_bash_too(live_world: World, worker: Worker) -> None:
    import sys

    show = "import sys; print(sys.executable)"
    plain = live_world.component("plain", f"python -c '{show}'")
    bash = live_world.component("bash", f"true && python3 -c '{show}'")
    run = finish(live_world.submit(live_world.pipeline({"a": plain, "b": bash})))
    for node in ("a", "b"):
        assert Path(log_of(run, node).strip()).resolve() == Path(sys.executable).resolve()


def test_a_step_has_its_own_writable_copy_of_its_code(live_world: World, worker: Worker) -> None:
    code = {"run.sh": "ls; echo 'changed' >> data.txt; cat data.txt; ls outputs logs\n", "data.txt": "as registered\n"}
    write = live_world.component("write", "bash run.sh", files=code)
    for _ in range(2):
        run = finish(live_world.submit(only(live_world, write, settings={"force_rerun": True})))
        assert log_of(run, "n") == "data.txt\nlogs\noutputs\nrun.sh\nas registered\nchanged\nlogs:\n\noutputs:\n"


def test_places_of_outputs_are_as_azures_scripts_expect(live_world: World, worker: Worker) -> None:
    look = live_world.component(
        "look",
        "ls -A ${{outputs.folder}} && test ! -e ${{outputs.file}} && echo x > ${{outputs.file}}"
        ' && test "$AZURE_ML_OUTPUT_folder" = ${{outputs.folder}} && echo y > ${{outputs.folder}}/y',
        outputs="folder: {type: uri_folder}, file: {type: uri_file}",
    )
    run = finish(live_world.submit(only(live_world, look)))
    assert step_of(run, "n").message == ""
    assert run.status == "Completed"


def test_registered_data_keeps_its_name(live_world: World, worker: Worker, tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text("a,b\n1,2\n")
    store.put_file("data/ab/my.csv", tmp_path / "my.csv")
    DataAsset.objects.create(
        workspace=live_world.workspace,
        name="my",
        version="1",
        type="uri_file",
        title="my.csv",
        digest="ab",
        size=8,
        location="data/ab/my.csv",
    )
    show = live_world.component("show", "basename ${{inputs.d}}; cat ${{inputs.d}}", inputs="d: {type: uri_file}")
    data = {"kind": "data", "asset": "my:1", "type": "uri_file"}
    run = finish(live_world.submit(live_world.pipeline({"d": data, "n": show}, ["d.data -> n.d"])))
    assert log_of(run, "n") == "my.csv\na,b\n1,2\n"


def test_an_output_that_was_not_written_is_a_failure(live_world: World, worker: Worker) -> None:
    forget = live_world.component("forget", "true", outputs="train: {type: uri_folder}")
    run = finish(live_world.submit(only(live_world, forget)))
    assert (run.status, step_of(run, "n").message) == (
        "Failed",
        "The step ended well but wrote nothing to its output `train`.",
    )
    assert not Artifact.objects.exists()


def test_equal_outputs_lie_in_the_store_once_and_links_are_followed(live_world: World, worker: Worker) -> None:
    one = live_world.component(
        "one", "echo same > ${{outputs.o}}/a && ln -s a ${{outputs.o}}/b", outputs="o: {type: uri_folder}"
    )
    two = live_world.component(
        "two", "echo same > ${{outputs.o}}/a && cp ${{outputs.o}}/a ${{outputs.o}}/b", outputs="o: {type: uri_folder}"
    )
    finish(live_world.submit(live_world.pipeline({"a": one, "b": two})))
    first, second = Artifact.objects.all()
    assert first.digest == second.digest
    path = store.local_path(first.location)
    assert path is not None
    assert not (path / "b").is_symlink()
    assert (path / "b").read_text() == "same\n"


def test_an_output_may_be_a_link_to_what_the_step_has(live_world: World, worker: Worker) -> None:
    link = live_world.component(
        "link", "echo x > mine && ln -s $PWD/mine ${{outputs.o}}", outputs="o: {type: uri_file}"
    )
    finish(live_world.submit(only(live_world, link)))
    path = store.local_path(Artifact.objects.get().location)
    assert path is not None
    assert (path.is_symlink(), path.read_text()) == (False, "x\n")


def test_the_digest_of_a_folder_is_that_of_registered_data(live_world: World, worker: Worker) -> None:
    from registry.spec.folder import files_digest

    folder = live_world.component(
        "folder",
        "mkdir ${{outputs.o}}/s && echo a > ${{outputs.o}}/s/a && echo b > ${{outputs.o}}/b",
        outputs="o: {type: uri_folder}",
    )
    finish(live_world.submit(only(live_world, folder)))
    artifact = Artifact.objects.get()
    path = store.local_path(artifact.location)
    assert path is not None
    assert artifact.digest == files_digest({"s/a": path / "s" / "a", "b": path / "b"})


def test_a_log_has_a_limit_that_is_announced(live_world: World, worker: Worker, settings: Any) -> None:
    settings.LOG_LIMIT = 1000
    talk = live_world.component("talk", "head -c 5000 /dev/zero | tr '\\0' x; sleep 0.3; echo more")
    run = finish(live_world.submit(only(live_world, talk)))
    text = log_of(run, "n")
    assert run.status == "Completed"
    assert text.count("x") == 1000
    assert text.count("reached 1000 bytes") == 1
    assert "more" not in text
    assert step_of(run, "n").attempts.get().log_truncated


def test_lines_are_kept_in_batches(live_world: World, worker: Worker) -> None:
    talk = live_world.component("talk", "seq 1 20000")
    run = finish(live_world.submit(only(live_world, talk)))
    chunks = LogChunk.objects.filter(attempt__step__run=run)
    assert "".join(chunk.text for chunk in chunks) == "".join(f"{i}\n" for i in range(1, 20001))
    assert chunks.count() < 20


def test_progress_is_an_event_and_no_log_line(live_world: World, worker: Worker) -> None:
    lines = "; ".join(f"echo ::progress 0.{i:02}::" for i in range(100))
    tell = live_world.component("tell", f"echo a; {lines}; echo ::progress 1::; printf ::progress; echo b")
    run = finish(live_world.submit(only(live_world, tell)))
    assert log_of(run, "n") == "a\n::progressb\n"
    told = [event.data["progress"] for event in Event.objects.filter(run=run, type="step.progress")]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) < 20


def test_output_that_is_no_text_does_no_harm(live_world: World, worker: Worker) -> None:
    binary = live_world.component("binary", r"printf 'a\0b\xff\xe2\x82'; sleep 0.3; printf '\xac\n'")
    run = finish(live_world.submit(only(live_world, binary)))
    assert log_of(run, "n") == "a\ufffdb\ufffd€\n"


@pytest.mark.parametrize(
    ("command", "message", "code"),
    [
        ("no-such-program --x", "no-such-program: command not found", 127),
        ("kill -9 $$", "The step was ended by SIGKILL; the machine may have run out of memory.", -9),
        ("python -c 'def f(): raise KeyError(1)\nf()'", "KeyError: 1", 1),
        ("exit 4", "The command ended with exit code 4, and wrote nothing to stderr.", 4),
    ],
)
def test_a_failure_says_why(live_world: World, worker: Worker, command: str, message: str, code: int) -> None:
    run = finish(live_world.submit(only(live_world, live_world.component("fail", command))))
    step = step_of(run, "n")
    assert (step.status, step.message, step.exit_code) == ("Failed", message, code)


def test_working_folders_are_gone_afterwards(live_world: World, worker: Worker, settings: Any) -> None:
    write = live_world.component("write", "echo x > ${{outputs.o}}; exit 1", outputs="o: {type: uri_file}")
    run = finish(live_world.submit(only(live_world, write)))
    wait_for(lambda: not list(Path(settings.WORK_DIR, "workers").glob(f"*/run-{run.pk}-*")))


def test_a_lost_message_is_sent_again_by_the_reconciler(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runner import broker
    from runner.models import Step

    send = broker.send_steps
    monkeypatch.setattr(broker, "send_steps", lambda ids: None)
    run = live_world.submit(only(live_world, live_world.component("true", "true")))
    monkeypatch.setattr(broker, "send_steps", send)
    assert statuses(run) == {"n": "Queued"}
    Step.objects.update(woken_at=None)  # as it is a minute later
    assert finish(run).status == "Completed"


def test_a_message_that_comes_twice_runs_a_step_once(live_world: World, worker: Worker) -> None:
    from runner.actors import run_step

    run = live_world.submit(only(live_world, live_world.component("count", f"echo x >> {live_world.tmp_path}/count")))
    for _ in range(5):
        run_step.send(step_of(run, "n").pk)
    finish(run)
    run_step.send(step_of(run, "n").pk)
    time.sleep(0.2)
    assert Path(live_world.tmp_path, "count").read_text() == "x\n"
