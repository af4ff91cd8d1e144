"""A function becomes a component that runs with nothing but Python."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portline import Input, Output, PortlineError, command_component
from portline.client.yaml import read
from tests.sdk.dsl.steps import judge, make, make_and_judge


def run(folder: Path, script: str, *args: str) -> subprocess.CompletedProcess[str]:
    """As a step runs it: no packages at all, in the folder of the code."""
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, '.'); {RUN}", script, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


RUN = "import runpy; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"


def code(component: Any) -> str:
    return str(component.code[f"{component.name}.py"])


def test_annotations_are_the_interface() -> None:
    assert make.inputs == {"count": {"type": "integer", "default": 3, "description": "How many there are."}}
    assert make.outputs == {
        "files": {"type": "uri_folder", "description": "What was written."},
        "output": {"type": "integer"},
    }
    assert make.content["is_deterministic"] is False
    assert judge.inputs == {
        "files": {"type": "uri_folder"},
        "total": {"type": "integer"},
        "share": {"type": "number", "default": 0.5},
        "mode": {"type": "string", "default": "strict", "enum": ["strict", "loose"]},
        "colour": {"type": "string", "default": "red", "enum": ["red", "blue"]},
        "note": {"type": "string", "optional": True},
    }
    assert {name: port["type"] for name, port in judge.outputs.items()} == {
        "accuracy": "number",
        "label": "string",
        "passed": "boolean",
    }
    assert '$[[--note "${{inputs.note}}"]]' in judge.content["command"]


def test_only_what_is_used_goes_along() -> None:
    text = code(make)
    assert "def scaled" in text
    assert 'SETTINGS["more"] = 2' in text
    assert "FACTOR = 3" in text
    assert "import json" in text
    for absent in (
        "import random",
        "unused",
        "class Scores",
        "portline import",
        "@command_component",
        "make_and_judge",
    ):
        assert absent not in text, absent


def test_it_runs_with_nothing_but_python(tmp_path: Path) -> None:
    file = make_and_judge(count=2).dump(tmp_path / "job")
    out = tmp_path / "files"
    out.mkdir()
    code = file.parent / "components/make/code"
    ended = run(code, "make.py", "--count", "2", "--files", str(out), "--output", str(tmp_path / "number"))
    assert ended.returncode == 0, ended.stderr
    assert sorted(each.name for each in out.iterdir()) == ["0.json", "1.json"]
    assert (tmp_path / "number").read_text() == "8"
    places = [f"--{name}={tmp_path / name}" for name in ("accuracy", "label", "passed")]
    code = file.parent / "components/judge/code"
    ended = run(code, "judge.py", "--files", str(out), "--total=4", "--colour=blue", "--note=it's", *places)
    assert ended.returncode == 0, ended.stderr
    assert [(tmp_path / name).read_text() for name in ("accuracy", "label", "passed")] == [
        "0.5",
        "strict blue it's",
        "False",
    ]


def test_an_expression_is_computed_by_a_step_of_its_own(tmp_path: Path) -> None:
    file = make_and_judge(count=2).dump(tmp_path / "job")
    component = read(file.parent / read(file)["jobs"]["expression"]["component"])
    assert component["outputs"] == {"output": {"type": "integer"}}
    place = next((file.parent / "components").glob("expression_*")) / "code"
    ended = run(place, "compute.py", "--value_1", "8", "--output", str(tmp_path / "sum"))
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "sum").read_text() == "9"


def test_modules_beside_go_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "helpers_beside.py").write_text(
        "import deeper_beside\n\ndef double(x):\n    return deeper_beside.two * x\n"
    )
    (tmp_path / "deeper_beside.py").write_text("two = 2\n")
    (tmp_path / "flow_beside.py").write_text(
        "import helpers_beside as h\nfrom portline import command_component\n\n"
        "@command_component\ndef double(x: int) -> int:\n    return h.double(x)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import flow_beside  # type: ignore[import-not-found]

    assert set(flow_beside.double.code) == {"double.py", "helpers_beside.py", "deeper_beside.py"}
    file = flow_beside.double(x=2).dump(tmp_path / "job")
    ended = run(file.parent / "components/double/code", "double.py", "--x=4", f"--output={tmp_path / 'out'}")
    assert (tmp_path / "out").read_text() == "8", ended.stderr


def test_what_a_component_cannot_have_is_told_in_a_sentence() -> None:
    outside = 3

    def closed(x: int) -> int:
        return x + outside

    def untyped(x) -> int:  # type: ignore[no-untyped-def]
        return int(x)

    def data() -> Output(type="uri_folder"):  # type: ignore[valid-type, empty-body]
        ...

    def odd(x: dict) -> None:  # type: ignore[type-arg]
        ...

    def same(output: Input(type="uri_file")) -> int:  # type: ignore[valid-type]
        return 1

    for function, words in (
        (closed, "uses outside of the function around it"),
        (untyped, "`x` of `untyped` needs an annotation"),
        (data, "is data: make it a parameter"),
        (odd, "`x` is annotated with"),
        (same, "returns `output`, which is a parameter too"),
    ):
        with pytest.raises(PortlineError, match=words):
            command_component(function)
