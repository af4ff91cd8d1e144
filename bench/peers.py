"""Portline beside other systems on the same machine: `python bench/peers.py FOLDER URL USER PASSWORD`.

FOLDER has the peers' benchmarks laid out: `scripts/p_PEER.py`, which run one peer and write `results/PEER.json`, and
the virtualenvs that they use. First Portline's own figures are taken, then the peers are run one after another; each of
their figures is shown with how many times Portline's it is. `--peers luigi snakemake` names some of them, `--keep` runs
only those that have no results there yet.
"""

import argparse
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import ml
import psutil
import steps
from client import Server, Table, arguments, make, ms, timed

PEERS: Mapping[str, tuple[str, ...]] = {
    "luigi": (),
    "snakemake": (),
    "kfp": (),
    "kedro": (),
    "metaflow": (),
    "prefect": (),
    "airflow": ("light",),
    "dagster": (),
}
"""What each one's script is told. Snakemake, kfp and Luigi take a minute or two, Dagster ten."""
NEITHER = {
    ("luigi", "light: local-scheduler"): ("W1",),
    ("luigi", "real: luigid + worker"): ("W1",),
    ("kedro", "SequentialRunner"): ("W1", "W2"),
    ("kedro", "ThreadRunner"): ("W1", "W2"),
}
"""Where a step neither has a process of its own nor is recorded. Luigi's fans have two workers, which fork."""
LONGEST_SECONDS = 900
"""Of one peer's script. What it has measured until then counts."""
ENDING_SECONDS = 30
"""In which a script that is told to stop ends what it started."""
RUNS = 5
WORKLOADS = {
    "W1": "chain of 50",
    "W2": "fan of 100",
    "W3": "ML pipeline",
    "W4": "its rerun",
    "W5": "submit to first line",
}


def ours(server: Server, runs: int = RUNS) -> dict[str, float]:
    """Seconds of each workload here, with steps that are Python functions in processes of their own."""
    server.register(steps.COMPONENTS | ml.components())
    found = {}
    for workload, graph in (("W1", steps.chain("bench_function")), ("W2", steps.fan("bench_function"))):
        made = make(server, graph)
        timed(server, made)
        found[workload] = statistics.median(timed(server, made).end for _ in range(runs))
    made, seed = make(server, ml.pipeline()), int(time.time())
    timed(server, made, {"seed": seed})
    time.sleep(1)
    found["W3"] = statistics.median(timed(server, made, {"seed": seed + 1 + number}).end for number in range(runs))
    found["W4"] = statistics.median(timed(server, made, {"seed": seed}).end for _ in range(runs))
    found["W5"] = statistics.median(steps.first_line(server, "bench_clock"))
    return found


def run(folder: Path, peer: str) -> None:
    """Run one peer's script to its end; what it prints goes to `logs/PEER.log` there. One not installed is left out."""
    if not (folder / "venvs" / peer).is_dir():
        print(f"{peer}: not installed; run scripts/install.sh {peer} in {folder}", file=sys.stderr, flush=True)
        return
    (folder / "results" / f"{peer}.json").unlink(missing_ok=True)
    began = time.monotonic()
    print(f"{peer} ...", file=sys.stderr, flush=True)
    with (folder / "logs" / f"{peer}.log").open("wb") as log:
        program = [sys.executable, str(folder / "scripts" / f"p_{peer}.py"), *PEERS[peer]]
        process = subprocess.Popen(program, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
    print(f"{peer}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a script end what it started, and end that ourselves where it does not."""
    left = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for each in left:
        with suppress(psutil.Error):  # mostly: it has ended
            each.kill()


def rows_of(folder: Path, peer: str) -> list[dict[str, Any]]:
    place = folder / "results" / f"{peer}.json"
    found: list[dict[str, Any]] = json.loads(place.read_text())["rows"] if place.is_file() else []
    return [row for row in found if row["wl"] in WORKLOADS]


def table(folder: Path, peers: Iterable[str], here: Mapping[str, float]) -> Table:
    rows = [("**Portline**", *(ms(here[workload]) for workload in WORKLOADS))]
    ahead = dict.fromkeys(("W1", "W2"), True)
    for peer in peers:
        found = rows_of(folder, peer)
        for mode in dict.fromkeys(row["mode"] for row in found):
            times = {row["wl"]: row["med"] for row in found if row["mode"] == mode}
            cells = (
                f"{ms(times[workload])} ({times[workload] / here[workload]:.1f}x)" if workload in times else ""
                for workload in WORKLOADS
            )
            rows.append((f"{peer}, {mode}", *cells))
            for workload in (ahead.keys() & times) - set(NEITHER.get((peer, mode), ())):
                ahead[workload] &= here[workload] < times[workload]
        if not found:
            rows.append((f"{peer}: no results, see logs/{peer}.log", *("" for _ in WORKLOADS)))
    targets = [
        (f"{WORKLOADS[workload]} below every peer that isolates or records its steps", met)
        for workload, met in ahead.items()
    ]
    return Table("Beside other systems", ("system", *WORKLOADS.values()), rows, targets)


def measure(server: Server, folder: Path, peers: Iterable[str] = PEERS, keep: bool = False) -> Table:
    peers = list(peers)
    here = ours(server)
    for peer in peers:
        if not (keep and rows_of(folder, peer)):
            run(folder, peer)
    return table(folder, peers, here)


def choose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS), help="default: all")
    parser.add_argument("--keep", action="store_true", help="show results that are there already as they are")


def main() -> None:
    parser = arguments(__doc__, "folder")
    choose(parser)
    given = parser.parse_args()
    server = Server(given.url, given.user, given.password)
    print(measure(server, Path(given.folder).resolve(), given.peers, given.keep).markdown())


if __name__ == "__main__":
    main()
