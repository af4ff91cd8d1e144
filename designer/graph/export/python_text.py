"""Python source as people format it: literals, calls that break over lines, names that nothing else has."""

import builtins
import keyword
from collections.abc import Iterable, Sequence
from typing import Any

WIDTH = 110
INDENT = "    "


class Code(str):
    """Source that is written as it stands, not as a text within quotes."""


def literal(value: Any) -> str:
    """A value as source; texts in double quotes."""
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    return repr(value)


def quoted(text: str) -> str:
    """A text in double quotes."""
    inner = repr(f"'{text}")[2:-1] if '"' not in text else repr(text.replace('"', "\0"))[1:-1]
    inner = inner.replace("\\'", "'").replace("\\x00", '\\"')
    return f'"{inner}"'


def call(function: str, arguments: Iterable[tuple[str, Any]], indent: int, before: str = "") -> str:
    """`before function(name=value, ...)`, over several lines where it is too long for one.

    An argument without a name stands by its place; one whose name Python cannot have is handed over in a mapping.
    """
    plain = [(name, value) for name, value in arguments]
    parts = [f"{name}={literal(value)}" if name else literal(value) for name, value in plain if can_be_named(name)]
    if odd := {name: value for name, value in plain if not can_be_named(name)}:
        parts.append(f"**{literal(odd)}")
    start = INDENT * indent + before + function
    line = f"{start}({', '.join(parts)})"
    if len(line) <= WIDTH or not parts:
        return line
    inner = INDENT * (indent + 1)
    return "\n".join([f"{start}(", *(f"{inner}{part}," for part in parts), f"{INDENT * indent})"])


def can_be_named(name: str) -> bool:
    """Whether an argument can have this name; it needs none where it stands by its place."""
    return not name or (name.isidentifier() and not keyword.iskeyword(name))


def member(of: str, name: str) -> str:
    """`of.name`, or `of["name"]` where the name is none that Python has after a dot."""
    if name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__"):
        return f"{of}.{name}"
    return f"{of}[{quoted(name)}]"


class Names:
    """Variables that are taken already."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *keyword.kwlist, *keyword.softkwlist, *dir(builtins)}

    def free(self, wanted: str) -> str:
        """The name, or the next with `_` behind it that is free; it is taken from now on."""
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted


def docstring(paragraphs: Sequence[str], indent: int, *, begins_below: bool = False) -> str:
    """A docstring of these paragraphs; lines of one are kept. A section cannot begin on the line of the quotes."""
    text = "\n\n".join(each for each in paragraphs if each).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if text.endswith('"'):
        text = text[:-1] + '\\"'
    lines = [f"{INDENT * indent}{line}".rstrip() for line in text.splitlines()]
    if begins_below:
        lines.insert(0, "")
    lines[0] = f'{INDENT * indent}"""{lines[0].lstrip()}'
    if len(lines) == 1:
        return f'{lines[0]}"""'
    return "\n".join([*lines, f'{INDENT * indent}"""'])
