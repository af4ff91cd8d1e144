"""What has not changed is not sent again, and nobody overwrites what they have not seen."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from designer.models import Pipeline
from tests.designer.conftest import batch, node, signed_in

API = "/api/v1/workspaces/main/pipelines/"


@pytest.fixture
def client(world: SimpleNamespace) -> Client:
    return signed_in(world.alice)


def edit(client: Client, pipeline: Pipeline, match: str | None = None, id: str = "load") -> Any:
    headers = {"If-Match": match} if match is not None else {}
    body = batch(node(id, "load"))
    return client.post(f"{API}{pipeline.pk}/operations/", body, content_type="application/json", headers=headers)


@pytest.mark.parametrize("rest", ["", "snapshot/"])
def test_a_draft_is_sent_again_only_when_it_changed(client: Client, pipeline: Pipeline, rest: str) -> None:
    address = f"{API}{pipeline.pk}/{rest}"
    tag = client.get(address)["ETag"]
    assert tag.startswith('"0-')
    unchanged = client.get(address, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    edit(client, pipeline)
    changed = client.get(address, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"].startswith('"1-')


def test_an_edit_of_what_was_seen_is_applied(client: Client, pipeline: Pipeline) -> None:
    tag = client.get(f"{API}{pipeline.pk}/")["ETag"]
    assert edit(client, pipeline, tag).status_code == 200
    assert edit(client, pipeline, '"1"', "again").status_code == 200
    assert edit(client, pipeline, "*", "third").status_code == 200
    assert edit(client, pipeline, '"7", "3"', "fourth").status_code == 200


@pytest.mark.parametrize("match", ['"5"', '"x"', '"99999999999999999999999"', ""])
def test_an_edit_of_another_revision_is_refused(client: Client, pipeline: Pipeline, match: str) -> None:
    answer = edit(client, pipeline, match)
    assert answer.status_code == 412
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["rev"]) == ("outdated", 0)
    assert "Read it again" in answer.json()["detail"]
    pipeline.refresh_from_db()
    assert pipeline.revision == 0


def test_an_edit_that_is_sent_again_is_answered_as_before(client: Client, pipeline: Pipeline) -> None:
    body = batch(node("load", "load"))
    address = f"{API}{pipeline.pk}/operations/"
    first, second = (
        client.post(address, body, content_type="application/json", headers={"If-Match": '"0"'}) for _ in range(2)
    )
    assert first.json()["rev"] == second.json()["rev"] == 1


def test_a_pipeline_is_renamed_as_an_edit(client: Client, pipeline: Pipeline) -> None:
    def rename(name: str, match: str) -> Any:
        body = json.dumps({"name": name})
        headers = {"If-Match": match}
        return client.patch(f"{API}{pipeline.pk}/", body, content_type="application/json", headers=headers)

    renamed = rename("Churn of customers", '"0"')
    assert (renamed.json()["name"], renamed.json()["rev"]) == ("Churn of customers", 1)
    assert rename("Another", '"0"').status_code == 412
    pipeline.refresh_from_db()
    assert (pipeline.name, pipeline.document["name"]) == ("Churn of customers",) * 2


def test_a_component_that_is_registered_changes_what_is_sent_but_not_what_may_be_edited(
    client: Client, pipeline: Pipeline
) -> None:
    edit(client, pipeline)
    tag = client.get(f"{API}{pipeline.pk}/")["ETag"]
    registered = client.post(f"{API}{pipeline.pk}/component/", {"name": "churn"}, content_type="application/json")
    assert registered.status_code == 201
    assert client.get(f"{API}{pipeline.pk}/", headers={"If-None-Match": tag}).status_code == 200
    assert edit(client, pipeline, tag, "more").status_code == 200
