"""Two models trained on one's own table and compared, from an empty canvas, with no help but the page itself.

`PICTURES=1 python -m pytest tests/e2e/test_new_user.py` makes the pictures of docs/guide/first-pipeline.md anew.
"""

import os

from playwright.sync_api import Page, expect

from tests.e2e.canvas import node, port, status
from tests.e2e.conftest import ROOT
from tests.e2e.newcomer import Newcomer

TABLE = ROOT / "docs/examples/customers.csv"
PICTURES = ROOT / "docs/images/first-pipeline"
MOST_ACTIONS = 60
"""Three minutes at three seconds for each."""


def test_two_models_are_compared_by_somebody_new(home: Page) -> None:
    page = home
    newcomer = Newcomer(page, PICTURES if os.environ.get("PICTURES") else None)
    newcomer.click(page.get_by_role("button", name="New pipeline").first)
    own = page.get_by_role("button", name="Use your own data")
    expect(own).to_be_visible()
    newcomer.picture("1-empty")

    newcomer.open_file(own, TABLE)
    expect(node(page, "customers")).to_be_visible()
    newcomer.click(page.get_by_role("button", name="Zoom out"))
    newcomer.pull("customers", "data", (70, 0), "Read data", keep="2-read")
    newcomer.pull("read_data", "result", (70, 0), "Clean missing values", typed="clean")
    newcomer.pull("clean_missing_values", "result", (70, 0), "Split data", typed="split")
    newcomer.pull("split_data", "train", (70, -60), "Train logistic regression")
    newcomer.pull("split_data", "train", (70, 60), "Train random forest", keep="3-train")
    newcomer.pull("train_logistic_regression", "model", (70, 0), "Score model")
    newcomer.connect("Table", "Split data › Test rows")
    newcomer.pull("train_random_forest", "model", (70, 0), "Score model")
    newcomer.connect("Table", "Split data › Test rows")
    newcomer.pull("score_model", "result", (70, 0), "Evaluate classification")
    newcomer.pull("score_model_2", "result", (70, 0), "Evaluate classification")
    newcomer.pull("evaluate_classification", "metrics", (70, 0), "Compare models", keep="4-compare")
    newcomer.connect("Metrics 2", "Evaluate classification 2 › Metrics")
    newcomer.picture("5-wired")

    newcomer.click(page.get_by_test_id("problems-button"))
    problems = page.locator(".problem-list button")
    expect(problems).to_have_count(4)
    newcomer.picture("6-problems")
    for left in (3, 2, 1, 0):
        newcomer.click(problems.first)
        column = page.get_by_role("listbox", name="Columns").get_by_role("option", name="left")
        expect(column).to_be_visible()
        if left == 3:
            newcomer.picture("7-columns")
        newcomer.click(column)
        expect(problems).to_have_count(left)

    newcomer.click(page.get_by_test_id("run-button"))
    newcomer.picture("8-running")
    status(page, "compare_models", "Completed", timeout=180_000)
    port(page, "compare_models", "out", "result").hover()
    newcomer.click(page.get_by_test_id("port-card").get_by_role("button", name="Show the last result"))
    comparison = page.get_by_test_id("preview-compare_models-result")
    expect(comparison.get_by_role("cell", name="accuracy").first).to_be_visible()
    newcomer.picture("9-comparison")
    assert newcomer.actions <= MOST_ACTIONS
