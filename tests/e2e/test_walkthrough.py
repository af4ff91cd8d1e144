"""What the README's walk-through says, by mouse, from log-in to a previewed confusion matrix."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.canvas import connect, drag_component, new_pipeline, node, status


def choose(page: Page, id: str, field: str, value: str) -> None:
    """Select a node and set one of its parameters in the inspector."""
    node(page, id).locator("header, [class*=header]").first.click()
    widget = page.get_by_role("complementary", name="Inspector").get_by_label(re.compile(rf"^{field}\b"))
    if widget.evaluate("element => element.tagName") == "SELECT":
        widget.select_option(value)
    else:
        widget.fill(value)
        widget.press("Enter")


def test_the_first_pipeline_of_the_readme(home: Page) -> None:
    page = home
    new_pipeline(page, "My first pipeline")
    drag_component(page, "sample_dataset", 200, 60)
    choose(page, "sample_dataset", "Data set", "breast_cancer")
    drag_component(page, "split_data", 200, 200)
    connect(page, ("sample_dataset", "result"), ("split_data", "table"))
    drag_component(page, "train_random_forest", 620, 60)
    connect(page, ("split_data", "train"), ("train_random_forest", "table"))
    choose(page, "train_random_forest", "Target", "diagnosis")
    drag_component(page, "score_model", 620, 220)
    connect(page, ("train_random_forest", "model"), ("score_model", "model"))
    connect(page, ("split_data", "test"), ("score_model", "table"))
    drag_component(page, "evaluate_classification", 620, 400)
    connect(page, ("score_model", "result"), ("evaluate_classification", "table"))
    choose(page, "evaluate_classification", "True class", "diagnosis")
    expect(page.get_by_test_id("problems-button")).to_contain_text("No problems")
    expect(page.get_by_test_id("saved-state")).to_contain_text("All changes saved")

    page.get_by_test_id("run-button").click()
    for id in ("sample_dataset", "split_data", "train_random_forest", "score_model", "evaluate_classification"):
        status(page, id, "Completed", timeout=120_000)

    node(page, "evaluate_classification").locator("header, [class*=header]").first.click()
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.get_by_role("tab", name="Run").click()
    expect(inspector.get_by_role("button", name=re.compile("confusion.matrix", re.IGNORECASE)).first).to_be_visible()
    expect(inspector.locator(".chart-host svg, .chart-host canvas").first).to_be_visible(timeout=30_000)
    metrics = inspector.get_by_role("button", name="metrics")
    if metrics.get_attribute("aria-expanded") == "false":
        metrics.click()
    expect(inspector.get_by_text("accuracy", exact=False).first).to_be_visible()

    page.reload()
    status(page, "evaluate_classification", "Completed")
