"""`${{ }}`: what an expression names, and the forms in which a value is given (`shared/azureml.md` 2.1 and 2.3)."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from registry.spec.values import BINDING

_PORT = r"\w+(?:\.\w+)*"
_PATTERNS: tuple[tuple["Kind", re.Pattern[str]], ...] = (
    ("job_output", re.compile(rf"(?:parent\.)?jobs\.(?P<job>\w+)\.outputs\.(?P<name>{_PORT})")),
    ("job_input", re.compile(rf"(?:parent\.)?jobs\.(?P<job>\w+)\.inputs\.(?P<name>{_PORT})")),
    ("job", re.compile(r"(?:parent\.)?jobs\.(?P<job>\w+)")),
    ("input", re.compile(rf"(?:parent\.)?inputs\.(?P<name>{_PORT})")),
    ("output", re.compile(rf"(?:parent\.)?outputs\.(?P<name>{_PORT})")),
)
Kind = Literal["job_output", "job_input", "job", "input", "output", "other"]


@dataclass(frozen=True)
class Bound:
    """What one expression names. Azure ML's older files leave `parent.` out."""

    kind: Kind
    expression: str
    job: str = ""
    name: str = ""


def bound(expression: str) -> Bound:
    """Read what stands between the braces."""
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(expression):
            groups = found.groupdict()
            return Bound(kind, expression, groups.get("job", ""), groups.get("name", ""))
    return Bound("other", expression)


def whole(value: Any) -> Bound | None:
    """What a value names that is one `${{ }}` and nothing else, alone or as the `path` of a mapping."""
    text = value.get("path") if isinstance(value, dict) else value
    found = BINDING.fullmatch(text.strip()) if isinstance(text, str) else None
    return bound(found[1]) if found else None


def bounds(text: object) -> list[Bound]:
    """All that a text names."""
    return [bound(expression) for expression in BINDING.findall(text)] if isinstance(text, str) else []


def in_own_words(value: Any) -> Any:
    """A literal as a node holds it: every pipeline input named as `${{parent.inputs.X}}`."""
    if not isinstance(value, str):
        return value

    def said(match: re.Match[str]) -> str:
        found = bound(match[1])
        return "${{parent.inputs." + found.name + "}}" if found.kind == "input" else "${{" + match[1] + "}}"

    return BINDING.sub(said, value)


@dataclass(frozen=True)
class Given:
    """The value of an input, whatever form it was written in.

    `bound` is what it names as a whole, `path` where data lies, and otherwise it is `literal` (None: nothing was
    given). `type` is what the file says of it, and `rest` what else it says.
    """

    literal: Any = None
    bound: Bound | None = None
    path: str | None = None
    type: str | None = None
    rest: dict[str, Any] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        return self.literal is None and self.bound is None and self.path is None


def given(value: Any) -> Given:
    """Read an input's value: a literal, a binding, or a mapping with `path` or `value`."""
    if not isinstance(value, dict):
        found = whole(value)
        return Given(bound=found) if found else Given(literal=value)
    type_ = str(value["type"]).lower() if value.get("type") is not None else None
    rest = {key: part for key, part in value.items() if key not in ("type", "path", "value")}
    found = whole(value)
    if found is not None:
        return Given(bound=found, type=type_, rest=rest)
    if value.get("path") is not None:
        return Given(path=str(value["path"]), type=type_, rest=rest)
    inner = given(value["value"]) if not isinstance(value.get("value"), dict | None) else Given()
    return Given(literal=inner.literal, bound=inner.bound, type=type_, rest=rest)
