"""Components and pipelines as people write them, for the tests."""

import enum
import json
import random  # used by nothing: it does not go along
from pathlib import Path
from typing import Literal, NamedTuple

from portline import Input, Output, command_component, dsl, pipeline

FACTOR = 3
SETTINGS = {"seed": 1}
SETTINGS["more"] = 2


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Scores(NamedTuple):
    accuracy: float
    label: str
    passed: bool


def scaled(value: int) -> int:
    return value * FACTOR + SETTINGS["more"]


def unused() -> random.Random:
    return random.Random(0)


@command_component(description="Writes files.", is_deterministic=False)
def make(count: int = 3, files: Output(type="uri_folder") = None) -> int:  # type: ignore[valid-type]
    """Never seen.

    Args:
        count: How many
            there are.
        files: What was written.
    """
    for number in range(count):
        Path(files, f"{number}.json").write_text(json.dumps({"n": number}))
    return scaled(count)


@command_component(display_name="Judge it", version="2")
def judge(
    files: Input(type="uri_folder"),  # type: ignore[valid-type]
    total: int,
    share: float = 0.5,
    mode: Literal["strict", "loose"] = "strict",
    colour: Colour = Colour.RED,
    note: str | None = None,
) -> Scores:
    """Looks at files."""
    found = len(list(Path(files).iterdir()))
    return Scores(found / total, f"{mode} {colour.value} {note}", found / total > share)


@pipeline(display_name="Make and judge", tags={"of": "tests"}, continue_on_step_failure=True)
def make_and_judge(count: int = 4, note="it's", total: int | None = None):
    """Makes files and judges them.

    Args:
        count: how many files
    """
    made = make(count=count)
    verdict = judge(files=made.outputs.files, total=made.outputs.output + 1, note=note)
    return {"accuracy": verdict.outputs.accuracy, "files": made.outputs.files}


@pipeline
def twice(count: int):
    first = make_and_judge(count=count)
    second = make_and_judge(count=count, note="again")
    second.after(first, condition="completed")
    good = dsl.if_else(first.outputs.accuracy > 0.1, true_block=second)
    good.name = "good_enough"
