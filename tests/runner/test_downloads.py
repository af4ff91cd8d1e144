"""What workers keep of a store that is elsewhere: once, whole, and not more than the limit."""

import os
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from registry import store
from runner.executors import downloads
from runner.executors.downloads import CannotStage, keep, trim, use


@pytest.fixture(autouse=True)
def _elsewhere(settings: Any) -> None:
    settings.STORAGE_URL = f"memory://{uuid.uuid4().hex}"


@pytest.fixture
def used(settings: Any) -> Path:
    """The folder of a step's inputs."""
    folder = Path(settings.WORK_DIR) / "workers" / "a-worker" / "run-1" / "inputs"
    folder.mkdir(parents=True)
    return folder


def stored(tmp_path: Path, digest: str, size: int = 1000) -> str:
    source = tmp_path / digest
    source.write_bytes(b"x" * size)
    location = f"artifacts/{digest[:2]}/{digest}"
    store.put_file(location, source)
    return location


def cached(settings: Any) -> set[str]:
    return {path.parent.name for path in Path(settings.WORK_DIR).glob("cache/??/*/*")}


def test_content_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location, fetched, fetch = stored(tmp_path, "aa1"), [], store.fetch
    monkeypatch.setattr(store, "fetch", lambda *args: (fetched.append(args[0]), fetch(*args)))
    for _ in range(2):
        assert use(location, "aa1", Path.read_bytes) == b"x" * 1000
    assert fetched == [location]


def test_steps_that_ask_at_once_wait_for_one_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = stored(tmp_path, "aa1", size=300_000)
    got: list[int] = []
    fetched, fetch = [], store.fetch
    monkeypatch.setattr(store, "fetch", lambda *args: (fetched.append(args[0]), fetch(*args)))
    threads = [
        threading.Thread(target=lambda: got.append(len(use(location, "aa1", Path.read_bytes)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [300_000] * 8
    assert fetched == [location]


def test_what_the_store_lost_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotStage, match="does not hold artifacts/aa/aa1 any more"):
        use("artifacts/aa/aa1", "aa1", Path.read_bytes)


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path, settings: Any) -> None:
    for age, digest in enumerate(("aa1", "bb2", "cc3")):
        use(stored(tmp_path, digest), digest, Path.read_bytes)
        _used_at(settings, digest, 1_000_000 + age)
    use("artifacts/aa/aa1", "aa1", Path.read_bytes)  # the oldest is used again
    settings.CACHE_LIMIT = 2000
    trim()
    assert cached(settings) == {"aa1", "cc3"}


def test_what_a_running_step_reads_stays(tmp_path: Path, settings: Any, used: Path) -> None:
    for digest in ("aa1", "bb2"):
        location = stored(tmp_path, digest)
        (used / digest).mkdir()
        use(location, digest, (used / digest / "input").symlink_to)
    (used / "bb2" / "input").unlink()  # that step ended
    settings.CACHE_LIMIT = 0
    trim()
    assert cached(settings) == {"aa1"}
    assert (used / "aa1" / "input").read_bytes() == b"x" * 1000


def test_nothing_is_taken_between_looking_and_linking(tmp_path: Path, settings: Any, used: Path) -> None:
    location = stored(tmp_path, "aa1")
    settings.CACHE_LIMIT = 0

    def link(content: Path) -> None:
        trim()  # somebody else's, at the worst moment
        (used / "aa1").symlink_to(content)

    use(location, "aa1", link)
    assert (used / "aa1").read_bytes() == b"x" * 1000


def test_an_output_is_kept_where_it_was_made(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.write_text("x")
    store.put_file("artifacts/aa/aa1", made)
    keep("artifacts/aa/aa1", "aa1", made)
    monkeypatch.setattr(store, "fetch", lambda *_: pytest.fail("it is here already"))
    assert use("artifacts/aa/aa1", "aa1", Path.read_text) == "x"
    assert not os.stat(downloads._place("artifacts/aa/aa1", "aa1")).st_mode & 0o222


def _used_at(settings: Any, digest: str, moment: float) -> None:
    os.utime(Path(settings.WORK_DIR) / "cache" / digest[:2] / digest, (moment, moment))
