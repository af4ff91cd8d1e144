"""The sockets of a run and of the runs list (protocol.md, “Runs”). Thin: streams read, the hub hands out."""

import json
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404

from designer.frames import EXTENSION, Write
from registry.models import Workspace
from registry.scope import find_workspace
from runner.hub import Stream, hub
from runner.models import Run, Step
from runner.streams import FeedStream, LogStream, RunStream

NOT_LOGGED_IN, NOT_FOUND, BAD_MESSAGE = 4401, 4404, 4400
MESSAGE_LIMIT = 10_000


class _Socket(AsyncWebsocketConsumer):
    """A browser that follows streams; strangers are told that there is nothing."""

    workspace: Workspace
    streams: dict[str, Stream]
    write: Write | None = None

    async def connect(self) -> None:
        self.streams = {}
        self.write = self.scope.get("extensions", {}).get(EXTENSION)
        await self.accept()
        if not self.scope["user"].is_authenticated:
            await self.close(NOT_LOGGED_IN)
            return
        kwargs = self.scope["url_route"]["kwargs"]
        try:
            self.workspace, _ = await database_sync_to_async(find_workspace)(self.scope["user"], kwargs["workspace"])
            await self.open(**kwargs)
        except Http404:
            await self.close(NOT_FOUND)
        except ValueError:
            await self.close(BAD_MESSAGE)

    async def open(self, **kwargs: Any) -> None:
        raise NotImplementedError

    async def disconnect(self, code: int) -> None:
        for name in list(self.streams):
            self.unfollow(name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            if text_data is None or len(text_data) > MESSAGE_LIMIT:
                raise ValueError
            message = json.loads(text_data)
            if message["t"] == "ping":
                await self.send(text_data='{"t":"pong"}')
            else:
                await self.said(message)
        except (ValueError, KeyError, TypeError, AttributeError):
            await self.close(BAD_MESSAGE)

    async def said(self, message: dict[str, Any]) -> None:
        raise ValueError

    async def follow(self, name: str, stream: Stream, after: int) -> None:
        self.unfollow(name)
        self.streams[name] = stream
        await hub.join(stream, self, after)

    def unfollow(self, name: str) -> None:
        stream = self.streams.pop(name, None)
        if stream:
            hub.leave(stream.topic, stream.key, self)


class RunConsumer(_Socket):
    """One browser tab on one run."""

    run_id: int

    async def open(self, **kwargs: Any) -> None:
        self.run_id = kwargs["pk"]
        after = int(parse_qs(self.scope["query_string"].decode()).get("after", ["0"])[0])
        await database_sync_to_async(_check_run)(self.workspace, self.run_id)
        await self.follow("", RunStream(self.run_id), after)

    async def said(self, message: dict[str, Any]) -> None:
        node = str(message["node"])
        if message["t"] == "follow":
            number, after = message.get("attempt"), int(message.get("after") or 0)
            step_id = await database_sync_to_async(_step_id)(self.run_id, node)
            if step_id is not None:
                stream = LogStream(step_id, node, int(number) if number is not None else None)
                await self.follow(f"log {node}", stream, after)
        elif message["t"] == "unfollow":
            self.unfollow(f"log {node}")
        else:
            raise ValueError


class RunFeedConsumer(_Socket):
    """The runs list of a workspace."""

    async def open(self, **kwargs: Any) -> None:
        await self.follow("", FeedStream(self.workspace.pk), 0)


def _check_run(workspace: Workspace, pk: int) -> None:
    if not Run.objects.filter(workspace=workspace, pk=pk).exists():
        raise Http404


def _step_id(run_id: int, node: str) -> int | None:
    return Step.objects.filter(run=run_id, node_id=node).values_list("pk", flat=True).first()
