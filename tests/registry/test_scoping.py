"""What lies in another workspace does not exist, and a viewer changes nothing."""

import pytest

from registry.models import Component, DataAsset, User, Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder

from .conftest import Folder, zip_of


@pytest.fixture
def theirs(elsewhere: Workspace, folder: Folder) -> None:
    """A component and a data asset of the other workspace."""
    component_register(workspace=elsewhere, folder=read_folder(folder("secret")), user=None)
    DataAsset.objects.create(
        workspace=elsewhere, name="secret", version="1", type="uri_file", title="s", digest="0", size=1, location="x"
    )


READ = [
    "/w/elsewhere/components/",
    "/w/elsewhere/data/",
    "/w/elsewhere/settings/",
    "/w/elsewhere/components/secret/",
    "/api/v1/workspaces/elsewhere/catalog/",
    "/api/v1/workspaces/elsewhere/components/",
    "/api/v1/workspaces/elsewhere/data/",
    "/api/v1/workspaces/elsewhere/members/",
    # My workspace's address with their names:
    "/w/main/components/secret/",
    "/w/main/components/secret/1.0.0/source/",
    "/w/main/components/secret/1.0.0/download/",
    "/w/main/data/secret/1/preview/",
    "/api/v1/workspaces/main/components/secret/",
    "/api/v1/workspaces/main/components/secret/versions/1.0.0/",
    "/api/v1/workspaces/main/data/secret/versions/1/",
    "/api/v1/workspaces/main/data/secret/versions/1/download/",
]


@pytest.mark.parametrize("address", READ)
def test_another_workspace_is_not_there(address: str, workspace, theirs, ada: User, as_):
    assert as_(ada).get(address).status_code == 404


def test_lists_and_the_catalog_hold_only_the_own(workspace, theirs, ada: User, as_):
    browser = as_(ada)
    assert browser.get("/api/v1/workspaces/main/catalog/").json()["components"] == []
    assert browser.get("/api/v1/workspaces/main/components/").json()["results"] == []
    assert browser.get("/api/v1/workspaces/main/data/").json()["results"] == []
    assert [line["slug"] for line in browser.get("/api/v1/workspaces/").json()] == ["main"]


@pytest.mark.parametrize(
    "address",
    [
        "/w/main/components/clean/archive/",
        "/w/main/components/clean/restore/",
        "/w/main/components/by-upload/",
        "/w/main/data/clean/1/archive/",
        "/w/main/settings/rename/",
        "/api/v1/workspaces/main/components/",
        "/api/v1/workspaces/main/components/clean/restore/",
        "/api/v1/workspaces/main/data/",
        "/api/v1/workspaces/main/members/",
    ],
)
def test_a_viewer_writes_nothing(address: str, workspace, vera: User, folder: Folder, as_):
    component_register(workspace=workspace, folder=read_folder(folder()), user=None)
    answer = as_(vera).post(address, {"file": zip_of({"a": "b"})})
    assert answer.status_code == 403
    assert not DataAsset.objects.exists()
    assert Component.objects.get().archived_at is None


def test_a_viewer_sees_no_button_for_what_is_not_allowed(workspace, vera: User, as_):
    page = as_(vera).get("/w/main/data/").content.decode()
    assert "data-upload" not in page


def test_a_viewer_reads(workspace, vera: User, as_):
    assert as_(vera).get("/w/main/components/").status_code == 200
    assert as_(vera).get("/api/v1/workspaces/main/catalog/").status_code == 200


def test_errors_of_the_api_are_problem_documents(workspace, ada: User, as_):
    answer = as_(ada).get("/api/v1/workspaces/elsewhere/catalog/")
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code"} <= answer.json().keys()
