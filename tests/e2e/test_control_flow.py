"""Order edges, branches, loops and groups on the canvas, and what becomes of them in runs."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.api import Api, add, after, shell
from tests.e2e.canvas import node, status


@pytest.fixture
def api(home: Page) -> Api:
    return Api(home)


def inspector(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Inspector")


def condition(page: Page, source: str, target: str) -> Locator:
    """The label on an order edge."""
    return page.get_by_test_id(f"condition-{target}<{source}")


def drag_order(page: Page, source: str, target: str) -> None:
    """Pull an order edge from the foot of a node onto another, and keep it in hand."""
    node(page, source).hover()
    page.get_by_test_id(f"order-{source}-then").hover(force=True)
    page.mouse.down()
    box = node(page, target).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=8)


def submit(page: Page) -> None:
    expect(page.get_by_test_id("saved-state")).to_contain_text("All changes saved")
    page.get_by_test_id("run-button").click()


def run_tab(page: Page, id: str) -> Locator:
    node(page, id).locator("header").click()
    inspector(page).get_by_role("tab", name="Run").click()
    return inspector(page)


def test_an_order_edge_is_drawn_changed_and_refused_with_a_reason(home: Page, api: Api) -> None:
    api.open(api.pipeline("Order", shell("first", "true", 0, 0), shell("second", "true", 300, 160)))
    drag_order(home, "first", "second")
    home.mouse.up()
    expect(condition(home, "first", "second")).to_have_text("succeeded")

    condition(home, "first", "second").click()
    home.get_by_role("menuitemradio", name="failed").click()
    expect(condition(home, "first", "second")).to_have_text("failed")
    node(home, "second").locator("header").click()
    expect(inspector(home).get_by_label("Condition on first")).to_have_value("failed")

    drag_order(home, "second", "first")
    expect(home.get_by_test_id("reason-chip")).to_contain_text("already depends on")
    home.mouse.up()
    expect(condition(home, "second", "first")).to_have_count(0)

    home.keyboard.press("Escape")
    home.locator(".react-flow__node[data-id=second]").focus()
    home.keyboard.press("o")
    home.keyboard.type("first")
    home.keyboard.press("Enter")
    home.keyboard.type("completed")
    home.keyboard.press("Enter")
    expect(condition(home, "first", "second")).to_have_text("completed")
    node(home, "second").locator("header").click()
    inspector(home).get_by_role("button", name="No longer wait for first").click()
    expect(condition(home, "first", "second")).to_have_count(0)


def test_branches_loops_and_sweeps_show_what_became_of_them(home: Page, api: Api) -> None:
    measure = api.measure()
    branch = {"id": "enough", "kind": "branch", "title": "Enough?", "x": 260, "y": 0, "params": {}, "settings": {}}
    items = {"type": "parallel_for", "over": "items", "items": [{"value": value} for value in (1, 2, -1)]}
    sweep = {
        "type": "sweep",
        "sampling_algorithm": "grid",
        "search_space": {"value": {"type": "choice", "values": [1, 2, 3, 4]}},
        "objective": {"goal": "maximize", "primary_metric": "score"},
    }
    api.open(
        api.pipeline(
            "Flow",
            add("measured", measure, 0, 0),
            {"op": "add_node", "node": {**branch, "branch": {"operator": "ge", "operand": 5}}},
            {"op": "connect", "source": "measured", "output": "score", "target": "enough", "input": "value"},
            shell("good", "true", 540, 0),
            shell("poor", "true", 540, 180),
            after("enough", "good", "true"),
            after("enough", "poor", "false"),
            add("each", measure, 0, 220, loop=items),
            add("search", measure, 260, 220, loop=sweep),
        )
    )
    submit(home)
    status(home, "poor", "Completed")
    status(home, "good", "Skipped")
    expect(node(home, "enough")).to_have_attribute("data-outcome", "false")
    expect(home.get_by_test_id("order-poor<enough")).to_have_attribute("data-followed", "true")
    expect(home.get_by_test_id("order-good<enough")).to_have_attribute("data-followed", "false")

    status(home, "each", "Failed")
    expect(node(home, "each").get_by_test_id("loop-badge")).to_contain_text("3 of 3, 1 failed")
    panel = run_tab(home, "each")
    table = panel.get_by_role("grid", name="Iterations")
    expect(table.get_by_role("row")).to_have_count(4)
    table.focus()
    home.keyboard.press("End")
    home.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name="Iteration 2")).to_be_visible()
    expect(panel.get_by_text("the value is negative").first).to_be_visible()
    panel.get_by_role("tab", name="Logs").click()
    expect(panel.get_by_text("measuring -1.0")).to_be_visible()
    panel.get_by_role("button", name="All").click()
    expect(table).to_be_visible()

    status(home, "search", "Completed")
    panel = run_tab(home, "search")
    expect(panel.get_by_role("button", name=re.compile("Best: trial 3, score 4"))).to_be_visible()
    expect(panel.get_by_test_id("trials-plot").locator("canvas")).to_be_visible(timeout=30_000)
    panel.get_by_role("columnheader", name="score").get_by_role("button").click()
    expect(panel.get_by_role("grid", name="Trials").get_by_role("row").nth(1)).to_contain_text("Best: 4")


def test_a_pipeline_becomes_a_component_and_opens_in_a_run(home: Page, api: Api) -> None:
    measure = api.measure()
    api.open(api.pipeline("Inner part", add("weigh", measure, 0, 0, params={"value": 2.5})))
    home.locator(".react-flow__node[data-id=weigh]").wait_for()
    node(home, "weigh").locator("header").click()
    home.get_by_test_id("port-weigh-out-score").click(button="right")
    home.get_by_role("menuitem", name="Make this a pipeline output").click()
    expect(home.get_by_test_id("output-score")).to_be_visible()
    home.get_by_test_id("pipeline-menu").click()
    home.get_by_role("menuitem", name="Save as component").click()
    home.get_by_test_id("save-component").click()
    expect(home.get_by_test_id("notice")).to_contain_text("inner_part")

    api.open(api.pipeline("Outer", add("group", "inner_part:1.0.0", 0, 0), shell("behind", "true", 240, 0)))
    before = node(home, "behind").bounding_box()
    home.locator(".react-flow__node[data-id=group]").focus()
    home.keyboard.press("e")
    expect(node(home, "group.weigh")).to_be_visible()
    after_ = node(home, "behind").bounding_box()
    frame = node(home, "group").bounding_box()
    assert before
    assert after_
    assert frame
    assert after_["x"] > before["x"]
    assert after_["x"] >= frame["x"] + frame["width"], "the neighbour makes room"
    submit(home)
    status(home, "group.weigh", "Completed")
    expect(node(home, "group")).to_contain_text("1 of 1")
    run_tab(home, "group.weigh").get_by_role("tab", name="Logs").click()
    expect(inspector(home).get_by_text("measuring 2.5")).to_be_visible()
    node(home, "group").get_by_role("button", name="Close group").click()
    expect(node(home, "group.weigh")).to_have_count(0)


def test_running_up_to_a_node_leaves_what_is_behind_it(home: Page, api: Api) -> None:
    steps = (shell("one", "echo 1", 0, 0), shell("two", "echo 2", 260, 0), shell("three", "echo 3", 520, 0))
    api.open(api.pipeline("Part", *steps, after("one", "two"), after("two", "three")))
    home.locator(".react-flow__node[data-id=two]").focus()
    home.keyboard.press("r")
    status(home, "two", "Completed")
    status(home, "one", "Completed")
    expect(node(home, "three")).to_contain_text("Not in this run")


def test_a_failed_run_is_resumed_in_place(home: Page, api: Api, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    flaky = shell("flaky", f"test -e '{ready}' || exit 3", 260, 0)
    api.open(api.pipeline("Resume", shell("one", "echo 1", 0, 0), flaky, after("one", "flaky")))
    submit(home)
    status(home, "flaky", "Failed")
    picker = home.get_by_test_id("run-picker")
    number = (picker.inner_text().split() or [""])[0]
    ready.touch()
    home.get_by_test_id("resume-button").click()
    expect(home.get_by_role("dialog")).to_contain_text("1 completed step stays as it is, 1 step runs again")
    home.get_by_test_id("confirm").click()
    status(home, "flaky", "Completed")
    expect(picker).to_contain_text(f"{number}")
    expect(picker).to_contain_text("Completed")
