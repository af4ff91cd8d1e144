"""The YAML beside the canvas: either changes the other."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.canvas import drag_component, new_pipeline, node
from tests.e2e.conftest import Console


def line(page: Page, text: str) -> Locator:
    """A line of the text that holds this."""
    return page.get_by_test_id("yaml-editor").locator(".cm-line").filter(has_text=text).first


def replace(page: Page, text: str, after: str) -> None:
    """Type something in the place of what a line says after its key."""
    line(page, text).click()
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")
    page.keyboard.type(after)


def test_text_and_canvas_follow_each_other(home: Page, console: Console) -> None:
    page = home
    new_pipeline(page, "Beside")
    drag_component(page, "sample_dataset", 300, 160)
    expect(node(page, "sample_dataset")).to_be_visible()
    node(page, "sample_dataset").click()
    page.get_by_test_id("yaml-button").click()
    expect(line(page, "display_name: Beside")).to_be_visible()
    panel, apply = page.get_by_test_id("yaml-panel"), page.get_by_test_id("yaml-apply")

    # The text becomes the canvas when one applies it, and undo takes it back.
    title = line(page, re.compile(r"^ +display_name: "))
    before = title.inner_text().split(": ")[1]
    replace(page, f"    display_name: {before}", "display_name: Flowers")
    expect(node(page, "sample_dataset")).not_to_contain_text("Flowers")
    page.keyboard.press("Control+Enter")
    expect(node(page, "sample_dataset")).to_contain_text("Flowers")
    expect(panel).to_contain_text("As on the canvas")
    page.get_by_role("button", name="Undo: Edit the YAML").click()
    expect(node(page, "sample_dataset")).to_contain_text(before)
    expect(line(page, f"    display_name: {before}")).to_be_visible()

    # What is wrong is told at its line as one types, and cannot be applied.
    replace(page, "    component:", "component: azureml:sample_dataset@newest")
    page.keyboard.press("Enter")
    page.keyboard.type("inputs: {datset: iris}")
    expect(panel.get_by_role("list", name="1 fault")).to_contain_text("has no input `datset`")
    expect(page.get_by_test_id("yaml-editor").locator(".cm-lintRange-error")).to_contain_text("datset")
    expect(apply).to_be_disabled()

    # The canvas goes on meanwhile: neither side is lost unasked.
    name = page.get_by_role("toolbar", name="Pipeline").get_by_role("textbox", name="Name of the pipeline")
    name.fill("Meanwhile")
    name.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("The canvas changed")
    expect(line(page, "datset")).to_be_visible()
    panel.get_by_role("button", name="Discard").click()
    expect(line(page, "display_name: Meanwhile")).to_be_visible()
    expect(line(page, "datset")).not_to_be_visible()

    # Where both changed the same, one chooses; the rest of either is kept.
    replace(page, "display_name: Meanwhile", "display_name: Typed")
    name.fill("Drawn")
    name.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("keeps what others changed")
    apply.click()
    conflicts = page.get_by_test_id("yaml-conflicts")
    expect(conflicts).to_contain_text("the pipeline’s name: Drawn on the canvas, Typed in your text")
    conflicts.get_by_role("button", name="Use mine").click()
    expect(name).to_have_value("Typed")
    # The browser itself tells of the answer that a conflict is.
    console.errors.remove("Failed to load resource: the server responded with a status of 409 (Conflict)")
    expect(panel).to_contain_text("As on the canvas")

    # Escape leaves the editor, in which Tab indents.
    line(page, "display_name: Typed").click()
    page.keyboard.press("Escape")
    expect(node(page, "sample_dataset")).to_be_visible()
    page.get_by_test_id("yaml-close").click()
    expect(panel).not_to_be_visible()


def test_comments_reach_the_other_panels_and_a_job_is_marked(home: Page, context: BrowserContext) -> None:
    new_pipeline(home, "Words")
    drag_component(home, "sample_dataset", 300, 160)
    node(home, "sample_dataset").click()
    home.get_by_test_id("yaml-button").click()
    marked = home.get_by_test_id("yaml-editor").locator(".cm-job")
    expect(marked.first).to_contain_text("sample_dataset:")
    expect(marked.filter(has_text="jobs:")).to_have_count(0)
    other = context.new_page()
    # Who left the panel open finds it open.
    other.goto(home.url)
    expect(line(other, "display_name: Words")).to_be_visible()

    line(home, "type: pipeline").click()
    home.keyboard.press("End")
    home.keyboard.type("  # by hand")
    home.keyboard.press("Control+Enter")
    expect(line(other, "type: pipeline  # by hand")).to_be_visible()

    line(other, re.compile("^  sample_dataset:")).click()
    expect(other.get_by_test_id("yaml-editor").locator(".cm-job").first).to_contain_text("sample_dataset:")
    expect(other.get_by_role("combobox", name="Data set")).to_be_visible()
