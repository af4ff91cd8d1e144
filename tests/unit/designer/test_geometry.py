"""Node geometry stands as data in tests/fixtures/geometry; the browser's tests read the same files."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from designer.graph.geometry import GRID, NARROWEST, WIDEST, node_box, order_anchors

FILES = sorted((Path(__file__).parents[2] / "fixtures" / "geometry").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_boxes_follow_their_fixture(path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    box = node_box(
        fixture["title"], fixture["inputs"], fixture["outputs"], footer=fixture["footer"], loop=fixture["loop"]
    )
    assert json.loads(json.dumps(asdict(box))) == fixture["box"]
    anchors = asdict(order_anchors(box, branch=fixture["branch"]))
    assert json.loads(json.dumps(anchors)) == fixture["order"]


def test_widths_stay_on_the_grid_and_within_bounds() -> None:
    for length in range(120):
        box = node_box("x" * length, [], [])
        assert box.width % GRID == 0
        assert NARROWEST <= box.width <= WIDEST
