"""Ports are read from code that is never run."""

import pytest

from registry.spec.inferring import infer


def function(parameters: str, returns: str = "", before: str = "", doc: str = "") -> str:
    said = f'    """{doc}"""\n' if doc else ""
    return f"{before}\ndef work({parameters}){f' -> {returns}' if returns else ''}:\n{said}    pass\n"


@pytest.mark.parametrize(
    ("parameter", "port"),
    [
        ("x: int", {"type": "integer"}),
        ("x: float = 0.5", {"type": "number", "default": 0.5}),
        ("x: bool = False", {"type": "boolean", "default": False}),
        ("x=3", {"type": "integer", "default": 3}),
        ("x: int = -3", {"type": "integer", "default": -3}),
        ("x: str | None = None", {"type": "string", "optional": True}),
        ("x: Optional[int] = 4", {"type": "integer", "default": 4}),
        ("x: Literal['a', 'b'] = 'a'", {"type": "string", "enum": ["a", "b"], "default": "a"}),
        ("x: Colour = Colour.RED", {"type": "string", "enum": ["red", "blue"], "default": "red"}),
        ("x: Path", {"type": "uri_folder"}),
        ("x: 'uri_file'", {"type": "uri_file"}),
        ("x: Input(type='mltable')", {"type": "mltable"}),
        ("x: Annotated[Path, Input(type='uri_file')]", {"type": "uri_file"}),
        ("x: Input(type='integer', min=1, max=9)", {"type": "integer", "min": 1, "max": 9}),
    ],
)
def test_an_annotation_is_an_input(parameter: str, port: dict[str, object]) -> None:
    colour = "class Colour(Enum):\n    RED = 'red'\n    BLUE = 'blue'\n"
    found = infer({"work.py": function(parameter, before=colour)})
    assert (found.faults, found.inputs) == ([], {"x": port})


def test_outputs_are_written_or_returned() -> None:
    before = "class Result(NamedTuple):\n    rows: int\n    share: float\n"
    found = infer({"work.py": function("out: Output(type='uri_file')", "Result", before)})
    assert found.outputs == {"out": {"type": "uri_file"}, "rows": {"type": "integer"}, "share": {"type": "number"}}


def test_the_docstring_describes() -> None:
    doc = "Clean a table.\n\n    Args:\n        rows: How many\n            to keep.\n\n    Returns:\n        output: The count.\n    "
    found = infer({"work.py": function("rows: int", "int", doc=doc)})
    assert found.description == "Clean a table."
    assert found.inputs["rows"]["description"] == "How many to keep."
    assert found.outputs["output"]["description"] == "The count."


@pytest.mark.parametrize(
    ("code", "line", "sentence"),
    [
        ("def work(x: list):\n    pass", 1, "`list` is no type of a port"),
        ("def work(\n    x: int,\n    y,\n):\n    pass", 3, "`y` needs an annotation"),
        ("def work(x: int = now()):\n    pass", 1, "default of `x`"),
        ("def work(x: int = 'a'):\n    pass", 1, "`x`: "),
        ("def work(*rows: int):\n    pass", 1, "`rows` cannot be an input"),
        ("def work(x: int | str):\n    pass", 1, "several types"),
        ("def work(x: Input(type='tabel')):\n    pass", 1, "`tabel` is no type"),
        ("def work() -> Output(type='uri_file'):\n    pass", 1, "make it a parameter"),
        ("def work(:\n    pass", 1, "This is no Python"),
        ("def one():\n    pass\ndef two():\n    pass", 3, "may each be the component"),
        ("x = 1", 1, "neither a function nor an ArgumentParser"),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', nargs='+')", 3, "takes several values"),
    ],
)
def test_a_fault_is_told_at_its_line(code: str, line: int, sentence: str) -> None:
    (fault,) = infer({"work.py": code}).faults
    assert (fault.file, fault.line) == ("work.py", line)
    assert sentence in fault.message


def test_arguments_of_a_script() -> None:
    found = infer(
        {
            "train.py": """
import argparse
from pathlib import Path
p = argparse.ArgumentParser(description="Train")
p.add_argument("--training-data", type=str, required=True, help="path to the training data")
p.add_argument("--rows", type=int, default=3, help="how many (default: %(default)s)")
p.add_argument("--kind", choices=["a", "b"], default="a")
p.add_argument("--fast", action="store_true")
p.add_argument("--note")
p.add_argument("--model_output", type=Path, required=True)
"""
        }
    )
    assert found.faults == []
    assert found.description == "Train"
    assert found.inputs == {
        "training_data": {"type": "uri_folder", "description": "path to the training data"},
        "rows": {"type": "integer", "description": "how many", "default": 3},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "fast": {"type": "boolean", "default": False},
        "note": {"type": "string", "optional": True},
    }
    assert found.outputs == {"model_output": {"type": "uri_folder"}}
    assert '--training-data "${{inputs.training_data}}"' in found.command
    assert '$[[--note "${{inputs.note}}"]]' in found.command
    assert found.command.startswith("python portline_run.py ")  # which gives the switch or leaves it out


def test_an_author_corrects_what_a_script_cannot_say() -> None:
    code = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--scores', required=True)\n"
    found = infer({"s.py": code}, {"scores": {"side": "output", "type": "uri_file"}})
    assert (found.inputs, found.outputs) == ({}, {"scores": {"type": "uri_file"}})


def test_the_code_is_not_run(tmp_path) -> None:
    infer({"work.py": f"open({str(tmp_path / 'made')!r}, 'w')\ndef work(x: int = 1):\n    pass\n"})
    assert not (tmp_path / "made").exists()
