"""The dialog that exports a pipeline: what each format cannot express, and the download."""

import os
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.api import Api, shell
from tests.e2e.conftest import Console


def test_a_person_sees_what_is_lost_and_downloads_the_rest(home: Page, tmp_path: Path) -> None:
    api = Api(home)
    ref = api.measure()
    steps = [{"op": "add_node", "node": {"id": id, "component": ref, "title": id.title()}} for id in ("one", "two")]
    after = {"op": "connect_order", "source": "one", "target": "two", "condition": "failed"}
    made = api.pipeline("To be exported", *steps, after)
    home.goto(f"/w/main/pipelines/{made}/")
    home.get_by_test_id("pipeline-menu").click()
    home.get_by_role("menuitem", name="Export…").click()
    dialog = home.get_by_role("dialog", name="Export")
    kubeflow = dialog.get_by_test_id("export-kfp")
    expect(kubeflow).to_contain_text("Kubeflow cannot run “Two” because another step failed.")
    expect(kubeflow.get_by_role("link")).to_have_count(0)
    with home.expect_download() as download:
        dialog.get_by_role("link", name="Download for Argo Workflows").click()
    download.value.save_as(tmp_path / "argo.yaml")
    assert download.value.suggested_filename == "to_be_exported.argo.yaml"
    assert "depends: (one.Failed || one.Errored)" in (tmp_path / "argo.yaml").read_text()


def test_the_canvas_is_downloaded_as_pictures(home: Page, console: Console, tmp_path: Path) -> None:
    page, api = home, Api(home)
    note = {"id": "plan", "text": "# Plan\n\nRead, **then** write:\n\n* first\n* second `--fast`"}
    made = api.pipeline(
        "Picture of <all>",
        shell("first", "echo one", 80, 80),
        shell("second", "echo two", 400, 200),
        {"op": "connect", "source": "first", "output": "output", "target": "second", "input": "input"},
        {"op": "connect_order", "source": "first", "target": "second", "condition": "failed"},
        {"op": "add_note", "note": {**note, "x": 720, "y": 80, "width": 240, "height": 160, "color": "yellow"}},
    )
    api.open(made)
    page.get_by_test_id("pipeline-menu").click()
    page.get_by_role("menuitem", name="Export…").click()
    export = page.get_by_test_id("export-picture")
    files = {}
    for theme in ("light", "dark"):
        export.get_by_label("Colours").select_option(theme)
        for form in ("SVG", "PNG"):
            with page.expect_download() as download:
                export.get_by_role("button", name=form).click()
            files[theme, form] = Path(os.environ.get("PICTURES", tmp_path)) / f"picture-{theme}.{form.lower()}"
            download.value.save_as(files[theme, form])
            assert download.value.suggested_filename == f"Picture-of-all-.{form.lower()}"
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/export-dialog.png")
        page.keyboard.press("Escape")
        page.screenshot(path=f"{folder}/canvas.png")
    svg = ElementTree.parse(files["light", "SVG"]).getroot()
    words = {text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    assert {"first", "second", "failed", "Plan", "--fast"} <= words
    with Image.open(files["light", "PNG"]) as light, Image.open(files["dark", "PNG"]) as dark:
        assert light.size == (2 * int(svg.get("width", 0)), 2 * int(svg.get("height", 0)))
        assert light.convert("RGB").getpixel((4, 4)) == (0xF6, 0xF7, 0xF9)
        assert dark.convert("RGB").getpixel((4, 4)) == (0x0F, 0x11, 0x15)
        assert len(light.convert("RGB").getcolors(1 << 20) or []) > 100, "nodes and words are on it"
