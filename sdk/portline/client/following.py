"""What happens in a job, as it happens: its numbered events and what its steps print."""

import json
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portline.client.errors import PortlineError
from portline.client.http import Http, segment

ENDED = frozenset({"Completed", "Failed", "Canceled", "NotResponding"})
STEP_ENDED = ENDED | {"Skipped"}
PASSING = frozenset({"NotStarted", "Queued", "Preparing", "Finalizing"})
"""Statuses that plain text tells only with a message, such as what a step waits for: they come and go."""
WAIT = 25
"""Seconds that an answer of the server stays open for what comes."""
TRIES, PAUSE = 5, 1.0
"""How often a lost connection is made anew without anything that comes over it, and the seconds between."""


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
    attempt: int
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


def follow(http: Http, name: str, wait: float = PAUSE) -> Iterator[Update]:
    """All updates of a job from its beginning; ends when the job has ended and all is told.

    A connection that is lost is made anew, and nothing is told twice or left out. Raises PortlineError.
    """
    told = _Told()
    tries = TRIES
    while not told.ended:
        try:
            for message in _messages(http, name, told):
                tries = TRIES
                yield from told.take(message)
        except PortlineError as error:
            tries -= 1
            if error.code != "unreachable" or not tries:
                raise
            time.sleep(wait)


def _messages(http: Http, name: str, told: "_Told") -> Iterator[dict[str, Any]]:
    """What the server says until it closes the answer: lines of JSON, one message each."""
    logs = [f"{node}@{seq}" for node, seq in told.logs.items()]
    params = {"after": told.after, "wait": WAIT, "logs": True, "log": logs}
    with http.stream(f"jobs/{segment(name)}/events/", params) as response:
        for line in response.iter_lines():
            if line:
                yield json.loads(line)


def lines(update: Update) -> list[str]:
    """An update as lines of plain text; many need none."""
    if isinstance(update, LogLine):
        return [f"{update.node} | {update.text}"]
    if isinstance(update, StepProgress) or (update.status in PASSING and not update.message):
        return []
    clock = update.at.astimezone().strftime("%H:%M:%S")
    if isinstance(update, JobUpdate):
        return [f"{clock} job {update.status}{said(update.message)}"]
    word = f"{update.status} (reused)" if update.reused else update.status
    lasted = f" in {update.seconds:.1f} s" if update.seconds is not None and not update.reused else ""
    return [f"{clock} {update.node}: {word}{lasted}{said(update.message)}"]


def said(message: str) -> str:
    return f": {message}" if message else ""


class _Told:
    """What of a job was told so far, and what waits for its turn: that a step ended comes after what it printed."""

    def __init__(self) -> None:
        self.after = 0
        self.logs: dict[str, int] = {}
        self.ended = False
        self._waiting: deque[Update] = deque()
        self._printed: dict[str, int] = {}  # node -> the attempt whose log has ended
        self._begun: dict[tuple[str, str], str] = {}  # lines that have no end yet

    def take(self, message: dict[str, Any]) -> Iterator[Update]:
        """The updates that a message makes known."""
        if message["t"] == "events":
            for event in message["events"]:
                self.after = event["seq"]
                if (update := _update(event)) is not None:
                    self._waiting.append(update)
        elif message["t"] == "log":
            yield from self._log(message)
        else:
            self.ended = message["ended"]
        while self._waiting and (self.ended or not self._too_early(self._waiting[0])):
            yield self._waiting.popleft()

    def _too_early(self, update: Update) -> bool:
        if not isinstance(update, StepUpdate) or update.status not in STEP_ENDED or update.reused:
            return False
        return update.attempt > self._printed.get(update.node, 0)

    def _log(self, message: dict[str, Any]) -> Iterator[LogLine]:
        node = message["node"]
        for chunk in message["chunks"]:
            self.logs[node] = chunk["seq"]
            text = self._begun.pop((node, chunk["stream"]), "") + chunk["text"]
            *whole, rest = text.split("\n")
            if rest:
                self._begun[node, chunk["stream"]] = rest
            yield from (LogLine(node, chunk["stream"], line.rstrip("\r")) for line in whole)
        if message["ended"]:
            self._printed[node] = message["attempt"]
            for stream in ("stdout", "stderr", "system"):
                if text := self._begun.pop((node, stream), ""):
                    yield LogLine(node, stream, text)


def _update(event: dict[str, Any]) -> Update | None:
    data, at = event["data"], moment(event["at"])
    if event["type"] == "run.status":
        return JobUpdate(data["status"], data.get("message") or "", at)
    if event["type"] == "step.status":
        seconds = None
        if data.get("started_at") and data.get("ended_at"):
            seconds = (moment(data["ended_at"]) - moment(data["started_at"])).total_seconds()
        reused = bool(data.get("reused"))
        message, attempt = data.get("message") or "", data.get("attempt") or 0
        return StepUpdate(data["node"], data["status"], message, attempt, reused, at, seconds)
    if event["type"] == "step.progress" and data.get("progress") is not None:
        return StepProgress(data["node"], float(data["progress"]))
    return None


def moment(text: str) -> datetime:
    """A time of the server; Python 3.10 does not read its `Z`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
