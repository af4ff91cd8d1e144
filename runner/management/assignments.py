"""`NAME=VALUE` on a command line of manage.py."""

import json
from typing import Any


def assignment(text: str) -> tuple[str, Any]:
    """The name and the value: JSON where it is some, `True` and `False` as booleans, else text. Raises ValueError."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"`{text}` is no assignment; write it as name=value.")
    if value in ("True", "False"):
        return name.strip(), value == "True"
    try:
        return name.strip(), json.loads(value)
    except json.JSONDecodeError:
        return name.strip(), value
