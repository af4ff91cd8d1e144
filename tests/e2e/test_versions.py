"""The past of a pipeline on the canvas: scrub, name, compare, restore, and links to all of it."""

import os
import re
import uuid

from playwright.sync_api import Page, expect

from tests.e2e.api import Api, shell
from tests.e2e.canvas import node
from tests.e2e.conftest import Console


def picture(page: Page, name: str) -> None:
    """For those who look at it: only where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        page.wait_for_timeout(400)
        page.screenshot(path=f"{folder}/{name}.png")


def edited(api: Api, pipeline: int, *batches: list[dict[str, object]]) -> None:
    for ops in batches:
        api.post(f"pipelines/{pipeline}/operations/", data={"op_id": str(uuid.uuid4()), "base_rev": 0, "ops": ops})


def test_the_history_is_scrubbed_named_compared_and_restored(home: Page, console: Console) -> None:
    page, api = home, Api(home)
    pipeline = api.pipeline("Past", shell("first", "echo one", 80, 80))
    edited(
        api,
        pipeline,
        [shell("second", "echo two", 400, 80), {"op": "connect_order", "source": "first", "target": "second"}],
        [{"op": "set_params", "id": "first", "params": {"script": "echo changed"}}],
        [{"op": "remove_node", "id": "second"}, shell("third", "echo three", 400, 240)],
    )
    api.open(pipeline)
    expect(node(page, "third")).to_be_visible()
    page.get_by_test_id("drawer-history").click()
    expect(page.get_by_test_id("revision-2")).to_contain_text("Add second")

    # Scrubbing shows the canvas as it was, and nothing of it can be changed.
    scrubber = page.get_by_test_id("scrubber")
    scrubber.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_test_id("past-bar")).to_contain_text("to be looked at only")
    expect(node(page, "second")).to_be_visible()
    expect(node(page, "third")).to_have_count(0)
    expect(page.get_by_test_id("run-button")).to_be_disabled()
    expect(page).to_have_url(re.compile(r"revision=2"))
    picture(page, "past")

    # It gets a name.
    page.get_by_test_id("name-version").click()
    page.get_by_test_id("version-name").fill("Two steps")
    page.get_by_test_id("save-version").click()
    expect(page.get_by_test_id("revision-2")).to_contain_text("Two steps")
    expect(page.get_by_test_id("past-bar")).to_contain_text("Two steps")

    # What differs from now, on the canvas and in words.
    page.get_by_test_id("compare-with-now").click()
    expect(page.get_by_test_id("diff-second")).to_contain_text("removed")
    expect(page.get_by_test_id("diff-third")).to_contain_text("added")
    expect(page.get_by_test_id("diff-first")).to_contain_text("script: echo one")
    expect(page.get_by_test_id("change-node-first")).to_contain_text("Changed first: script")
    expect(page.locator(".diff-line--added").first).to_be_visible()
    picture(page, "compare-light")
    page.emulate_media(color_scheme="dark")
    picture(page, "compare-dark")
    page.emulate_media(color_scheme="light")

    # Its address is a link to it.
    page.reload()
    expect(page.get_by_test_id("diff-second")).to_contain_text("removed")
    page.get_by_test_id("compare-before").select_option("version:Two steps")
    expect(page).to_have_url(re.compile(r"before=version"))
    page.get_by_test_id("back-to-now").click()
    expect(page.get_by_test_id("past-bar")).to_have_count(0)
    expect(node(page, "second")).to_have_count(0)

    # Going back is an edit like any other.
    page.get_by_role("tab", name="History").click()
    page.get_by_test_id("revision-2").get_by_role("button").first.click()
    expect(node(page, "second")).to_be_visible()
    page.get_by_test_id("restore").click()
    expect(page.get_by_test_id("past-bar")).to_have_count(0)
    expect(node(page, "second")).to_be_visible()
    page.get_by_role("button", name="Undo: Restore revision 2").click()
    expect(node(page, "second")).to_have_count(0)
    expect(node(page, "third")).to_be_visible()


def test_an_old_version_runs_and_a_link_leads_to_a_view(home: Page, console: Console) -> None:
    page, api = home, Api(home)
    pipeline = api.pipeline("Old run", shell("first", "echo one", 80, 80))
    edited(api, pipeline, [{"op": "set_params", "id": "first", "params": {"script": "exit 3"}}])
    page.goto(f"{page.url.split('/w/')[0]}/w/main/pipelines/{pipeline}/?revision=1")
    expect(page.get_by_test_id("past-bar")).to_contain_text("Revision 1")
    page.get_by_test_id("past-menu").click()
    page.get_by_role("menuitem", name="Run this").click()
    expect(node(page, "first")).to_have_attribute("data-status", "Completed", timeout=60_000)

    page.goto(f"{page.url.split('/w/')[0]}/w/main/pipelines/{pipeline}/#at=2000,1500,0.8")
    expect(node(page, "first")).to_be_attached()
    expect(node(page, "first")).not_to_be_in_viewport()


def test_a_run_is_replayed_on_the_canvas(home: Page, console: Console) -> None:
    page, api = home, Api(home)
    pipeline = api.pipeline(
        "Replayed",
        shell("first", "sleep 1", 80, 80),
        shell("second", "echo two", 400, 80),
        {"op": "connect_order", "source": "first", "target": "second"},
    )
    api.open(pipeline)
    page.get_by_test_id("run-button").click()
    expect(node(page, "second")).to_have_attribute("data-status", "Completed", timeout=60_000)
    page.get_by_test_id("drawer-log").click()
    page.get_by_test_id("replay").click()
    expect(node(page, "second")).to_have_attribute("data-status", "NotStarted")
    picture(page, "replay")
    expect(page.get_by_test_id("stop-button")).to_have_count(0)
    expect(page.get_by_test_id("run-button")).to_be_disabled()
    slider = page.get_by_test_id("replay-slider")
    slider.focus()
    page.keyboard.press("End")
    expect(node(page, "second")).to_have_attribute("data-status", "Completed")
    page.keyboard.press("Home")
    expect(node(page, "second")).to_have_attribute("data-status", "NotStarted")
    page.get_by_test_id("replay-play").click()
    expect(node(page, "second")).to_have_attribute("data-status", "Completed", timeout=30_000)
    page.get_by_test_id("replay-end").click()
    expect(page.get_by_test_id("replay-bar")).to_have_count(0)
    expect(node(page, "second")).to_have_attribute("data-status", "Completed")
