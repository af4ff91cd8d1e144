"""What goes wrong between here and the server, as one exception."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file, and where. Line and column count from 1; 0 where the file is meant whole."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.message}" if place else self.message


class PortlineError(Exception):
    """The server refused something, or did not answer.

    `sentence` says what is wrong and what helps. `status` is that of HTTP, 0 where no answer came or none was asked
    for; `code` is the server's short word for the case; `faults` are the places in files, `errors` the fields.
    """

    def __init__(
        self,
        sentence: str,
        *,
        status: int = 0,
        code: str = "",
        faults: Sequence[Fault] = (),
        errors: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.status, self.code = sentence, status, code
        self.faults, self.errors = list(faults), dict(errors or {})

    def __str__(self) -> str:
        fields = [f"{name}: {text}" if name else text for name, text in _flat(self.errors)]
        return "\n".join([self.sentence, *(f"  {line}" for line in [*fields, *map(str, self.faults)])])


def error_of(status: int, document: Any) -> PortlineError:
    """The exception of a problem document (RFC 9457) of the server; of any other body, one that names the status."""
    if not isinstance(document, dict) or "detail" not in document:
        return PortlineError(f"The server answered {status} without saying why.", status=status)
    return PortlineError(
        str(document["detail"]),
        status=status,
        code=str(document.get("code", "")),
        faults=_faults(document),
        errors=document.get("errors") if isinstance(document.get("errors"), dict) else None,
    )


def _faults(document: Mapping[str, Any]) -> list[Fault]:
    """Those of `faults`, of each of `components`, and of the `problems` of a draft, which have a node for a place."""
    listed = [*(document.get("faults") or [])]
    for component in document.get("components") or []:
        listed += component.get("faults") or []
    found = [
        Fault(str(item.get("message", "")), str(item.get("file", "")), item.get("line") or 0, item.get("column") or 0)
        for item in listed
    ]
    problems = document.get("problems")
    for node, of_node in problems.items() if isinstance(problems, dict) else ():
        for problem in of_node:
            if problem.get("severity") == "error":
                place = ".".join(part for part in (node, problem.get("field")) if part)
                found.append(Fault(str(problem.get("message", "")), place))
    return found


def _flat(errors: Any, name: str = "") -> list[tuple[str, str]]:
    """Each sentence of nested errors with the dotted name of its field."""
    if isinstance(errors, dict):
        return [pair for key, value in errors.items() for pair in _flat(value, f"{name}.{key}".strip("."))]
    if isinstance(errors, list):
        return [pair for value in errors for pair in _flat(value, name)]
    return [(name, str(errors))]
