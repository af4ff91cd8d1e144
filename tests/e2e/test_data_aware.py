"""Editing with the data in sight: columns to choose from, columns that are missing, results beside their steps."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.canvas import connect, node, port, status

TEXT = "name,age,city\nAda,36,London\nAlan,41,London\n"


def added(id: str, component: str, x: int, params: dict[str, Any]) -> dict[str, Any]:
    common = {"exposed": [], "comment": "", "settings": {}, "y": 96}
    shown = {"id": id, "kind": "component", "component": f"{component}:1.0.0", "title": id.title()}
    return {"op": "add_node", "node": {**common, **shown, "x": x, "params": params}}


def wired(source: str, target: str, input: str = "table") -> dict[str, Any]:
    return {"op": "connect", "source": source, "output": "result", "target": target, "input": input}


def open_people(page: Page) -> None:
    """People → Renamed → Sorted, on the canvas."""
    api = Api(page)
    made = api.pipeline(
        "Columns",
        added("people", "enter_data", 40, {"text": TEXT}),
        added("renamed", "rename_columns", 360, {"names": "age = years"}),
        added("sorted", "sort_rows", 680, {"columns": "years"}),
        wired("people", "renamed"),
        wired("renamed", "sorted"),
    )
    api.open(made)
    expect(node(page, "sorted")).to_be_visible()
    # The canvas fits what it shows a moment after it is there.
    page.wait_for_timeout(500)


def test_columns_are_chosen_from_what_the_steps_before_make(home: Page) -> None:
    page = home
    open_people(page)
    node(page, "sorted").locator("header").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    field = inspector.locator("input[data-field=columns]")
    field.click()
    offered = page.get_by_role("listbox", name="Columns").get_by_role("option")
    expect(offered).to_have_text([re.compile("name"), re.compile("city")])
    field.press_sequentially("cit")
    field.press("ArrowDown")
    field.press("Enter")
    expect(inspector.get_by_role("button", name="Remove city")).to_be_visible()
    expect(page.get_by_test_id("problems-button")).to_contain_text("No problems")


def test_a_column_that_is_missing_is_said_before_anything_runs(home: Page) -> None:
    page = home
    open_people(page)
    node(page, "renamed").locator("header").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    names = inspector.locator("[data-field=names]")
    names.fill("age = yearss")
    names.blur()
    page.get_by_test_id("problems-button").click()
    said = page.get_by_text("Column `years` is not in the table from “Renamed”. Did you mean `yearss`?").first
    expect(said).to_be_visible()
    said.click()
    expect(inspector.locator("input[data-field=columns]")).to_be_focused()
    page.keyboard.press("Escape")
    inspector.get_by_role("button", name="Remove years").click()
    expect(page.get_by_test_id("problems-button")).not_to_contain_text("2 problems")


def test_a_port_tells_its_columns_and_shows_its_last_result_on_the_canvas(home: Page) -> None:
    page = home
    open_people(page)
    port(page, "renamed", "out", "result").hover()
    card = page.get_by_test_id("port-card")
    expect(card.locator("li")).to_have_text([re.compile("name"), re.compile("years"), re.compile("city")])
    expect(card).to_contain_text("as they follow from the steps before")
    page.mouse.move(5, 400)
    expect(card).to_have_count(0)

    page.get_by_test_id("run-button").click()
    status(page, "sorted", "Completed")
    port(page, "sorted", "out", "result").hover()
    card.get_by_role("button", name="Show the last result").click()
    panel = page.get_by_test_id("preview-sorted-result")
    expect(panel.get_by_role("cell", name="London").first).to_be_visible()
    expect(panel).not_to_contain_text("out of date")

    # It stays while one works, and says when it is no longer what the step would make.
    node(page, "people").locator("header").click()
    node(page, "renamed").locator("header").click()
    names = page.get_by_role("complementary", name="Inspector").locator("[data-field=names]")
    names.fill("age = years, city = town")
    names.blur()
    expect(panel).to_contain_text("out of date")
    panel.focus()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    # By key, from the step that has the focus.
    expect(page.locator('.react-flow__node[data-id="sorted"]')).to_be_focused()
    page.keyboard.press("v")
    expect(panel).to_be_visible()


def test_a_refused_join_offers_what_makes_it_fit(home: Page) -> None:
    page = home
    api = Api(page)
    made = api.pipeline("Bridge", added("split", "split_data", 40, {}), added("score", "score_model", 720, {}))
    api.open(made)
    expect(node(page, "score")).to_be_visible()
    page.wait_for_timeout(500)
    connect(page, ("split", "train"), ("score", "model"))
    notice = page.get_by_test_id("notice")
    expect(notice).to_contain_text("A table cannot feed a model")
    # Which of the components that train it is comes from the templates: a workspace that is new has no habits.
    notice.get_by_role("button", name=re.compile("^Insert .*Train")).first.click()
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(page.locator(".react-flow__edge")).to_have_count(0)


def test_a_wire_let_go_on_the_canvas_lists_the_usual_first(home: Page) -> None:
    page = home
    api = Api(page)
    joined: list[dict[str, Any]] = []
    # More often than any other test joins them otherwise.
    for each in range(20):
        source, target = f"people_{each}", f"words_{each}"
        joined.extend(
            (added(source, "enter_data", 40, {}), added(target, "text_tfidf", 360, {}), wired(source, target))
        )
    api.pipeline("Joined", *joined)
    api.open(api.pipeline("Four", added("people", "enter_data", 40, {})))
    expect(node(page, "people")).to_be_visible()
    page.wait_for_timeout(500)
    port(page, "people", "out", "result").hover()
    page.mouse.down()
    page.mouse.move(760, 600, steps=8)
    page.mouse.up()
    first = page.get_by_role("listbox").get_by_role("option").first
    expect(first).to_contain_text("TF-IDF")
    page.keyboard.press("Enter")
    expect(node(page, "text_tfidf")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
