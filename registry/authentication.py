"""`Authorization: Bearer plt_...`: a token made on the account page."""

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from registry.models import ApiToken, User


def user_of_token(secret: str) -> tuple[User, ApiToken] | None:
    """The active user whose unexpired token this is. Notes its use, at most once a minute."""
    token = ApiToken.objects.select_related("user", "workspace").filter(digest=ApiToken.digest_of(secret)).first()
    if token is None or token.expired or not token.user.is_active:
        return None
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user, token


class TokenAuthentication(BaseAuthentication):
    """Answers 401 with a sentence for a token that is wrong, expired, or whose user was switched off."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if len(words) != 2 or words[0].lower() != "bearer":
            return None
        found = user_of_token(words[1])
        if found is None:
            raise AuthenticationFailed("This token is not known or has expired; make a new one on the account page.")
        return found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI page describes it."""

    target_class = "registry.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        scopes = ", ".join(f"`{scope.value}` ({scope.label[0].lower()}{scope.label[1:]})" for scope in ApiToken.Scope)
        sentence = f"A token made on the account page. It does what its user may, as far as its scopes go: {scopes}."
        return {"type": "http", "scheme": "bearer", "description": sentence}
