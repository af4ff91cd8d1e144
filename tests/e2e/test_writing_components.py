"""Writing a component in the browser: from code to a node, a test run, a version and a step on the canvas."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect


def write(page: Page, text: str) -> None:
    """Replace the code in the editor."""
    editor = page.get_by_test_id("code-editor").locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def begin(home: Page, kind: str) -> None:
    home.get_by_role("link", name="Components", exact=True).click()
    home.get_by_role("link", name="Write", exact=True).click()
    home.get_by_role("button", name=f"Write a {kind}").click()
    expect(home.get_by_test_id("node-picture")).to_be_visible()


def test_from_a_function_to_a_version(home: Page, tmp_path: Path) -> None:
    begin(home, "function")
    write(home, "def double(rows: int = 2) -> int:\n    return rows * 2\n")
    picture = home.get_by_test_id("node-picture")
    expect(picture).to_contain_text("Output")
    expect(picture).not_to_contain_text("Counts")

    write(home, "def double(rows: list) -> int:\n    return rows * 2\n")
    expect(home.get_by_role("alert")).to_contain_text("`list` is no type of a port")
    expect(home.get_by_role("button", name=re.compile("Save as version"))).to_be_disabled()

    write(home, 'def double(rows: int = 2) -> int:\n    print("doubling", rows)\n    return rows * 2\n')
    home.get_by_label("Title").fill("Double")
    home.get_by_label("Name").fill("double_up")
    home.get_by_label("Rows").fill("21")
    home.get_by_role("button", name="Test run").click()
    outcome = home.get_by_test_id("test-outcome")
    expect(outcome).to_have_attribute("data-status", "Completed", timeout=60_000)
    outcome.get_by_role("tab", name="Logs").click()
    expect(outcome.get_by_text("doubling 21")).to_be_visible()
    outcome.get_by_role("tab", name="Preview").click()
    expect(outcome.get_by_text("42", exact=True).first).to_be_visible()

    expect(home.get_by_test_id("draft-line")).to_have_attribute("data-line", "saved")
    home.reload()
    expect(home.get_by_label("Title")).to_have_value("Double")
    expect(home.get_by_label("Rows")).to_have_value("21")
    expect(home.get_by_test_id("test-outcome")).to_have_attribute("data-status", "Completed")

    home.get_by_role("button", name="Save as version 1").click()
    expect(home.get_by_text("Saved: it is in the palette now.")).to_be_visible()
    home.get_by_role("button", name=re.compile("Save as version")).click()
    expect(home.get_by_text("says exactly the same")).to_be_visible()
    home.get_by_role("link", name="double_up:1").click()
    expect(home.get_by_role("heading", name="Double")).to_be_visible()
    home.get_by_role("button", name="Edit", exact=True).click()
    expect(home.get_by_test_id("code-editor")).to_contain_text("doubling")
    expect(home.get_by_role("button", name="Save as version 2")).to_be_visible()


def test_a_script_reads_an_uploaded_file(home: Page, tmp_path: Path) -> None:
    (tmp_path / "owl.txt").write_text("the owl and the pussycat")
    begin(home, "script")
    home.get_by_label("Upload a file for Text file").set_input_files(tmp_path / "owl.txt")
    expect(home.locator("#test-text_file")).to_have_value(re.compile("^owl:"))
    home.get_by_role("button", name="Test run").click()
    outcome = home.get_by_test_id("test-outcome")
    expect(outcome).to_have_attribute("data-status", "Completed", timeout=60_000)
    outcome.get_by_role("tab", name="Logs").click()
    expect(outcome.get_by_text("4 different words")).to_be_visible()


def test_a_copy_of_a_built_in_component(home: Page) -> None:
    home.goto(re.sub(r"/w/(\w+)/.*", r"/w/\1/components/sort_rows/", home.url))
    home.get_by_role("button", name="Edit a copy").click()
    expect(home.get_by_test_id("node-picture")).to_contain_text("My sort rows")
    expect(home.get_by_label("Name")).to_have_value("my_sort_rows")
    home.get_by_label("Title").fill("Sort as we do")
    expect(home.get_by_test_id("node-picture")).to_contain_text("Sort as we do")
    home.get_by_role("button", name="component.yml").click()
    expect(home.get_by_test_id("code-editor")).to_contain_text("Sort as we do")
    home.get_by_role("button", name=re.compile("Save as version")).click()
    expect(home.get_by_role("link", name="my_sort_rows:1")).to_be_visible()
