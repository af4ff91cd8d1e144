"""The interpreter of an environment: at once where it is made already, else after it was made."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.executors.held import Stop


class EnvironmentFailed(RuntimeError):
    """An environment cannot be made; the message has the resolver's words."""


@dataclass
class Interpreter:
    """What runs a step's code. As long as it is open, nobody removes its environment."""

    python: Path
    prefix: Path | None = None

    def release(self) -> None:
        """Nothing of it is used any more."""


OWN = Interpreter(Path(sys.executable), Path(sys.prefix) if sys.prefix != sys.base_prefix else None)
"""What the server itself runs with: the environment of steps that ask for none."""


def ensure(
    environment: Mapping[str, Any],
    *,
    log: Callable[[str], None],
    stop: Stop,
    idle: Callable[[], object] = lambda: None,
) -> Interpreter | None:
    """The interpreter for a frozen environment (`Step.environment`); `{}` is the server's own.

    While it is being made, `log` gets what is printed, line by line, and `idle` is called many times a second. Answers
    None when `stop` was set meanwhile. Raises EnvironmentFailed.
    """
    return OWN
