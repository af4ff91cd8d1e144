"""The worker's side of the preview helper."""

import contextlib
import json
import logging
import os
import selectors
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from runner.previews.kinds import at_once

TIMEOUT_SECONDS = 30.0
MEMORY_LIMIT = 1024**3
SIZE_LIMIT = 256 * 1024
LOOK_EVERY = 20
log = logging.getLogger("portline.previews")


class _Helper:
    """One process that answers one request at a time; killed when it is too slow or has grown too large."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = 0

    def ask(self, path: Path, name: str, type_: str) -> dict[str, Any]:
        """Raises OSError (a TimeoutError too), ValueError or EOFError when there is no answer."""
        with self._lock:
            process = self._running()
            assert process.stdin
            try:
                request = {"path": str(path), "name": name, "type": type_}
                process.stdin.write(json.dumps(request).encode() + b"\n")
                process.stdin.flush()
                answer: dict[str, Any] = json.loads(self._line(process))
            except (OSError, ValueError, EOFError):
                self._kill()
                raise
            self._answers += 1
            with contextlib.suppress(psutil.Error):
                if self._answers % LOOK_EVERY == 0 and psutil.Process(process.pid).memory_info().rss > MEMORY_LIMIT:
                    self._kill()
            return answer

    def warm(self) -> None:
        """Start it, so that it imports what it needs while the step that will need it still runs."""
        if self._lock.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._lock.release()

    def stop(self) -> None:
        with self._lock:
            self._kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "runner.previews.main"],
                cwd=Path(__file__).resolve().parents[2],
                env={"PATH": os.environ.get("PATH", os.defpath), "POLARS_MAX_THREADS": "2"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        assert process.stdout
        end = time.monotonic() + TIMEOUT_SECONDS
        data = b""
        with selectors.PollSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not data.endswith(b"\n"):
                if not selector.select(max(0.0, end - time.monotonic())):
                    raise TimeoutError
                part = os.read(process.stdout.fileno(), 65536)
                if not part:
                    raise EOFError("the preview helper ended")
                data += part
        return data

    def _kill(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process = None


helper = _Helper()


def preview_of(path: Path, name: str, type_: str) -> tuple[str, dict[str, Any]]:
    """The kind of an output and its preview. Never fails: what cannot be shown is a plain file or folder."""
    plain = "folder" if path.is_dir() else "file"
    try:
        answer = at_once(path, name) or helper.ask(path, name, type_)
        text = json.dumps(answer, ensure_ascii=False)
        if len(text.encode()) <= SIZE_LIMIT:
            # PostgreSQL's JSON cannot hold NUL.
            answer = json.loads(text.replace("\\u0000", "\\ufffd"))
            return answer.pop("kind"), answer
        log.warning("the preview of %s is too large to be kept", name)
    except (OSError, ValueError, EOFError) as error:
        log.warning("the preview of %s could not be made: %s", name, error or type(error).__name__)
    return plain, {}
