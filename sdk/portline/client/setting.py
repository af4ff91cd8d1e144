"""`--set a.b.c=value`, as `az` has it: a place in a YAML and what stands there instead."""

import json
import re
from typing import Any

from portline.client.errors import PortlineError

PART = re.compile(r"^(?P<name>[^\[\]]+)(?P<indices>(\[\d+\])*)$")


def assignment(text: str) -> tuple[str, Any]:
    """`inputs.epochs=3` -> ("inputs.epochs", 3). Raises PortlineError.

    A value is read as JSON where it is some; `True` and `False` are the booleans; anything else is text as it stands.
    """
    place, equals, value = text.partition("=")
    if not equals or not place.strip():
        raise PortlineError(f"`{text}` is no assignment; write it as place=value, like inputs.epochs=3.", code="usage")
    return place.strip(), literal(value)


def literal(text: str) -> Any:
    """What a value on the command line means."""
    if text in ("True", "False"):
        return text == "True"
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def put(data: Any, place: str, value: Any) -> None:
    """Write a value into nested mappings and lists; mappings on the way that are missing are made.

    `a.b[0].c` names an item of a list. Raises PortlineError where the way leads through something else.
    """
    steps: list[str | int] = []
    for part in place.split("."):
        match = PART.match(part)
        if not match:
            raise PortlineError(f"`{place}` is no place in a YAML; write it like inputs.epochs.", code="usage")
        steps.append(match["name"])
        steps += [int(index) for index in re.findall(r"\d+", match["indices"])]
    at = data
    for number, step in enumerate(steps[:-1]):
        if isinstance(step, str) and isinstance(at, dict) and at.get(step) is None:
            at[step] = {}
        at = _inner(at, step, ".".join(map(str, steps[: number + 1])))
    last = steps[-1]
    named = isinstance(last, str) and isinstance(at, dict)
    counted = isinstance(last, int) and isinstance(at, list) and last < len(at)
    if not (named or counted):
        raise PortlineError(f"`{place}` cannot be set: what should hold it is no mapping or list.", code="usage")
    at[last] = value


def _inner(at: Any, step: str | int, shown: str) -> Any:
    try:
        inner = at[step]
    except (KeyError, IndexError, TypeError):
        inner = None
    if not isinstance(inner, (dict, list)):
        raise PortlineError(f"Nothing can be set within `{shown}`: it is no mapping or list.", code="usage")
    return inner
