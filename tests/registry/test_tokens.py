"""A token is shown once, kept as a hash, and stops working when it ends or is revoked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import ApiToken, User
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
