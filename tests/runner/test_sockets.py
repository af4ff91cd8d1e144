"""The sockets of runs, with real browsers' handshakes."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from designer.asgi import application
from designer.frames import EXTENSION, text_frame
from registry.models import User
from runner import streams
from runner.hub import hub
from runner.models import Event, Run
from runner.services.cancelling import run_cancel
from tests.runner.conftest import World, signed_in
from tests.runner.conftest import finish as finish_run

pytestmark = pytest.mark.django_db(transaction=True)
finish = sync_to_async(finish_run, thread_sensitive=False)


@pytest.fixture(autouse=True)
def _no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives here arrives by wake-ups: the hub's own poll would hide that one is missing."""
    monkeypatch.setattr("runner.hub.POLL_SECONDS", 3600.0)


def browser(user: User | None, path: str, origin: str = "http://localhost") -> WebsocketCommunicator:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    if user is not None:
        headers.append((b"cookie", f"sessionid={signed_in(user).cookies['sessionid'].value}".encode()))
    return WebsocketCommunicator(application, path, headers=headers)


async def connected(user: User | None, path: str) -> WebsocketCommunicator:
    socket = await sync_to_async(browser)(user, path)
    assert (await socket.connect(timeout=5))[0]
    return socket


async def events_until(socket: WebsocketCommunicator, last: str) -> list[dict[str, Any]]:
    """All events up to one that says that the run is in a state."""
    found: list[dict[str, Any]] = []
    while not (found and found[-1]["type"] == "run.status" and found[-1]["data"]["status"] == last):
        message = await socket.receive_json_from(timeout=20)
        if message["t"] == "events":
            found += message["events"]
    return found


@pytest.fixture
def chain(live_world: World) -> Any:
    write = live_world.component("write", "echo hi; echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    read = live_world.component("read", "sleep 0.3; echo done", inputs="i: {type: uri_file}")
    return live_world.pipeline({"a": write, "b": read}, ["a.o -> b.i"])


async def test_events_are_dense_over_a_reconnect(live_world: World, worker: object, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    first = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after=0")
    got = (await first.receive_json_from(timeout=10))["events"]
    await first.disconnect()

    again = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after={got[-1]['seq']}")
    got += await events_until(again, "Completed")

    assert [event["seq"] for event in got] == list(range(1, len(got) + 1))
    stored = await sync_to_async(lambda: list(Event.objects.filter(run=run).values_list("type", "data")))()
    assert [(event["type"], event["data"]) for event in got] == stored
    await again.disconnect()


async def test_what_is_told_leads_to_what_the_api_shows(live_world: World, worker: object, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    socket = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after=0")
    events = await events_until(socket, "Completed")
    steps: dict[str, Any] = {}
    for event in events:
        data = event["data"]
        if event["type"] == "step.status":
            steps.setdefault(data["node"], {"outputs": {}}).update(data)
        elif event["type"] == "step.output":
            steps[data["node"]]["outputs"][data["artifact"]["output"]] = data["artifact"]
    shown = await sync_to_async(lambda: signed_in(live_world.alice).get(f"/api/v1/workspaces/main/runs/{run.pk}/"))()
    for node, step in shown.json()["steps"].items():
        assert {key: step[key] for key in steps[node]} == steps[node]
    await socket.disconnect()


async def test_all_browsers_get_the_same(live_world: World, worker: object, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    sockets = [await connected(live_world.vera, f"/ws/w/main/runs/{run.pk}/") for _ in range(3)]
    every = [await events_until(socket, "Completed") for socket in sockets]
    assert every[0] == every[1] == every[2]
    for socket in sockets:
        await socket.disconnect()


async def test_a_log_is_followed_to_its_end(live_world: World, worker: object) -> None:
    talk = await sync_to_async(live_world.component)("talk", "for i in 1 2 3; do echo $i; sleep 0.1; done")
    run = await sync_to_async(live_world.submit)(await sync_to_async(live_world.pipeline)({"a": talk}))
    socket = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after=2147483647")
    await socket.send_json_to({"t": "follow", "node": "a", "attempt": None, "after": 0})
    chunks: list[dict[str, Any]] = []
    ended = False
    while not ended:
        message = await socket.receive_json_from(timeout=10)
        assert message["t"] == "log"  # and no events: it has asked for none
        chunks += message["chunks"]
        ended = message["ended"]
    assert [chunk["seq"] for chunk in chunks] == list(range(1, len(chunks) + 1))
    assert "".join(chunk["text"] for chunk in chunks) == "1\n2\n3\n"
    assert await socket.receive_nothing(timeout=0.5)

    late = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after=2147483647")
    await late.send_json_to({"t": "follow", "node": "a", "attempt": 1, "after": chunks[0]["seq"]})
    message = await late.receive_json_from(timeout=10)
    assert (message["chunks"], message["ended"]) == (chunks[1:], True)
    await socket.disconnect()
    await late.disconnect()


async def test_the_runs_list_hears_of_every_run(live_world: World, worker: object, chain: Any) -> None:
    feed = await connected(live_world.alice, "/ws/w/main/runs/")
    run = await sync_to_async(live_world.submit)(chain)
    status = ""
    while status != "Completed":
        message = await feed.receive_json_from(timeout=20)
        assert (message["t"], message["id"]) == ("run", run.pk)
        status = message["status"]
    assert message["counts"] == {"Completed": 2}
    await feed.disconnect()


async def test_other_workspaces_hear_nothing(live_world: World, chain: Any) -> None:
    feed = await connected(live_world.mallory, "/ws/w/elsewhere/runs/")
    run = await sync_to_async(live_world.submit)(chain)
    await sync_to_async(run_cancel)(await sync_to_async(Run.objects.get)(pk=run.pk))
    assert await feed.receive_nothing(timeout=0.3)
    await feed.disconnect()


@pytest.mark.parametrize(
    ("who", "workspace", "code"),
    [(None, "main", 4401), ("mallory", "main", 4404), ("mallory", "elsewhere", 4404), ("alice", "nowhere", 4404)],
)
async def test_strangers_are_refused(live_world: World, chain: Any, who: str, workspace: str, code: int) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    user = getattr(live_world, who) if who else None
    socket = await connected(user, f"/ws/w/{workspace}/runs/{run.pk}/")
    assert (await socket.receive_output(timeout=5)) == {"type": "websocket.close", "code": code}


async def test_another_sites_page_is_refused(live_world: World, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    socket = await sync_to_async(browser)(live_world.alice, f"/ws/w/main/runs/{run.pk}/", "http://evil.example")
    assert not (await socket.connect(timeout=5))[0]


async def test_ping_is_answered_and_nonsense_ends_the_socket(live_world: World, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    socket = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after=2147483647")
    await socket.send_json_to({"t": "ping"})
    assert await socket.receive_json_from(timeout=5) == {"t": "pong"}
    await socket.send_to(text_data="[1")
    assert (await socket.receive_output(timeout=5))["code"] == 4400
    await asyncio.sleep(0)


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """The calls of a function of `runner.streams` from now on."""
    calls: list[Any] = []
    function = getattr(streams, name)

    def noted(*args: Any) -> Any:
        calls.append(args)
        return function(*args)

    monkeypatch.setattr(streams, name, noted)
    return calls


async def framed(user: User, path: str, write: Callable[[bytes], bool]) -> WebsocketCommunicator:
    """A browser whose server takes frames."""
    socket = await sync_to_async(browser)(user, path)
    socket.scope["extensions"] = {EXTENSION: write}
    assert (await socket.connect(timeout=5))[0]
    return socket


async def test_what_is_committed_here_is_encoded_once_and_not_read_again(
    live_world: World, chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    sockets = [await connected(live_world.vera, f"/ws/w/main/runs/{run.pk}/?after={run.event_seq}") for _ in range(5)]
    frames: list[bytes] = []
    path = f"/ws/w/main/runs/{run.pk}/?after={run.event_seq}"
    sockets.append(await framed(live_world.vera, path, lambda frame: not frames.append(frame)))
    await sockets[-1].send_json_to({"t": "ping"})  # answered once it has joined
    assert await sockets[-1].receive_json_from(timeout=5) == {"t": "pong"}
    read, encoded = counted(monkeypatch, "events_between"), counted(monkeypatch, "encode")

    await sync_to_async(run_cancel)(await sync_to_async(Run.objects.get)(pk=run.pk))
    texts = [await socket.receive_from(timeout=5) for socket in sockets[:-1]]

    assert (len(read), len(encoded)) == (0, 1)
    assert set(texts) == {texts[0]}
    assert frames == [text_frame(texts[0])]
    stored = await sync_to_async(lambda: list(Event.objects.filter(run=run, seq__gt=run.event_seq).order_by("seq")))()
    told = [(event["seq"], event["type"], event["data"]) for event in json.loads(texts[0])["events"]]
    assert told == [(event.seq, event.type, event.data) for event in stored]
    for socket in sockets:
        await socket.disconnect()


async def test_rows_that_do_not_follow_are_read_instead(live_world: World, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    socket = await connected(live_world.alice, f"/ws/w/main/runs/{run.pk}/?after={run.event_seq}")
    await socket.send_json_to({"t": "ping"})
    await socket.receive_json_from(timeout=5)
    rows = [(run.pk, run.event_seq + number, "test", {"number": number}, run.created_at) for number in (1, 2)]
    stored = [Event(run=run, seq=seq, type=type, data=data, at=at) for _, seq, type, data, at in rows]
    await Event.objects.abulk_create(stored)
    hub.wake([f"run:{run.pk}"], rows[1:])  # the first one's wake-up was overtaken
    hub.wake([f"run:{run.pk}"], rows[:1])
    message = await socket.receive_json_from(timeout=5)
    assert [event["data"]["number"] for event in message["events"]] == [1, 2]
    assert await socket.receive_nothing(timeout=0.2)
    await socket.disconnect()


async def test_a_slow_browser_is_closed_and_misses_nothing(live_world: World, worker: object, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    path = f"/ws/w/main/runs/{run.pk}/?after="
    frames: list[bytes] = []

    def two_at_most(frame: bytes) -> bool:
        taken = len(frames) < 2
        frames.extend([frame] * taken)
        return taken

    slow = await framed(live_world.alice, f"{path}{run.event_seq}", two_at_most)
    quick = await connected(live_world.alice, f"{path}0")
    every = await events_until(quick, "Completed")
    past = []
    while (output := await slow.receive_output(timeout=5))["type"] != "websocket.close":
        past += json.loads(output["text"])["events"]
    assert output["code"] == 1013

    got = past + [event for frame in frames for event in json.loads(frame[frame.index(b"{") :])["events"]]
    seq = got[-1]["seq"] if got else run.event_seq
    again = await connected(live_world.alice, f"{path}{seq}")
    got += await events_until(again, "Completed")
    assert got == [event for event in every if event["seq"] > run.event_seq]
    await quick.disconnect()
    await again.disconnect()


@pytest.mark.parametrize(("size", "head"), [(125, "817d"), (126, "817e007e"), (70_000, "817f0000000000011170")])
def test_a_frame_says_its_length(size: int, head: str) -> None:
    """RFC 6455, 5.2."""
    assert text_frame("x" * size) == bytes.fromhex(head) + b"x" * size
