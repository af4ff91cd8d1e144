"""Working folders that are used again are as new; those that are not as they were made are gone."""

import os
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.executors import staging
from runner.executors.folders import Folders
from runner.executors.held import Stop
from runner.executors.processes import Call, CommandExecutor

SHAPE = ("tmp", "code", "code/logs", "out", "out/model")


def used(folders: Folders, root: Path) -> int:
    """Make a folder, fill it as steps do, and give it back; answers which one it was."""
    folders.make(str(root), SHAPE)
    number = os.lstat(root).st_ino
    (root / "code" / "package" / "deep").mkdir(parents=True)
    (root / "code" / "main.py").write_text("")
    (root / "code" / "logs" / "link").symlink_to(root)
    (root / "left").write_text("")
    (root / "out" / "model").rename(root.parent / f"kept by the store {number}")
    return number


def everything(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_a_folder_of_the_same_shape_is_used_again_and_is_empty(tmp_path: Path) -> None:
    folders = Folders()
    first = used(folders, tmp_path / "w" / "a")
    folders.take_back(str(tmp_path / "w" / "a"), SHAPE)
    assert not (tmp_path / "w" / "a").exists()
    folders.make(str(tmp_path / "w" / "b"), SHAPE)
    assert os.lstat(tmp_path / "w" / "b").st_ino == first
    assert everything(tmp_path / "w" / "b") == set(SHAPE)


def test_another_shape_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    folders = Folders()
    used(folders, tmp_path / "a")
    folders.take_back(str(tmp_path / "a"), SHAPE)
    folders.make(str(tmp_path / "b"), ("tmp",))
    assert everything(tmp_path / "b") == {"tmp"}


def _replace(folder: Path) -> None:
    folder.rmdir()
    folder.symlink_to("/")


@pytest.mark.parametrize("change", [lambda folder: folder.chmod(0o700), lambda folder: folder.chmod(0o1777), _replace])
def test_a_folder_that_was_changed_is_not_used_again(tmp_path: Path, change: Callable[[Path], None]) -> None:
    folders = Folders()
    used(folders, tmp_path / "w" / "a")
    change(tmp_path / "w" / "a" / "tmp")
    folders.take_back(str(tmp_path / "w" / "a"), SHAPE)
    assert not [path for path in (tmp_path / "w").iterdir() if "store" not in path.name]


def test_it_keeps_only_so_many(tmp_path: Path) -> None:
    folders = Folders()
    for number in range(50):
        folders.make(str(tmp_path / "w" / f"{number}"), SHAPE)
    for number in range(50):
        folders.take_back(str(tmp_path / "w" / f"{number}"), SHAPE)
    assert 0 < len(list((tmp_path / "w").iterdir())) < 50


@pytest.mark.parametrize(("command", "alone"), [("true", True), ("env -i setsid -f sleep 2", False)])
def test_it_is_told_whether_something_that_a_step_started_still_runs(tmp_path: Path, command: str, alone: bool) -> None:
    told: list[bool] = []
    env = {"PATH": os.environ["PATH"]}
    call = Call(("sh", "-c", command), tmp_path, env, uuid.uuid4().hex, alone=lambda: told.append(True))
    stop = Stop()
    assert CommandExecutor().run(call, stop, lambda *_: None, lambda: None) == 0
    stop.close()
    assert told == ([True] if alone else [])


def test_what_is_left_of_a_step_goes_while_another_runs_or_when_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept = ThreadPoolExecutor(1)
    monkeypatch.setattr(staging, "_sweeper", swept)
    root = tmp_path / "run-1"
    (root / "code").mkdir(parents=True)
    staging.Stage(root, root / "code").remove()
    assert root.exists()
    staging.tidy()
    swept.shutdown(wait=True)
    assert not root.exists()
