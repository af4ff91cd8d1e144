"""The program that makes environments: where it is, how it is called, and what it says when it cannot."""

import os
import re
import sys
from pathlib import Path

from django.conf import settings
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from uv import find_uv_bin

from registry.versions import version_key
from runner.environments import places
from runner.executors.passed_on import PASSED_ON

WORDS = 2_000
_FAULT = re.compile(r"^\s*(error:|×)", re.MULTILINE)
_SIGNS = re.compile(r"^\s*(?:error:|cause:|caused by:|hint:|×|├─▶|╰─▶|│)?\s*", re.IGNORECASE)


def venv(target: Path, python: str) -> list[str]:
    """The command that makes an empty virtualenv. With pip, so that a step's own `pip install` finds it."""
    return [
        find_uv_bin(),
        "venv",
        *_PLAIN,
        "--quiet",
        "--no-project",
        "--seed",
        "--python",
        _interpreter(python),
        str(target),
    ]


def install(target: Path, requirements: Path) -> list[str]:
    """The command that installs a list of packages into a virtualenv, compiled."""
    place = ["--python", str(target / "bin" / "python"), "--compile-bytecode"]
    return [find_uv_bin(), "pip", "install", *_PLAIN, *place, "--requirement", str(requirements)]


_PLAIN = ["--no-progress", "--color", "never"]


def variables() -> dict[str, str]:
    """What it finds around itself: the way out, its own settings, and the Pythons of this machine."""
    kept = {name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith(("UV_", "SSL_"))}
    folders = [kept.get("PATH", os.defpath), *settings.ENVIRONMENT_PYTHONS, *map(str, _pyenv())]
    return (
        {"UV_CACHE_DIR": str(places.root() / "cache")}
        | kept
        | {
            "PATH": os.pathsep.join(folders),
            "UV_PYTHON_DOWNLOADS": "automatic" if settings.ENVIRONMENT_PYTHON_DOWNLOADS else "never",
        }
    )


def words(printed: str) -> str:
    """What it said of its failure, as one line."""
    found = _FAULT.search(printed)
    lines = printed[found.start() :].splitlines() if found else printed.splitlines()[-5:]
    said = [_SIGNS.sub("", line).strip() for line in lines]
    return re.sub(r"([.:])\. ", r"\1 ", ". ".join(line for line in said if line))[:WORDS]


def own_minor() -> str:
    """The server's own version of Python, as environments ask for one."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _interpreter(python: str) -> str:
    """The server's own where it fits, as it is certainly there; else what is to be looked for."""
    own = ".".join(map(str, sys.version_info[:3]))
    try:
        fits = own in SpecifierSet(f"=={python}.*" if python.count(".") < 2 else f"=={python}")
    except InvalidSpecifier:
        fits = own in SpecifierSet(python)
    return sys.executable if fits or not python else python


def _pyenv() -> list[Path]:
    """Interpreters that pyenv has, which its shims show only where they are chosen."""
    base = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return sorted(base.glob("versions/3.*/bin"), key=lambda path: version_key(path.parent.name), reverse=True)
