"""The socket of a pipeline, with two browsers on it."""

import asyncio
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from designer.asgi import application
from designer.models import Pipeline
from designer.services.editing import operations_apply
from registry.models import User
from tests.designer.conftest import node, signed_in, wire

pytestmark = pytest.mark.django_db(transaction=True)


class Browser:
    """One tab: says hello, sends, and waits for messages of a kind."""

    def __init__(
        self, user: User | None, pipeline: Pipeline, workspace: str = "main", origin: str = "http://localhost"
    ):
        headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
        if user is not None:
            session = signed_in(user).cookies["sessionid"].value
            headers.append((b"cookie", f"sessionid={session}".encode()))
        self.client = uuid4().hex
        self.socket = WebsocketCommunicator(application, f"/ws/w/{workspace}/pipelines/{pipeline.pk}/", headers=headers)

    async def hello(self, rev: int | None = None) -> dict[str, Any]:
        connected, _ = await self.socket.connect()
        assert connected
        await self.say(t="hello", rev=rev, client=self.client)
        return await self.socket.receive_json_from(timeout=5)

    async def say(self, **message: Any) -> None:
        await self.socket.send_json_to(message)

    async def edit(self, *ops: dict[str, Any]) -> str:
        op_id = str(uuid4())
        await self.say(t="op", op_id=op_id, base_rev=0, ops=list(ops))
        return op_id

    async def next(self, kind: str) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = await self.socket.receive_json_from(timeout=5)
            if message["t"] == kind:
                return message


async def test_two_browsers_see_each_others_edits_and_each_its_own_once(
    world: SimpleNamespace, pipeline: Pipeline
) -> None:
    one = await sync_to_async(Browser)(world.alice, pipeline)
    two = await sync_to_async(Browser)(world.vera, pipeline)
    assert (await one.hello())["t"] == "snapshot"
    await two.hello()
    op_id = await one.edit(node("load", "load"))
    mine, theirs = await one.next("ops"), await two.next("ops")
    assert mine == theirs
    assert (mine["op_id"], mine["rev"], mine["user"]["name"]) == (op_id, 1, "alice")
    await one.edit(node("split", "split"), wire("load", "table", "split", "data"))
    assert (await one.next("ops"))["rev"] == 2
    assert (await two.next("ops"))["problems"]["split"] == []
    await one.socket.disconnect()
    assert (await two.next("left"))["client"] == one.client
    await two.socket.disconnect()


async def test_a_refusal_reaches_its_sender_alone(world: SimpleNamespace, pipeline: Pipeline) -> None:
    one, two = [await sync_to_async(Browser)(user, pipeline) for user in (world.alice, world.alice)]
    await one.hello()
    await two.hello()
    op_id = await one.edit({"op": "remove_node", "id": "gone"})
    refused = await one.next("reject")
    assert (refused["op_id"], refused["code"], refused["at_rev"]) == (op_id, "unknown_node", 0)
    await one.edit(node("load", "load"))
    message = await two.next("ops")
    assert message["rev"] == 1
    await one.socket.disconnect()
    await two.socket.disconnect()


async def test_a_browser_that_comes_back_gets_what_it_missed_and_no_more(
    world: SimpleNamespace, pipeline: Pipeline
) -> None:
    apply = sync_to_async(operations_apply)
    for number in range(3):
        await apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=[node(f"load_{number}", "load")])
    browser = await sync_to_async(Browser)(world.alice, pipeline)
    first = await browser.hello(rev=1)
    second = await browser.socket.receive_json_from(timeout=5)
    third = await browser.socket.receive_json_from(timeout=5)
    assert [first["rev"], second["rev"], third["t"], third["rev"]] == [2, 3, "ready", 3]
    await browser.socket.disconnect()


async def test_edits_made_through_the_api_arrive_too(world: SimpleNamespace, pipeline: Pipeline) -> None:
    browser = await sync_to_async(Browser)(world.alice, pipeline)
    await browser.hello()
    await browser.next("ready")
    await asyncio.to_thread(
        operations_apply, pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=[node("load", "load")]
    )
    assert (await browser.next("ops"))["rev"] == 1
    await browser.socket.disconnect()


async def test_a_viewers_edit_is_refused(world: SimpleNamespace, pipeline: Pipeline) -> None:
    browser = await sync_to_async(Browser)(world.vera, pipeline)
    await browser.hello()
    await browser.edit(node("load", "load"))
    assert (await browser.next("reject"))["code"] == "forbidden"
    await browser.socket.disconnect()


async def test_presence_reaches_the_others_and_those_who_come_later(world: SimpleNamespace, pipeline: Pipeline) -> None:
    one = await sync_to_async(Browser)(world.alice, pipeline)
    await one.hello()
    await one.say(t="presence", cursor=[3, 4], selection=["load"], field=None)
    two = await sync_to_async(Browser)(world.vera, pipeline)
    await two.hello()
    seen = await two.next("presence")
    assert (seen["client"], seen["cursor"], seen["user"]["name"]) == (one.client, [3, 4], "alice")
    await one.socket.disconnect()
    await two.socket.disconnect()


@pytest.mark.parametrize(
    ("who", "workspace", "code"), [(None, "main", 4401), ("mallory", "main", 4404), ("mallory", "elsewhere", 4404)]
)
async def test_strangers_are_shown_out(
    world: SimpleNamespace, pipeline: Pipeline, who: str | None, workspace: str, code: int
) -> None:
    user = getattr(world, who) if who else None
    browser = await sync_to_async(Browser)(user, pipeline, workspace)
    await browser.socket.connect()
    closed = await browser.socket.receive_output(timeout=5)
    assert closed == {"type": "websocket.close", "code": code, "reason": None} or closed["code"] == code


async def test_a_page_of_another_site_cannot_connect(world: SimpleNamespace, pipeline: Pipeline) -> None:
    browser = await sync_to_async(Browser)(world.alice, pipeline, origin="http://evil.example")
    connected, _ = await browser.socket.connect()
    assert not connected


async def test_nonsense_closes_the_socket(world: SimpleNamespace, pipeline: Pipeline) -> None:
    browser = await sync_to_async(Browser)(world.alice, pipeline)
    await browser.hello()
    await browser.next("ready")
    await browser.socket.send_to(text_data="[1")
    closed = await browser.socket.receive_output(timeout=5)
    assert closed["code"] == 4400
