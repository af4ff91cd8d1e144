"""Pipelines that are being written just now: nodes that are made while a pipeline function runs belong to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portline.entities.node import Step

_stack: ContextVar[tuple[list["Step"], ...]] = ContextVar("portline_pipelines", default=())
DEEPEST = 100


@contextmanager
def building() -> Iterator[list["Step"]]:
    """While it lasts, new nodes are put into the list. Raises RecursionError where pipelines call themselves."""
    stack = _stack.get()
    if len(stack) >= DEEPEST:
        raise RecursionError(f"Pipelines are nested more than {DEEPEST} deep: does one call itself?")
    steps: list[Step] = []
    token = _stack.set((*stack, steps))
    try:
        yield steps
    finally:
        _stack.reset(token)


def is_building() -> bool:
    """Whether a pipeline function runs."""
    return bool(_stack.get())


def add(step: "Step") -> None:
    """Put a node into the pipeline that is being written, if one is."""
    if stack := _stack.get():
        stack[-1].append(step)


def remove(step: "Step") -> None:
    """Take a node out again: it became part of another one."""
    if stack := _stack.get():
        stack[-1][:] = [each for each in stack[-1] if each is not step]
