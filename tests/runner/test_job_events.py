"""A job's events and logs as lines of JSON."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from runner.models import Event, Run
from tests.runner.conftest import World
from tests.runner.conftest import finish as finish_run

pytestmark = pytest.mark.django_db(transaction=True)
finish = sync_to_async(finish_run, thread_sensitive=False)


@pytest.fixture(autouse=True)
def _no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives here arrives by wake-ups: the hub's own poll would hide that one is missing."""
    monkeypatch.setattr("runner.hub.POLL_SECONDS", 3600.0)


@pytest.fixture
def chain(live_world: World) -> Any:
    write = live_world.component("write", "echo hi; echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    read = live_world.component("read", "sleep 0.3; echo done", inputs="i: {type: uri_file}")
    return live_world.pipeline({"a": write, "b": read}, ["a.o -> b.i"])


async def asked(world: World, run: Run, query: str) -> Any:
    client = AsyncClient()
    await sync_to_async(client.force_login)(world.alice)
    return await client.get(f"/api/v1/workspaces/main/jobs/{run.name}/events/{query}")


async def lines(response: Any) -> AsyncIterator[dict[str, Any]]:
    rest = b""
    async for block in response.streaming_content:
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            yield json.loads(line)
    assert rest == b""


async def all_lines(world: World, run: Run, query: str) -> list[dict[str, Any]]:
    return [line async for line in lines(await asked(world, run, query))]


def events_in(found: list[dict[str, Any]]) -> list[int]:
    return [event["seq"] for line in found if line["t"] == "events" for event in line["events"]]


def log_in(found: list[dict[str, Any]], node: str) -> str:
    chunks = [line["chunks"] for line in found if line["t"] == "log" and line["node"] == node]
    return "".join(chunk["text"] for some in chunks for chunk in some)


async def test_all_events_and_logs_are_told_until_the_end(live_world: World, worker: object, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    found = await all_lines(live_world, run, "?wait=60&logs=true")

    stored = await sync_to_async(Event.objects.filter(run=run).count)()
    assert events_in(found) == list(range(1, stored + 1))
    assert found[-1] == {"t": "end", "seq": stored, "status": "Completed", "ended": True}
    assert (log_in(found, "a"), log_in(found, "b")) == ("hi\n", "done\n")


async def test_a_client_goes_on_where_it_was(live_world: World, worker: object, tmp_path: Path) -> None:
    """It leaves while a step has printed its first line, and comes back when all is over."""
    gate = tmp_path / "gate"
    command = f"echo hi; until [ -e {gate} ]; do sleep 0.02; done; echo there"
    pipeline = await sync_to_async(lambda: live_world.pipeline({"a": live_world.component("wait", command)}))()
    run = await sync_to_async(live_world.submit)(pipeline)
    first: list[dict[str, Any]] = []
    while "hi" not in log_in(first, "a"):
        first = await all_lines(live_world, run, "?wait=0.2&logs=true")
    assert first[-1]["ended"] is False
    seq = first[-1]["seq"]
    gate.touch()
    await finish(run)
    logs = {line["node"]: line["chunks"][-1]["seq"] for line in first if line["t"] == "log" and line["chunks"]}
    rest = await all_lines(
        live_world, run, f"?wait=60&logs=true&after={seq}" + "".join(f"&log={n}@{at}" for n, at in logs.items())
    )
    seen = events_in(first) + events_in(rest)
    assert seen == list(range(1, len(seen) + 1))
    assert (log_in(first, "a"), log_in(rest, "a")) == ("hi\n", "there\n")
    assert rest[-1]["ended"] is True


async def test_who_has_everything_of_an_ended_job_is_told_so_at_once(
    live_world: World, worker: object, chain: Any
) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    run = await finish(run)
    found = await all_lines(live_world, run, f"?wait=300&after={run.event_seq}")
    assert found == [{"t": "end", "seq": run.event_seq, "status": "Completed", "ended": True}]


async def test_waiting_clients_ask_the_database_nothing(
    live_world: World, chain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a worker nothing happens; ten clients that wait read each row once together."""
    from runner import streams

    run = await sync_to_async(live_world.submit)(chain)
    reads: list[int] = []
    real = streams.events_between
    monkeypatch.setattr(streams, "events_between", lambda *args: reads.append(1) or real(*args))
    responses = [await asked(live_world, run, "?wait=1&logs=true") for _ in range(10)]
    for response in responses:
        found = [line async for line in lines(response)]
        assert found[-1]["ended"] is False
    assert len(reads) <= 20


async def test_nonsense_is_refused(live_world: World, chain: Any) -> None:
    run = await sync_to_async(live_world.submit)(chain)
    for query in ("?after=-1", "?wait=301", "?log=a", "?log=@", "?logs=perhaps"):
        assert (await asked(live_world, run, query)).status_code == 400, query
    run.name = "nothing"
    assert (await asked(live_world, run, "")).status_code == 404
