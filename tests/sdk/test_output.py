"""What `-o` and `--query` make of an answer."""

import io
from typing import Any

import pytest

from portline.cli.output import emit
from portline.client.answers import Answer
from portline.client.errors import PortlineError

JOBS = [
    Answer({"name": "a", "n": 1, "ok": True, "none": None, "tags": {"x": "y"}, "list": [1, 2]}),
    Answer({"name": "bb", "n": 22, "ok": False, "none": None, "tags": {}, "list": []}),
]


def written(data: Any, output: str, query: str | None = None, columns: Any = ()) -> str:
    out = io.StringIO()
    emit(data, output, query, columns, out)
    return out.getvalue()


def test_json_is_plain_where_nobody_looks() -> None:
    assert written({"a": "ü"}, "json") == '{\n  "a": "ü"\n}\n'
    assert "\x1b[" in written({"a": 1}, "jsonc")


def test_a_value_alone_is_a_line_of_tsv() -> None:
    assert written(JOBS[0], "tsv", "name") == "a\n"
    assert written(JOBS[0], "tsv", "ok") == "true\n"
    assert written(JOBS, "tsv", "[].name") == "a\nbb\n"
    assert written(JOBS, "tsv", "[].[name, n]") == "a\t1\nbb\t22\n"
    assert written(JOBS, "tsv") == "a\t1\ttrue\t\t\t2\nbb\t22\tfalse\t\t\t0\n"


def test_what_a_query_does_not_find_is_nothing() -> None:
    for output in ("json", "tsv", "table", "yaml"):
        assert written(JOBS[0], output, "missing") == ""


def test_a_table_has_the_columns_of_its_noun_or_those_of_the_query() -> None:
    columns = (("Name", "name"), ("X", "tags.x"))
    assert written(JOBS, "table", None, columns) == "Name  X\n----  -\na     y\nbb\n"
    assert written(JOBS, "table", "[].{Job: name, N: n}", columns) == "Job  N\n---  --\na    1\nbb   22\n"
    assert written(JOBS, "table", "[].name") == "Result\n------\na\nbb\n"
    assert written([], "table", None, columns) == ""


def test_yaml_keeps_the_order_and_marks_text_that_looks_like_something_else() -> None:
    assert written({"b": "1", "a": [Answer(x=None)]}, "yaml") == "b: '1'\na:\n  - x:\n"


def test_nothing_is_written_for_none() -> None:
    assert written(JOBS, "none") == ""


def test_a_query_that_is_none_is_refused() -> None:
    with pytest.raises(PortlineError, match=r"--query `\[\[` cannot be used"):
        written(JOBS, "json", "[[")


def test_an_answer_has_its_keys_as_attributes() -> None:
    assert JOBS[0].tags.x == "y"
    assert Answer(list=[{"a": 1}]).list[0].a == 1
    with pytest.raises(AttributeError, match="no `status`; it has n, name"):
        _ = Answer(name="a", n=1).status
