"""Running what is on the canvas: templates, failures, cancelling."""

from playwright.sync_api import Page, expect

from tests.e2e.canvas import drag_component, new_pipeline, node, status


def test_a_template_opens_as_a_copy_and_runs_as_it_is(home: Page) -> None:
    home.get_by_role("link", name="Templates", exact=True).click()
    home.get_by_role("button", name="Use template Find groups of similar rows").click()
    expect(home.get_by_test_id("problems-button")).to_contain_text("No problems")
    home.get_by_test_id("run-button").click()
    submit = home.get_by_test_id("run-dialog-submit")
    submit.or_(home.get_by_test_id("stop-button")).first.wait_for()
    if submit.is_visible():
        submit.click()
    expect(home.get_by_test_id("run-picker")).to_contain_text("Completed", timeout=180_000)
    home.get_by_role("link", name="Runs", exact=True).click()
    expect(home.get_by_role("row").filter(has_text="Find groups of similar rows").first).to_contain_text("Completed")


def test_a_failed_step_says_why_and_one_click_leads_to_the_line(home: Page) -> None:
    new_pipeline(home, "Fails")
    drag_component(home, "run_python", 240, 120)
    inspector = home.get_by_role("complementary", name="Inspector")
    editor = inspector.locator(".cm-content").first
    editor.click()
    home.keyboard.press("Control+a")
    home.keyboard.type("def main():\nraise ValueError('the moon is full')")
    home.keyboard.press("Escape")
    node(home, "run_python").click()
    expect(home.get_by_test_id("saved-state")).to_contain_text("All changes saved")
    home.get_by_test_id("run-button").click()
    status(home, "run_python", "Failed", timeout=90_000)
    expect(node(home, "run_python")).to_contain_text("the moon is full")
    node(home, "run_python").get_by_role("button", name="log").click()
    expect(inspector.get_by_text("the moon is full").first).to_be_visible()


def test_a_running_step_can_be_cancelled(home: Page) -> None:
    new_pipeline(home, "Sleeps")
    drag_component(home, "run_shell", 240, 120)
    inspector = home.get_by_role("complementary", name="Inspector")
    inspector.locator(".cm-content").first.click()
    home.keyboard.press("Control+a")
    home.keyboard.type("echo started; sleep 600")
    node(home, "run_shell").click()
    expect(home.get_by_test_id("saved-state")).to_contain_text("All changes saved")
    home.get_by_test_id("run-button").click()
    status(home, "run_shell", "Running")
    home.get_by_test_id("stop-button").click()
    status(home, "run_shell", "Canceled", timeout=30_000)
