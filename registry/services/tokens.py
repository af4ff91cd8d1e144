"""API tokens: made once, shown once, kept as a hash."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from registry.models import ApiToken, User, Workspace
from registry.refusal import Refusal


class NotTheirs(Refusal):
    """A token is limited to a workspace that its user shares."""

    code = "unknown_workspace"
    status = 422


def token_create(
    *,
    user: User,
    name: str,
    days: int | None = None,
    scopes: Collection[str] | None = None,
    workspace: str | None = None,
) -> tuple[ApiToken, str]:
    """The token and its secret, which cannot be had again. It stops working after `days`, or never.

    `scopes` are ApiToken.Scope (None: all; `view` always is one), `workspace` is the slug of the only one that it works
    in. Raises NotTheirs.
    """
    only = Workspace.objects.filter(slug=workspace, members=user).first() if workspace else None
    if workspace and only is None:
        raise NotTheirs(f"You are in no workspace `{workspace}`.")
    wanted = set(ApiToken.Scope.values if scopes is None else scopes) | {ApiToken.Scope.VIEW}
    secret = ApiToken.new_secret()
    expires_at: datetime | None = timezone.now() + timedelta(days=days) if days else None
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        prefix=secret[:8],
        digest=ApiToken.digest_of(secret),
        scopes=[scope for scope in ApiToken.Scope.values if scope in wanted],
        workspace=only,
        expires_at=expires_at,
    )
    return token, secret


def token_revoke(*, token: ApiToken) -> None:
    """It stops working at once."""
    token.delete()
