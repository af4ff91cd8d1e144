"""Every page of the registry, empty and full."""

import pytest
from django.test import Client

from registry.models import Membership, User, Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder

from .conftest import Folder

PAGES = ["components/", "components/by-upload/", "data/", "settings/"]


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_workspace(page: str, workspace: Workspace, ada: User, as_):
    assert as_(ada).get(f"/w/main/{page}").status_code == 200


class TestComponent:
    @pytest.fixture
    def browser(self, workspace: Workspace, ada: User, folder: Folder, as_) -> Client:
        text = "Cleans **well**, <img src=x onerror=alert(1)> [here](javascript:alert(1))."
        for version in ("1.0.0", "1.1.0"):
            path = folder(version=version, description=f"'{text}'", code="print('<b>')\n")
            component_register(workspace=workspace, folder=read_folder(path), user=ada)
        return as_(ada)

    def test_it_shows_the_latest_version(self, browser: Client):
        page = browser.get("/w/main/components/clean/").content.decode()
        assert "clean:1.1.0" in page
        assert 'role="img" aria-label="Clean: takes Table; gives Result"' in page
        assert "at least 1" in page

    def test_another_version_says_which_is_the_latest(self, browser: Client):
        page = browser.get("/w/main/components/clean/?version=1.0.0").content.decode()
        assert "This is version 1.0.0" in page

    def test_an_unknown_version_is_not_found(self, browser: Client):
        assert browser.get("/w/main/components/clean/?version=9").status_code == 404

    def test_its_description_is_markdown_without_harm(self, browser: Client):
        page = browser.get("/w/main/components/clean/").content.decode()
        assert "<strong>well</strong>" in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page

    def test_its_source_is_escaped(self, browser: Client):
        page = browser.get("/w/main/components/clean/1.1.0/source/?path=main.py").content.decode()
        assert "&lt;b&gt;" in page
        assert "<b>" not in page

    @pytest.mark.parametrize("path", ["nothing.py", "../component.yml", "/etc/passwd"])
    def test_only_files_of_the_snapshot_are_shown(self, browser: Client, path: str):
        assert browser.get("/w/main/components/clean/1.1.0/source/", {"path": path}).status_code == 404

    def test_its_download_can_be_registered_again(self, browser: Client):
        import io

        answer = browser.get("/w/main/components/clean/1.1.0/download/")
        assert answer["Content-Disposition"] == 'attachment; filename="clean-1.1.0.zip"'
        content = io.BytesIO(b"".join(answer.streaming_content))
        content.name = "again.zip"
        again = browser.post("/api/v1/workspaces/main/components/", {"file": content})
        assert again.json()["components"][0] == {
            "file": "clean-1.1.0/component.yml",
            "ref": "clean:1.1.0",
            "created": False,
            "faults": [],
        }

    def test_code_that_lay_elsewhere_is_in_the_download(self, browser: Client, workspace: Workspace, folder: Folder):
        import io

        path = folder("scattered")
        (path.parent / "shared.py").write_text("x = 1")
        text = (path / "component.yml").read_text().replace("code: ./src", "code: src/main.py  # the step")
        (path / "component.yml").write_text(text + "additional_includes:\n  - ../shared.py\n")
        component_register(workspace=workspace, folder=read_folder(path), user=None)
        answer = browser.get("/w/main/components/scattered/1.0.0/download/")
        content = io.BytesIO(b"".join(answer.streaming_content))
        content.name = "again.zip"
        again = browser.post("/api/v1/workspaces/main/components/", {"file": content})
        assert again.json()["components"][0]["faults"] == []
        assert again.json()["components"][0]["created"] is False

    def test_archiving_hides_it_from_lists_but_not_its_page(self, browser: Client):
        browser.post("/w/main/components/clean/archive/")
        assert "Archived" in browser.get("/w/main/components/clean/").content.decode()
        assert list(browser.get("/w/main/components/").context["components"]) == []
        assert len(browser.get("/w/main/components/?archived=1").context["components"]) == 1
        browser.post("/w/main/components/clean/restore/")
        assert len(browser.get("/w/main/components/").context["components"]) == 1


def test_home_leads_to_the_workspace_that_was_looked_at_last(workspace: Workspace, ada: User, as_):
    other = Workspace.objects.create(slug="zoo", name="Zoo")
    Membership.objects.create(workspace=other, user=ada, role="owner")
    browser = as_(ada)
    assert browser.get("/")["Location"].startswith("/w/main/")
    browser.get("/w/zoo/components/")
    assert browser.get("/")["Location"].startswith("/w/zoo/")


def test_home_of_somebody_without_workspace_makes_one(ada: User, as_):
    browser = as_(ada)
    assert browser.get("/")["Location"] == "/workspaces/new/"
    assert browser.get("/workspaces/new/").status_code == 200


def test_the_theme_is_kept_and_drawn_by_the_server(workspace: Workspace, ada: User, as_):
    browser = as_(ada)
    assert browser.post("/account/theme/", {"theme": "dark"}).status_code == 204
    assert '<html lang="en" data-theme="dark">' in browser.get("/account/").content.decode()
    assert browser.post("/account/theme/", {"theme": "pink"}).status_code == 422


def test_a_profile_with_a_fault_says_which_field(ada: User, as_):
    answer = as_(ada).post("/account/profile/", {"email": "no address"})
    assert "Enter a valid email address." in answer.content.decode()


def test_changing_the_password_keeps_this_session(ada: User, as_):
    browser = as_(ada)
    fields = {"old_password": "correct horse", "new_password1": "battery staple 1", "new_password2": "battery staple 1"}
    assert browser.post("/account/password/", fields).status_code == 302
    assert browser.get("/account/").status_code == 200


@pytest.mark.parametrize("address", ["/nothing/", "/w/nope/components/"])
def test_what_is_not_there_has_a_page(address: str, ada: User, as_):
    answer = as_(ada).get(address)
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_what_is_forbidden_has_a_page(workspace: Workspace, vera: User, as_):
    answer = as_(vera).post("/w/main/settings/rename/", {"name": "Mine"})
    assert answer.status_code == 403
    assert "Not allowed" in answer.content.decode()


def test_a_form_without_its_token_is_explained(ada: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    answer = browser.post("/account/profile/", {"email": ""})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_no_page_has_inline_scripts_or_handlers(workspace: Workspace, ada: User, as_):
    import re

    for page in PAGES:
        text = as_(ada).get(f"/w/main/{page}").content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
        assert not re.search(r"\son[a-z]+=", text)
