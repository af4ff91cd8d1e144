"""What a step prints, on its way to the database: in chunks, without progress lines, up to a limit."""

import codecs
import contextlib
import logging
import math
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.utils import timezone

from runner import wakeups
from runner.models import Attempt, LogChunk
from runner.services.steadfast import CUT

FLUSH_SECONDS = 0.2
SOON_SECONDS = 0.03
FLUSH_CHARACTERS = 64 * 1024
TAIL_CHARACTERS = 4_000
PROGRESS_SECONDS = 0.25
AGAIN_SECONDS = 1.0
_PROGRESS = re.compile(r"^::progress ([01](?:\.\d+)?|\.\d+)::\s*$")
_METRIC = re.compile(r"^::metric ([\w.\-/ ]{1,200})=([-+\w.]{1,40})::\s*$")
_TOLD = ("::progress", "::metric")
log = logging.getLogger("portline.worker")


class LogWriter:
    """One attempt's log. Used by one thread; a row holds what was printed within 200 ms or 64 KB."""

    def __init__(
        self, attempt: Attempt, on_progress: Callable[[float], None], on_metric: Callable[[str, float], None]
    ) -> None:
        self._attempt = attempt
        self._on_progress = on_progress
        self._on_metric = on_metric
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("stdout", "stderr")}
        self._partial = {"stdout": "", "stderr": ""}
        self._waiting: list[LogChunk] = []
        self._characters = 0
        self._seq = 0
        self._left = settings.LOG_LIMIT
        self._flush_at: float | None = None
        self._flushed_at = 0.0
        self._unsure = False
        self._progress: float | None = None
        self._progress_at = 0.0
        self.stderr_tail = ""

    def feed(self, stream: str, data: bytes) -> None:
        """Take what was read from a pipe."""
        text = self._decoders[stream].decode(data)
        if stream == "stderr":
            self.stderr_tail = (self.stderr_tail + text)[-TAIL_CHARACTERS:]
        elif ":" in text or self._partial["stdout"]:
            text = self._without_tellings(text)
        self._add(stream, text)

    def note(self, text: str) -> None:
        """A line of the engine's own."""
        self._append("system", f"{text}\n")

    def idle(self) -> float | None:
        """Write what is due; answers in how many seconds something will be."""
        now = time.monotonic()
        if self._flush_at is not None and now >= self._flush_at:
            self.flush()
        due = [self._flush_at] if self._flush_at is not None else []
        if self._progress is not None:
            if now >= self._progress_at:
                self._tell_progress(now)
            else:
                due.append(self._progress_at)
        return max(0.0, min(due) - now) if due else None

    def flush(self) -> None:
        """Write what waits."""
        self._flush_at = None
        if not self._waiting:
            return
        try:
            LogChunk.objects.bulk_create(self._waiting, ignore_conflicts=self._unsure)
        except CUT as error:
            log.warning("the log of %s waits for the database: %s", self._attempt.step_id, str(error).strip())
            connection.close()
            self._unsure = True  # they may have been written, and only the answer was lost
            self._flush_at = time.monotonic() + AGAIN_SECONDS
            return
        self._unsure = False
        self._waiting, self._characters, self._flushed_at = [], 0, time.monotonic()
        wakeups.log_changed(self._attempt.step_id)

    def close(self) -> None:
        """Nothing more comes. What is not written yet is left for `rest`."""
        for stream, partial in self._partial.items():
            self._add(stream, partial + self._decoders[stream].decode(b"", final=True))
        self._partial = {"stdout": "", "stderr": ""}
        if self._progress is not None:
            self._tell_progress(time.monotonic())

    def rest(self) -> list[LogChunk]:
        """What is not written yet, for whoever commits the end of the attempt."""
        if self._unsure:
            self.flush()
        self._flush_at = None
        found, self._waiting = self._waiting, []
        return found

    def _without_tellings(self, text: str) -> str:
        """Take lines out that tell of progress; those that tell a metric stay, for people to read too.

        The start of a line that may become one is held back until the line is whole.
        """
        lines = (self._partial["stdout"] + text).splitlines(keepends=True)
        self._partial["stdout"] = ""
        if lines and not lines[-1].endswith(("\n", "\r")) and _may_tell(lines[-1]):
            self._partial["stdout"] = lines.pop()
        kept = []
        for line in lines:
            found = _PROGRESS.match(line)
            if found:
                self._progress = min(1.0, float(found[1]))
                continue
            if metric := _METRIC.match(line):
                self._tell_metric(metric[1], metric[2])
            kept.append(line)
        return "".join(kept)

    def _tell_metric(self, name: str, text: str) -> None:
        with contextlib.suppress(ValueError):
            value = float(text)
            if math.isfinite(value):
                self._on_metric(name, value)

    def _tell_progress(self, now: float) -> None:
        progress, self._progress = self._progress, None
        self._progress_at = now + PROGRESS_SECONDS
        if progress is not None:
            self._on_progress(progress)

    def _add(self, stream: str, text: str) -> None:
        if not text or self._left < 0:
            return
        self._left -= len(text.encode(errors="replace"))
        if self._left >= 0:
            self._append(stream, text)
            return
        self._append(stream, text[: self._left] if len(text) > -self._left else "")
        limit = settings.LOG_LIMIT
        size = f"{limit // 1024**2} MB" if limit >= 1024**2 else f"{limit} bytes"
        self.note(f"The log has reached {size}, the limit of this server; what follows is not kept.")
        Attempt.objects.filter(pk=self._attempt.pk).update(log_truncated=True)

    def _append(self, stream: str, text: str) -> None:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL's text cannot hold NUL
        if not text:
            return
        if self._waiting and self._waiting[-1].stream == stream:
            self._waiting[-1].text += text
        else:
            self._seq += 1
            chunk = LogChunk(attempt=self._attempt, seq=self._seq, stream=stream, text=text, at=timezone.now())
            self._waiting.append(chunk)
        self._characters += len(text)
        if self._characters >= FLUSH_CHARACTERS:
            self.flush()
        elif self._flush_at is None:
            # A line after a pause is shown at once; a flood is written five times a second.
            self._flush_at = max(time.monotonic() + SOON_SECONDS, self._flushed_at + FLUSH_SECONDS)


def _may_tell(line: str) -> bool:
    return any(word.startswith(line[: len(word)]) for word in _TOLD)
