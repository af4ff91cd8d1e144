"""Whether work per step stays the same as pipelines grow: `python bench/growth.py URL USER PASSWORD`.

Fans and chains of 10, 100, 1,000 and 10,000 command steps that do nothing (`true`), and reruns of fans as large in
which nothing changed. Seconds from right before the submit to the end, and until the submit was answered; processor
time of the server and all that it started; and what these hold of memory (PSS) before and after. (That queries per step
are constant is counted by tests.) `--most 1000` leaves the largest out.
"""

import time

from client import Graph, Ran, Server, Table, arguments, make, ms, timed
from rerun import graph as known
from rerun import register as register_known
from serving import cpu_seconds, held_by

VERSION = "1.0.1"
SIZES = (10, 100, 1_000, 10_000)
SETTLED_SECONDS = 2.0
FLAT = 1.5
"""A cost or memory that grows no more than so many times, from 100 to the most steps, is called flat."""
COMPONENT = f"""\
name: bench_nothing
version: {VERSION}
is_deterministic: false
command: "true"
"""


def graph(shape: str, steps: int) -> Graph:
    made = Graph(f"bench nothing {shape} {steps}")
    for number in range(steps):
        made.add(f"n{number}", f"bench_nothing:{VERSION}")
        if number:
            source = f"n{number - 1 if shape == 'chain' else 0}"
            made.wires.append({"op": "connect_order", "source": source, "target": f"n{number}"})
    return made


def _memory(server: Server) -> int:
    return sum(held.memory for held in held_by(server.url))


def measure(server: Server, most: int = SIZES[-1]) -> Table:
    server.register({"bench_nothing": {"component.yml": COMPONENT}})
    register_known(server)
    sizes = [size for size in SIZES if size <= most]
    rows: list[tuple[str, ...]] = []
    targets: list[tuple[str, bool]] = []
    for first in (graph("fan", sizes[0]), known("fan", sizes[0])):
        timed(server, make(server, first))  # what is made ready by the first is there for the others
    start = _memory(server)
    for shape in ("fan", "chain", "rerun of a fan"):
        costs = {}
        for size in sizes:
            made = make(server, known("fan", size) if shape.startswith("rerun") else graph(shape, size))
            if shape.startswith("rerun"):
                timed(server, made)
            time.sleep(SETTLED_SECONDS)
            memory, cpu = _memory(server), cpu_seconds(server.url)
            ran: Ran = timed(server, made)
            time.sleep(SETTLED_SECONDS)
            used, held = cpu_seconds(server.url) - cpu, _memory(server)
            costs[size] = ran.end / size
            cells = (ms(ran.end), ms(ran.answer), f"{1000 * ran.end / size:.2f}", f"{1000 * used / size:.2f}")
            rows.append((f"{shape} of {size:,}", *cells, f"{memory / 1e6:.0f} -> {held / 1e6:.0f}"))
        base = 100 if 100 in costs else sizes[0]
        grown = costs[sizes[-1]] / costs[base]
        targets.append((f"{shape}: a step of {sizes[-1]:,} costs {grown:.2f} times one of {base}", grown <= FLAT))
    end = _memory(server)
    targets.append((f"memory of the server flat: {start / 1e6:.0f} -> {end / 1e6:.0f} MB", end <= FLAT * start))
    return Table("Growth", ("pipeline", "whole", "submit", "ms a step", "CPU ms a step", "memory, MB"), rows, targets)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="steps of the largest pipelines")
    given = parser.parse_args()
    print(measure(Server(given.url, given.user, given.password), given.most).markdown())


if __name__ == "__main__":
    main()
