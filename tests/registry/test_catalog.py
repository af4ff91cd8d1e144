"""The palette's catalog: small, cached by the browser, and as many queries for 50 components as for 5."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Component, User, Workspace
from registry.services.components import component_archive, component_register
from registry.spec.folder import read_folder

from .conftest import Folder

ADDRESS = "/api/v1/workspaces/main/catalog/"


@pytest.fixture
def register(workspace: Workspace, folder: Folder):
    def registered(name: str = "clean", **given) -> Component:
        path = folder(name, **given)
        return component_register(workspace=workspace, folder=read_folder(path), user=None).version.component

    return registered


def test_it_holds_the_latest_interface_of_each(register, ada: User, as_):
    register(version="1.0.0")
    register(version="1.1.0", title="Cleaner")
    catalog = as_(ada).get(ADDRESS).json()
    (component,) = catalog["components"]
    assert (component["ref"], component["title"]) == ("clean:1.1.0", "Cleaner")
    assert catalog["types"]["uri_file"]["mltable"][0] == "no"
    assert catalog["labels"]["mltable"] == "table"


def test_an_archived_component_is_not_in_it(register, ada: User, as_):
    component_archive(component=register())
    assert as_(ada).get(ADDRESS).json()["components"] == []


def test_an_unchanged_catalog_is_not_sent_again(register, ada: User, as_):
    register()
    browser = as_(ada)
    etag = browser.get(ADDRESS)["ETag"]
    answer = browser.get(ADDRESS, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("change", ["new", "version", "archive"])
def test_each_change_gives_another_etag(register, ada: User, as_, change: str):
    component = register()
    browser = as_(ada)
    etag = browser.get(ADDRESS)["ETag"]
    if change == "new":
        register("other")
    elif change == "version":
        register(version="2.0.0")
    else:
        component_archive(component=component)
    assert browser.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("address", [ADDRESS, "/api/v1/workspaces/main/components/", "/w/main/components/"])
def test_fifty_components_cost_no_more_queries_than_five(register, ada: User, as_, address: str):
    browser = as_(ada)
    browser.get(address)
    for number in range(5):
        register(f"step_{number}")
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(5, 50):
        register(f"step_{number}")
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)
    assert len(many) <= 12


def test_the_newest_version_is_found_by_its_label(register, ada: User, as_):
    register("clean")
    place = "/api/v1/workspaces/main/components/clean/versions"
    newest = Component.objects.get(name="clean").latest
    assert newest is not None
    assert as_(ada).get(f"{place}/latest/").json()["version"] == newest.version
    assert as_(ada).get("/api/v1/workspaces/main/components/none/versions/latest/").status_code == 404


class TestSearch:
    """Each word must stand somewhere: in name, title, description, tags or ports."""

    ADDRESS = "/api/v1/workspaces/main/components/"

    @pytest.fixture
    def found(self, register, ada: User, as_):
        register("clean", title="Clean rows", description="Removes what is broken.")
        register("train", title="Train a model", description="Learns from a table.")

        def search(query: str) -> list[str]:
            return [line["name"] for line in as_(ada).get(f"{self.ADDRESS}?{query}").json()["results"]]

        return search

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("q=BROKEN", ["clean"]),
            ("q=learns+model", ["train"]),
            ("q=learns+broken", []),
            ("q=mltable", ["clean", "train"]),
            ("takes=mltable", ["clean", "train"]),
            ("gives=mltable", []),
            ("category=Other&q=rows", ["clean", "train"]),
            ("archived=true", []),
            ("builtin=true", []),
        ],
    )
    def test_what_is_found(self, found, query: str, names: list[str]):
        assert found(query) == names

    def test_the_page_counts_what_each_filter_would_leave(self, found, ada: User, as_):
        page = as_(ada).get("/w/main/components/?q=broken")
        assert [(c.value, c.count) for c in page.context["facets"].takes] == [("mltable", 1)]

    def test_search_as_you_type_gets_the_results_alone(self, found, ada: User, as_):
        answer = as_(ada).get("/w/main/components/?q=broken", headers={"HX-Request": "true"})
        assert "<html" not in answer.content.decode()
        assert "Clean rows" in answer.content.decode()
