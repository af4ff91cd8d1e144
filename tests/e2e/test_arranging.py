"""Moving nodes: aligned, spread and laid out in one step, drawn to guides, put into wires."""

import json
import re
from typing import Any

from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.api import Api, add
from tests.e2e.canvas import node, port

SAMPLE, SORT, SPLIT, JOIN = ("sample_dataset:1.0.0", "sort_rows:1.0.0", "split_data:1.0.0", "join_tables:1.0.0")


def wire(source: str, output: str, target: str, input: str) -> dict[str, Any]:
    return {"op": "connect", "source": source, "output": output, "target": target, "input": input}


def place(page: Page, id: str) -> tuple[float, float]:
    """Where a node stands in the document, as its card says."""
    style = page.locator(f'.react-flow__node[data-id="{id}"]').get_attribute("style") or ""
    found = re.search(r"translate\(([-\d.]+)px,\s*([-\d.]+)px\)", style)
    assert found, style
    return float(found[1]), float(found[2])


def run_command(page: Page, words: str) -> None:
    page.keyboard.press("Control+Shift+P")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def settled(page: Page) -> None:
    """Wait until the view no longer travels, as it does when a pipeline is opened."""
    page.locator(".react-flow__node").first.wait_for()
    view = page.locator(".react-flow__viewport")
    before = None
    while (now := view.get_attribute("style")) != before:
        before = now
        page.wait_for_timeout(300)


def grab(page: Page, id: str) -> tuple[float, float]:
    """Take a node by its title, and say where."""
    box = node(page, id).locator(".step-node__title").bounding_box()
    assert box
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    # A drag begins where the pointer is once it has moved a little.
    page.mouse.move(x + 2, y + 2)
    return x + 2, y + 2


def test_a_selection_is_lined_up_and_laid_out_in_one_step_each(home: Page) -> None:
    page, api = home, Api(home)
    sent: list[dict[str, Any]] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(json.loads(frame)))

    page.on("websocket", listen)
    steps = [add("a", SAMPLE, 0, 0), add("b", SORT, 304, 120), add("c", SPLIT, 640, 40), add("far", SORT, 0, 400)]
    api.open(api.pipeline("Arranging", *steps, wire("a", "result", "b", "table"), wire("b", "result", "c", "table")))
    node(page, "a").click()
    node(page, "b").click(modifiers=["Shift"])
    node(page, "c").click(modifiers=["Shift"])
    before = {id: place(page, id) for id in "abc"}

    sent.clear()
    run_command(page, "align middles")
    expect(page.get_by_test_id("live-region")).to_contain_text("Align middles")
    centres = {round(box["y"] + box["height"] / 2) for box in (node(page, id).bounding_box() for id in "abc") if box}
    assert max(centres) - min(centres) <= 4
    assert [len(each["ops"]) for each in sent if each["t"] == "op"] == [1], "one message, one move"
    page.keyboard.press("Control+z")
    page.wait_for_function("() => !document.querySelector('.designer-bar [aria-label^=Undo]:not([disabled])')")
    assert {id: place(page, id) for id in "abc"} == before

    # A selection is laid out around where it is; what is not of it stays.
    sent.clear()
    page.keyboard.press("l")
    expect(page.get_by_test_id("live-region")).to_contain_text("Laid out 3 nodes", timeout=30_000)
    assert place(page, "far") == (0, 400)
    assert place(page, "a")[0] < place(page, "b")[0] < place(page, "c")[0]
    assert [len(each["ops"]) for each in sent if each["t"] == "op"] == [1]


def test_what_is_dragged_is_drawn_to_guides(home: Page) -> None:
    page, api = home, Api(home)
    api.open(api.pipeline("Guides", add("a", SAMPLE, 0, 0), add("b", SAMPLE, 320, 200)))
    settled(page)
    run_command(page, "snap to the grid")
    x, y = grab(page, "b")
    page.mouse.move(x - 100, y - 100, steps=4)
    expect(page.get_by_test_id("guides")).to_have_count(0)
    page.mouse.move(x - 317, y - 60, steps=8)
    expect(page.get_by_test_id("guides").locator("line").first).to_be_attached()
    page.mouse.up()
    expect(page.get_by_test_id("guides")).to_have_count(0)
    assert place(page, "b")[0] == place(page, "a")[0]
    run_command(page, "snap to the grid")


def test_a_node_dropped_on_a_wire_goes_into_it(home: Page) -> None:
    page, api = home, Api(home)
    steps = [add("a", SAMPLE, 0, 0), add("b", SPLIT, 320, 0), add("loose", SORT, 120, 240)]
    api.open(api.pipeline("Into", *steps, wire("a", "result", "b", "table")))
    settled(page)
    x, y = grab(page, "loose")
    start, end = port(page, "a", "out", "result").bounding_box(), port(page, "b", "in", "table").bounding_box()
    assert start
    assert end
    page.mouse.move(x + 30, y - 60, steps=4)
    page.mouse.move((start["x"] + end["x"]) / 2 + 5, start["y"] + 5, steps=6)
    expect(page.locator(".wire.is-receiving")).to_have_count(1)
    page.mouse.up()
    expect(page.locator('[data-id="loose.table"]')).to_have_count(1)
    expect(page.locator('[data-id="b.table"]')).to_have_count(1)
    # What comes after made room for it.
    assert place(page, "b")[0] >= place(page, "loose")[0] + 176 + 40
    page.keyboard.press("Control+z")
    expect(page.locator('[data-id="loose.table"]')).to_have_count(0)
    assert place(page, "b") == (320, 0)
    assert place(page, "loose") == (120, 240)

    # The same by keyboard: chosen from a list.
    node(page, "loose").click()
    page.keyboard.press("i")
    expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator('[data-id="loose.table"]')).to_have_count(1)


def test_inputs_are_swapped_and_a_wire_is_detached_and_led_elsewhere(home: Page) -> None:
    page, api = home, Api(home)
    steps = [add("a", SAMPLE, 0, 0), add("b", SAMPLE, 0, 200), add("join", JOIN, 400, 40)]
    api.open(api.pipeline("Swap", *steps, wire("a", "result", "join", "left"), wire("b", "result", "join", "right")))
    node(page, "join").click()
    inputs = page.get_by_role("complementary", name="Inspector").locator(".wire-row select")
    expect(inputs.nth(0)).to_have_value("a result")
    page.keyboard.press("s")
    expect(inputs.nth(0)).to_have_value("b result")
    expect(inputs.nth(1)).to_have_value("a result")
    page.keyboard.press("Control+z")
    expect(inputs.nth(0)).to_have_value("a result")

    # The end of a wire, let go on empty canvas, comes off; at another output it leads from there.
    def drag_from(target: tuple[str, str], dx: float, dy: float, to: tuple[str, str] | None = None) -> None:
        box = port(page, target[0], "in", target[1]).bounding_box()
        assert box
        page.mouse.move(box["x"] + 5, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + dx / 2, box["y"] + dy / 2, steps=5)
        end = port(page, to[0], "in", to[1]).bounding_box() if to else None
        page.mouse.move(*(end["x"] + 5, end["y"] + 5) if end else (box["x"] + dx, box["y"] + dy), steps=5)
        page.mouse.up()

    drag_from(("join", "left"), -120, -120)
    expect(page.locator('[data-id="join.left"]')).to_have_count(0)
    drag_from(("join", "right"), -60, -30, ("join", "left"))
    expect(page.locator('[data-id="join.left"]')).to_have_count(1)
    expect(page.locator('[data-id="join.right"]')).to_have_count(0)
    expect(inputs.nth(0)).to_have_value("b result")


def test_copied_text_is_pasted_in_another_pipeline(home: Page) -> None:
    page, api = home, Api(home)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    steps = [add("a", SAMPLE, 0, 0), add("b", SORT, 304, 0), add("c", SPLIT, 608, 0)]
    first = api.pipeline("From", *steps, wire("a", "result", "b", "table"), wire("b", "result", "c", "table"))
    second = api.pipeline("To", add("other", SAMPLE, 0, 200))
    api.open(first)
    node(page, "b").click()
    node(page, "c").click(modifiers=["Shift"])
    page.keyboard.press("Control+c")

    # With the wires from outside, here; in another pipeline there is nothing that they could come from.
    page.keyboard.press("Control+Shift+v")
    expect(page.locator('[data-id="b_2.table"]')).to_have_count(1)
    expect(page.locator('[data-id="c_2.table"]')).to_have_count(1)
    api.open(second)
    settled(page)
    page.locator(".react-flow__pane").click(position={"x": 60, "y": 60})
    page.keyboard.press("Control+v")
    expect(page.locator('[data-id="c.table"]')).to_have_count(1)
    expect(page.locator('[data-id="b.table"]')).to_have_count(0)
