"""Categories have the order and hue that they have in the palette of the canvas."""

import re
from pathlib import Path

import pytest

from registry.categories import HUES, ORDER, hue, rank

PALETTE = Path(__file__).resolve().parents[3] / "static/src/designer/palette/categories.ts"


def test_the_usual_ones_come_as_a_pipeline_meets_them():
    assert sorted(["Zoo", "Images", "audio", "Data"], key=rank) == ["Data", "Images", "audio", "Zoo"]


def test_the_browser_has_the_same_table():
    source = PALETTE.read_text()
    order = re.search(r"ORDER = \[(.*?)\]", source, re.DOTALL)
    hues = re.search(r"HUES.*?= \{(.*?)\}", source, re.DOTALL)
    assert order is not None
    assert hues is not None
    assert tuple(re.findall(r'"(.*?)"', order[1])) == ORDER
    assert {name: int(number) for name, number in re.findall(r'"?([A-Z][a-z ]+?)"?: (\d)', hues[1])} == HUES


@pytest.mark.parametrize(("category", "number"), [("Data", 1), ("A", 6), ("B", 1)])
def test_an_unlisted_one_always_gets_the_same_hue(category: str, number: int):
    assert hue(category) == f"var(--category-{number})"
