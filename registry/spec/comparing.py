"""The rule of a branch: which way it goes with a value.

Alone in its file, since exported pipelines take it along and run it elsewhere.
"""

import operator as op
from collections.abc import Mapping
from typing import Any

_OPERATORS = {"eq": op.eq, "ne": op.ne, "lt": op.lt, "le": op.le, "gt": op.gt, "ge": op.ge}


def takes(branch: Mapping[str, Any], value: object) -> bool:
    """Which way a branch goes with this value. Raises ValueError, with a sentence, where they cannot be compared."""
    operator, operand = branch["operator"], branch.get("operand")
    if operator == "is_true":
        if isinstance(value, str):
            return value.strip().lower() in ("true", "1", "yes")
        return bool(value)
    if operator not in _OPERATORS:
        raise ValueError(f"there is no operator `{operator}`")
    left, right = _number(value), _number(operand)
    if left is not None and right is not None:
        return bool(_OPERATORS[operator](left, right))
    if operator not in ("eq", "ne") and (left is None) != (right is None):
        raise ValueError(f"`{value}` and `{operand}` cannot be compared by size")
    return bool(_OPERATORS[operator](_word(value), _word(operand)))


def _number(value: object) -> float | None:
    """The value as a number, where it reads as one."""
    try:
        return None if isinstance(value, bool) else float(str(value))
    except ValueError:
        return None


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
