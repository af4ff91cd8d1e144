"""`manage.py run`: a pipeline's YAML without a server, in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "tests" / "sdk" / "files"
pytestmark = pytest.mark.xdist_group("run-command")


def command(*words: str | Path) -> list[str]:
    """With the built-in components left out, whose registration takes a while."""
    script = (
        "import django; django.setup()\n"
        "from runner.management import preparing; preparing.register_library = lambda *_: None\n"
        f"from django.core.management import execute_from_command_line as run; run({['manage.py', *map(str, words)]!r})"
    )
    return [sys.executable, "-c", script]


def run(data: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("run", *words), cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=120
    )


def environment(data: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {"DJANGO_SETTINGS_MODULE": "designer.settings", "SECRET_KEY": "only-for-tests"}
    return {**kept, **settings, "DATA_DIR": str(data), "ENVIRONMENT_IMAGES": '{"ubuntu": "local"}'}


def test_a_pipeline_runs_and_a_second_time_is_reused(tmp_path: Path) -> None:
    file = FILES / "jobs" / "train" / "pipeline.yml"
    first = run(tmp_path, file, "--input", "epochs=2")
    assert first.returncode == 0, first.stderr
    lines = first.stdout.splitlines()
    assert lines[0].startswith("Job: ")
    assert [line for line in lines if " | " in line] == [
        "train | epoch 1",
        "train | epoch 2",
        "score | sum 42 after 2 epochs",
    ]
    assert [line.partition(" ")[2] for line in lines if line.endswith("Completed")] == [
        "train: Completed",
        "score: Completed",
        "job Completed",
    ]
    again = run(tmp_path, file, "--set", "inputs.epochs=2")
    assert again.returncode == 0, again.stderr
    assert "train: Completed (reused)" in again.stdout
    anew = run(tmp_path, file, "--input", "epochs=2", "--force-rerun")
    assert "reused" not in anew.stdout


def test_it_ends_as_the_run_does(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("type: pipeline\njobs:\n  a:\n    command: echo no; exit 3\n    environment: {image: ubuntu}\n")
    failed = run(tmp_path / "data", file)
    assert failed.returncode == 1
    assert "a | no" in failed.stdout
    assert "ended as Failed" in failed.stderr


def test_a_file_that_is_not_right_ends_with_2_and_every_fault(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text("type: pipeline\njobs:\n  a: {component: ./missing.yml}\n  b: {component: ./gone.yml}\n")
    refused = run(tmp_path / "data", file)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "p.yml:3:" in refused.stderr
    assert "gone.yml" in refused.stderr
    assert "Traceback" not in refused.stderr
    for words in ([tmp_path / "nowhere.yml"], [file, "--workspace", "nowhere"], [file, "--set", "nonsense"]):
        refused = run(tmp_path / "data", *words)
        assert (refused.returncode, "no" in refused.stderr) == (2, True)


def test_ctrl_c_cancels_it(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text(
        "type: pipeline\njobs:\n  a:\n    command: echo begun; sleep 100\n    environment: {image: ubuntu}\n"
    )
    process = subprocess.Popen(
        command("run", file), cwd=ROOT, env=environment(tmp_path / "data"), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert any("a | begun" in line for line in process.stdout)
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()
    assert process.wait(timeout=60) == 1
    assert "a: Canceled" in rest


def test_a_folder_of_its_own_is_used_beside_a_server(tmp_path: Path) -> None:
    """Of two on one folder the second is refused; another folder is fine."""
    import fcntl

    file = tmp_path / "p.yml"
    file.write_text("type: pipeline\njobs:\n  a:\n    command: echo fine\n    environment: {image: ubuntu}\n")
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = run(tmp_path / "data", file)
        assert refused.returncode == 1
        assert "runs on" in refused.stderr
        assert "--data-dir" in refused.stderr
        other = subprocess.run(
            [sys.executable, "manage.py", "run", file, "--data-dir", tmp_path / "other"],
            cwd=ROOT,
            env=environment(tmp_path / "data"),
            capture_output=True,
            text=True,
            timeout=180,
        )
    assert other.returncode == 0, other.stderr
    assert (tmp_path / "other" / "db.sqlite3").exists()
