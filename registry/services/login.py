"""A pause after many failed log-ins, so that passwords cannot be guessed by trying.

Kept in the database, so that it holds for all web processes together.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from registry.models import LoginFailure

TRIES = 10
WINDOW = timedelta(minutes=15)


def address_of(request: HttpRequest) -> str:
    """The browser's address; behind a proxy that we were told of, the one that this proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return str(forwarded)[:64]
    return str(request.META.get("REMOTE_ADDR") or "")[:64]


def login_paused(*, account: str, address: str) -> bool:
    """Whether this account was tried too often from this address in the last quarter of an hour."""
    return _recent(account, address).count() >= TRIES


def login_failed(*, account: str, address: str) -> None:
    """Count a failure, and sweep those that no longer matter."""
    LoginFailure.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    LoginFailure.objects.create(account=_account(account), address=address)


def login_succeeded(*, account: str, address: str) -> None:
    """Whoever knows the password starts again at zero."""
    _recent(account, address).delete()


def _recent(account: str, address: str):  # type: ignore[no-untyped-def]
    since = timezone.now() - WINDOW
    return LoginFailure.objects.filter(account=_account(account), address=address, at__gte=since)


def _account(typed: str) -> str:
    return typed.strip().lower()[:150]
