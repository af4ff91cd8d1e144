"""`@group`: a class whose fields are inputs that belong together; in YAML they are `group.field`."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")
MARK = "__portline_group__"


def group(cls: type[T]) -> type[T]:
    """Make a class a group of inputs, or of outputs where a function returns it."""
    made = dataclasses.dataclass(cls)
    setattr(made, MARK, True)
    return made


def is_group(annotation: Any) -> bool:
    """Whether a parameter's annotation is a group."""
    return isinstance(annotation, type) and bool(getattr(annotation, MARK, False))


def flat(name: str, value: Any) -> dict[str, Any]:
    """The values of a group as inputs by their dotted names; a single one of anything else."""
    if is_group(type(value)):
        found: dict[str, Any] = {}
        for field in dataclasses.fields(value):
            found |= flat(f"{name}.{field.name}", getattr(value, field.name))
        return found
    return {name: value}


class Grouped:
    """A group within a pipeline function: its fields are the pipeline's inputs."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.__dict__.update(fields)
