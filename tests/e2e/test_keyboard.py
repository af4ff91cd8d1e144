"""A pipeline built, wired and run without touching the mouse."""

from playwright.sync_api import Page, expect

from tests.e2e.canvas import node, status
from tests.e2e.conftest import PASSWORD, USER


def tab_to(page: Page, name: str, most: int = 40) -> None:
    """Press Tab until what is focused has a name that begins so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => (document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"{most} presses of Tab did not reach {name}")


def add(page: Page, words: str, *, link: bool) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)
    expect(page.locator(".pick-list__item[aria-selected=true]")).to_be_visible()
    page.keyboard.press("Enter" if link else "Shift+Enter")


def test_a_pipeline_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type(USER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pipelines")).to_be_visible()
    tab_to(page, "New pipeline")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("saved-state")).to_contain_text("saved")

    add(page, "sample data set", link=False)
    expect(node(page, "sample_dataset")).to_be_visible()
    add(page, "summarise data", link=False)
    expect(node(page, "summarise_data")).to_be_visible()
    expect(page.get_by_test_id("problems-button")).to_contain_text("1 problem")

    # Back to the first node along the canvas, and a wire from it to a target of the list.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("c")
    page.keyboard.type("summarise")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("live-region")).to_contain_text("Connected")
    expect(page.get_by_test_id("problems-button")).to_contain_text("No problems")

    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("problems-button")).to_contain_text("1 problem")
    page.keyboard.press("Control+y")
    expect(page.get_by_test_id("problems-button")).to_contain_text("No problems")

    page.keyboard.press("Control+Enter")
    status(page, "summarise_data", "Completed", timeout=120_000)
