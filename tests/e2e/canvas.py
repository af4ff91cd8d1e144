"""What a person does on the canvas, by mouse."""

from playwright.sync_api import Locator, Page, expect


def new_pipeline(page: Page, name: str) -> None:
    """From the pipelines page to an empty canvas with a name."""
    page.get_by_role("button", name="New pipeline").first.click()
    expect(page.get_by_test_id("saved-state")).to_contain_text("saved")
    title = page.get_by_role("toolbar", name="Pipeline").get_by_role("textbox", name="Name of the pipeline")
    title.fill(name)
    title.press("Enter")


def node(page: Page, id: str) -> Locator:
    return page.get_by_test_id(f"node-{id}")


def port(page: Page, node_id: str, side: str, name: str) -> Locator:
    """A port; `side` is "in" or "out"."""
    return page.get_by_test_id(f"port-{node_id}-{side}-{name}")


def drag_component(page: Page, component: str, x: float, y: float) -> None:
    """Find a component in the palette and drag it to a place on the canvas, measured from the canvas' corner."""
    search = page.get_by_role("searchbox", name="Search components and data")
    search.fill(component.replace("_", " "))
    item = page.get_by_test_id(f"palette-item-{component}")
    canvas = page.locator(".react-flow__pane")
    item.drag_to(canvas, target_position={"x": x, "y": y})
    search.fill("")


def connect(page: Page, source: tuple[str, str], target: tuple[str, str]) -> None:
    """Draw a wire from an output to an input with the mouse."""
    start, end = port(page, source[0], "out", source[1]), port(page, target[0], "in", target[1])
    start.hover()
    page.mouse.down()
    box = end.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 30, y - 10, steps=6)
    page.mouse.move(x, y, steps=4)
    page.mouse.up()


def status(page: Page, id: str, expected: str, timeout: float = 60_000) -> None:
    """Wait until a node shows a state."""
    expect(node(page, id)).to_have_attribute("data-status", expected, timeout=timeout)
