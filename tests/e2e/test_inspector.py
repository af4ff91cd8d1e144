"""Parameters: of several nodes at once, found among many, and handed to the pipeline and taken back."""

from playwright.sync_api import Page, expect

from tests.e2e.api import Api, add
from tests.e2e.canvas import node

SORT, SAMPLE = "sort_rows:1.0.0", "sample_rows:1.0.0"


def test_one_edit_of_what_several_nodes_share(home: Page) -> None:
    page, api = home, Api(home)
    measure = api.measure()
    steps = [add(id, measure, x, 0, params={"value": x}) for id, x in (("a", 3), ("b", 240), ("c", 480))]
    api.open(api.pipeline("Together", *steps))
    node(page, "a").click()
    node(page, "b").click(modifiers=["Shift"])
    shared = page.get_by_test_id("common-value")
    expect(shared).to_contain_text("2 different values")
    field = shared.get_by_role("textbox")
    expect(field).to_have_value("")
    field.fill("7")
    field.press("Enter")
    expect(page.get_by_test_id("live-region")).to_contain_text("Set Value of 2 nodes")
    expect(shared).not_to_contain_text("different")
    page.locator(".react-flow__pane").click(position={"x": 60, "y": 60})
    node(page, "a").click()
    own = page.get_by_role("complementary", name="Inspector").locator('[data-field="value"]').last
    expect(own).to_have_value("7")
    page.keyboard.press("Control+z")
    expect(own).to_have_value("3")
    node(page, "b").click()
    expect(own).to_have_value("240")


def test_a_parameter_becomes_a_pipeline_input_and_its_own_again(home: Page) -> None:
    page, api = home, Api(home)
    measure = api.measure()
    api.open(api.pipeline("Promote", add("a", measure, 0, 0, params={"value": 3})))
    node(page, "a").click()
    page.get_by_role("button", name="Where Value comes from").click()
    page.get_by_role("menuitem", name="Make a pipeline input").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    expect(inspector).to_contain_text("pipeline input value")
    page.get_by_role("button", name="Where Value comes from").click()
    page.get_by_role("menuitem", name="Set the value here again").click()
    expect(inspector.locator('[data-field="value"]').last).to_have_value("3")
    page.locator(".react-flow__pane").click(position={"x": 60, "y": 60})
    expect(inspector).to_contain_text("None yet. An input is asked for")
