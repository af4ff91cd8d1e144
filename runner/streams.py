"""What sockets look at: a run's events, a step's log, the runs of a workspace."""

import json
from typing import Any

from channels.db import database_sync_to_async
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Max, Q

from runner.hub import Stream
from runner.models import LogChunk, Run
from runner.selectors import EVENT_PAGE, events_between, find_attempt, log_page

ALWAYS = 2**62
"""A position that is new to every socket."""


def encode(message: dict[str, Any]) -> str:
    return json.dumps(message, cls=DjangoJSONEncoder, separators=(",", ":"))


class RunStream(Stream):
    """The events of a run; a position is a `seq`."""

    key = ""

    def __init__(self, run_id: int) -> None:
        super().__init__()
        self.topic = f"run:{run_id}"
        self._run_id = run_id
        self._seq = 0

    @database_sync_to_async
    def start(self) -> None:
        self._seq = Run.objects.filter(pk=self._run_id).values_list("event_seq", flat=True).first() or 0

    def take_handed(self, rows: list[Any]) -> list[tuple[int, str]] | None:
        names = ("seq", "type", "data", "at")
        new = [dict(zip(names, row[1:], strict=True)) for row in rows if row[1] > self._seq]
        if [event["seq"] for event in new] != list(range(self._seq + 1, self._seq + 1 + len(new))):
            return None
        messages = []
        for first in range(0, len(new), EVENT_PAGE):
            page = new[first : first + EVENT_PAGE]
            self._seq = page[-1]["seq"]
            messages.append((self._seq, encode({"t": "events", "events": page})))
        return messages

    @database_sync_to_async
    def read_new(self) -> list[tuple[int, str]]:
        messages = []
        while events := events_between(self._run_id, self._seq):
            self._seq = events[-1]["seq"]
            messages.append((self._seq, encode({"t": "events", "events": events})))
        return messages

    @database_sync_to_async
    def read_past(self, after: int) -> list[str]:
        messages = []
        while after < self._seq and (events := events_between(self._run_id, after, self._seq)):
            after = events[-1]["seq"]
            messages.append(encode({"t": "events", "events": events}))
        return messages


class LogStream(Stream):
    """The log of one attempt, or of whichever is the newest; a position is a chunk's `seq`."""

    def __init__(self, step_id: int, node: str, number: int | None) -> None:
        super().__init__()
        self.topic = f"log:{step_id}"
        self.key = str(number or "")
        self._step_id, self._node, self._wanted = step_id, node, number
        self._number: int | None = None
        self._seq = 0
        self._ended = False

    @database_sync_to_async
    def start(self) -> None:
        attempt = find_attempt(self._step_id, self._wanted)
        if attempt is None:
            return
        # In this order: once an attempt ended, nothing is added to its log.
        self._number, self._ended = attempt.number, attempt.ended_at is not None
        self._seq = LogChunk.objects.filter(attempt=attempt).aggregate(newest=Max("seq"))["newest"] or 0

    @database_sync_to_async
    def read_new(self) -> list[tuple[int, str]]:
        attempt = find_attempt(self._step_id, self._wanted)
        if attempt is None or (self._ended and attempt.number == self._number):
            return []
        if attempt.number != self._number:
            self._number, self._seq, self._ended = attempt.number, 0, False
        ended, messages, more = attempt.ended_at is not None, [], True
        while more:
            chunks, more = log_page(attempt, self._seq)
            self._seq = chunks[-1]["seq"] if chunks else self._seq
            self._ended = ended and not more
            if chunks or self._ended:
                messages.append((ALWAYS, self._message(chunks, self._ended)))
        return messages

    @database_sync_to_async
    def read_past(self, after: int) -> list[str]:
        attempt = find_attempt(self._step_id, self._number) if self._number else None
        if attempt is None:
            return []
        messages, more = [], True
        while more:
            chunks, more = log_page(attempt, after, self._seq)
            after = chunks[-1]["seq"] if chunks else after
            messages.append(self._message(chunks, self._ended and not more))
        return messages

    def _message(self, chunks: list[dict[str, Any]], ended: bool) -> str:
        return encode({"t": "log", "node": self._node, "attempt": self._number, "chunks": chunks, "ended": ended})


class FeedStream(Stream):
    """The runs of a workspace as they change. It has no past: a page knows what it showed."""

    key = ""

    def __init__(self, workspace_id: int) -> None:
        super().__init__()
        self.topic = f"workspace:{workspace_id}"
        self._workspace_id = workspace_id
        self._told: dict[int, int] = {}
        self._since = -1

    @database_sync_to_async
    def start(self) -> None:
        self._told = dict(self._open().values_list("pk", "event_seq"))
        self._since = Run.objects.filter(workspace=self._workspace_id).aggregate(last=Max("pk"))["last"] or 0

    @database_sync_to_async
    def read_new(self) -> list[tuple[int, str]]:
        messages = []
        fields = ("pk", "status", "counts", "started_at", "ended_at", "event_seq")
        for run in list(self._open().only(*fields)):
            if self._told.get(run.pk) != run.event_seq:
                messages.append((ALWAYS, encode(_feed_message(run))))
            if run.ended:
                self._told.pop(run.pk, None)
            else:
                self._told[run.pk] = run.event_seq
            self._since = max(self._since, run.pk)
        return messages

    async def read_past(self, after: int) -> list[str]:
        return []

    def _open(self) -> Any:
        """The runs that may have changed: those that run, those that did when last told, and those that are new."""
        wanted = Q(ended_at=None) | Q(pk__in=list(self._told)) | Q(pk__gt=self._since if self._since >= 0 else ALWAYS)
        return Run.objects.filter(wanted, workspace=self._workspace_id)


def _feed_message(run: Run) -> dict[str, Any]:
    return {
        "t": "run",
        "id": run.pk,
        "status": run.status,
        "counts": run.counts,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
    }
