"""Passwords cannot be guessed by trying: after ten failures there is a pause."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import LoginFailure, User
from registry.services.login import TRIES, WINDOW


def log_in(client: Client, password: str, account: str = "ada", address: str = "10.0.0.1"):
    return client.post("/login/", {"username": account, "password": password}, REMOTE_ADDR=address)


@pytest.fixture
def worn_out(ada: User, client: Client) -> Client:
    """A browser that has failed as often as it may."""
    for _ in range(TRIES):
        assert log_in(client, "wrong").status_code == 200
    return client


def test_the_right_password_lets_in(ada: User, client: Client):
    assert log_in(client, "correct horse").status_code == 302


def test_after_too_many_failures_even_the_right_password_must_wait(worn_out: Client):
    answer = log_in(worn_out, "correct horse")
    assert answer.status_code == 200
    assert "Too many failed log-ins" in answer.content.decode()


def test_the_pause_holds_for_the_account_in_any_letters(worn_out: Client):
    assert "Too many failed log-ins" in log_in(worn_out, "wrong", account="ADA ").content.decode()


def test_another_address_is_not_locked_out(worn_out: Client):
    assert log_in(worn_out, "correct horse", address="10.0.0.2").status_code == 302


def test_the_pause_ends(worn_out: Client):
    LoginFailure.objects.update(at=timezone.now() - WINDOW - timedelta(seconds=1))
    assert log_in(worn_out, "correct horse").status_code == 302


def test_success_starts_again_at_zero(ada: User, client: Client):
    for _ in range(TRIES - 1):
        log_in(client, "wrong")
    assert log_in(client, "correct horse").status_code == 302
    assert not LoginFailure.objects.exists()


def test_the_next_page_is_never_on_another_site(ada: User, client: Client):
    answer = client.post("/login/", {"username": "ada", "password": "correct horse", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_everything_but_the_door_needs_a_log_in(db: None, client: Client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/account/")["Location"] == "/login/?next=/account/"
    assert client.get("/w/main/components/").status_code == 302
    assert client.get("/api/v1/me/").status_code in (401, 403)
