"""A zip from a stranger writes nothing outside of its folder and fills no disk."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from registry import unpacking
from registry.unpacking import BadArchive, unpack

from .conftest import zip_of

MB = 1024 * 1024


def test_files_come_out_as_they_went_in(tmp_path: Path):
    paths = unpack(zip_of({"a/b.txt": "one", "c.txt": "two"}), tmp_path / "out", MB)
    assert paths == ["a/b.txt", "c.txt"]
    assert (tmp_path / "out/a/b.txt").read_text() == "one"


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "..\\evil.txt", "a\\..\\evil.txt"]
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, name: str):
    with pytest.raises(BadArchive, match="outside of the folder"):
        unpack(_raw({name: b"x"}), tmp_path / "out", MB)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (kind | 0o777) << 16
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(BadArchive, match="link or a device"):
        unpack(content, tmp_path / "out", MB)
    assert not (tmp_path / "out").exists()


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path):
    with pytest.raises(BadArchive, match="bomb"):
        unpack(zip_of({"zeros": bytes(20 * MB)}), tmp_path / "out", 100 * MB)


def test_a_bomb_that_lies_about_its_size_stops_at_the_limit(tmp_path: Path):
    content = zip_of({"zeros": bytes(4 * MB)})
    lying = content.getvalue().replace((4 * MB).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(BadArchive):
        unpack(io.BytesIO(lying), tmp_path / "out", MB)
    assert sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()) <= MB


def test_what_is_too_large_together_is_refused(tmp_path: Path):
    files = {f"{number}.bin": bytes(MB // 2) for number in range(3)}
    with pytest.raises(BadArchive, match="larger than 1 MB when unpacked"):
        unpack(zip_of(files), tmp_path / "out", MB)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unpacking, "FILE_COUNT_LIMIT", 3)
    with pytest.raises(BadArchive, match="4 files"):
        unpack(zip_of({str(number): "x" for number in range(4)}), tmp_path / "out", MB)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_path_twice_is_refused(tmp_path: Path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", "1")
        archive.writestr("a", "2")
    with pytest.raises(BadArchive, match="twice"):
        unpack(content, tmp_path / "out", MB)


def test_what_is_no_zip_is_refused_with_a_sentence(tmp_path: Path):
    with pytest.raises(BadArchive, match="cannot be read as a zip"):
        unpack(io.BytesIO(b"hello"), tmp_path / "out", MB)


def _raw(files: dict[str, bytes]) -> io.BytesIO:
    """Like zip_of, but with names that Python's zipfile would mend."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, text in enumerate(files.values()):
            archive.writestr(f"{number}".ljust(len(list(files)[number]), "_"), text)
    raw = content.getvalue()
    for number, name in enumerate(files):
        raw = raw.replace(f"{number}".ljust(len(name), "_").encode(), name.encode())
    return io.BytesIO(raw)
