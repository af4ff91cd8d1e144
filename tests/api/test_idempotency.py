"""A POST that is sent again with its `Idempotency-Key` does its work once."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from designer.models import Pipeline
from registry.models import DataAsset, KeptAnswer, User
from registry.services.idempotency import answer_claim
from tests.designer.conftest import signed_in

API = "/api/v1/workspaces/main/"


@pytest.fixture
def client(world: SimpleNamespace) -> Client:
    return signed_in(world.alice)


def create(client: Client, key: str | None = "one", **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(f"{API}pipelines/", body or {"name": "Churn"}, content_type="application/json", headers=headers)


def test_the_same_request_does_its_work_once(client: Client) -> None:
    first, second = create(client), create(client)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Pipeline.objects.count() == 1


def test_without_a_key_or_with_another_one_it_is_another_request(client: Client) -> None:
    for key in ("one", "two", None, None):
        assert create(client, key).status_code == 201
    assert Pipeline.objects.count() == 4


def test_the_spelling_of_json_does_not_matter(client: Client) -> None:
    create(client, name="A", template=None)
    body = '{ "template": null,\n "name": "A" }'
    again = client.post(f"{API}pipelines/", body, content_type="application/json", headers={"Idempotency-Key": "one"})
    assert again["Idempotency-Replayed"] == "true"


def test_a_key_stands_for_one_request(client: Client) -> None:
    create(client)
    other = create(client, name="Another")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert "another request" in other.json()["detail"]
    pk, json = Pipeline.objects.get().pk, {"content_type": "application/json"}
    elsewhere = client.post(f"{API}pipelines/{pk}/restore/", **json, headers={"Idempotency-Key": "one"})
    assert elsewhere.json()["code"] == "key_reused"


def test_a_key_is_its_senders_own(world: SimpleNamespace, client: Client) -> None:
    create(client)
    bob = User.objects.create_user("bob")
    bob.memberships.create(workspace=world.workspace, role="editor")
    assert "Idempotency-Replayed" not in create(signed_in(bob))


def test_what_was_refused_may_be_sent_again(client: Client) -> None:
    assert create(client, name="x" * 999).status_code == 400
    assert create(client, template="nowhere").status_code == 404
    assert create(client).status_code == 201


def test_whoever_may_not_is_told_so_first(world: SimpleNamespace, client: Client) -> None:
    create(client)
    world.workspace.memberships.update(role="viewer")
    assert create(client).status_code == 403


def test_while_the_first_is_being_answered_the_second_is_refused(world: SimpleNamespace, client: Client) -> None:
    create(client)
    kept = KeptAnswer.objects.get()
    KeptAnswer.objects.update(status=None, body="")
    answer = create(client)
    assert (answer.status_code, answer.json()["code"]) == (409, "still_answering")
    # A server that was ended meanwhile never answers: the key is free after a while, and one of two takes it.
    KeptAnswer.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert answer_claim(user=world.alice, key="one", digest=kept.digest)[1]
    assert create(client).status_code == 409


def test_an_answer_is_kept_for_a_day_and_then_swept(client: Client) -> None:
    create(client)
    KeptAnswer.objects.update(claimed_at=timezone.now() - timedelta(hours=25))
    assert "Idempotency-Replayed" not in create(client)
    assert KeptAnswer.objects.count() == 1
    create(client, "two")
    KeptAnswer.objects.filter(key="two").update(claimed_at=timezone.now() - timedelta(hours=25))
    dry, out = StringIO(), StringIO()
    call_command("gc", dry_run=True, stdout=dry)
    assert "1 kept answer would be deleted" in dry.getvalue()
    call_command("gc", stdout=out)
    assert "1 kept answer deleted" in out.getvalue()
    assert KeptAnswer.objects.get().key == "one"


def test_uploads_are_the_same_where_their_content_is(client: Client) -> None:
    def upload(content: bytes) -> Any:
        file = SimpleUploadedFile("iris.csv", content)
        return client.post(f"{API}data/", {"file": file, "name": "iris"}, headers={"Idempotency-Key": "one"})

    assert upload(b"a,b\n1,2\n").status_code == 201
    again = upload(b"a,b\n1,2\n")
    assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert upload(b"a,b\n3,4\n").status_code == 422
    assert DataAsset.objects.count() == 1


def test_a_secret_is_not_kept(client: Client) -> None:
    for _ in range(2):
        made = client.post(
            "/api/v1/tokens/", {"name": "ci"}, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        assert made.status_code == 201
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(client: Client, key: str) -> None:
    assert create(client, key).json()["code"] == "invalid_key"
