"""Drafts of components: one's own, saved one change after the other, and registered."""

from pathlib import Path

import pytest
from django.test import Client

from registry.models import ComponentVersion, User, Workspace
from registry.services.component_uploads import components_from_folder

BASE = "/api/v1/workspaces/main/component-drafts/"
pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_draft_is_its_authors_alone(workspace: Workspace, ada: User, grace: User, vera: User, mallory: User) -> None:
    made = client_of(grace).post(BASE, {"starter": "function"}, "application/json").json()
    for user, status in ((grace, 200), (ada, 404), (mallory, 404)):
        assert client_of(user).get(f"{BASE}{made['id']}/").status_code == status
    assert client_of(vera).post(BASE, {}, "application/json").status_code == 403


def test_it_saves_and_says_what_it_would_be(workspace: Workspace, grace: User) -> None:
    client = client_of(grace)
    made = client.post(BASE, {"starter": "function"}, "application/json").json()
    place = f"{BASE}{made['id']}/"
    files = [{"path": "add.py", "text": "def add(a: int, b: int = 1) -> int:\n    return a + b\n"}]
    told = client.put(place, {"revision": 0, "files": files}, "application/json").json()
    assert told["revision"] == 1
    assert [port["name"] for port in told["interface"]["inputs"]] == ["a", "b"]
    assert "<svg" in told["picture"]
    late = client.put(place, {"revision": 0, "files": []}, "application/json")
    assert (late.status_code, late.json()["code"]) == (409, "draft_changed")
    outside = [{"path": "../x.py", "text": ""}]
    assert client.put(place, {"revision": 1, "files": outside}, "application/json").status_code == 422

    first = client.post(f"{place}register/")
    assert (first.status_code, first.json()["created"]) == (201, True)
    again = client.post(f"{place}register/")
    assert (again.status_code, again.json()) == (200, {"ref": first.json()["ref"], "created": False})
    version = ComponentVersion.objects.get()
    assert {path for path, _ in version.code.files} == {"add.py", "portline_run.py"}

    copy = client.post(BASE, {"component": "count_values", "version": "1"}, "application/json").json()
    assert (copy["kind"], [file["path"] for file in copy["files"]]) == ("function", ["add.py"])
    assert copy["next_version"] == "2"


def test_faults_are_told_and_not_registered(workspace: Workspace, grace: User) -> None:
    client = client_of(grace)
    made = client.post(BASE, {"starter": "script"}, "application/json").json()
    files = [{"path": "a.py", "text": "def a(x: list):\n    pass\n"}]
    told = client.put(f"{BASE}{made['id']}/", {"revision": 0, "files": files}, "application/json").json()
    assert told["interface"] is None
    assert (told["faults"][0]["file"], told["faults"][0]["line"]) == ("a.py", 1)
    refused = client.post(f"{BASE}{made['id']}/register/")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_component")
    assert "a.py, line 1" in refused.json()["detail"]


def test_a_copy_of_a_built_in_is_the_same_under_another_name(workspace: Workspace, grace: User) -> None:
    library = Path(__file__).parents[2] / "registry" / "library"
    components_from_folder(workspace=workspace, path=library / "sort_rows")
    version = ComponentVersion.objects.select_related("component", "code").get()
    version.component.builtin = True
    version.component.save()
    client = client_of(grace)
    made = client.post(BASE, {"component": "sort_rows", "version": version.version}, "application/json").json()
    assert made["faults"] == []
    assert made["details"]["name"] == "my_sort_rows"
    assert client.post(f"{BASE}{made['id']}/register/").status_code == 201
    copy = ComponentVersion.objects.exclude(pk=version.pk).select_related("code").get()
    assert copy.code.digest == version.code.digest
    assert copy.interface["inputs"] == version.interface["inputs"]
