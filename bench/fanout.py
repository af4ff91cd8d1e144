"""Events of one run to 100 browsers: `python bench/fanout.py URL USER PASSWORD`.

Three real runs, each watched by 100 WebSocket clients that another process holds than the server's:

* *paced*: a trial of a sweep prints its metric 30 times a second. Each line becomes one event in a transaction of its
  own, at an even pace, as `websockets.broadcast` sends them to 100 of the same clients in the same run. An event's
  time is taken before its transaction begins, so what is measured is all of it: the rows, the commit, the wake-up,
  reading the event back, encoding, sending. The metric is the time at which the line was printed, which gives the whole
  way from `print` to the browser too.
* *busy*: a chain of steps that sleep, about 30 events a second, with their processes on the same machine. Events of one
  commit come in one message; the newest one's time counts.
* *burst*: a fan of 100 commands as fast as it goes, at least 20,000 deliveries, all after the last client came; every
  client must have every `seq` once.
"""

import asyncio
import json
import math
import socket
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from client import Graph, Server, Table, arguments, make, moment, ms, submit
from sockets import Socket, connect

VERSION = "1.0.0"
CLIENTS = 100
RATE = 30
SECONDS = 6
WARM_UP = 10
"""So many events at the start are not counted."""
DELIVERIES = 20_000
COMPONENTS = {
    "bench_metrics": {
        "component.yml": f"""\
name: bench_metrics
version: {VERSION}
is_deterministic: false
inputs:
  count: {{type: integer}}
  number: {{type: integer, default: 0}}
code: main.py
command: python main.py ${{{{inputs.count}}}}
""",
        "main.py": f"""\
import sys
import time

time.sleep(2)  # until all clients watch
began = time.time()
for number in range(int(sys.argv[1])):
    print(f"::metric at={{time.time():.6f}}::", flush=True)
    time.sleep(max(0.0, began + (number + 1) / {RATE} - time.time()))
""",
    },
    "bench_sleep": {
        "component.yml": f"""\
name: bench_sleep
version: {VERSION}
is_deterministic: false
inputs:
  seconds: {{type: number}}
command: sleep ${{{{inputs.seconds}}}}
"""
    },
}
Latencies = list[float]


def paced() -> Graph:
    graph = Graph("bench metrics")
    objective = {"goal": "maximize", "primary_metric": "at"}
    space = {"number": {"type": "choice", "values": [1]}}
    loop = {"type": "sweep", "sampling_algorithm": "grid", "search_space": space, "objective": objective}
    count = WARM_UP + RATE * SECONDS
    graph.add("trial", f"bench_metrics:{VERSION}", params={"count": count}, loop=loop)
    return graph


def busy() -> Graph:
    """A chain whose steps make three to five events each."""
    graph = Graph("bench sleeping chain")
    for number in range(8 * SECONDS):
        graph.add(f"n{number}", f"bench_sleep:{VERSION}", params={"seconds": 0.1 if number else 2.0})
        if number:
            wire = {"op": "connect_order", "source": f"n{number - 1}", "target": f"n{number}"}
            graph.wires.append(wire)
    return graph


def burst() -> Graph:
    graph = Graph("bench burst")
    graph.add("first", f"bench_sleep:{VERSION}", params={"seconds": 3.0})  # until all clients watch
    for number in range(100):
        graph.add(f"n{number}", f"bench_sleep:{VERSION}", params={"seconds": 0})
        graph.wires.append({"op": "connect_order", "source": "first", "target": f"n{number}"})
    return graph


async def watched(server: Server, graph: Graph) -> tuple[list[list[tuple[float, dict[str, Any]]]], int]:
    """Submit a pipeline and watch its run with all clients to the end: what each received, and the last `seq`."""
    made = await asyncio.to_thread(make, server, graph)
    run = await asyncio.to_thread(submit, server, made)
    address = f"{server.url.replace('http', 'ws', 1)}/ws/w/main/runs/{run['id']}/?after=0"
    headers = {"Cookie": server.cookie, "Origin": server.url}
    clients = [await connect(address, headers) for _ in range(CLIENTS)]
    while run["ended_at"] is None:
        await asyncio.sleep(0.5)
        page = await asyncio.to_thread(server.get, f"pipelines/{made.id}/runs/?page_size=1")
        run = page["results"][0]
    await _quiet(clients)
    for client in clients:
        client.close()
    assert run["status"] == "Completed", (run["status"], run["message"], run["counts"])
    return [[(at, json.loads(text)) for at, text in client.messages()] for client in clients], run["seq"]


async def _quiet(clients: Sequence[Socket]) -> None:
    """Until nothing was received for a second."""
    before = -1
    while before != (before := sum(len(client.heard) for client in clients)):
        await asyncio.sleep(1)


def lost(heard: list[list[tuple[float, dict[str, Any]]]], seq: int) -> int:
    """How many events did not come, came twice or in another order, over all clients."""
    wanted = list(range(1, seq + 1))
    found = ([event["seq"] for _, message in client for event in message["events"]] for client in heard)
    return sum(abs(len(seqs) - seq) or int(seqs != wanted) for seqs in found)


def latencies(
    heard: list[list[tuple[float, dict[str, Any]]]], told_at: Callable[[dict[str, Any]], float | None], skip: int
) -> Latencies:
    """Seconds from when a message's newest event was told to when a client had it."""
    found: Latencies = []
    for client in heard:
        of_client = []
        for at, message in client:
            times = [told for event in message["events"] if (told := told_at(event)) is not None]
            if times:
                of_client.append(at - max(times))
        found += of_client[skip:]
    return found


def of_metrics(event: dict[str, Any]) -> float | None:
    metric = event["type"] == "loop.iteration" and event["data"].get("metric")
    return moment(event["at"]) if metric else None


def of_prints(event: dict[str, Any]) -> float | None:
    metric = event["type"] == "loop.iteration" and event["data"].get("metric")
    return float(metric) if metric else None


def of_steps(event: dict[str, Any]) -> float | None:
    """Those whose time is that of their transaction; that a step runs may be told later than it was."""
    known = event["type"] == "step.status" and event["data"]["status"] in ("Queued", "Preparing", "Completed")
    return moment(event["at"]) if known else None


def of_end_of_first(event: dict[str, Any]) -> bool:
    found: bool = (
        event["type"] == "step.status" and event["data"]["node"] == "first" and bool(event["data"]["ended_at"])
    )
    return found


def _events(client: list[tuple[float, dict[str, Any]]]) -> list[tuple[int, dict[str, Any]]]:
    return [(event["seq"], event) for _, message in client for event in message["events"]]


async def broadcast() -> tuple[Latencies, float]:
    """The same with `websockets.broadcast`: latencies at the same pace, and deliveries a second in a burst."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, str(Path(__file__).with_name("broadcast.py")), str(port)]
    with subprocess.Popen(program) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                await asyncio.sleep(0.05)
            clients = [await connect(f"ws://127.0.0.1:{port}/") for _ in range(CLIENTS)]
            publisher = await connect(f"ws://127.0.0.1:{port}/publish")
            publisher.say(f"{WARM_UP + RATE * SECONDS} {RATE}")
            await asyncio.sleep(SECONDS + WARM_UP / RATE)
            await _quiet(clients)
            told = [[(at, json.loads(text)["at"]) for at, text in client.messages()] for client in clients]
            for client in clients:
                client.heard.clear()
            publisher.say(f"{DELIVERIES // CLIENTS} 0")
            await _quiet(clients)
            burst = [(at, json.loads(text)["at"]) for client in clients for at, text in client.messages()]
            for client in (*clients, publisher):
                client.close()
        finally:
            process.terminate()
    assert len(burst) == DELIVERIES
    seconds = max(at for at, _ in burst) - min(at for _, at in burst)
    return [at - sent for client in told for at, sent in client[WARM_UP:]], DELIVERIES / seconds


def measure(server: Server) -> Table:
    return asyncio.run(_measure(server))


async def _measure(server: Server) -> Table:
    server.register(COMPONENTS)
    rows: list[tuple[str, ...]] = []

    def row(what: str, taken: Latencies, seconds: float, missing: int | str) -> tuple[float, float]:
        ordered = sorted(taken)
        middle, most = statistics.median(ordered), ordered[math.ceil(0.99 * len(ordered)) - 1]
        rows.append(
            (what, f"{len(taken) / CLIENTS / seconds:.0f}", ms(middle), ms(most), ms(ordered[-1]), str(missing))
        )
        return middle, most

    base, burst_rate = await broadcast()
    least, _ = row("websockets.broadcast, paced", base, SECONDS, 0)
    heard, seq = await watched(server, paced())
    missing = lost(heard, seq)
    middle, most = row("paced: committed -> read", latencies(heard, of_metrics, WARM_UP), SECONDS, missing)
    row("paced: printed -> read", latencies(heard, of_prints, WARM_UP), SECONDS, missing)
    heard, seq = await watched(server, busy())
    of_run = [event for _, message in heard[0] for event in message["events"]]
    times = [at for event in of_run if (at := of_steps(event)) is not None]
    missing += lost(heard, seq)
    row(
        f"busy: {len(of_run)} events of sleeping steps", latencies(heard, of_steps, 2), max(times) - min(times), missing
    )
    heard, seq = await watched(server, burst())
    # Only what came after the first step's end, in the order in which it was received.
    first = next(seq for seq, event in _events(heard[0]) if of_end_of_first(event))
    began = moment(dict(_events(heard[0]))[first]["at"])
    ended = max(at for client in heard for at, _ in client)
    deliveries, in_burst = (seq - first + 1) * CLIENTS, lost(heard, seq)
    assert deliveries >= DELIVERIES
    rate = deliveries / (ended - began) / CLIENTS
    rows.append((f"burst: {deliveries:,} deliveries of a run", f"{rate:,.0f}", "", "", "", str(in_burst)))
    rows.append((f"websockets.broadcast, burst of {DELIVERIES:,}", f"{burst_rate / CLIENTS:,.0f}", "", "", "", "0"))
    targets = [
        (f"p50 within 3x of websockets.broadcast: {middle / least:.1f}x", middle <= 3 * least),
        (f"p99 under 15 ms: {ms(most)}", most < 0.015),
        (f"a burst of {DELIVERIES:,} deliveries loses none: {in_burst} lost", not in_burst),
        (f"nothing else was lost: {missing}", not missing),
    ]
    head = ("to 100 clients", "events a second", "p50", "p99", "most", "lost")
    return Table("Events to 100 browsers", head, rows, targets)


def main() -> None:
    given = arguments(__doc__).parse_args()
    print(measure(Server(given.url, given.user, given.password)).markdown())


if __name__ == "__main__":
    main()
