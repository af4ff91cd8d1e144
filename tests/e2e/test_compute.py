"""A compute target of one's own: registered on its page, chosen in the inspector, waited for, and seen to wait."""

from playwright.sync_api import Page, expect

from tests.e2e.canvas import drag_component, new_pipeline, node, status


def test_a_target_is_registered_chosen_and_waited_for(home: Page) -> None:
    page = home
    page.get_by_role("link", name="Compute", exact=True).click()
    page.get_by_role("link", name="New target").click()
    page.get_by_label("Name").fill("far-away")
    page.get_by_label("Labels").fill("zone=eu-1")
    page.get_by_label("Memory a step").fill("much")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_text("`much` is no size")).to_be_visible()
    page.get_by_label("Memory a step").fill("1GB")
    page.get_by_role("button", name="Register").click()
    queue = page.get_by_role("region", name="far-away")
    expect(queue).to_contain_text("No worker is connected")
    expect(queue).to_contain_text("python manage.py up --compute far-away --workspace main")

    page.get_by_role("link", name="Pipelines", exact=True).click()
    new_pipeline(page, "Far away")
    drag_component(page, "sample_dataset", 300, 200)
    node(page, "sample_dataset").click()
    # One that no other test runs: a known result waits for nobody.
    page.get_by_label("Data set", exact=True).select_option("linnerud")
    page.get_by_role("button", name="Compute").click()
    page.get_by_label("Compute target").select_option("far-away")
    expect(page.get_by_text("1 GB · zone=eu-1")).to_be_visible()
    page.get_by_label("Memory").fill("512MB")
    page.get_by_label("Memory").press("Enter")
    page.get_by_test_id("run-button").click()
    status(page, "sample_dataset", "Queued")
    page.get_by_role("tab", name="Run", exact=True).click()
    expect(page.get_by_text("waits for a worker of compute target far-away: none is connected").first).to_be_visible()

    # The page keeps itself current, and lets go of nothing that has the keyboard.
    page.get_by_role("link", name="Compute", exact=True).click()
    expect(queue).to_contain_text("1 step waits")
    change = queue.get_by_role("link", name="Change far-away")
    change.focus()
    with page.expect_response(lambda response: response.url.endswith("/compute/")):
        pass
    expect(change).to_be_focused()
