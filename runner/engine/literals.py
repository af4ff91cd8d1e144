"""Literal inputs of a step: bindings filled in, and held against their ports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.spec import values
from registry.spec.interface import InputPort
from registry.spec.values import Scalar

PARENT_INPUTS = "parent.inputs."


class CannotPlan(ValueError):
    """A value that only a run knows does not fit; `node` and `field` say where ("" for the pipeline's own inputs)."""

    def __init__(self, node: str, field: str, message: str) -> None:
        self.node, self.field = node, field
        super().__init__(message)


def checked(node: str, port: InputPort, value: object) -> Scalar:
    """The value as the port's type has it. Raises CannotPlan."""
    try:
        return values.check(_Literal(port), value)
    except ValueError as error:
        raise CannotPlan(node, port["name"], f"{port['label']}: {error}.") from None


def bound_input(value: object) -> str | None:
    """The name of the pipeline input that a parameter consists of, if it is one `${{parent.inputs.X}}` alone."""
    if not isinstance(value, str):
        return None
    whole = values.BINDING.fullmatch(value.strip())
    return whole[1].removeprefix(PARENT_INPUTS) if whole else None


def filled(value: str, inputs: Mapping[str, Any]) -> str:
    """A text with each `${{parent.inputs.X}}` in it as text; what is unset becomes nothing."""

    def text(match: Any) -> str:
        found = inputs.get(match[1].removeprefix(PARENT_INPUTS))
        return "" if found is None else values.text(found)

    return values.BINDING.sub(text, value)


@dataclass(frozen=True)
class _Literal:
    """A port as `values.check` wants it."""

    port: InputPort

    @property
    def type(self) -> str:
        return self.port["type"]

    @property
    def enum(self) -> tuple[str, ...] | None:
        return tuple(self.port["enum"]) if self.port["enum"] else None

    @property
    def min(self) -> float | None:
        return self.port["min"]

    @property
    def max(self) -> float | None:
        return self.port["max"]
