"""Fetching what lies at an address, for `runner.executors.downloads` to keep."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import fsspec
from django.conf import settings

from runner.executors.passed_on import PASSED_ON
from runner.services.addresses import Unreachable, target_of

LIBRARY = Path(settings.BASE_DIR) / "registry" / "library"
SECONDS = 1000
# The component `read_data` knows how to fetch from the web and from nowhere else; its modules are made for scripts.
_FETCH = """
import sys
from pathlib import Path
from fetch import fetch
from step import UserError
try:
    fetch(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
except UserError as error:
    sys.exit(str(error))
"""


class CannotFetch(RuntimeError):
    """The message is for people."""


def fetch_address(uri: str, type_: str, draft: Path) -> None:
    """Bring it to a new file or folder. Raises CannotFetch."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    try:
        target = target_of(uri, type_)
        if urlsplit(target).scheme in ("http", "https"):
            _from_the_web(target, draft)
            return
        files, path = fsspec.core.url_to_fs(target)
        if files.isdir(path):
            files.get(path.rstrip("/") + "/", f"{draft}/", recursive=True)
        else:
            files.get_file(path, str(draft))
    except Unreachable as error:
        raise CannotFetch(str(error)) from None
    except FileNotFoundError:
        raise CannotFetch(f"There is nothing at `{uri}`.") from None
    except (OSError, ValueError, ImportError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise CannotFetch(f"`{uri}` cannot be read: {error}.") from None


def _from_the_web(url: str, draft: Path) -> None:
    """In a process of its own, which has the guards of the component that reads data."""
    kept = {name: value for name, value in os.environ.items() if name in (*PASSED_ON, "PORTLINE_PRIVATE_HOSTS")}
    folders = os.pathsep.join(str(LIBRARY / name) for name in ("_shared", "read_data"))
    command = [sys.executable, "-c", _FETCH, url, str(draft), str(settings.FETCH_LIMIT)]
    try:
        done = subprocess.run(
            command, env={**kept, "PYTHONPATH": folders}, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotFetch(f"`{url}` did not arrive within {SECONDS} seconds.") from None
    if done.returncode != 0:
        raise CannotFetch(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"`{url}` cannot be read.")
