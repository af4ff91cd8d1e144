"""Importing pipelines by dropping them: on the canvas at once, or every fault at its line; and what cannot run here."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.canvas import node

STEP = """\
type: command
name: count_rows
version: 1
inputs:
  data: {type: uri_file}
  most: {type: integer, default: 7}
outputs:
  result: {type: uri_folder}
code: ./src
environment: {image: some, conda_file: ./conda.yml}
command: python count.py ${{inputs.data}} ${{inputs.most}} ${{outputs.result}}
"""
PIPELINE = """\
# Counts twice.
type: pipeline
display_name: Counted
inputs:
  table: {type: uri_file, path: ./rows.csv}
jobs:
  first:
    type: command
    component: ./step/step.yml
    inputs: {data: "${{parent.inputs.table}}"}
  best:
    type: automl
    task: classification
    target_column_name: species
    training_data: "${{parent.jobs.first.outputs.result}}"
    outputs: {best_model: {type: mlflow_model}}
"""
FILES = {
    "pipeline.yml": PIPELINE,
    "rows.csv": "a\n1\n",
    "step/step.yml": STEP,
    "step/src/count.py": "print(1)\n",
    "step/conda.yml": "dependencies: [python=3.11, {pip: [numpy]}]\n",
}


def folder(place: Path, **changed: str) -> Path:
    for path, text in {**FILES, **changed}.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    return place


def drop(page: Page, path: Path) -> None:
    """Drop a file or a folder from the desktop on the page."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 500, "y": 400, "data": data})


def test_a_folder_that_is_dropped_is_on_the_canvas_and_what_cannot_run_is_replaced(home: Page, tmp_path: Path) -> None:
    page = home
    drop(page, folder(tmp_path / "counted"))
    expect(node(page, "first")).to_be_visible()

    best = node(page, "best")
    best.click()
    expect(page.get_by_text("AutoML jobs choose and train models within Azure, and cannot run here.")).to_have_count(1)
    page.get_by_role("button", name="Replace component…").click()
    page.keyboard.type("Train logistic regression")
    page.keyboard.press("Enter")
    expect(best).to_contain_text("train_logistic_regression")
    expect(page.get_by_text("cannot run here")).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(best).not_to_contain_text("train_logistic_regression")


def test_every_fault_is_shown_at_its_line_and_a_mended_file_is_imported(home: Page, tmp_path: Path) -> None:
    page = home
    page.goto("/w/main/pipelines/import/")
    wrong = PIPELINE.replace("step/step.yml", "step/stepp.yml")
    wrong = wrong.split("  best:")[0].replace("./rows.csv", "./row.csv")
    place = folder(tmp_path / "wrong", **{"pipeline.yml": wrong})
    page.locator("input[webkitdirectory]").set_input_files(place)
    report = page.get_by_role("status", name="Report")
    expect(report.get_by_role("heading", name="Not imported: 2 errors")).to_be_in_viewport()
    for found in (
        "wrong/pipeline.yml:5:3",
        "did you mean `rows.csv`?",
        "wrong/pipeline.yml:9:5",
        "mean `step/step.yml`?",
    ):
        expect(report).to_contain_text(found)

    (place / "pipeline.yml").write_text(PIPELINE.split("  best:")[0])
    page.locator("input[webkitdirectory]").set_input_files(place)
    expect(node(page, "first")).to_be_visible()
