"""Compute targets: owners register, change and archive them; everybody in the workspace sees them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from registry.models import ComputeTarget, User, Workspace

API = "/api/v1/workspaces/main/compute/"
As = Callable[[User], Client]


@pytest.fixture
def gpu(workspace: Workspace) -> ComputeTarget:
    return ComputeTarget.objects.create(workspace=workspace, name="gpu", labels={"zone": "eu"}, memory=2 * 1024**3)


def test_an_owner_registers_one(ada: User, workspace: Workspace, as_: As) -> None:
    given = {"name": "gpu-1", "labels": {"zone": "eu"}, "memory": "2GB", "cpu": 4, "gpus": 1, "max_steps": 2}
    answer = as_(ada).post(API, given, content_type="application/json")
    assert answer.status_code == 201, answer.json()
    assert answer.json() | {"memory": 2 * 1024**3, "created_by": "ada"} == answer.json()
    assert [found["name"] for found in as_(ada).get(API).json()["results"]] == ["gpu-1"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "my gpu", "A name has letters, digits and hyphens"),
        ("name", "Default", "is a word of Portline's own"),
        ("memory", "much", "is no size; write it as 512MB, 2GB or a number of bytes."),
        ("labels", {"a b": "c"}, "is no label"),
        ("max_steps", 0, "greater than or equal to 1"),
        ("cpu", 0, "greater than or equal to 0.1"),
    ],
)
def test_bad_input_is_told(ada: User, workspace: Workspace, as_: As, field: str, value: Any, sentence: str) -> None:
    answer = as_(ada).post(API, {"name": "gpu", field: value}, content_type="application/json")
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"][field][0]


def test_a_name_is_taken_once(ada: User, gpu: ComputeTarget, as_: As) -> None:
    answer = as_(ada).post(API, {"name": "gpu"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    as_(ada).delete(f"{API}gpu/")
    assert "restore it" in as_(ada).post(API, {"name": "gpu"}, content_type="application/json").json()["detail"]


def test_only_what_is_given_changes(ada: User, gpu: ComputeTarget, as_: As) -> None:
    answer = as_(ada).patch(f"{API}gpu/", {"max_steps": 3}, content_type="application/json")
    assert answer.json() | {"max_steps": 3, "memory": 2 * 1024**3, "labels": {"zone": "eu"}} == answer.json()
    assert as_(ada).patch(f"{API}gpu/", {"memory": None}, content_type="application/json").json()["memory"] is None


def test_the_archive_keeps_it(ada: User, gpu: ComputeTarget, as_: As) -> None:
    assert as_(ada).delete(f"{API}gpu/").status_code == 204
    assert as_(ada).get(API).json()["results"] == []
    assert len(as_(ada).get(f"{API}?archived=true").json()["results"]) == 1
    assert as_(ada).post(f"{API}gpu/restore/").json()["archived_at"] is None


@pytest.mark.parametrize(("person", "may"), [("ada", True), ("grace", False), ("vera", False)])
def test_owners_change_them_and_everybody_looks(
    request: pytest.FixtureRequest, gpu: ComputeTarget, as_: As, person: str, may: bool
) -> None:
    browser = as_(request.getfixturevalue(person))
    assert browser.get(f"{API}gpu/").status_code == 200
    change = browser.patch(f"{API}gpu/", {"gpus": 1}, content_type="application/json")
    assert change.status_code == (200 if may else 403)
    assert browser.get("/w/main/compute/new/").status_code == (200 if may else 403)
    assert browser.post("/w/main/compute/gpu/archive/").status_code == (302 if may else 403)
    assert (ComputeTarget.objects.get().archived_at is not None) == may


def test_strangers_do_not_see_them(mallory: User, elsewhere: Workspace, gpu: ComputeTarget, as_: As) -> None:
    stranger = as_(mallory)
    for address in (API, f"{API}gpu/", "/w/main/compute/", "/w/main/compute/gpu/edit/"):
        assert stranger.get(address).status_code == 404
    # One of another workspace is not there in one's own.
    assert stranger.get("/api/v1/workspaces/elsewhere/compute/gpu/").status_code == 404
    assert stranger.get("/w/elsewhere/compute/gpu/edit/").status_code == 404


def test_the_form_registers_and_changes(ada: User, workspace: Workspace, as_: As) -> None:
    browser = as_(ada)
    given = {"name": "big", "labels": "zone=eu, size=l", "memory": "1.5GB", "cpu": "", "gpus": "", "max_steps": "4"}
    assert browser.post("/w/main/compute/new/", given).status_code == 302
    target = ComputeTarget.objects.get()
    assert (target.labels, target.memory, target.gpus, target.max_steps) == (
        {"zone": "eu", "size": "l"},
        3 * 1024**3 // 2,
        0,
        4,
    )
    page = browser.get("/w/main/compute/big/edit/").content.decode()
    assert 'value="1.5GB"' in page
    assert 'value="size=l, zone=eu"' in page
    wrong = browser.post("/w/main/compute/big/edit/", given | {"memory": "much", "labels": "zone"}).content.decode()
    assert "`much` is no size" in wrong
    assert "`zone` is no label; write key=value" in wrong
