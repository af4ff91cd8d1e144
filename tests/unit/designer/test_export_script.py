"""The script of a step, run by bash: it computes what Portline's own binding would."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from designer.graph.export.flat import Step
from designer.graph.export.script import code_lines, quote, script
from tests.unit.designer.exporting import document, opened

NASTY = "two words \"quoted\" 'single' $HOME `id` {{braces}} \\ ; rm -rf \n second line"


def run(step: Step, tmp_path: Path, type_: str = "string", **variables: str) -> Mapping[str, Path]:
    """Run the step's script with these variables set: its outputs."""
    outputs = {name: tmp_path / "out" / name for name in step.spec.outputs}
    text = script(
        step,
        lambda _: type_,
        work=f"{tmp_path}/code",
        code=code_lines(step.code),
        data={name: f"{tmp_path}/{name}" for name in step.data},
        outputs={name: str(place) for name, place in outputs.items()},
    )
    ended = subprocess.run(["bash", "-c", text], env={"PATH": _path(), **variables}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return outputs


def _path() -> str:
    import os
    import sys

    return f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def step(component: str, params: dict[str, Any], inputs: dict[str, Any] | None = None) -> Step:
    return opened(document({"step": {"component": component, "params": params}}, inputs=inputs)).steps[0]


@pytest.mark.parametrize("known", [True, False])
def test_a_value_in_quotes_of_a_plain_call_is_safe_whatever_it_holds(known: bool, tmp_path: Path) -> None:
    given = {"text": NASTY} if known else {"text": "${{parent.inputs.word}}"}
    made = run(step("load:1", given, {"word": {"type": "string", "default": "-"}}), tmp_path, input_word=NASTY)
    assert sorted(path.name for path in made["table"].iterdir()) == ["0.txt", "1.txt"]
    assert (made["table"] / "0.txt").read_text() == NASTY


def test_an_optional_section_falls_away_where_its_input_is_not_given(tmp_path: Path) -> None:
    assert run(step("say:1", {}), tmp_path / "a")["said"].read_text() == "text= loud=False\n"
    assert run(step("say:1", {"text": "hi"}), tmp_path / "b")["said"].read_text() == "text= hi loud=False\n"


def test_a_truth_value_reads_as_python_prints_it_however_the_engine_writes_it(tmp_path: Path) -> None:
    bound = step("say:1", {"loud": "${{parent.inputs.loud}}"}, {"loud": {"type": "boolean", "default": False}})
    assert run(bound, tmp_path, "boolean", input_loud="true")["said"].read_text() == "text= loud=True\n"


def test_a_value_that_is_no_text_loses_the_space_around_it(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").touch()
    graph = document({"load": {"component": "load:1"}, "count": {"component": "count:1"}}, "load.table -> count.data")
    assert run(opened(graph).steps[1], tmp_path)["n"].read_text() == "1"


def test_a_step_that_writes_nothing_to_an_output_fails_with_a_sentence(tmp_path: Path) -> None:
    silent = step("load:1", {"rows": 0})
    with pytest.raises(AssertionError, match="wrote nothing to its output `table`"):
        run(silent, tmp_path)


def test_no_two_braces_stand_side_by_side_where_an_engine_would_fill_them_in() -> None:
    quoted = quote("a {{{x}}} {{b}}")
    assert "{{" not in quoted
    assert subprocess.run(["bash", "-c", f"printf %s {quoted}"], capture_output=True, text=True).stdout == (
        "a {{{x}}} {{b}}"
    )


def test_code_that_is_too_large_for_a_script_is_refused() -> None:
    import random

    with pytest.raises(ValueError, match="at most 90,000 fit"):
        code_lines({"large.bin": random.Random(1).randbytes(100_000)})
