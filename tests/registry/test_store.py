"""The store on a file system that is not this machine's disk. Here: fsspec's own in memory, and a real S3 server."""

import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from registry import contents, store
from registry.refusal import Refusal
from tests.s3 import S3, s3_server

LOCATION = "artifacts/ab/abcdef"


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_server() as server:
        yield server


@pytest.fixture(params=["memory", "s3"])
def system(request: pytest.FixtureRequest, settings: Any) -> fsspec.AbstractFileSystem:
    """The file system below the store."""
    if request.param == "s3":
        server: S3 = request.getfixturevalue("s3")
        settings.STORAGE_URL, settings.STORAGE_OPTIONS = f"s3://{server.bucket}/{uuid.uuid4().hex}", server.options
    else:
        settings.STORAGE_URL, settings.STORAGE_OPTIONS = f"memory://{uuid.uuid4().hex}", {}
    return store.file_system()[0]


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, Path]:
    made = tmp_path / "made"
    (made / "sub").mkdir(parents=True)
    (made / "a.txt").write_text("a")
    (made / "sub" / "run.sh").write_text("#!/bin/sh\n")
    (made / "sub" / "run.sh").chmod(0o755)
    return {"a.txt": made / "a.txt", "sub/run.sh": made / "sub" / "run.sh"}


def test_a_folder_comes_back_as_it_was(system: object, folder: dict[str, Path], tmp_path: Path) -> None:
    store.put_files(LOCATION, folder)
    assert store.exists(LOCATION)
    assert store.list_files(LOCATION) == ["a.txt", "sub/run.sh"]
    with store.open_file(f"{LOCATION}/a.txt") as file:
        assert file.read() == b"a"
    store.fetch(LOCATION, tmp_path / "back")
    assert (tmp_path / "back/a.txt").read_text() == "a"
    assert os.access(tmp_path / "back/sub/run.sh", os.X_OK)
    assert not os.access(tmp_path / "back/a.txt", os.X_OK)


def test_a_large_file_goes_in_parts_and_comes_in_blocks(
    system: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART", 5 * 1024 * 1024)
    content = os.urandom(1024 * 1024) * 12
    (tmp_path / "large").write_bytes(content)
    store.put_file("data/ab/abcdef/large", tmp_path / "large")
    with store.open_file("data/ab/abcdef/large") as file:
        assert file.read(3) == content[:3]
        file.seek(-3, os.SEEK_END)
        assert file.read() == content[-3:]
    store.fetch("data/ab/abcdef/large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content


def test_what_is_half_written_is_not_there(
    system: fsspec.AbstractFileSystem, folder: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(system, "pipe_file", fail)
        with pytest.raises(store.StoreError, match="power cut"):
            store.put_files(LOCATION, folder)
    assert not store.exists(LOCATION)
    with pytest.raises(FileNotFoundError):
        store.fetch(LOCATION, tmp_path / "back")
    store.put_files(LOCATION, folder)  # the next attempt writes it all
    assert store.list_files(LOCATION) == ["a.txt", "sub/run.sh"]


def test_what_did_not_come_whole_is_refused(
    system: fsspec.AbstractFileSystem, folder: dict[str, Path], tmp_path: Path
) -> None:
    store.put_files(LOCATION, folder)
    system.pipe_file(f"{store.file_system()[1]}/{LOCATION}/a.txt", b"longer than it was")
    with pytest.raises(store.StoreError, match="did not come whole"):
        store.fetch(LOCATION, tmp_path / "back")


def test_many_are_asked_for_at_once(system: object, tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    made = [f"artifacts/0{number}/{number}" for number in range(3)]
    for location in made:
        store.put_file(location, tmp_path / "one")
    assert store.present([*made, "artifacts/xx/none"]) == set(made)


def test_content_is_removed_with_its_manifest(
    system: fsspec.AbstractFileSystem, folder: dict[str, Path], tmp_path: Path
) -> None:
    store.put_files(LOCATION, folder)
    store.put_file("data/cd/cdef/name.csv", folder["a.txt"])
    for shard in list(contents.shards()):
        assert contents.take_away(contents.contents(shard), set)
    assert not store.present([LOCATION, "data/cd/cdef/name.csv"])
    assert system.find(store.file_system()[1]) == []


def test_a_full_disk_keeps_no_half_of_it(
    tmp_path: Path, settings: Any, folder: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGE_URL = str(tmp_path / "storage")
    monkeypatch.setattr("shutil.copy2", fail)
    with pytest.raises(OSError, match="power cut"):
        store.put_files(LOCATION, folder)
    assert not store.exists(LOCATION)
    assert list((tmp_path / "storage/drafts").iterdir()) == []


def test_one_connection_for_all_threads(system: object) -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(store.file_system()[0]))
    thread.start()
    thread.join()
    assert found == [system]


def test_a_store_that_cannot_be_reached_is_named(settings: Any, tmp_path: Path) -> None:
    # Nobody listens on port 1.
    nowhere = {"endpoint_url": "http://127.0.0.1:1", "key": "k", "secret": "s"}
    settings.STORAGE_URL, settings.STORAGE_OPTIONS = (
        "s3://nowhere/prefix",
        nowhere | {"config_kwargs": {"retries": {"max_attempts": 0}}},
    )
    (tmp_path / "one").write_text("1")
    begun = time.monotonic()
    with pytest.raises(Refusal) as refused:
        store.put_file("artifacts/ab/abcdef", tmp_path / "one")
    assert "the store at s3://nowhere/prefix" in refused.value.sentence
    assert refused.value.status == 503
    assert time.monotonic() - begun < 60


def fail(*args: Any, **kwargs: Any) -> None:
    raise OSError("power cut")
