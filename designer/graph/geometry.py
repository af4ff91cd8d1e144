"""Where a node's parts are, from its interface alone; the same rule as `static/src/graph/geometry.ts`.

Both are held to `tests/fixtures/geometry/*.json`. Units: px at zoom 1. Source: `shared/ux.md` section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil
from typing import Any

from designer.graph.document import Catalog
from designer.graph.ports import input_ports, output_ports

HEADER = 36
ROW = 24
PADDING = 8
FOOTER = 24
GRID = 8
NARROWEST, WIDEST = 176, 320
WAYS = ("True", "False")
"""What a branch shows on its right: where its order edges leave."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A node's size, and the heights at which its ports sit: inputs at x = 0, outputs at x = width."""

    width: int
    height: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class OrderAnchors:
    """Where order edges end, and where they leave: at `out`, or by their condition where a node has `ways`."""

    into: Point
    out: Point
    ways: dict[str, Point] | None


def node_box(
    title: str, inputs: Sequence[str], outputs: Sequence[str], *, footer: bool = False, loop: bool = False
) -> Box:
    """The box of a node with these port labels.

    `footer` adds the status line that it has in a run, `loop` the row that says what a loop repeats.
    """
    rows = zip_longest(inputs, outputs, fillvalue="")
    wanted = max([84 + 7.25 * len(title), *(48 + 6.5 * (len(left) + len(right)) for left, right in rows)])
    width = min(WIDEST, max(NARROWEST, GRID * ceil(wanted / GRID)))
    count = max(len(inputs), len(outputs))
    return Box(
        width=width,
        height=HEADER + ROW * count + PADDING + (ROW if loop else 0) + (FOOTER if footer else 0),
        inputs=tuple(_port_y(index) for index in range(len(inputs))),
        outputs=tuple(_port_y(index) for index in range(len(outputs))),
    )


def box_of(node: dict[str, Any], catalog: Catalog) -> Box:
    """The box of a node as the document has it."""
    return node_box(
        node["title"],
        [port["label"] for port in input_ports(node, catalog)],
        WAYS if node["kind"] == "branch" else [port["label"] for port in output_ports(node, catalog)],
        loop="loop" in node,
    )


def order_anchors(box: Box, *, branch: bool = False) -> OrderAnchors:
    """The middle of the top and the middle of the bottom; out of a branch its two ways on the right."""
    middle = box.width / 2
    ways: dict[str, Point] | None = (
        {"true": (box.width, _port_y(0)), "false": (box.width, _port_y(1))} if branch else None
    )
    return OrderAnchors((middle, 0), (middle, box.height), ways)


def _port_y(index: int) -> int:
    return HEADER + ROW * index + ROW // 2
