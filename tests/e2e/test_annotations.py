"""Notes, groups, and nodes that do not run, by mouse and keyboard."""

from playwright.sync_api import Page, expect

from tests.e2e.canvas import connect, drag_component, new_pipeline, node
from tests.e2e.conftest import Console


def pane(page: Page) -> None:
    """Click where nothing is."""
    page.locator(".react-flow__pane").click(position={"x": 30, "y": 520})


def build(page: Page) -> None:
    """A data set that is cleaned and summarised."""
    drag_component(page, "sample_dataset", 200, 140)
    drag_component(page, "clean_missing_values", 520, 140)
    drag_component(page, "summarise_data", 520, 360)
    connect(page, ("sample_dataset", "result"), ("clean_missing_values", "table"))
    connect(page, ("clean_missing_values", "result"), ("summarise_data", "table"))
    pane(page)


def test_a_note_is_written_moved_resized_coloured_and_copied(home: Page) -> None:
    new_pipeline(home, "Notes")
    home.locator(".react-flow__pane").click(position={"x": 200, "y": 160}, button="right")
    home.get_by_role("menuitem", name="Add a note").click()
    home.keyboard.type("# Why\nIt is **bold** <script>window.ran = 1</script><img src=x onerror='window.ran = 1'>")
    home.keyboard.press("Escape")
    note = home.locator(".note-node")
    expect(note.get_by_role("heading", name="Why")).to_be_visible()
    expect(note.locator("strong")).to_have_text("bold")
    expect(note.locator("script, img")).to_have_count(0)
    assert home.evaluate("window.ran") is None

    # The keyboard is on the note: it moves, grows, and takes a colour.
    before = note.bounding_box()
    home.keyboard.press("Alt+ArrowRight")
    home.keyboard.press("Control+ArrowRight")
    expect(note).to_have_js_property("offsetWidth", 248)
    after = note.bounding_box()
    assert before
    assert after
    assert after["x"] > before["x"]
    home.keyboard.press("m")
    home.get_by_role("menuitemradio", name="Blue").click()
    expect(note).to_have_class("note-node tint--blue is-selected")

    corner = home.locator(".note-node__corner").bounding_box()
    assert corner
    home.mouse.move(corner["x"] + 12, corner["y"] + 12)
    home.mouse.down()
    home.mouse.move(corner["x"] + 92, corner["y"] + 52, steps=4)
    home.mouse.up()
    expect(note).to_have_js_property("offsetHeight", 200)

    home.keyboard.press("Control+d")
    expect(note).to_have_count(2)
    home.keyboard.press("Delete")
    expect(note).to_have_count(1)
    home.keyboard.press("Control+z")
    expect(note).to_have_count(2)
    home.reload()
    expect(note).to_have_count(2)


def test_a_group_moves_folds_and_lets_members_in_and_out(home: Page) -> None:
    new_pipeline(home, "Groups")
    build(home)
    node(home, "sample_dataset").click(position={"x": 90, "y": 12})
    node(home, "clean_missing_values").click(position={"x": 90, "y": 12}, modifiers=["Shift"])
    home.keyboard.press("Control+g")
    home.keyboard.type("Prepare")
    home.keyboard.press("Enter")
    group = home.locator(".section-node")
    expect(group.get_by_text("Prepare")).to_be_visible()
    start, frame = node(home, "sample_dataset").bounding_box(), group.bounding_box()
    assert start
    assert frame
    home.mouse.move(frame["x"] + 200, frame["y"] + 16)
    home.mouse.down()
    home.mouse.move(frame["x"] + 240, frame["y"] + 56, steps=4)
    home.mouse.up()
    # A drag begins after a few pixels, and goes by the grid; members go as far as their group does.
    moved, dropped = node(home, "sample_dataset").bounding_box(), group.bounding_box()
    assert moved
    assert dropped
    way = (moved["x"] - start["x"], moved["y"] - start["y"])
    assert way == (dropped["x"] - frame["x"], dropped["y"] - frame["y"])
    assert all(16 <= part <= 40 for part in way)

    # Folded, it is one box with the wire that leads out of it.
    home.get_by_role("button", name="Fold Prepare").click()
    expect(node(home, "sample_dataset")).to_have_count(0)
    expect(group.get_by_text("2 nodes")).to_be_visible()
    expect(home.locator(".react-flow__edge")).to_have_count(1)
    home.reload()
    expect(group.get_by_text("2 nodes")).to_be_visible()
    home.get_by_role("button", name="Open Prepare").click()
    expect(node(home, "sample_dataset")).to_be_visible()

    # What is dropped on it comes in.
    summary, frame = node(home, "summarise_data").bounding_box(), group.bounding_box()
    assert summary
    assert frame
    home.mouse.move(summary["x"] + 90, summary["y"] + 12)
    home.mouse.down()
    home.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2, steps=6)
    home.mouse.up()
    expect(home.get_by_role("group", name="Group Prepare, 3 nodes")).to_be_visible()
    home.keyboard.press("Control+z")
    expect(home.get_by_role("group", name="Group Prepare, 2 nodes")).to_be_visible()

    group.get_by_text("Prepare").click()
    home.keyboard.press("Control+Shift+g")
    expect(group).to_have_count(0)
    expect(node(home, "sample_dataset")).to_be_visible()


def test_nodes_are_disabled_and_bypassed_by_keys(home: Page) -> None:
    new_pipeline(home, "Modes")
    build(home)
    node(home, "clean_missing_values").click(position={"x": 90, "y": 12})
    home.keyboard.press("b")
    expect(node(home, "clean_missing_values").get_by_text("bypassed")).to_be_visible()
    home.keyboard.press("d")
    expect(node(home, "clean_missing_values").get_by_text("disabled")).to_be_visible()
    home.keyboard.press("Control+Enter")
    expect(node(home, "sample_dataset")).to_have_attribute("data-status", "Completed", timeout=60_000)
    expect(node(home, "clean_missing_values")).to_have_attribute("data-status", "Skipped", timeout=60_000)
    expect(node(home, "summarise_data")).to_have_attribute("data-status", "Skipped", timeout=60_000)
    home.keyboard.press("d")
    expect(node(home, "clean_missing_values").get_by_text("disabled")).to_have_count(0)


def test_a_selection_becomes_a_component_and_is_laid_out_again(home: Page, console: Console) -> None:
    new_pipeline(home, "Collapsing")
    build(home)
    node(home, "clean_missing_values").click(position={"x": 90, "y": 12})
    home.keyboard.press("Shift+g")
    dialog = home.get_by_role("dialog", name="Make a component")
    dialog.get_by_label("Title").fill("Tidy")
    dialog.get_by_role("button", name="Make it").click()
    expect(node(home, "tidy")).to_be_visible()
    expect(node(home, "clean_missing_values")).to_have_count(0)
    expect(home.locator(".react-flow__edge")).to_have_count(2)

    home.keyboard.press("Control+z")
    expect(node(home, "clean_missing_values")).to_be_visible()
    home.keyboard.press("Control+Shift+z")
    node(home, "tidy").click(position={"x": 60, "y": 12})
    home.keyboard.press("Shift+e")
    expect(node(home, "clean_missing_values")).to_be_visible()
    expect(home.locator(".react-flow__edge")).to_have_count(2)

    # What lies between two that are selected must be selected too.
    node(home, "sample_dataset").click(position={"x": 90, "y": 12})
    node(home, "summarise_data").click(position={"x": 90, "y": 12}, modifiers=["Shift"])
    home.keyboard.press("Shift+g")
    dialog.get_by_role("button", name="Make it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("select “Clean missing values” too")
    console.errors.remove("Failed to load resource: the server responded with a status of 409 (Conflict)")
