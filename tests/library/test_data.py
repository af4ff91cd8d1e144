"""Getting data in and out."""

import http.server
import threading
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import polars as pl
import pytest

from .harness import Outcome, Step, fresh_process

SHAPES = {
    "iris": (150, 5),
    "wine": (178, 14),
    "breast_cancer": (569, 31),
    "diabetes": (442, 11),
    "digits": (1797, 65),
    "linnerud": (20, 6),
}
ROWS = "name;price;since\nTea;3.5;2024-01-05\nCocoa;;2023-11-30\n"
PEOPLE = pl.DataFrame({"name": ["Ada", "Bo"], "age": [36, None]})


@pytest.mark.parametrize("name", SHAPES)
def test_sample_dataset_has_all_rows(name: str, dataset) -> None:
    assert dataset(name).shape == SHAPES[name]


def test_sample_dataset_names_classes_in_words(dataset) -> None:
    counts = dict(dataset("iris")["species"].value_counts().iter_rows())
    assert counts == {"setosa": 50, "versicolor": 50, "virginica": 50}


def test_read_data_finds_out_format_delimiter_and_types(step: Step, tmp_path: Path) -> None:
    (tmp_path / "prices").write_text(ROWS)
    frame = step("read_data", file=tmp_path / "prices").table()
    assert frame.columns == ["name", "price", "since"]
    assert frame.dtypes == [pl.String, pl.Float64, pl.Date]
    assert frame["price"].to_list() == [3.5, None]


def test_read_data_without_a_header_row(step: Step, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2\n3,4\n")
    assert step("read_data", file=tmp_path / "x.csv", header=False).table().shape == (2, 2)


def test_read_data_reads_old_encodings(step: Step, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("city,n\nZürich,1\n".encode("windows-1252"))
    assert step("read_data", file=tmp_path / "x.csv", encoding="windows-1252").table()["city"][0] == "Zürich"


@pytest.mark.parametrize("format", ["csv", "tsv", "parquet", "jsonl"])
def test_what_is_exported_can_be_read_again(format: str, step: Step, dataset) -> None:
    file = step("export_table", table=dataset("wine"), format=format).outputs["file"]
    assert step("read_data", file=file).table().equals(dataset("wine"))


def test_read_data_reads_a_json_array(step: Step, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]')
    assert step("read_data", file=tmp_path / "x.json").table()["a"].to_list() == [1, 2]


def test_read_data_wants_one_source(step: Step, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n1\n")
    assert step.error("read_data").startswith("Nothing to read")
    assert step.error("read_data", file=tmp_path / "x.csv", url="https://x.org").startswith("Both a file and a URL")


def test_read_data_names_the_broken_file(step: Step, tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 broken")
    assert step.error("read_data", file=tmp_path / "x.parquet").startswith("“x.parquet” cannot be read as parquet")
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04rest")
    assert "save the sheet as CSV" in step.error("read_data", file=tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/x.csv",
        "http://127.0.0.1:8000/x.csv",
        "http://10.1.2.3/x.csv",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x.csv",
        "http://[::ffff:192.168.0.1]/x.csv",
        "http://[64:ff9b::10.0.0.1]/x.csv",
        "http://2130706433/x.csv",
        "http://0.0.0.0/x.csv",
    ],
)
def test_read_data_refuses_private_addresses(url: str, step: Step) -> None:
    assert "inside of a private network" in step.error("read_data", url=url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.org/a.csv", "x.csv"])
def test_read_data_reads_the_web_alone(url: str, step: Step) -> None:
    assert "must begin with http:// or https://" in step.error("read_data", url=url)


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:9/secret")
            self.end_headers()
        elif self.path == "/prices":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ROWS.encode())
        elif self.path == "/large":
            self.send_response(200)
            self.end_headers()
            for _ in range(3):
                self.wfile.write(b"x" * (1 << 20))
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine, allowed by name as whoever runs a worker would."""
    server = http.server.ThreadingHTTPServer(("localhost", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PORTLINE_PRIVATE_HOSTS", "files.example, localhost")
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def _fetch(step: Step, url: str, **inputs: int) -> Outcome:
    return step.run("read_data", {"url": url, **inputs}, fresh_process)


def test_read_data_fetches_a_url(step: Step, site: str) -> None:
    assert _fetch(step, f"{site}/prices").table()["name"].to_list() == ["Tea", "Cocoa"]


def test_read_data_checks_where_a_redirect_leads(step: Step, site: str) -> None:
    assert "`127.0.0.1` is an address inside of a private network" in _fetch(step, f"{site}/moved").stderr


def test_read_data_stops_at_the_size_limit_and_tells_of_errors(step: Step, site: str) -> None:
    assert "larger than the limit of 2 MB" in _fetch(step, f"{site}/large", max_megabytes=2).stderr
    missing = _fetch(step, f"{site}/none?key=secret")
    assert "/none` answered 404" in missing.stderr
    assert "secret" not in missing.stdout + missing.stderr


def test_export_table_says_what_csv_cannot_hold(step: Step) -> None:
    nested = pl.DataFrame({"a": [[1, 2]]})
    assert step.error("export_table", table=nested).startswith("The table cannot be written as csv")


def test_enter_data_finds_types_and_missing_values(step: Step) -> None:
    frame = step("enter_data", text='a, b, c\n1, "x, y", 2024-05-01\n2.5, , 2024-05-02\n').table()
    assert frame.dtypes == [pl.Float64, pl.String, pl.Date]
    assert frame["b"].to_list() == ["x, y", None]


def test_enter_data_names_the_row_that_does_not_fit(step: Step) -> None:
    assert step.error("enter_data", text="a,b\n1,2\n3\n") == "Row 3 has 1 values, but there are 2 columns."
    assert "`a` is empty or stands twice" in step.error("enter_data", text="a,a\n1,2\n")


def test_a_table_is_the_same_bytes_each_time(step: Step) -> None:
    one, two = (step("sample_dataset", dataset="digits").outputs["result"] for _ in range(2))
    assert (one / "data.parquet").read_bytes() == (two / "data.parquet").read_bytes()


def test_a_table_keeps_every_kind_of_column(step: Step) -> None:
    frame = pl.DataFrame(
        {
            "nothing": pl.Series([None, None]),
            "kind": pl.Series(["a", "b"], dtype=pl.Categorical),
            "exact": pl.Series(["1.50", "2.25"]).str.to_decimal(scale=2),
            "lasts": [timedelta(hours=1), None],
            "at": [time(12, 30), None],
            "list": [[1, 2], []],
            "raw": [b"x", None],
        }
    )
    assert step("remove_duplicates", table=frame.drop("list"), keep="first").table().height == 2
    kept = step("select_columns", table=frame, columns=", ".join(frame.columns)).table()
    assert kept.schema == frame.schema
    step("sql_query", t1=frame)
    step("summarise_data", table=frame)


@pytest.fixture
def mltable(tmp_path: Path) -> Path:
    """A table from elsewhere: two files and a description."""
    folder = tmp_path / "foreign"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "1.csv").write_text("name;age;note\nAda;36;x\n")
    (folder / "parts" / "2.csv").write_text("name;age;note\nBo;;y\n")
    return folder


def _describe(folder: Path, paths: str, rest: str = "") -> Path:
    (folder / "MLTable").write_text(f"type: mltable\npaths:\n  - {paths}\ntransformations:\n{rest}")
    return folder


DELIMITED = "  - read_delimited: {delimiter: ';', header: all_files_same_headers, encoding: utf8}\n"


def test_a_step_reads_tables_of_other_origin(step: Step, mltable: Path) -> None:
    table = _describe(mltable, "pattern: ./parts/*.csv", DELIMITED + "  - drop_columns: [note]\n")
    assert step("sort_rows", table=table, columns="name").table().equals(PEOPLE)


def test_the_columns_of_a_table_of_other_origin_may_be_of_other_types(step: Step, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("day,ok,n\n03.02.2026,Yes,4\n2026-02-04,no,5\n")
    steps = """\
  - read_delimited
  - convert_column_types:
      - columns: n
        column_type: string
      - columns: ok
        column_type: {boolean: {true_values: ['yes'], false_values: ['no']}}
      - columns: [day]
        column_type: {datetime: {formats: ['%d.%m.%Y', '%Y-%m-%d']}}
"""
    table = step("sort_rows", table=_describe(tmp_path, "file: ./t.csv", steps), columns="n").table()
    assert [str(kind).partition("(")[0] for kind in table.dtypes] == ["Datetime", "Boolean", "String"]
    assert table["day"].dt.day().to_list() == [3, 4]
    assert table["ok"].to_list() == [True, False]


def test_a_random_sample_of_a_table_is_the_same_every_time(step: Step, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("n\n" + "\n".join(map(str, range(200))) + "\n")
    steps = "  - read_delimited\n  - take_random_sample: {probability: 0.5, seed: 7}\n"
    taken = [
        step("sort_rows", table=_describe(tmp_path, "file: ./t.csv", steps), columns="n").table() for _ in range(2)
    ]
    assert taken[0].equals(taken[1])
    assert 60 < taken[0].height < 140


@pytest.mark.parametrize(
    ("paths", "steps", "sentence"),
    [
        ("file: ../secret.csv", DELIMITED, "lies outside of the table's folder"),
        ("file: /etc/passwd", DELIMITED, "lies outside of the table's folder"),
        ("file: https://x.org/a.csv", DELIMITED, "only files beside it can be read"),
        ("file: ./none.csv", DELIMITED, "does not exist"),
        ("folder: ./parts", "  - read_delta_lake\n", "must have one of read_parquet"),
        (
            "folder: ./parts",
            DELIMITED + "  - convert_column_types: {columns: name, column_type: int}\n",
            "makes name int",
        ),
        ("folder: ./parts", DELIMITED + "  - filter: 'x'\n", "uses `filter`, which cannot be done here"),
    ],
)
def test_a_step_says_what_is_wrong_with_a_table(
    paths: str, steps: str, sentence: str, step: Step, mltable: Path
) -> None:
    assert sentence in step.error("sort_rows", table=_describe(mltable, paths, steps), columns="name")


def test_a_folder_is_no_table(step: Step, tmp_path: Path) -> None:
    assert "holds no MLTable file" in step.error("sort_rows", table=tmp_path, columns="name")
