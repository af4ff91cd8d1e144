"""API tokens: made once, shown once, kept as a hash."""

from datetime import datetime, timedelta

from django.utils import timezone

from registry.models import ApiToken, User


def token_create(*, user: User, name: str, days: int | None = None) -> tuple[ApiToken, str]:
    """The token and its secret, which cannot be had again. It stops working after `days`, or never."""
    secret = ApiToken.new_secret()
    expires_at: datetime | None = timezone.now() + timedelta(days=days) if days else None
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:8],
        digest=ApiToken.digest_of(secret),
        expires_at=expires_at,
    )
    return token, secret


def token_revoke(*, token: ApiToken) -> None:
    """It stops working at once."""
    token.delete()
