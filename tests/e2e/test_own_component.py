"""A component and a table of one's own: registered and uploaded on their pages, wired and run on the canvas."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.canvas import connect, drag_component, new_pipeline, node, status

COMPONENT = """\
name: count_words
version: 1.0.0
display_name: Count words
inputs:
  text: {type: uri_file, description: The text to count.}
outputs:
  count: {type: uri_file, description: JSON with the number of words.}
code: .
command: python count.py --text "${{inputs.text}}" --count "${{outputs.count}}"
properties:
  portline: {category: Text, icon: hash}
"""
CODE = """\
import argparse, json, pathlib

given = argparse.ArgumentParser()
given.add_argument("--text")
given.add_argument("--count")
options = given.parse_args()
words = pathlib.Path(options.text).read_text().split()
print("counting", len(words))
pathlib.Path(options.count).write_text(json.dumps({"words": len(words)}))
"""


def packed(folder: Path, yaml: str) -> Path:
    path = folder / "count_words.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("count_words/component.yml", yaml)
        archive.writestr("count_words/count.py", CODE)
    return path


def test_from_a_zip_and_a_file_to_a_result(home: Page, tmp_path: Path) -> None:
    home.get_by_role("link", name="Components", exact=True).click()
    home.get_by_role("link", name="Register").first.click()
    choose = home.locator("input[type=file][accept]")
    choose.set_input_files(
        packed(tmp_path, COMPONENT.replace("type: uri_file, description: The", "type: file, description: The"))
    )
    expect(home.locator("#report")).to_contain_text("component.yml:5:10")
    choose.set_input_files(packed(tmp_path, COMPONENT))
    expect(home.locator("#report")).to_contain_text("count_words")
    expect(home.locator("#report")).not_to_contain_text("component.yml:5:10")

    (tmp_path / "poem.txt").write_text("the owl and the pussycat went to sea")
    home.get_by_role("link", name="Data", exact=True).click()
    home.locator("input[type=file][multiple]").set_input_files(tmp_path / "poem.txt")
    expect(home.locator("#data-rows")).to_contain_text("poem")

    home.get_by_role("link", name="Pipelines", exact=True).first.click()
    new_pipeline(home, "Words")
    search = home.get_by_role("searchbox", name="Search components and data")
    search.fill("poem")
    asset = home.get_by_test_id("palette-asset-poem")
    asset.drag_to(home.locator(".react-flow__pane"), target_position={"x": 200, "y": 120})
    drag_component(home, "count_words", 560, 120)
    connect(home, ("poem", "data"), ("count_words", "text"))
    expect(home.get_by_test_id("problems-button")).to_contain_text("No problems")
    home.get_by_test_id("run-button").click()
    status(home, "count_words", "Completed")
    node(home, "count_words").click()
    inspector = home.get_by_role("complementary", name="Inspector")
    inspector.get_by_role("tab", name="Run").click()
    expect(inspector.get_by_text(re.compile("^words$", re.IGNORECASE)).first).to_be_visible()
    expect(inspector.get_by_text("8", exact=True).first).to_be_visible()
    inspector.get_by_role("tab", name="Logs").click()
    expect(inspector.get_by_text("counting 8")).to_be_visible()
