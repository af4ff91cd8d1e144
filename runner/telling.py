"""A run told as lines of text while it goes on, read from its rows: for a command in the process that runs it."""

from collections.abc import Iterator
from typing import Any

from runner.engine.states import ENDED
from runner.models import Run, Step
from runner.selectors import events_between, find_attempt, log_page

PASSING = ("NotStarted", "Queued", "Preparing", "Finalizing")
"""States that are told only with a message, such as what a step waits for: they come and go within a moment."""


class Teller:
    """What of a run was told so far. A step's end is told after all that it printed."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._after = 0
        self._logs: dict[str, _Log] = {}

    def new(self) -> Iterator[str]:
        """What happened since the last call."""
        while events := events_between(self._run.pk, self._after):
            for event in events:
                self._after = event["seq"]
                yield from self._event(event)
        for log in self._logs.values():
            yield from log.new()

    def _event(self, event: dict[str, Any]) -> Iterator[str]:
        data, clock = event["data"], f"{event['at'].astimezone():%H:%M:%S}"
        if event["type"] == "run.status" and data["status"] not in PASSING:
            yield f"{clock} job {data['status']}{_said(data)}"
        if event["type"] != "step.status":
            return
        node, status = data["node"], data["status"]
        if status in ENDED:
            yield from self._rest(node)
        elif data["attempt"] and not data["reused"] and node not in self._logs:
            self._logs[node] = _Log(Step.objects.get(run=self._run, node_id=node))
        if status not in PASSING or data["message"]:
            yield f"{clock} {node}: {status}{' (reused)' if data['reused'] else ''}{_said(data)}"

    def _rest(self, node: str) -> Iterator[str]:
        if log := self._logs.pop(node, None):
            yield from log.new()
            yield from log.unended()


class _Log:
    """The log of a step's newest attempt, as lines behind the step's name."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._attempt = self._after = 0
        self._begun: dict[str, str] = {}

    def new(self) -> Iterator[str]:
        attempt = find_attempt(self._step.pk, None)
        if attempt is None:
            return
        if attempt.number != self._attempt:
            yield from self.unended()
            self._attempt, self._after = attempt.number, 0
        more = True
        while more:
            chunks, more = log_page(attempt, self._after)
            for chunk in chunks:
                self._after = chunk["seq"]
                *whole, rest = (self._begun.pop(chunk["stream"], "") + chunk["text"]).split("\n")
                if rest:
                    self._begun[chunk["stream"]] = rest
                yield from map(self._line, whole)

    def unended(self) -> Iterator[str]:
        yield from map(self._line, self._begun.values())
        self._begun.clear()

    def _line(self, text: str) -> str:
        return f"{self._step.node_id} | {text}"


def _said(data: dict[str, Any]) -> str:
    return f": {data['message']}" if data.get("message") else ""
