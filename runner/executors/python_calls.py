"""Which commands are one plain Python call. Standard library only: both ends of a warm start read a call by this."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Options that say what the environment says already, so that the interpreter is the same with and without them.
_SAME_AS = {"-u": "PYTHONUNBUFFERED", "-B": "PYTHONDONTWRITEBYTECODE"}
_INTERPRETER = re.compile(r"python(\d(\.\d+)?)?")


@dataclass(frozen=True)
class PythonCall:
    """`kind` is `file`, `module` or `code`; `target` is the path, the module's name or the code."""

    kind: str
    target: str
    args: tuple[str, ...]

    @property
    def argv0(self) -> str:
        """What `sys.argv[0]` is when the code starts."""
        return {"file": self.target, "module": "-m", "code": "-c"}[self.kind]


def own_site(env: Mapping[str, str]) -> str:
    """The folder of what a step installs for itself, where that is all that is added to Python's path; else empty."""
    site = env.get("PIP_TARGET", "")
    return site if env.get("PYTHONPATH") == site else ""


def python_call(argv: Sequence[str], env: Mapping[str, str]) -> PythonCall | None:
    """Read a command; None for anything but an interpreter with harmless options that runs a file, module or code."""
    program, *words = argv
    if not os.path.isabs(program) or not _INTERPRETER.fullmatch(os.path.basename(program)):
        return None
    while words and env.get(_SAME_AS.get(words[0], "")):
        del words[0]
    if not words:
        return None
    if words[0] in ("-m", "-c"):
        kind = "module" if words[0] == "-m" else "code"
        return PythonCall(kind, words[1], tuple(words[2:])) if len(words) > 1 else None
    if words[0].startswith("-") or words[0].endswith(".pyc"):
        return None
    return PythonCall("file", words[0], tuple(words[1:]))
