"""A token is shown once, kept as a hash, and stops working when it ends or is revoked."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import ApiToken, Membership, User, Workspace
from registry.policy import ALLOWED
from registry.services.tokens import token_create


@pytest.fixture
def program(client: Client):
    def ask(secret: str, address: str = "/api/v1/me/"):
        return client.get(address, headers={"Authorization": f"Bearer {secret}"})

    return ask


def test_a_token_acts_as_its_user(ada: User, program):
    _, secret = token_create(user=ada, name="laptop")
    assert program(secret).json()["username"] == "ada"


def test_only_a_hash_is_kept(ada: User):
    token, secret = token_create(user=ada, name="laptop")
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in map(str, row.values())
    assert secret.startswith("plt_")
    assert token.prefix == secret[:8]


@pytest.mark.parametrize("days", [1, 90])
def test_it_stops_when_it_ends(ada: User, program, days: int):
    token, secret = token_create(user=ada, name="ci", days=days)
    assert program(secret).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = program(secret)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_it_stops_when_it_is_revoked(ada: User, as_, program):
    token, secret = token_create(user=ada, name="laptop")
    browser = as_(ada)
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    browser.logout()
    assert program(secret).status_code == 401


def test_it_stops_when_its_user_is_switched_off(ada: User, program):
    _, secret = token_create(user=ada, name="laptop")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert program(secret).status_code == 401


def test_nobody_revokes_the_token_of_another(ada: User, mallory: User, as_):
    token, _ = token_create(user=ada, name="laptop")
    assert as_(mallory).post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert as_(mallory).delete(f"/api/v1/tokens/{token.pk}/").status_code == 404
    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_the_account_page_shows_the_secret_once(ada: User, as_):
    browser = as_(ada)
    made = browser.post("/account/tokens/", {"name": "laptop", "days": "30"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert secret not in browser.get("/account/").content.decode()


def test_a_token_makes_no_other_tokens(ada: User, client: Client):
    _, secret = token_create(user=ada, name="leaked")
    answer = client.post("/api/v1/tokens/", {"name": "more"}, headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "session_needed")
    assert ApiToken.objects.count() == 1


@pytest.fixture
def send(client: Client):
    """A program that sends JSON with a token."""

    def ask(secret: str, method: str, address: str, body: object = None):
        headers = {"Authorization": f"Bearer {secret}"}
        return client.generic(method, address, json.dumps(body or {}), "application/json", headers=headers)

    return ask


W = "/api/v1/workspaces/main/"


@pytest.mark.parametrize(
    ("method", "address", "body", "scope"),
    [
        ("POST", f"{W}pipelines/", {"name": "Churn"}, "edit"),
        ("POST", f"{W}cache/evict/", {"ids": [1]}, "run"),
        ("POST", f"{W}compute/", {"name": "gpu"}, "manage"),
        ("POST", "/api/v1/workspaces/", {"name": "Mine"}, "manage"),
    ],
)
def test_a_token_does_what_its_scopes_say(workspace, ada: User, send, method, address, body, scope):
    others = {"edit", "run", "manage"} - {scope}
    _, lacking = token_create(user=ada, name="others", scopes=others)
    refused = send(lacking, method, address, body)
    assert (refused.status_code, refused.json()["code"], refused.json()["scope"]) == (403, "scope_missing", scope)
    assert f"the scope `{scope}`" in refused.json()["detail"]
    _, having = token_create(user=ada, name="one", scopes=[scope])
    assert send(having, method, address, body).status_code in (200, 201)


def test_every_token_looks(workspace, ada: User, send):
    token, secret = token_create(user=ada, name="dashboard", scopes=[])
    assert token.scopes == ["view"]
    assert send(secret, "GET", f"{W}pipelines/").status_code == 200


def test_a_token_has_no_more_than_its_user(workspace, vera: User, send):
    _, secret = token_create(user=vera, name="all")
    refused = send(secret, "POST", f"{W}pipelines/", {"name": "Churn"})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert "viewer" in refused.json()["detail"]


def test_a_token_of_one_workspace_works_there_only(workspace, ada: User, send):
    Membership.objects.create(workspace=Workspace.objects.create(slug="other", name="Other"), user=ada, role="owner")
    _, secret = token_create(user=ada, name="ci", workspace="main")
    assert send(secret, "POST", f"{W}pipelines/", {"name": "Churn"}).status_code == 201
    assert send(secret, "GET", "/api/v1/workspaces/other/pipelines/").status_code == 404
    assert [line["slug"] for line in send(secret, "GET", "/api/v1/workspaces/").json()] == ["main"]
    refused = send(secret, "POST", "/api/v1/workspaces/", {"name": "Mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "one_workspace")


def test_the_account_page_makes_tokens_with_scopes(workspace, elsewhere, ada: User, as_):
    browser = as_(ada)
    form = {"name": "ci", "days": "", "scopes": ["run"], "workspace": "main"}
    page = browser.post("/account/tokens/", form).content.decode()
    token = ApiToken.objects.get()
    assert (token.scopes, token.workspace, token.expires_at) == (["view", "run"], workspace, None)
    assert "view, run" in page
    assert "Elsewhere" not in page
    refused = browser.post("/account/tokens/", form | {"workspace": "elsewhere"})
    assert "elsewhere" in refused.context["token_form"].errors["workspace"][0]
    assert ApiToken.objects.count() == 1


def test_scopes_are_the_actions_of_the_policy():
    assert list(ALLOWED) == ApiToken.Scope.values


def test_a_token_is_made_with_scopes_by_rest(workspace, elsewhere, ada: User, as_):
    def make(**fields: object):
        return as_(ada).post("/api/v1/tokens/", {"name": "ci", **fields}, content_type="application/json")

    made = make(scopes=["run"], workspace="main").json()
    assert (made["scopes"], made["workspace"]) == (["view", "run"], "main")
    assert make().json()["scopes"] == ["view", "edit", "run", "manage"]
    assert make(scopes=["fly"]).status_code == 400
    assert make(workspace="elsewhere").json()["code"] == "unknown_workspace"
