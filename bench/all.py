"""All benchmarks: `python bench/all.py > docs/benchmarks.md`.

Starts servers of its own with empty data folders, on loopback, and ends them. Prints Markdown. `--peers FOLDER` runs
other systems beside, from their benchmarks laid out there (see `peers.py`); `--most 1000` leaves the largest pipelines
out. Say on what machine, and let nothing else run there: what else used the processors meanwhile is printed.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fanout
import growth
import memory
import ml
import peers
import psutil
import rerun
import steps
from client import Server, Table
from serving import PASSWORD, USER, cpu_seconds, data_dir, served


def machine() -> str:
    cpu = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), "?: ?")
    memory = f"{psutil.virtual_memory().total / 1024**3:.0f} GiB"
    return f"{os.cpu_count()} cores ({cpu.partition(':')[2].strip()}), {memory}, Python {platform.python_version()}"


def busy_seconds() -> float:
    """Processor time that this machine has spent."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - getattr(times, "guest", 0) - getattr(times, "guest_nice", 0))


def own_seconds() -> float:
    return sum(psutil.Process().cpu_times()[:4])


def of_server(name: str, measure: Callable[[Server], Table]) -> None:
    """Print one benchmark's table, taken on a server of its own."""
    began, busy, own = time.monotonic(), busy_seconds(), own_seconds()
    with data_dir() as folder, served(folder) as found:
        print(measure(Server(found.url, USER, PASSWORD)).markdown())
        seconds = time.monotonic() - began
        others = busy_seconds() - busy - (own_seconds() - own) - cpu_seconds(found.url)
    print(f"({name}: {seconds:.0f} s; processes of others used {max(0.0, others) / seconds:.2f} cores meanwhile)\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=growth.SIZES[-1], help="steps of the largest pipelines")
    parser.add_argument("--peers", type=Path, help="the folder where the peers' benchmarks are laid out")
    given = parser.parse_args()
    print(f"# Benchmarks\n\n{machine()}. SQLite, default settings, everything committed, logs and events kept.\n")
    for name, measure in (
        ("steps", steps.measure),
        ("ml", ml.measure),
        ("rerun", rerun.measure),
        ("fanout", fanout.measure),
        ("memory", memory.after_ml),
        ("growth", lambda server: growth.measure(server, given.most)),
    ):
        of_server(name, measure)
    print(memory.starts().markdown())
    if given.peers:
        with data_dir() as folder, served(folder) as found:
            print(peers.measure(Server(found.url, USER, PASSWORD), given.peers.resolve()).markdown())


if __name__ == "__main__":
    main()
