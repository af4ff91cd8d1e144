"""Control flow as the document holds it: the rule of a branch, and the kinds of loops.

What a loop still lacks (its items, its metric) is a problem of the document, never a refused edit: so every kind can be
written with nothing but its `type`, and is filled in step by step.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter


def _scalar(value: object) -> object:
    if not isinstance(value, str | int | float | bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("a value is text, a number, or true or false")
    return value


def _item(item: object) -> object:
    return {name: _scalar(value) for name, value in item.items()} if isinstance(item, dict) else _scalar(item)


Scalar = str | int | float | bool
Value = Annotated[Scalar, BeforeValidator(_scalar)]
Item = Annotated[Scalar | dict[str, Scalar], BeforeValidator(_item)]
Name = Annotated[str, StringConstraints(max_length=255)]
Names = Annotated[list[Name], Field(min_length=2, max_length=100)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Concurrency = Annotated[int, Field(ge=1, le=1000)] | None

Condition = Literal["succeeded", "failed", "completed", "skipped", "true", "false"]
WAYS = ("true", "false")
"""The conditions that order edges out of a branch have, and no others."""

Operator = Literal["is_true", "eq", "ne", "lt", "le", "gt", "ge"]
ITEM_LIMIT = 10_000
"""Iterations of one loop."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Branch(_Part):
    """`value operator operand`: which of the order edges out of the node are followed."""

    operator: Operator = "is_true"
    operand: Value | None = None


class ItemsLoop(_Part):
    """The body once for each item, with the item's values; text names the pipeline input that holds the list."""

    type: Literal["parallel_for"]
    over: Literal["items"]
    items: Annotated[list[Item], Field(max_length=ITEM_LIMIT)] | Name = []
    input: Name | None = None
    max_concurrency: Concurrency = None


class FilesLoop(_Part):
    """The body once for each file of the folder that feeds `input`, or for each batch of files as a folder."""

    type: Literal["parallel_for"]
    over: Literal["files"]
    input: Name = ""
    batch_size: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    max_concurrency: Concurrency = None


class DoWhile(_Part):
    """The body again while its output `condition` is true, with outputs of one time as inputs of the next."""

    type: Literal["do_while"]
    condition: Name = ""
    mapping: Annotated[dict[Name, Name | Names], Field(max_length=1000)] = {}
    max_iteration_count: Annotated[int, Field(ge=1, le=1000)] = 10


class Choice(_Part):
    """One of the values."""

    type: Literal["choice"]
    values: Annotated[list[Value], Field(max_length=1000)] = []


class Uniform(_Part):
    """Between two values. As in Azure ML, `loguniform` is e to the power of such a value: its bounds are exponents."""

    type: Literal["uniform", "loguniform"]
    min_value: Finite
    max_value: Finite


class QUniform(_Part):
    """As `uniform`, rounded to multiples of `q`."""

    type: Literal["quniform", "qloguniform"]
    min_value: Finite
    max_value: Finite
    q: Annotated[Finite, Field(gt=0)] = 1


class Normal(_Part):
    """Around `mu`, spread by `sigma`; `lognormal` is e to the power of such a value."""

    type: Literal["normal", "lognormal"]
    mu: Finite
    sigma: Annotated[Finite, Field(gt=0)]


class QNormal(_Part):
    """As `normal`, rounded to multiples of `q`."""

    type: Literal["qnormal", "qlognormal"]
    mu: Finite
    sigma: Annotated[Finite, Field(gt=0)]
    q: Annotated[Finite, Field(gt=0)] = 1


class RandInt(_Part):
    """A whole number from 0 up to, but not with, `upper`."""

    type: Literal["randint"]
    upper: Annotated[int, Field(ge=1)]


Space = Annotated[Choice | Uniform | QUniform | Normal | QNormal | RandInt, Field(discriminator="type")]


class Objective(_Part):
    goal: Literal["maximize", "minimize"] = "maximize"
    primary_metric: Name = ""


class SweepLimits(_Part):
    max_total_trials: Annotated[int, Field(ge=1, le=ITEM_LIMIT)] = 20
    max_concurrent_trials: Concurrency = None


class _Policy(_Part):
    evaluation_interval: Annotated[int, Field(ge=1)] = 1
    delay_evaluation: Annotated[int, Field(ge=0)] = 0


class Bandit(_Policy):
    """Ends a trial that is worse than the best by more than the slack."""

    type: Literal["bandit"]
    slack_factor: Annotated[Finite, Field(ge=0)] | None = None
    slack_amount: Annotated[Finite, Field(ge=0)] | None = None


class MedianStopping(_Policy):
    """Ends a trial whose best is worse than the median of the others' averages."""

    type: Literal["median_stopping"]


class TruncationSelection(_Policy):
    """Ends the worst percentage of the trials."""

    type: Literal["truncation_selection"]
    truncation_percentage: Annotated[int, Field(ge=1, le=99)] = 20


EarlyTermination = Annotated[Bandit | MedianStopping | TruncationSelection, Field(discriminator="type")]


class Sweep(_Part):
    """The body once for each choice of values; its outputs are those of the best."""

    type: Literal["sweep"]
    sampling_algorithm: Literal["grid", "random"] = "random"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    search_space: Annotated[dict[Name, Space], Field(max_length=100)] = {}
    objective: Objective = Objective()
    limits: SweepLimits = SweepLimits()
    early_termination: EarlyTermination | None = None


ParallelFor = Annotated[ItemsLoop | FilesLoop, Field(discriminator="over")]
Loop = Annotated[ParallelFor | DoWhile | Sweep, Field(discriminator="type")]
_loops: TypeAdapter[ItemsLoop | FilesLoop | DoWhile | Sweep] = TypeAdapter(Loop)


def handed_on(mapping: Mapping[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    """Each output of a do-while's body with each input that gets it the next time."""
    for output, inputs in mapping.items():
        yield from ((output, each) for each in ([inputs] if isinstance(inputs, str) else inputs))


def whole_loop(given: object) -> dict[str, Any]:
    """A loop with every key that may be left out. Raises pydantic.ValidationError."""
    return _loops.validate_python(given).model_dump()
