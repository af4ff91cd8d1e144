"""Making one environment, by whoever holds its lock."""

import logging
import shutil
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from runner.environments import places, uv
from runner.executors.held import Stop
from runner.executors.processes import Call, CommandExecutor, LauncherGone

# So long a list that failed is not tried again: a hundred steps that need it should not ask a hundred times.
FAILURE_SECONDS = 30.0
_SHOWN = 20
log = logging.getLogger("portline.worker")


class EnvironmentFailed(RuntimeError):
    """An environment cannot be made; the message has the resolver's words."""


def title_of(environment: Mapping[str, Any]) -> str:
    """What messages call it."""
    ref = environment.get("ref")
    return f"The environment {ref}" if ref else "The component's environment"


def recent_failure(digest: str) -> str:
    """Why it could not be made a moment ago, or nothing."""
    found = places.read(places.folder(digest) / places.FAILED)
    return str(found["message"]) if found and 0 <= time.time() - found["at"] < FAILURE_SECONDS else ""


def make(environment: Mapping[str, Any], stop: Stop) -> None:
    """Make a frozen environment; what is printed goes to its `build.log`. Returns early when `stop` was set.

    Its exclusive lock must be held. Raises EnvironmentFailed.
    """
    digest = environment["digest"]
    home = places.folder(digest)
    # What a process that died left behind; what it started may still write there, so nothing is made in its place.
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    began = time.time()
    draft = home / uuid.uuid4().hex[:8]
    with (home / places.LOG).open("wb", buffering=0) as out:
        try:
            _say(out, _heading(environment))
            _make(environment, draft, out, stop)
            if not stop.reason:
                facts = _facts(environment, draft) | {"at": began, "seconds": time.time() - began}
                places.write(home / places.BUILT, facts)
                _say(out, f"Ready after {facts['seconds']:.1f} s.")
                return
            _say(out, "Nobody needs it any more; it is left unfinished.")
        except EnvironmentFailed as error:
            message = f"{title_of(environment)} could not be made: {error}"
            places.write(home / places.FAILED, {"at": time.time(), "message": message})
            shutil.rmtree(draft, ignore_errors=True)
            raise EnvironmentFailed(message) from None
        except (OSError, LauncherGone) as error:
            # Of the machine's making (a full disk): the next one may well succeed.
            shutil.rmtree(draft, ignore_errors=True)
            raise EnvironmentFailed(f"{title_of(environment)} could not be made: {error}") from None
    shutil.rmtree(draft, ignore_errors=True)


def _make(environment: Mapping[str, Any], draft: Path, out: Any, stop: Stop) -> None:
    _run(uv.venv(draft, environment["python"]), draft.parent, out, stop)
    lines = [*environment["options"], *environment["packages"]]
    if environment["packages"] and not stop.reason:
        requirements = draft.parent / "requirements.txt"
        requirements.write_text("\n".join(lines) + "\n")
        _run(uv.install(draft, requirements), draft.parent, out, stop)


def _run(argv: list[str], cwd: Path, out: Any, stop: Stop) -> None:
    """Run one command; its processes end with this one, however that comes about."""
    printed = bytearray()

    def feed(_: str, data: bytes) -> None:
        printed.extend(data)
        out.write(data)

    limit = float(settings.ENVIRONMENT_BUILD_SECONDS)
    code = CommandExecutor().run(Call(argv, cwd, uv.variables(), uuid.uuid4().hex, limit), stop, feed, lambda: None)
    if stop.reason == "timeout":
        raise EnvironmentFailed(f"it took longer than {limit:g} seconds")
    if code != 0 and not stop.reason:
        raise EnvironmentFailed(uv.words(printed.decode(errors="replace")) or f"uv ended with exit code {code}")


def _facts(environment: Mapping[str, Any], draft: Path) -> dict[str, Any]:
    """What is known of it from now on, so that nobody has to look through it again."""
    config = dict(line.split(" = ", 1) for line in (draft / "pyvenv.cfg").read_text().splitlines() if " = " in line)
    found = draft.glob("lib/python*/site-packages/*.dist-info")
    return {
        "ref": environment.get("ref", ""),
        "prefix": str(draft),
        "python": str(draft / "bin" / "python"),
        "version": config.get("version_info") or config.get("version", ""),
        "size": sum(file.lstat().st_size for file in draft.rglob("*")),
        "installed": sorted(each.name.removesuffix(".dist-info").replace("-", "==", 1) for each in found),
    }


def _heading(environment: Mapping[str, Any]) -> str:
    packages = list(environment["packages"])
    more = f" and {len(packages) - _SHOWN} more" if len(packages) > _SHOWN else ""
    what = ", ".join(packages[:_SHOWN]) or "nothing else"
    return f"{title_of(environment)} is made: Python {environment['python']} with {what}{more}."


def _say(out: Any, sentence: str) -> None:
    out.write(f"{sentence}\n".encode())
