"""What happens in a job, told as it happens over plain HTTP: for the command line and for whoever has no socket.

The answer is lines of JSON, sent while the connection stays open. They are the hub's own messages (protocol.md,
“Runs”), so a client costs nothing while nothing happens, and the rows are read once however many clients there are.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.db.models import Q
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from designer.frames import Write
from registry.scope import WorkspaceAPI
from runner.engine.states import HELD, RUN_ENDED, RunStatus
from runner.hub import Stream, hub
from runner.models import Run, Step
from runner.selectors import find_run
from runner.streams import LogStream, RunStream, encode

NEWLINE_JSON = "application/x-ndjson"
WAITING = 2000
"""How many messages may wait for a client that reads slowly, before it has to ask again."""


class EventsQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        min_value=0, required=False, default=0, help_text="number of the newest event that the client has"
    )
    wait = serializers.FloatField(
        min_value=0,
        max_value=300,
        required=False,
        default=20,
        help_text="seconds that the answer stays open for what comes; it ends earlier when the job has ended",
    )
    logs = serializers.BooleanField(required=False, default=False, help_text="also the lines that steps print")
    log = serializers.ListField(
        child=serializers.RegexField(r"^.+@\d+$"),
        required=False,
        default=list,
        help_text="`NODE@SEQ`, once for each log of which the client has chunks: only later ones are sent",
    )


class JobEventsAPI(WorkspaceAPI):
    """The events of a job as lines of JSON."""

    @extend_schema(
        operation_id="jobs_events",
        parameters=[EventsQuery],
        responses={
            (200, NEWLINE_JSON): OpenApiResponse(
                OpenApiTypes.STR,
                description='One JSON object a line: `{"t": "events", events}`, `{"t": "log", node, attempt, chunks, '
                'ended}`, and as the last `{"t": "end", seq, status, ended}`. Unless `ended`, ask again after `seq`.',
            )
        },
    )
    def get(self, request: Request, name: str, **kwargs: Any) -> HttpResponseBase:
        """What happened after an event, and what happens while the answer stays open."""
        asked = request.query_params.dict() | {"log": request.query_params.getlist("log")}
        query = EventsQuery(data=asked)
        query.is_valid(raise_exception=True)
        told = query.validated_data
        positions = {node: int(seq) for node, _, seq in (log.rpartition("@") for log in told["log"])}
        run = find_run(self.workspace, name=name)
        listener = _Listener(run, told["after"], positions if told["logs"] else None)
        answer = StreamingHttpResponse(listener.lines(told["wait"]), content_type=NEWLINE_JSON)
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"  # or nginx keeps lines back until there are many
        return answer


class _Listener:
    """One client. A socket to the hub, whose messages become lines; `positions` None: no logs."""

    write: Write | None = None

    def __init__(self, run: Run, after: int, positions: Mapping[str, int] | None) -> None:
        self._run_id, self._seq, self._status = run.pk, after, str(run.status)
        self._positions = positions
        self._messages: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self._overflown = False
        self._streams: list[Stream] = []
        self._seen: set[str] = set()  # nodes whose logs are told, or that have none
        self._coming: dict[str, int] = {}  # node -> step whose log is told next
        self._open: set[str] = set()  # nodes whose logs have not ended

    async def send(self, text_data: str) -> None:
        # A message that was left out would be a gap; without the later ones the client asks for all of them again.
        self._overflown = self._overflown or self._messages.full()
        if not self._overflown:
            self._messages.put_nowait(text_data)

    async def close(self, code: int) -> None:
        self._overflown = True

    async def lines(self, wait: float) -> AsyncIterator[bytes]:
        end = time.monotonic() + wait
        try:
            await self._join(RunStream(self._run_id), self._seq)
            await self._begin()
            while True:
                if not self._messages.empty():
                    text = self._messages.get_nowait()
                elif self._coming:
                    # One log at a time, so that no more than one of them is in memory.
                    await self._tell_next_log()
                    continue
                elif self._ended or self._overflown:
                    break
                else:
                    try:
                        text = await asyncio.wait_for(self._messages.get(), max(end - time.monotonic(), 0))
                    except TimeoutError:
                        break
                await self._note(json.loads(text))
                yield text.encode() + b"\n"
            told = {"t": "end", "seq": self._seq, "status": self._status, "ended": self._ended}
            yield encode(told).encode() + b"\n"
        finally:
            for stream in self._streams:
                hub.leave(stream.topic, stream.key, self)

    @property
    def _ended(self) -> bool:
        return self._status in RUN_ENDED and not self._open and not self._coming and self._messages.empty()

    async def _join(self, stream: Stream, after: int) -> None:
        self._streams.append(stream)
        await hub.join(stream, self, after)

    async def _begin(self) -> None:
        """What the client knows already, and so will not be told of by events."""
        self._status = await _status(self._run_id, self._seq) or RunStatus.QUEUED
        if self._positions is not None:
            self._coming = await _logs_of(self._run_id, set(self._positions))
            self._seen = set(self._coming)

    async def _note(self, message: dict[str, Any]) -> None:
        """What a message means for what is still to come."""
        if message["t"] == "log":
            (self._open.discard if message["ended"] else self._open.add)(message["node"])
            return
        self._seq = message["events"][-1]["seq"]
        begun = set()
        for event in message["events"]:
            data = event["data"]
            if event["type"] == "run.status":
                self._status = data["status"]
            elif event["type"] == "step.status" and data["attempt"] and not data["reused"]:
                begun.add(data["node"])
        if self._positions is not None and (new := begun - self._seen):
            self._seen |= new
            self._coming |= await _logs_of(self._run_id, new)

    async def _tell_next_log(self) -> None:
        node = next(iter(self._coming))
        pk = self._coming.pop(node)
        self._open.add(node)
        await self._join(LogStream(pk, node, None), (self._positions or {}).get(node, 0))


@database_sync_to_async
def _status(run_id: int, seq: int) -> str | None:
    """The state of a run, where the client has all of its events already."""
    return Run.objects.filter(pk=run_id, event_seq__lte=seq).values_list("status", flat=True).first()


@database_sync_to_async
def _logs_of(run_id: int, nodes: set[str]) -> dict[str, int]:
    """Of these steps and of those that run now, the ones that have a log, which will end."""
    found = Step.objects.filter(Q(node_id__in=nodes) | Q(status__in=HELD), run=run_id, attempt__gt=0, reused=False)
    return dict(found.values_list("node_id", "pk"))
