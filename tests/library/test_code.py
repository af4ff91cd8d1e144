"""The user's own scripts."""

import os
from pathlib import Path

import polars as pl
import pytest

from .harness import Step, fresh_process

TABLE = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})


def test_python_gets_what_main_names(step: Step, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    code = """
import polars as pl

def main(table2, folder, files, extra=3):
    (files / "copy.txt").write_text(folder.read_text())
    return table2.with_columns(c=pl.lit(extra))
"""
    outcome = step("run_python", table1=TABLE, table2=TABLE.head(1), folder=tmp_path / "notes.txt", code=code)
    assert outcome.table().rows() == [(1, "x", 3)]
    assert (outcome.outputs["files"] / "copy.txt").read_text() == "hello"


@pytest.mark.parametrize(
    "result",
    [
        "table1.lazy()",
        "table1.to_pandas()",
        "table1.to_arrow()",
        "table1.to_dict(as_series=False)",
        "table1.to_dicts()",
    ],
)
def test_python_may_return_any_table(result: str, step: Step) -> None:
    assert step("run_python", table1=TABLE, code=f"def main(table1):\n    return {result}\n").table().equals(TABLE)


def test_python_without_tables(step: Step) -> None:
    code = "print('\"quoted\" $HOME')\ndef main():\n    return {'n': [1]}"
    outcome = step("run_python", code=code)
    assert '"quoted" $HOME' in outcome.stdout
    assert outcome.table()["n"].to_list() == [1]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def main(table1):\n    x = 0\n    return table1['z']\n", "Line 3 of the script: ColumnNotFoundError"),
        ("def main(table1):\n  return (1\n", "Line 2 of the script: '(' was never closed."),
        ("import polarz\n", "Line 1 of the script: ModuleNotFoundError: No module named 'polarz'"),
        ("def f(x):\n    return 1 / x\ndef main():\n    return f(0)\n", "Line 2 of the script: ZeroDivisionError"),
        ("x = 1\n", "The script has no function `main`"),
        ("def main(tabel):\n    return tabel\n", "`main` wants `tabel`, but what it can get is table1, table2"),
        ("def main():\n    pass\n", "`main` returned nothing"),
        ("def main():\n    return 5\n", "`main` returned builtins.int; return a polars or pandas DataFrame."),
        ("def main():\n    raise SystemExit('stop')\n", "Line 2 of the script: SystemExit: stop"),
    ],
)
def test_python_tells_the_line_of_the_script(code: str, sentence: str, step: Step) -> None:
    outcome = step.run("run_python", {"table1": TABLE, "code": code})
    assert outcome.code == 1
    assert sentence in outcome.stderr.strip().splitlines()[-1]
    assert "run_python.py" not in outcome.stderr


def test_shell_finds_input_and_output(step: Step, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a b.txt").write_text("one\ntwo\n")
    script = 'wc -l < "$INPUT/a b.txt" > "$OUTPUT/lines"\necho "it\'s $((1 + 1))"'
    outcome = step("run_shell", input=tmp_path / "in", script=script)
    assert (outcome.outputs["output"] / "lines").read_text().strip() == "2"
    assert "it's 2" in outcome.stdout


@pytest.mark.parametrize("script", ["exit 3", "(exit 3) | cat", "bash -c 'exit 3'\necho never > $OUTPUT/x"])
def test_shell_stops_at_the_first_failure(script: str, step: Step) -> None:
    assert step.error("run_shell", script=script).startswith("The script ended with exit code 3")


def test_shell_needs_a_script(step: Step) -> None:
    assert step.error("run_shell", script=" \n").startswith("The script is empty")


@pytest.mark.parametrize("name", ["run_python", "run_shell", "enter_data"])
def test_a_step_is_the_same_in_a_process_of_its_own(name: str, step: Step) -> None:
    inputs = {"run_shell": {"script": "echo $PATH > $OUTPUT/x"}, "run_python": {"table1": TABLE}}.get(name, {})
    assert "PATH" in os.environ
    here, alone = step.run(name, inputs), step.run(name, inputs, fresh_process)
    assert (alone.code, alone.stdout) == (0, here.stdout)
    for port, path in here.outputs.items():
        for file in (path / "data.parquet", path / "x"):
            if file.exists():
                assert (alone.outputs[port] / file.name).read_bytes() == file.read_bytes()
