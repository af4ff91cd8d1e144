"""Somebody who has never seen the page: does only what it shows, and counts what it costs."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import port

LISTED = 10
"""So many suggestions are seen without scrolling or typing."""


class Newcomer:
    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.pictures = pictures
        self.actions = 0

    def click(self, place: Locator) -> None:
        place.click()
        self.actions += 1

    def open_file(self, button: Locator, file: Path) -> None:
        """A button that asks for a file, and the file chosen in the window that the browser opens."""
        with self.page.expect_file_chooser() as chooser:
            self.click(button)
        chooser.value.set_files(file)
        self.actions += 1

    def pull(self, node: str, output: str, by: tuple[int, int], choose: str, typed: str = "", keep: str = "") -> None:
        """Pull a wire out of a port, let it go over nothing, and take what is suggested there, or found by a word."""
        start = self._take(node, output)
        self._let_go(start[0] + by[0], start[1] + by[1])
        offered = self.page.get_by_role("listbox").get_by_role("option")
        expect(offered.first).to_be_visible()
        if typed:
            self.page.keyboard.type(typed)
            self.actions += len(typed)
            expect(offered.first).to_contain_text(choose)
        seen = [text.splitlines()[0] for text in offered.all_inner_texts()[:LISTED]]
        assert choose in seen, f"{choose} is not among the first that are suggested: {seen}"
        if keep:
            self.picture(keep)
        self.click(offered.nth(seen.index(choose)))
        self._settle()

    def connect(self, label: str, source: str) -> None:
        """Choose what feeds an input in the inspector: open the list, take one of it."""
        inspector = self.page.get_by_role("complementary", name="Inspector")
        inspector.get_by_role("combobox", name=label).select_option(label=source)
        self.actions += 2

    def picture(self, name: str) -> None:
        """Keep what is seen now for the guide, in so few colours that it is small."""
        if not self.pictures:
            return
        self.page.wait_for_timeout(300)
        with Image.open(io.BytesIO(self.page.screenshot())) as seen:
            few = seen.convert("RGB").quantize(128, dither=Image.Dither.NONE)
            few.save(self.pictures / f"{name}.png", optimize=True)

    def _take(self, node: str, output: str) -> tuple[float, float]:
        handle = port(self.page, node, "out", output)
        handle.hover()
        self.page.mouse.down()
        return _middle(handle)

    def _let_go(self, x: float, y: float) -> None:
        self.page.mouse.move(x - 20, y - 8, steps=6)
        self.page.mouse.move(x, y, steps=4)
        self.page.mouse.up()
        self.actions += 1

    def _settle(self) -> None:
        """The canvas follows what was added: wait until it rests."""
        view = self.page.locator(".react-flow__viewport")
        before = ""
        while before != (now := view.get_attribute("style") or ""):
            before = now
            self.page.wait_for_timeout(300)


def _middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
