"""Two people on one pipeline, each in a browser of their own."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e.canvas import drag_component, new_pipeline, node
from tests.e2e.conftest import Console, Server, log_in


def test_edits_reach_the_other_browser_and_both_may_undo_their_own(
    home: Page, browser: Browser, server: Server, console: Console
) -> None:
    new_pipeline(home, "Together")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url)
    other = context.new_page()
    console.watch(other)
    log_in(other)
    other.goto(home.url)
    expect(other.get_by_test_id("saved-state")).to_contain_text("saved")

    drag_component(home, "sample_dataset", 200, 80)
    expect(node(other, "sample_dataset")).to_be_visible()
    drag_component(other, "summarise_data", 560, 80)
    expect(node(home, "summarise_data")).to_be_visible()

    home.locator(".react-flow__pane").click(position={"x": 400, "y": 500})
    home.keyboard.press("Control+z")
    expect(node(other, "sample_dataset")).to_have_count(0)
    expect(node(other, "summarise_data")).to_be_visible()
    context.close()


def test_what_was_built_is_there_after_a_reload_without_saving(home: Page) -> None:
    new_pipeline(home, "Kept")
    drag_component(home, "sample_dataset", 200, 80)
    expect(home.get_by_test_id("saved-state")).to_contain_text("All changes saved")
    home.reload()
    expect(node(home, "sample_dataset")).to_be_visible()
