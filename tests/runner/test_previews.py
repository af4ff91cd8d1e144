"""Previews: each output is known for what it is, and what is broken is still shown as a plain file."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from runner.models import Artifact
from runner.previews import client
from runner.previews.kinds import preview
from runner.worker import Worker
from tests.runner.conftest import World, finish


def table(folder: Path, frame: pl.DataFrame) -> Path:
    folder.mkdir()
    frame.write_parquet(folder / "data.parquet")
    (folder / "MLTable").write_text(
        "type: mltable\npaths:\n  - file: ./data.parquet\ntransformations:\n  - read_parquet\n"
    )
    return folder


def picture(path: Path, size: tuple[int, int] = (300, 200)) -> None:
    Image.new("RGB", size, "red").save(path, "PNG")


def test_a_table_shows_its_rows_and_what_is_in_each_column(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "n": [*range(149), None],
            "x": [1.5, float("nan"), float("inf"), *[0.5] * 147],
            "s": ["a", "b", "a", *["a"] * 147],
            "yes": [True, False, None] * 50,
            "day": pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 5, 29), eager=True),
            "list": [[1]] * 150,
            "none": [None] * 150,
            "big": [2**60] * 150,
        }
    )
    shown = preview(table(tmp_path / "t", frame), "t", "mltable")
    assert (shown["kind"], shown["row_count"], len(shown["rows"])) == ("table", 150, 100)
    columns = {column["name"]: column for column in shown["columns"]}
    assert {name: column["type"] for name, column in columns.items()} == {
        "n": "integer",
        "x": "number",
        "s": "text",
        "yes": "boolean",
        "day": "date",
        "list": "other",
        "none": "other",
        "big": "integer",
    }
    assert columns["n"] | {"histogram": None} == {
        "name": "n",
        "type": "integer",
        "missing": 1,
        "distinct": 149,
        "min": 0,
        "max": 148,
        "mean": 74.0,
        "histogram": None,
        "top": None,
    }
    assert sum(columns["n"]["histogram"]) == 149
    assert columns["x"]["missing"] == 1
    assert columns["s"]["top"] == [["a", 149], ["b", 1]]
    assert (columns["day"]["min"], columns["day"]["max"]) == ("2020-01-01", "2020-05-29")
    assert shown["rows"][1][1] is None  # NaN is no JSON
    assert shown["rows"][0][7] == str(2**60)  # more than a browser's numbers hold
    json.dumps(shown, allow_nan=False)


def test_a_wide_table_of_long_text_stays_small(tmp_path: Path) -> None:
    frame = pl.DataFrame({f"c{i}": ["x" * 1000] * 200 for i in range(60)})
    shown = preview(table(tmp_path / "t", frame), "t", "mltable")
    assert len(json.dumps(shown)) < client.SIZE_LIMIT
    assert 0 < len(shown["rows"]) < 100


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ('{"accuracy": 0.9, "n": 3, "confusion": [[1]]}', "metrics"),
        ('{"name": "x", "n": 3}', "json"),
        ('{"a": {"b": 1}}', "json"),
        ("[1, 2]", "json"),
        ('{"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "bar"}', "chart"),
        ('{"broken": ', "text"),
        ("<!doctype html><script>1</script>", "html"),
        ("hello\nworld\n", "text"),
        ("a,b\n1,2\n3,4\n", "table"),
        ("a, b\nand no more than that, I say, than that\n", "text"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "image"),
        (b"\x00\x01", "file"),
        (b"\x89PNG\r\n\x1a\nbroken", "file"),
        (b"PAR1broken", "file"),
        ("", "text"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path: Path, content: str | bytes, kind: str) -> None:
    path = tmp_path / "output"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert preview(path, "output", "uri_file")["kind"] == kind


def test_metrics_are_the_numbers_at_the_top(tmp_path: Path) -> None:
    (tmp_path / "m").write_text('{"accuracy": 0.9, "bad": NaN, "confusion": [[1, 2]]}')
    shown = preview(tmp_path / "m", "m", "uri_file")
    assert (shown["values"], shown["detail"]) == ({"accuracy": 0.9}, {"bad": None, "confusion": [[1, 2]]})


def test_long_text_is_cut_between_letters(tmp_path: Path) -> None:
    (tmp_path / "t").write_text("x" + "é" * 100_000)
    shown = preview(tmp_path / "t", "t", "uri_file")
    assert (shown["kind"], shown["truncated"], set(shown["text"])) == ("text", True, {"x", "é"})


def model(folder: Path) -> None:
    folder.mkdir()
    (folder / "model.json").write_text('{"kind": "Forest"}')


def pictures(folder: Path) -> None:
    folder.mkdir()
    for index in range(30):
        picture(folder / f"{index:02}.png")


def broken_table(folder: Path) -> None:
    folder.mkdir()
    (folder / "MLTable").write_text("paths: [{file: ./gone.parquet}]\ntransformations: [read_parquet]\n")


@pytest.mark.parametrize(("make", "kind"), [(model, "model"), (pictures, "images"), (broken_table, "folder")])
def test_a_folder_is_known_by_what_is_in_it(tmp_path: Path, make: Callable[[Path], Any], kind: str) -> None:
    make(tmp_path / "o")
    shown = preview(tmp_path / "o", "o", "uri_folder")
    assert shown["kind"] == kind
    if kind == "images":
        assert (shown["total"], len(shown["images"])) == (30, 24)
        first = shown["images"][0]
        assert (first["path"], first["width"], first["height"]) == ("00.png", 300, 200)
        data = base64.b64decode(first["thumbnail"].partition(",")[2])
        assert Image.open(io.BytesIO(data)).size == (160, 107)


def test_a_table_that_is_no_parquet_is_read_as_the_components_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "o"
    folder.mkdir()
    (folder / "a.csv").write_text("a;b\n1;2\n")
    (folder / "MLTable").write_text(
        "paths: [{file: ./a.csv}]\ntransformations:\n  - read_delimited:\n      delimiter: ';'\n"
    )
    shown = preview(folder, "o", "mltable")
    assert (shown["kind"], shown["rows"]) == ("table", [[1, 2]])


def test_a_preview_that_cannot_be_made_fails_no_step(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> None:
        client.helper._running().kill()
        raise EOFError("it crashed")

    monkeypatch.setattr(client.helper, "ask", broken)
    write = live_world.component("write", "printf 'a,b\\n1,2\\n' > ${{outputs.o}}", outputs="o: {type: uri_file}")
    pipeline = live_world.pipeline({"a": write}, settings={"force_rerun": True})
    assert finish(live_world.submit(pipeline)).status == "Completed"
    monkeypatch.undo()
    assert finish(live_world.submit(pipeline)).status == "Completed"
    assert [artifact.kind for artifact in Artifact.objects.all()] == ["file", "table"]


def test_a_helper_that_hangs_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")  # reading it never ends
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.5)
    try:
        assert client.preview_of(tmp_path / "pipe", "o", "uri_file") == ("file", {})
        monkeypatch.setattr(client, "TIMEOUT_SECONDS", 60)
        (tmp_path / "m").write_text('{"a": 1}')
        assert client.preview_of(tmp_path / "m", "m", "uri_file")[0] == "metrics"
    finally:
        client.helper.stop()
