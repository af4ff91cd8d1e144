"""The command palette, changed keys, and finding within the graph."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.canvas import connect, drag_component, new_pipeline, node

SELECTED = re.compile("is-selected")


def test_commands_by_name_and_keys_of_ones_own(home: Page) -> None:
    page = home
    new_pipeline(page, "Commands")
    drag_component(page, "sample_dataset", 300, 200)
    node(page, "sample_dataset").wait_for()

    # By name: what is offered is what is possible now, with its keys.
    page.keyboard.press("Control+Shift+P")
    palette = page.get_by_role("dialog", name="Commands")
    page.keyboard.type("undo")
    expect(palette.get_by_role("option").first).to_contain_text("Undo")
    expect(palette.locator("kbd").first).to_have_text("Ctrl Z")
    page.keyboard.press("Enter")
    expect(node(page, "sample_dataset")).to_have_count(0)
    page.keyboard.press("F1")
    page.keyboard.type("redo")
    page.keyboard.press("Enter")
    expect(node(page, "sample_dataset")).to_be_visible()

    # Keys of one's own: taken from who had them, kept over a reload.
    node(page, "sample_dataset").click()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    sheet.get_by_role("button", name="Change the keys of Fit everything").click()
    page.keyboard.press("y")
    expect(sheet.get_by_role("alert")).to_contain_text("Y is “Show or hide the YAML”: it would lose them.")
    sheet.get_by_role("button", name="Take them").click()
    expect(sheet.get_by_test_id("keys-view.fit").locator("kbd")).to_have_text("Y")
    expect(sheet.get_by_test_id("keys-view.yaml").locator("kbd")).to_have_count(0)
    page.reload()
    node(page, "sample_dataset").click()
    page.keyboard.press("y")
    expect(page.get_by_test_id("yaml-button")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("?")
    sheet.get_by_role("button", name="Reset all").click()
    expect(sheet.get_by_test_id("keys-view.yaml").locator("kbd")).to_have_text("Y")
    page.keyboard.press("Escape")


def test_finding_a_node_by_what_is_set_in_it(home: Page) -> None:
    page = home
    new_pipeline(page, "Finding")
    drag_component(page, "sample_dataset", 200, 200)
    drag_component(page, "split_data", 600, 300)
    connect(page, ("sample_dataset", "result"), ("split_data", "table"))
    page.keyboard.press("Control+f")
    bar = page.get_by_role("search", name="Find in the graph")
    page.keyboard.type("data")
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    expect(node(page, "sample_dataset")).to_have_class(SELECTED)
    page.keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_have_text("2 of 2")
    expect(node(page, "split_data")).to_have_class(SELECTED)
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    page.keyboard.press("F3")
    expect(node(page, "sample_dataset")).to_have_class(SELECTED)
