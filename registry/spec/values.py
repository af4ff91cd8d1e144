"""Literal values: how they are parsed, printed and checked, by Azure ML's rules (`shared/azureml.md` 2.2)."""

import re
from typing import Protocol

Scalar = str | int | float | bool

BINDING = re.compile(r"\$\{\{\s*(\S*?)\s*\}\}")
"""`${{ expression }}`; plain `{{x}}` and `${x}` are text of the author's own."""


class Literal(Protocol):
    """The part of an input that a value is held against."""

    @property
    def type(self) -> str: ...
    @property
    def enum(self) -> tuple[str, ...] | None: ...
    @property
    def min(self) -> float | None: ...
    @property
    def max(self) -> float | None: ...


def has_binding(value: object) -> bool:
    """Whether a value names pipeline inputs and so is known only when a run starts."""
    return isinstance(value, str) and BINDING.search(value) is not None


def parse(type_: str, value: object) -> Scalar:
    """The value as its type has it. Raises ValueError with a sentence when it cannot be read so."""
    if type_ == "boolean":
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        raise ValueError(f"{_shown(value)} is neither true nor false")
    if type_ in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError(f"{_shown(value)} is not a number")
        if type_ == "integer" and isinstance(value, int):
            return value
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise ValueError(f"{_shown(value)} is not a number") from None
        if type_ == "number":
            return number
        if not number.is_integer():
            raise ValueError(f"{_shown(value)} is not a whole number")
        return int(number)
    if isinstance(value, bool | int | float | str):
        return str(value)
    raise ValueError(f"{_shown(value)} is not text")


def check(input: Literal, value: object) -> Scalar:
    """The parsed value if the input accepts it. Raises ValueError with a sentence when it does not."""
    parsed = parse(input.type, value)
    if input.enum is not None and str(parsed) not in input.enum:
        raise ValueError(f"{_shown(value)} is not one of {', '.join(input.enum)}")
    if isinstance(parsed, int | float) and not isinstance(parsed, bool):
        if input.min is not None and parsed < input.min:
            raise ValueError(f"{parsed:g} is below the smallest allowed value, {input.min:g}")
        if input.max is not None and parsed > input.max:
            raise ValueError(f"{parsed:g} is above the largest allowed value, {input.max:g}")
    return parsed


def text(value: Scalar) -> str:
    """The value as it is put into a command: as Python prints it."""
    return str(value)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
