"""What was read out of code."""

import ast
from dataclasses import dataclass, field
from typing import Any, Literal

from registry.spec.faults import Fault

GENERATED = "portline_run.py"
"""The file that starts the code where the code cannot start itself: written anew at each save."""

Side = Literal["input", "output"]
Port = dict[str, Any]


@dataclass
class Inferred:
    """The ports, in the order in which the code names them, and the line that each stands in."""

    kind: Literal["function", "script"] | None = None
    name: str = ""
    description: str = ""
    inputs: dict[str, Port] = field(default_factory=dict)
    outputs: dict[str, Port] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    command: str = ""
    runner: str = ""
    faults: list[Fault] = field(default_factory=list)


class Unreadable(ValueError):
    """Code that says no port; `node` is where."""

    def __init__(self, message: str, node: ast.AST) -> None:
        super().__init__(message)
        self.node = node

    def fault(self, file: str) -> Fault:
        return fault_at(file, self.node, str(self))


def fault_at(file: str, node: ast.AST, message: str) -> Fault:
    return Fault(message, file, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)


def last_name(node: ast.AST) -> str:
    """`typing.Literal` -> `Literal`, `str` -> `str`, anything else -> nothing."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def constant(node: ast.AST) -> Any:
    """The value of a literal, minus signs included. Raises ValueError for anything that would have to be run."""
    return ast.literal_eval(node)
