"""What happens in a job, as it happens: read in turns from its numbered events and the logs of its steps."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portline.client.http import Http, segment

ENDED = frozenset({"Completed", "Failed", "Canceled", "NotResponding"})
STEP_ENDED = ENDED | {"Skipped"}
PASSING = frozenset({"NotStarted", "Queued", "Preparing", "Finalizing"})
"""Statuses that plain text leaves out: they come and go within a moment."""
SHORTEST, LONGEST = 0.2, 1.0
"""Seconds between two looks: soon after something happened, later while nothing does."""


@dataclass(frozen=True)
class JobUpdate:
    """The job has another status."""

    status: str
    message: str
    at: datetime


@dataclass(frozen=True)
class StepUpdate:
    """A step has another status. `seconds` is how long it ran, where it has ended."""

    node: str
    status: str
    message: str
    reused: bool
    at: datetime
    seconds: float | None = None


@dataclass(frozen=True)
class StepProgress:
    """How much of its work a step says that it has done, 0 to 1."""

    node: str
    progress: float


@dataclass(frozen=True)
class LogLine:
    """A line that a step printed, without its end. `stream` is stdout, stderr or system."""

    node: str
    stream: str
    text: str


Update = JobUpdate | StepUpdate | StepProgress | LogLine


def follow(http: Http, name: str) -> Iterator[Update]:
    """All updates of a job from its beginning; ends when the job has ended and all is told."""
    run = http.get(f"jobs/{segment(name)}/")["id"]
    logs: dict[str, _Log] = {}
    after, pause, ended = 0, SHORTEST, False
    while True:
        happened = False
        events = http.get(f"runs/{run}/events/", {"after": after})["events"]
        for event in events:
            after, happened = event["seq"], True
            update = _update(event)
            if isinstance(update, StepUpdate) and update.status not in ("NotStarted", "Queued", "Waiting"):
                log = logs.get(update.node)
                if log is None and not update.reused and update.status != "Skipped":
                    log = logs[update.node] = _Log(http, run, update.node)
                if log and update.status in STEP_ENDED:
                    # What it printed comes before that it ended.
                    yield from log.rest()
                    del logs[update.node]
            if isinstance(update, JobUpdate):
                ended = update.status in ENDED  # one that is resumed goes on
            if update is not None:
                yield update
        for log in list(logs.values()):
            for line in log.new():
                happened = True
                yield line
        if ended and not events:
            return
        pause = SHORTEST if happened else min(pause * 1.5, LONGEST)
        if not (ended and events):
            time.sleep(pause)


def lines(update: Update) -> list[str]:
    """An update as lines of plain text; many need none."""
    if isinstance(update, LogLine):
        return [f"{update.node} | {update.text}"]
    if isinstance(update, StepProgress) or update.status in PASSING:
        return []
    clock = update.at.astimezone().strftime("%H:%M:%S")
    if isinstance(update, JobUpdate):
        return [f"{clock} job {update.status}{said(update.message)}"]
    word = f"{update.status} (reused)" if update.reused else update.status
    lasted = f" in {update.seconds:.1f} s" if update.seconds is not None and not update.reused else ""
    return [f"{clock} {update.node}: {word}{lasted}{said(update.message)}"]


def said(message: str) -> str:
    return f": {message}" if message else ""


class _Log:
    """The log of a step's newest attempt, from where it was read last; a new attempt is read from its beginning."""

    def __init__(self, http: Http, run: int, node: str) -> None:
        self._http, self._path, self._node = http, f"runs/{run}/steps/{segment(node)}/log/", node
        self._attempt, self._after, self._ended = 0, 0, False
        self._begun: dict[str, str] = {}

    def new(self) -> Iterator[LogLine]:
        """What was printed since; a line that has no end yet waits for it."""
        if self._ended:
            return
        while True:
            page = self._http.get(self._path, {"after": self._after})
            if page["attempt"] != self._attempt:
                yield from self._unended()
                again = self._attempt and self._after
                self._attempt, self._after = page["attempt"], 0
                if again:
                    continue  # it was asked for what comes after a place in the log of another attempt
            for chunk in page["chunks"]:
                self._after = chunk["seq"]
                text = self._begun.pop(chunk["stream"], "") + chunk["text"]
                *whole, rest = text.split("\n")
                if rest:
                    self._begun[chunk["stream"]] = rest
                yield from (LogLine(self._node, chunk["stream"], line.rstrip("\r")) for line in whole)
            self._ended = page["ended"]
            if not page["chunks"] or self._ended:
                return

    def rest(self) -> Iterator[LogLine]:
        """What is left when the step has ended."""
        yield from self.new()
        yield from self._unended()

    def _unended(self) -> Iterator[LogLine]:
        yield from (LogLine(self._node, stream, text) for stream, text in self._begun.items())
        self._begun.clear()


def _update(event: dict[str, Any]) -> Update | None:
    data, at = event["data"], moment(event["at"])
    if event["type"] == "run.status":
        return JobUpdate(data["status"], data.get("message") or "", at)
    if event["type"] == "step.status":
        seconds = None
        if data.get("started_at") and data.get("ended_at"):
            seconds = (moment(data["ended_at"]) - moment(data["started_at"])).total_seconds()
        reused = bool(data.get("reused"))
        return StepUpdate(data["node"], data["status"], data.get("message") or "", reused, at, seconds)
    if event["type"] == "step.progress" and data.get("progress") is not None:
        return StepProgress(data["node"], float(data["progress"]))
    return None


def moment(text: str) -> datetime:
    """A time of the server; Python 3.10 does not read its `Z`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
