"""What is wrong with a file, where, and what was expected."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault: a sentence with its place. Lines and columns count from 1."""

    message: str
    file: str = ""
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class SpecError(ValueError):
    """A file cannot be read as what it should be; `faults` holds everything that was found, in order of place."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))
        super().__init__("\n".join(str(fault) for fault in self.faults))
