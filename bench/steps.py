"""What a step costs: `python bench/steps.py URL USER PASSWORD`.

A single step, a chain of 50 and a fan (1 -> 100 -> 1) of trivial steps, each in a process of its own and none reused: a
Python function that reads numbers and writes their sum plus one, once with its arguments taken as they are and once
by argparse and pathlib, a shell command that writes a file, and `python -c pass`. From right before the submit is sent
to the end that the server recorded; processor time of the server and all that it started, which says more than the
clock where others use the machine; and how long after an idle server was sent a submit the first line of the first
step runs. Registers components, and leaves its pipelines and runs behind.
"""

import statistics
import time

from client import Graph, Made, Server, Table, arguments, make, ms, timed
from serving import cpu_seconds

VERSION = "2.0.1"
RUNS = 5
SUBMITS = 20
IDLE_SECONDS = 0.5
WIDTH = 100
LENGTH = 50

ADD_ONE = """\
import sys


def add_one(before: list[str], done: str) -> None:
    total = 1
    for path in before:
        with open(path) as file:
            total += int(file.read())
    with open(done, "w") as file:
        file.write(str(total))


add_one(sys.argv[2:], sys.argv[1])
"""
PARSED = """\
import argparse
from pathlib import Path


def add_one(before: list[Path], done: Path) -> None:
    done.write_text(str(1 + sum(int(path.read_text()) for path in before)))


parser = argparse.ArgumentParser()
parser.add_argument("done", type=Path)
parser.add_argument("before", type=Path, nargs="*")
given = parser.parse_args()
add_one(given.before, given.done)
"""
CLOCK = """\
import time

now = time.time()

import sys
from pathlib import Path

Path(sys.argv[1]).write_text(repr(now))
"""


def component(name: str, command: str, inputs: int = 1, outputs: bool = True, code: str = "") -> dict[str, str]:
    """A component's folder; its inputs are optional files `before_0` and so on."""
    spec = [f"name: {name}", f"version: {VERSION}", "is_deterministic: false"]
    if inputs:
        spec += ["inputs:", *(f"  before_{number}: {{type: uri_file, optional: true}}" for number in range(inputs))]
    if outputs:
        spec += ["outputs:", "  done: {type: uri_file}"]
    spec += ["code: main.py"] if code else []
    spec += ["command: >-", f"  {command}"]
    return {"component.yml": "\n".join(spec) + "\n"} | ({"main.py": code} if code else {})


FUNCTION = "python main.py ${{outputs.done}} "
ONE = "$[[${{inputs.before_0}}]]"
ALL = " ".join(f"$[[${{{{inputs.before_{number}}}}}]]" for number in range(WIDTH))
COMPONENTS = {
    "bench_function": component("bench_function", FUNCTION + ONE, code=ADD_ONE),
    "bench_function_of_all": component("bench_function_of_all", FUNCTION + ALL, WIDTH, code=ADD_ONE),
    "bench_parsed": component("bench_parsed", FUNCTION + ONE, code=PARSED),
    "bench_parsed_of_all": component("bench_parsed_of_all", FUNCTION + ALL, WIDTH, code=PARSED),
    "bench_shell": component("bench_shell", "echo > ${{outputs.done}}"),
    "bench_shell_of_all": component("bench_shell_of_all", "echo > ${{outputs.done}}", WIDTH),
    "bench_pass": component("bench_pass", "python -c pass", 0, outputs=False),
    "bench_clock": component("bench_clock", "python main.py ${{outputs.done}}", 0, code=CLOCK),
    "bench_shell_clock": component("bench_shell_clock", "date +%s.%N > ${{outputs.done}}", 0),
}


def single(name: str, code: str = "") -> Graph:
    graph = Graph(f"bench {name} 1")
    graph.add("only", f"{code or name}:{VERSION}")
    return graph


def chain(name: str, length: int = LENGTH) -> Graph:
    graph = Graph(f"bench {name} chain {length}")
    for number in range(length):
        graph.add(f"n{number}", f"{name}:{VERSION}")
        if number:
            _join(graph, name, f"n{number - 1}", f"n{number}")
    return graph


def fan(name: str, width: int = WIDTH) -> Graph:
    """One, then `width` that need it; at the usual width also one that needs all of them."""
    graph = Graph(f"bench {name} fan {width}")
    graph.add("first", f"{name}:{VERSION}")
    for number in range(width):
        _join(graph, name, "first", graph.add(f"n{number}", f"{name}:{VERSION}"))
    if width == WIDTH:
        last = graph.add("last", f"{name if name == 'bench_pass' else f'{name}_of_all'}:{VERSION}")
        for number in range(width):
            _join(graph, name, f"n{number}", last, number)
    return graph


def _join(graph: Graph, name: str, source: str, target: str, number: int = 0) -> None:
    if name == "bench_pass":
        graph.wires.append({"op": "connect_order", "source": source, "target": target})
    else:
        graph.wire(source, "done", target, f"before_{number}")


def measure(server: Server, runs: int = RUNS) -> Table:
    server.register(COMPONENTS)
    rows, targets = [], []
    for name, shown, most in (
        ("bench_function", "Python function", 8.0),
        ("bench_parsed", "the same, with argparse and pathlib", 0),
        ("bench_shell", "shell", 6.0),
        ("bench_pass", "python -c pass", 18.0),
    ):
        alone = make(server, single(name))
        timed(server, alone)  # what is made ready by the first is there for the others
        time.sleep(IDLE_SECONDS)
        one, used = _median(server, alone, runs)
        rows.append((f"{shown}, alone", "1", ms(one), f"{1000 * one:.1f}", "", f"{used:.1f}"))
        for shape, graph in ((f"chain of {LENGTH}", chain(name)), (f"fan of {WIDTH}", fan(name))):
            made, count = make(server, graph), len(graph.nodes)
            whole, used = _median(server, made, runs)
            each, marginal = 1000 * whole / count, 1000 * (whole - one) / (count - 1)
            rows.append(
                (f"{shown}, {shape}", str(count), ms(whole), f"{each:.1f}", f"{marginal:.1f}", f"{used / count:.1f}")
            )
            if "function" in name:
                _check(server, made, count)
                targets.append((f"{shape} of Python functions at most {most:g} ms a step: {each:.1f}", each <= most))
            elif most and shape.startswith("chain"):
                # The target is the cost of one more command; what a run costs beside is measured with the functions.
                targets.append((f"{shown} step at most {most:g} ms: {marginal:.1f}", marginal <= most))
    for name, shown in (("bench_clock", "Python function"), ("bench_shell_clock", "shell")):
        first = first_line(server, name)
        middle, worst = statistics.median(first), max(first)
        what = f"{shown}: submit to its first line, {SUBMITS} times"
        rows.append((what, "1", f"{ms(middle)} (most {ms(worst)})", "", "", ""))
        targets.append((f"submit to first step running ({shown}) under 50 ms: {ms(middle)}", middle < 0.05))
    head = ("what", "steps", "whole", "ms a step", "ms for one more", "CPU ms a step")
    return Table("Steps", head, rows, targets)


def _median(server: Server, made: Made, runs: int) -> tuple[float, float]:
    """Seconds of a run, and milliseconds of processor time."""
    before = cpu_seconds(server.url)
    whole = statistics.median(timed(server, made).end for _ in range(runs))
    time.sleep(IDLE_SECONDS)  # what ends after the run belongs to it
    return whole, 1000 * (cpu_seconds(server.url) - before) / runs


def _check(server: Server, made: Made, count: int) -> None:
    """That the functions did what they were to do: a chain counts, a fan adds up."""
    run = server.get(f"pipelines/{made.id}/runs/?page_size=1")["results"][0]
    steps = server.get(f"runs/{run['id']}/")["steps"]
    last, expected = ("last", 2 * WIDTH + 1) if "last" in steps else (f"n{count - 1}", count)
    found = server.text(f"artifacts/{steps[last]['outputs']['done']['id']}/download/")
    assert found == str(expected), (found, expected)


def first_line(server: Server, name: str, count: int = SUBMITS) -> list[float]:
    """Seconds from sending a submit to the first line of the step, which tells the time itself."""
    made = make(server, single(name))
    timed(server, made)
    found = []
    for _ in range(count):
        time.sleep(IDLE_SECONDS)
        ran = timed(server, made)
        artifact = ran.steps(server)["only"]["outputs"]["done"]["id"]
        found.append(float(server.text(f"artifacts/{artifact}/download/")) - ran.sent)
    return found


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    print(measure(Server(given.url, given.user, given.password), given.runs).markdown())


if __name__ == "__main__":
    main()
