"""Where a node's parts are, from its interface alone; the same rule as `static/src/graph/geometry.ts`.

Both are held to `tests/fixtures/geometry/*.json`. Units: px at zoom 1. Source: `shared/ux.md` section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

HEADER = 36
ROW = 24
PADDING = 8
FOOTER = 24
GRID = 8
NARROWEST, WIDEST = 176, 320


@dataclass(frozen=True)
class Box:
    """A node's size, and the heights at which its ports sit: inputs at x = 0, outputs at x = width."""

    width: int
    height: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


def node_box(title: str, inputs: Sequence[str], outputs: Sequence[str], *, footer: bool = False) -> Box:
    """The box of a node with these port labels; `footer` adds the status line that it has in a run."""
    rows = zip_longest(inputs, outputs, fillvalue="")
    wanted = max([84 + 7.25 * len(title), *(48 + 6.5 * (len(left) + len(right)) for left, right in rows)])
    width = min(WIDEST, max(NARROWEST, GRID * ceil(wanted / GRID)))
    count = max(len(inputs), len(outputs))
    return Box(
        width=width,
        height=HEADER + ROW * count + PADDING + (FOOTER if footer else 0),
        inputs=tuple(_port_y(index) for index in range(len(inputs))),
        outputs=tuple(_port_y(index) for index in range(len(outputs))),
    )


def _port_y(index: int) -> int:
    return HEADER + ROW * index + ROW // 2
