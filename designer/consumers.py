"""The socket of one pipeline being edited: operations in and out, and who else is here (see the protocol page)."""

import json
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.http import Http404

from designer.graph.operations import Refused
from designer.live import pipeline_group, remember_loop
from designer.models import Pipeline
from designer.services.editing import operations_apply, operations_since, person, snapshot
from registry.models import User
from registry.policy import may
from registry.scope import find_workspace

NOT_LOGGED_IN, NOT_FOUND, BAD_MESSAGE = 4401, 4404, 4400
MESSAGE_LIMIT = 5_000_000
# So few missed batches are sent one by one; after more, a snapshot is cheaper.
REPLAY_LIMIT = 200
PRESENCE_LIMIT = 4_000


class PipelineConsumer(AsyncWebsocketConsumer):
    """One browser tab on one pipeline."""

    pipeline: Pipeline
    user: User
    may_edit: bool
    group: str = ""
    client: str = ""
    rev: int = -1
    presence: dict[str, Any] | None = None

    async def connect(self) -> None:
        remember_loop()
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated:
            await self.close(NOT_LOGGED_IN)
            return
        kwargs = self.scope["url_route"]["kwargs"]
        try:
            self.pipeline, self.may_edit = await database_sync_to_async(_find)(user, kwargs["workspace"], kwargs["pk"])
        except (Http404, Pipeline.DoesNotExist):
            await self.close(NOT_FOUND)
            return
        self.user = user
        self.group = pipeline_group(self.pipeline.pk)

    async def disconnect(self, code: int) -> None:
        if self.client:
            await self._tell({"t": "left", "client": self.client})
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            if text_data is None or len(text_data) > MESSAGE_LIMIT:
                raise ValueError
            message = json.loads(text_data)
            kind = message["t"]
            if kind == "ping":
                await self._send({"t": "pong"})
            elif kind == "hello":
                await self._hello(message.get("rev"), str(message["client"])[:64])
            elif not self.client:
                raise ValueError
            elif kind == "op":
                await self._apply(UUID(message["op_id"]), list(message["ops"]))
            elif kind == "presence" and len(text_data) <= PRESENCE_LIMIT:
                await self._present({key: message.get(key) for key in ("cursor", "selection", "field")})
        except (ValueError, KeyError, TypeError, AttributeError):
            await self.close(BAD_MESSAGE)

    async def live_message(self, event: dict[str, Any]) -> None:
        """A message of the group: in order of revision whatever order they come in, and not one's own presence."""
        message = event["message"]
        if message["t"] == "ops":
            if message["rev"] == self.rev + 1:
                await self._send_ops(message)
            elif message["rev"] > self.rev:
                await self._catch_up()
            return
        if message.get("client") == self.client:
            return
        if message["t"] == "joined":
            if self.presence:
                await self._tell(self.presence)
            return
        await self._send(message)

    async def _hello(self, rev: int | None, client: str) -> None:
        self.client = client
        # Join first: an edit that happens meanwhile is then caught up with, never missed.
        await self.channel_layer.group_add(self.group, self.channel_name)
        current = await database_sync_to_async(_revision)(self.pipeline)
        if isinstance(rev, int) and 0 <= current - rev <= REPLAY_LIMIT:
            self.rev = rev
            await self._catch_up()
        else:
            shot = await database_sync_to_async(_fresh_snapshot)(self.pipeline)
            self.rev = shot["rev"]
            await self._send({"t": "snapshot", **shot})
        await self._send({"t": "ready", "rev": self.rev})
        await self._tell({"t": "joined", "client": self.client})
        await self._present({"cursor": None, "selection": [], "field": None})

    async def _apply(self, op_id: UUID, ops: list[Any]) -> None:
        if not self.may_edit:
            await self._reject(op_id, "forbidden", "You may look at this pipeline, but not edit it.")
            return
        try:
            message = await database_sync_to_async(operations_apply)(
                pipeline=self.pipeline, user=self.user, op_id=op_id, ops=ops, client=self.client
            )
        except Refused as refused:
            await self._reject(op_id, refused.code, str(refused))
        except Pipeline.DoesNotExist:
            await self._reject(op_id, "deleted", "This pipeline was deleted; restore it from the pipelines page.")
        else:
            # Its echo comes by the group, once; a repeat of a batch applied long ago is answered here.
            if message["rev"] <= self.rev:
                await self._send(message)

    async def _reject(self, op_id: UUID, code: str, sentence: str) -> None:
        await self._send({"t": "reject", "op_id": str(op_id), "code": code, "message": sentence, "at_rev": self.rev})

    async def _catch_up(self) -> None:
        for message in await database_sync_to_async(_missed)(self.pipeline, self.rev):
            if message["rev"] > self.rev:
                await self._send_ops(message)

    async def _send_ops(self, message: dict[str, Any]) -> None:
        self.rev = message["rev"]
        await self._send(message)

    async def _present(self, presence: dict[str, Any]) -> None:
        self.presence = {"t": "presence", "client": self.client, "user": person(self.user), **presence}
        await self._tell(self.presence)

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.channel_layer.group_send(self.group, {"type": "live.message", "message": message})

    async def _send(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(message, separators=(",", ":")))


def _find(user: User, workspace: str, pk: int) -> tuple[Pipeline, bool]:
    found, role = find_workspace(user, workspace)
    pipeline = Pipeline.objects.select_related("workspace").get(workspace=found, pk=pk, deleted_at=None)
    return pipeline, may(role, "edit")


def _revision(pipeline: Pipeline) -> int:
    return Pipeline.objects.values_list("revision", flat=True).get(pk=pipeline.pk)


def _fresh_snapshot(pipeline: Pipeline) -> dict[str, Any]:
    return snapshot(Pipeline.objects.select_related("workspace").get(pk=pipeline.pk)).message()


def _missed(pipeline: Pipeline, rev: int) -> list[dict[str, Any]]:
    return operations_since(Pipeline.objects.select_related("workspace").get(pk=pipeline.pk), rev)
