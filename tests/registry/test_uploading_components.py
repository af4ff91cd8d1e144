"""Each component of an upload is registered or reported by itself, with the place of every error."""

import io
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registry.models import Component, User, Workspace

from .conftest import YAML, Folder, zip_of

GOOD = YAML.format(name="good", version="1", title="Good", description="Fine.")
BAD = GOOD.replace("name: good", "name: bad").replace("type: mltable", "type: tabel")
ADDRESS = "/api/v1/workspaces/main/components/"


@pytest.fixture
def browser(as_, grace: User, workspace: Workspace):
    return as_(grace)


def post(browser, files):
    return browser.post(ADDRESS, {"file": zip_of(files)})


def test_every_component_in_a_zip_is_registered(browser):
    files = {
        "a/component.yml": GOOD,
        "a/src/main.py": "x",
        "b/deep/component.yaml": GOOD.replace("good", "other"),
        "b/deep/src/m.py": "y",
    }
    answer = post(browser, files)
    assert answer.status_code == 201
    assert [line["ref"] for line in answer.json()["components"]] == ["good:1", "other:1"]
    component = Component.objects.get(name="good")
    assert component.latest.created_by.username == "grace"  # type: ignore[union-attr]
    assert not component.builtin


def test_the_same_zip_again_answers_that_nothing_is_new(browser):
    files = {"a/component.yml": GOOD, "a/src/main.py": "x"}
    post(browser, files)
    answer = post(browser, files)
    assert answer.status_code == 200
    assert answer.json()["components"][0]["created"] is False


def test_an_error_names_file_line_and_column_and_spares_the_others(browser):
    files = {"bad/component.yml": BAD, "bad/src/m.py": "", "good/component.yml": GOOD, "good/src/m.py": ""}
    answer = post(browser, files)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["detail"] == "1 of 2 components could not be registered; the others were."
    (fault,) = problem["components"][0]["faults"]
    assert (fault["file"], fault["line"]) == ("bad/component.yml", 7)
    assert "tabel" in fault["message"]
    assert BAD.splitlines()[fault["line"] - 1][fault["column"] - 1 :].startswith("type: tabel")
    assert Component.objects.filter(name="good").exists()


def test_a_changed_component_under_its_old_version_points_at_the_version(browser):
    post(browser, {"a/component.yml": GOOD, "a/src/main.py": "x"})
    answer = post(browser, {"a/component.yml": GOOD, "a/src/main.py": "changed"})
    (fault,) = answer.json()["components"][0]["faults"]
    assert (fault["line"], fault["column"]) == (3, 1)
    assert "never changes" in fault["message"]


def test_code_may_not_reach_outside_of_the_upload(browser):
    evil = GOOD.replace("code: ./src", "code: ../../../../etc")
    answer = post(browser, {"a/component.yml": evil})
    assert "outside of the uploaded folder" in answer.json()["components"][0]["faults"][0]["message"]


def test_a_zip_without_components_is_refused(browser):
    answer = post(browser, {"readme.md": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_archive")


def test_an_upload_above_the_limit_is_refused_before_it_is_read(browser, settings):
    settings.COMPONENT_UPLOAD_LIMIT = 10
    answer = post(browser, {"a/component.yml": GOOD})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_the_page_shows_the_offending_line(browser):
    file = zip_of({"bad/component.yml": BAD, "bad/src/m.py": ""})
    page = browser.post("/w/main/components/by-upload/", {"file": file}).content.decode()
    assert "bad/component.yml:7:" in page
    assert "table: {type: tabel}" in page
    assert "1 found: 0 registered, 0 unchanged, 1 faulty" in page


class TestCommand:
    def test_it_prints_what_it_registered(self, workspace: Workspace, folder: Folder):
        out = StringIO()
        call_command("register", str(folder()), stdout=out)
        assert "registered clean:1.0.0" in out.getvalue()
        assert Component.objects.filter(workspace=workspace, name="clean").exists()

    def test_it_fails_with_the_place_of_each_error(self, workspace: Workspace, folder: Folder):
        path, errors = folder(yaml=BAD), StringIO()
        with pytest.raises(CommandError, match="1 of 1"):
            call_command("register", str(path), stderr=errors)
        assert f"{path}/component.yml:7:" in errors.getvalue()

    def test_it_says_which_workspaces_there_are(self, workspace: Workspace, folder: Folder):
        with pytest.raises(CommandError, match="there is: main"):
            call_command("register", str(folder()), workspace="mian")


def test_one_file_of_a_zip_may_be_named_and_have_any_name(browser):
    files = {"a/train.yml": GOOD, "a/src/m.py": "1", "component.yml": GOOD.replace("good", "other"), "src/m.py": "1"}
    answer = browser.post(ADDRESS, {"file": zip_of(files), "path": "a/train.yml"})
    assert [made["file"] for made in answer.json()["components"]] == ["a/train.yml"]
    answer = browser.post(ADDRESS, {"file": zip_of(files), "path": "../a/train.yml"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "There is no file ../a/train.yml in this upload.")


def test_a_version_is_downloaded_as_a_zip_that_can_be_registered_again(browser, as_, mallory: User):
    post(browser, {"component.yml": GOOD, "src/main.py": "1"})
    place = f"{ADDRESS}good/versions/1/download/"
    content = io.BytesIO(b"".join(browser.get(place).streaming_content))
    content.name = "again.zip"
    assert browser.post(ADDRESS, {"file": content}).json()["components"][0]["created"] is False
    assert as_(mallory).get(place).status_code == 404
