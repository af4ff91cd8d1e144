"""The dialog that exports a pipeline: what each format cannot express, and the download."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.api import Api


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
