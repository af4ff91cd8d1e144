"""The name and the labels of a compute target: how they may be written."""

import re
from collections.abc import Mapping

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,62}")
_VALUE = re.compile(r"[A-Za-z0-9._/-]{0,63}")
_RESERVED = {"default", "new"}


def check_name(name: str) -> str:
    """The name. Raises ValueError with a sentence."""
    if not NAME.fullmatch(name):
        raise ValueError("A name has letters, digits and hyphens, begins with no hyphen, and is at most 63 long.")
    if name.lower() in _RESERVED:
        raise ValueError(f"`{name}` is a word of Portline's own; choose another name.")
    return name


def check_labels(labels: Mapping[str, object]) -> dict[str, str]:
    """Labels as text by key. Raises ValueError with a sentence."""
    found = {}
    for key, value in labels.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, str | int | float) or not _KEY.fullmatch(str(key)) or not _VALUE.fullmatch(text):
            raise ValueError(
                f"`{key}={value}` is no label: letters, digits, dots, slashes and hyphens, as in zone=eu-1."
            )
        found[str(key)] = text
    return found


def read_labels(text: str) -> dict[str, str]:
    """Labels from `key=value`, by comma, space or line. Raises ValueError with a sentence."""
    found: dict[str, str] = {}
    for part in re.split(r"[\s,]+", text.strip()):
        if part:
            key, equals, value = part.partition("=")
            if not equals:
                raise ValueError(f"`{part}` is no label; write key=value, as in zone=eu-1.")
            if key in found:
                raise ValueError(f"There are two labels `{key}`.")
            found[key] = value
    return check_labels(found)


def written_labels(labels: Mapping[str, str]) -> str:
    """As `read_labels` reads them."""
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items()))
