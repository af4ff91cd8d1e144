"""What a rerun costs where nothing changed: `python bench/rerun.py URL USER PASSWORD`.

A chain and a fan of 100 steps that are all answered from what is known, beside one HTTP round trip to the same server
(`GET` of a pipeline, by the same client on the same connection). Until the run had ended, which the answer to the
submit says already where all of it is done within the submit.
"""

import statistics
import time

from client import Graph, Made, Server, Table, arguments, make, ms, timed

VERSION = "1.0.0"
STEPS = 100
RUNS = 20
GETS = 50
COMPONENT = f"""\
name: bench_known
version: {VERSION}
inputs:
  number: {{type: integer}}
  before: {{type: uri_file, optional: true}}
outputs:
  done: {{type: uri_file}}
command: echo ${{{{inputs.number}}}} > ${{{{outputs.done}}}}
"""


def graph(shape: str, steps: int) -> Graph:
    """Steps that differ in a number, as equal ones would be answered from each other."""
    made = Graph(f"bench known {shape} {steps}")
    for number in range(steps):
        made.add(f"n{number}", f"bench_known:{VERSION}", params={"number": number})
        if number:
            made.wire(f"n{number - 1 if shape == 'chain' else 0}", "done", f"n{number}", "before")
    return made


def register(server: Server) -> None:
    server.register({"bench_known": {"component.yml": COMPONENT}})


def round_trip(server: Server, made: Made, count: int = GETS) -> float:
    """The median of so many."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        server.get(f"pipelines/{made.id}/")
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def measure(server: Server, steps: int = STEPS, runs: int = RUNS) -> Table:
    register(server)
    rows, targets = [], []
    for shape in ("chain", "fan"):
        made = make(server, graph(shape, steps))
        first = timed(server, made)
        once = round_trip(server, made)
        again = [timed(server, made) for _ in range(runs)]
        assert all(step["reused"] for step in again[-1].steps(server).values())
        end = statistics.median(ran.end for ran in again)
        rows.append((f"{shape} of {steps}", ms(first.end), ms(once), ms(end), f"{end / once:.1f}"))
        targets.append(
            (f"rerun of an unchanged {shape} of {steps} in under 5 round trips: {end / once:.1f}", end < 5 * once)
        )
    head = ("pipeline", "first run", "one GET", "rerun", "times one GET")
    return Table("Rerun of what did not change", head, rows, targets)


def main() -> None:
    given = arguments(__doc__).parse_args()
    print(measure(Server(given.url, given.user, given.password)).markdown())


if __name__ == "__main__":
    main()
