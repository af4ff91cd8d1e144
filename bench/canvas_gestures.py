"""What a person does on a canvas, with real mouse input in Chromium, and how even the frames are meanwhile."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from canvas_graph import ACROSS, DOWN, Layered
from playwright.async_api import Browser, CDPSession, Page

Editor = Literal["portline", "nodered"]
PAGES = (Path(__file__).with_name("canvas_pages.js")).read_text()
WIDTH, HEIGHT = 1440, 900
SECONDS, RATE = 3, 60
READY_MS = 60_000
DRAIN_SECONDS = 20
LEFT = {"button": "left", "buttons": 1}
MIDDLE = {"button": "middle", "buttons": 4}
ALT, SHIFT = 1, 8
NODERED_FLOOR = 0.3
"""As far as Node-RED zooms out."""
CHOSEN = (7, 9)
"""Columns and rows of the nodes that are dragged together: 63."""


@dataclass(frozen=True)
class Frames:
    """Milliseconds from one frame to the next."""

    intervals: tuple[float, ...]
    zoom: float
    nodes: int

    def at(self, share: float) -> float:
        found = sorted(self.intervals)
        return found[min(len(found) - 1, int(share * len(found)))]


@dataclass
class Measured:
    """One page with one graph. `interactive` is from the request until a click has selected a node."""

    interactive: float
    mounted: int
    gestures: dict[str, Frames]


class Hand:
    """The mouse, and the clock beside it."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self._page, self._devtools = page, devtools

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> Awaitable[Any]:
        event = {"button": "none", "buttons": 0, "modifiers": 0, "pointerType": "mouse", **more}
        return self._devtools.send("Input.dispatchMouseEvent", {"type": f"mouse{kind}", "x": x, "y": y, **event})

    async def ask(self, expression: str, *given: Any) -> Any:
        return await self._page.evaluate(f"(given) => bench.{expression}(...given)", list(given))

    async def record(
        self, send: Callable[[float], Awaitable[Any]], seconds: float = SECONDS, rate: float = RATE
    ) -> Any:
        """The intervals of frames while events are sent, one after the other without waiting for their answers."""
        await self.ask("record")
        began, waiting = time.perf_counter(), []
        count = max(1, round(seconds * rate))
        for number in range(count):
            await asyncio.sleep(max(0.0, began + (number + 1) / rate - time.perf_counter()))
            waiting.append(asyncio.ensure_future(send(number / count)))
        await asyncio.wait(waiting, timeout=DRAIN_SECONDS)
        return await self.ask("stop")

    async def drag(
        self, start: tuple[float, float], by: tuple[float, float], held: dict[str, Any], number: int | None = None
    ) -> Any:
        """There and back, and there again; raises RuntimeError where the node of this number did not come along."""

        def move(share: float) -> Awaitable[Any]:
            part = (1.5 * share) % 1
            far = 2 * part if part < 0.5 else 2 - 2 * part
            return self.mouse("Moved", start[0] + far * by[0], start[1] + far * by[1], **held)

        before = await self.ask("position", number) if number is not None else None
        await self.mouse("Moved", *start)
        await self.mouse("Pressed", *start, clickCount=1, **held)
        found = await self.record(move)
        after = await self.ask("position", number) if number is not None else None
        await self.mouse("Released", start[0] + by[0], start[1] + by[1], clickCount=1, button=held["button"])
        if number is not None and before == after:
            raise RuntimeError("the node did not move")
        return found

    async def key(self, down: bool) -> None:
        """Shift, which marks a selection in Portline."""
        about = {"key": "Shift", "code": "ShiftLeft", "windowsVirtualKeyCode": 16, "modifiers": SHIFT if down else 0}
        await self._devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown" if down else "keyUp", **about})


async def measure(browser: Browser, editor: Editor, url: str, graph: Layered, cookies: list[Any]) -> Measured:
    """Open a graph and do everything once. Raises RuntimeError where it cannot be done."""
    context = await browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    try:
        await context.add_cookies(cookies)
        page = await context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        hand = Hand(page, await context.new_cdp_session(page))
        about = f"{{count: {graph.count}, place: {list(graph.place(graph.rows + 1))}}}"
        await page.add_init_script(f'{PAGES}\nwindow.benchFor("{editor}", {about});')
        await page.goto(url, wait_until="commit")
        return await _all_gestures(hand, editor, graph)
    finally:
        await context.close()


async def _all_gestures(hand: Hand, editor: Editor, graph: Layered) -> Measured:
    if await hand.ask("until", "ready", READY_MS) is None:
        raise RuntimeError(f"{editor} with {graph.count} nodes was never ready")
    interactive = await _first_click(hand, graph)
    area = await hand.ask("area")
    wide, high = area["width"], area["height"]
    centre = (area["x"] + wide / 2, area["y"] + high / 2)
    middle = (graph.size[0] / 2, graph.size[1] / 2)
    fit = min(1.0, wide / graph.size[0], high / graph.size[1])
    fit = max(fit, NODERED_FLOOR) if editor == "nodered" else max(fit, 0.08)
    pan = MIDDLE if editor == "nodered" else LEFT
    found: dict[str, Frames] = {}

    async def view(zoom: float, place: tuple[float, float] = middle) -> None:
        await hand.ask("look", zoom, *place)
        await asyncio.sleep(0.4)
        await hand.ask("settle")

    async def keep(name: str, intervals: Any) -> None:
        found[name] = Frames(tuple(intervals), await hand.ask("zoom"), await hand.ask("mounted"))

    await view(1)
    mounted = await hand.ask("mounted")
    start = await hand.ask("emptyNear", centre[0] + wide * 0.3, centre[1] + high * 0.3, 150)
    await keep("pan", await hand.drag(start, (-0.4 * wide, -0.4 * high), pan))
    await view(fit)
    start = await hand.ask("emptyNear", centre[0] + wide * 0.2, centre[1] + high * 0.25, 200)
    start = start or centre  # Where nothing is empty, the drawing takes a drag with the middle button.
    await keep("pan at fit", await hand.drag(start, (-0.28 * wide, -0.28 * high), pan))
    await view(1)
    await keep("zoom", await _zoomed(hand, editor, centre, fit))
    await view(1)
    one = graph.columns // 2 * graph.rows + graph.rows // 2
    await keep("drag one", await _node_dragged(hand, graph, one, (0.17 * wide, 0.17 * high)))
    await _choose_many(hand, editor, graph, view)
    chosen = await hand.ask("selected")
    if not 55 <= chosen <= 70:
        raise RuntimeError(f"{chosen} nodes were selected in {editor}")
    await keep("drag 60", await _node_dragged(hand, graph, one, (0.14 * wide, 0.14 * high)))
    return Measured(interactive, mounted, found)


async def _first_click(hand: Hand, graph: Layered) -> float:
    x, y = graph.place(graph.rows + 1)
    for _ in range(40):
        at = await hand.ask("screen", x + 90, y + 18)
        await hand.mouse("Pressed", *at, clickCount=1, **LEFT)
        await hand.mouse("Released", *at, clickCount=1, button="left")
        if (done := await hand.ask("until", "selected", 150)) is not None:
            return float(done)
    raise RuntimeError("no click selected a node")


async def _zoomed(hand: Hand, editor: Editor, at: tuple[float, float], fit: float) -> Any:
    """Out to all of it and in again, by the wheel; Node-RED has steps of a tenth."""
    if editor == "nodered":
        steps = max(1, round((1 - fit) / 0.1))

        def step(share: float) -> Awaitable[Any]:
            return hand.mouse("Wheel", *at, deltaX=0, deltaY=120 if share < 0.5 else -120, modifiers=ALT)

        return await hand.record(step, rate=2 * steps / SECONDS)
    each = math.log2(1 / fit) / (SECONDS * RATE / 2) / 0.002

    def turn(share: float) -> Awaitable[Any]:
        return hand.mouse("Wheel", *at, deltaX=0, deltaY=each if share < 0.5 else -each)

    return await hand.record(turn)


async def _node_dragged(hand: Hand, graph: Layered, number: int, by: tuple[float, float]) -> Any:
    x, y = graph.place(number)
    start = await hand.ask("screen", x + 90, y + 18)
    return await hand.drag(start, by, LEFT, number)


async def _choose_many(
    hand: Hand, editor: Editor, graph: Layered, view: Callable[[float, tuple[float, float]], Awaitable[None]]
) -> None:
    """Draw a rectangle around CHOSEN nodes in the middle, at half size."""
    column, row = max(0, graph.columns // 2 - 4), max(0, graph.rows // 2 - 5)
    first = graph.place(column * graph.rows + row)
    last = graph.place(min(graph.count - 1, (column + CHOSEN[0] - 1) * graph.rows + row + CHOSEN[1] - 1))
    area = await hand.ask("area")
    zoom = min(0.5, 0.9 * area["width"] / (CHOSEN[0] * ACROSS), 0.9 * area["height"] / (CHOSEN[1] * DOWN))
    await view(zoom, ((first[0] + last[0]) / 2 + 90, (first[1] + last[1]) / 2 + 62))
    start = await hand.ask("screen", first[0] - 35, first[1] - 5)
    start = await hand.ask("emptyNear", *start, 14) or start
    end = await hand.ask("screen", last[0] + 185, last[1] + 143)
    held = SHIFT if editor == "portline" else 0
    if held:
        await hand.key(True)
    await hand.mouse("Moved", *start, modifiers=held)
    await hand.mouse("Pressed", *start, clickCount=1, modifiers=held, **LEFT)
    for part in range(1, 21):
        x, y = (start[axis] + (end[axis] - start[axis]) * part / 20 for axis in (0, 1))
        await hand.mouse("Moved", x, y, modifiers=held, **LEFT)
    await hand.mouse("Released", *end, clickCount=1, button="left", modifiers=held)
    if held:
        await hand.key(False)
    await asyncio.sleep(0.3)
