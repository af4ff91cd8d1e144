"""Large pipelines for the canvas, the same for Portline and for Node-RED: layers of steps with about 1.5 wires each."""

import math
import random
from dataclasses import dataclass, field
from typing import Any

from client import Graph

VERSION = "1.0.0"
ACROSS, DOWN = 250, 150
"""From one step to the next; the same as in the measurements that the designer was planned by."""
INPUTS, OUTPUTS = 4, 2
PER_NODE = 1.5

KINDS = ("bench_clean", "bench_join", "bench_train")
_SPEC = """\
name: {name}
version: {version}
inputs:
  rows: {{type: uri_file, optional: true}}
  more: {{type: uri_file, optional: true}}
  labels: {{type: uri_folder, optional: true}}
  model: {{type: uri_folder, optional: true}}
  rate: {{type: number, default: 0.1}}
  rounds: {{type: integer, default: 10}}
  kind: {{type: string, enum: [a, b], default: a}}
outputs:
  table: {{type: uri_file}}
  report: {{type: uri_folder}}
command: >-
  echo ${{{{inputs.rate}}}} > ${{{{outputs.table}}}}
"""
COMPONENTS = {name: {"component.yml": _SPEC.format(name=name, version=VERSION)} for name in KINDS}
# Which output feeds which inputs: files the first two, folders the others.
FEEDS = {"table": ("rows", "more"), "report": ("labels", "model")}


@dataclass(frozen=True)
class Wire:
    source: int
    output: str
    target: int
    input: str


@dataclass
class Layered:
    """Steps in columns; a step's number is its place, down the columns."""

    count: int
    wires: list[Wire] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return math.ceil(math.sqrt(self.count * 1.6 * DOWN / ACROSS))

    @property
    def rows(self) -> int:
        return math.ceil(self.count / self.columns)

    @property
    def size(self) -> tuple[int, int]:
        return 40 + self.columns * ACROSS, 40 + self.rows * DOWN

    def place(self, number: int) -> tuple[int, int]:
        column, row = divmod(number, self.rows)
        return 40 + column * ACROSS, 40 + row * DOWN


def layered(count: int, seed: int = 7) -> Layered:
    """Each step but the first column's is fed from the column before, some also by one or two others near by."""
    graph, chance = Layered(count), random.Random(seed)
    taken: set[tuple[int, str]] = set()

    def wire(source: int, target: int) -> None:
        for output in chance.sample(list(FEEDS), len(FEEDS)):
            for name in FEEDS[output]:
                if (target, name) not in taken:
                    taken.add((target, name))
                    graph.wires.append(Wire(source, output, target, name))
                    return

    def before(number: int, columns: int) -> int:
        column, row = divmod(number, graph.rows)
        near = max(0, min(graph.rows - 1, row + chance.randint(-2, 2)))
        return max(0, column - columns) * graph.rows + near

    inner = range(graph.rows, count)
    for number in inner:
        wire(before(number, 1), number)
    while len(graph.wires) < PER_NODE * count:
        number = chance.choice(inner)
        wire(before(number, 2 if chance.random() < 0.2 else 1), number)
    return graph


def pipeline(graph: Layered) -> Graph:
    """As Portline has it."""
    made = Graph(f"bench canvas {graph.count}")
    for number in range(graph.count):
        x, y = graph.place(number)
        made.add(f"n{number}", f"{KINDS[number % len(KINDS)]}:{VERSION}", title=f"step {number}")
        made.nodes[-1]["node"] |= {"x": x, "y": y}
    for wire in graph.wires:
        made.wire(f"n{wire.source}", wire.output, f"n{wire.target}", wire.input)
    return made


def flows(graph: Layered) -> list[dict[str, Any]]:
    """As Node-RED has it: function nodes with two outputs; a node there has one input, which takes all wires."""
    found: list[dict[str, Any]] = [{"id": "tab1", "type": "tab", "label": "bench", "disabled": False, "info": ""}]
    sides: list[list[list[str]]] = [[[] for _ in FEEDS] for _ in range(graph.count)]
    for wire in graph.wires:
        sides[wire.source][list(FEEDS).index(wire.output)].append(f"n{wire.target}")
    settings = {"func": "return msg;", "outputs": OUTPUTS, "timeout": 0, "noerr": 0}
    code = {"initialize": "", "finalize": "", "libs": []}
    for number, wires in enumerate(sides):
        x, y = graph.place(number)
        about = {"id": f"n{number}", "type": "function", "z": "tab1", "name": f"step {number}", "wires": wires}
        found.append(about | settings | code | {"x": x + 90, "y": y + 20})
    return found
