"""What the canvas does with large pipelines, by counts: what is mounted and what is rendered."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.api import Api, add

MOST_MOUNTED = 60
MOUNTED = "[...document.querySelectorAll('.react-flow__node')].map((node) => node.dataset.id)"


def grid(count: int) -> list[dict[str, Any]]:
    """Nodes of two inputs and two outputs as close as people put them, 40 a column."""
    return [add(f"n{number}", "split_data:1.0.0", number // 40 * 240, number % 40 * 120) for number in range(count)]


def opened(home: Page, count: int) -> None:
    api = Api(home)
    api.open(api.pipeline(f"Large {count}", *grid(count)))
    home.locator(".canvas-overview").wait_for(timeout=60_000)
    home.wait_for_timeout(500)  # it has flown there


def look(page: Page, zoom: float, x: float, y: float) -> None:
    """Look at a place, and wait until what is to be mounted is."""
    page.evaluate("([zoom, x, y]) => window.portlineProbe.look(zoom, x, y)", [zoom, x, y])
    page.locator(".canvas-overview").wait_for(state="detached")
    page.locator(".react-flow__node").first.wait_for()
    page.wait_for_timeout(300)


@pytest.mark.parametrize("count", [100, 5_000])
def test_as_much_is_mounted_as_is_seen(home: Page, count: int) -> None:
    opened(home, count)
    assert home.evaluate(MOUNTED) == []  # one drawing of all of it
    look(home, 1, 400, 1500)
    assert 8 <= len(home.evaluate(MOUNTED)) <= MOST_MOUNTED


def test_nothing_is_rendered_again_by_panning_and_zooming(home: Page) -> None:
    opened(home, 400)
    look(home, 1, 800, 1500)
    before = set(home.evaluate(MOUNTED))
    home.evaluate("window.portlineRenders.reset()")
    box = home.locator(".react-flow__pane").bounding_box()
    assert box
    home.evaluate("window.portlineProbe.look(0.9, 806, 1506)")
    home.wait_for_timeout(300)
    home.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(5):
        home.mouse.wheel(0, 10)
    home.wait_for_timeout(300)
    again = "(ids) => ids.reduce((sum, id) => sum + window.portlineRenders.of(id), 0)"
    assert home.evaluate(again, list(before)) == 0
