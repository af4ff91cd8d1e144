"""Everything happens in a workspace: how a request finds its own, and how it is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from registry.idempotency import IdempotentAPI
from registry.models import ApiToken, Membership, User, Workspace
from registry.policy import may
from registry.problems import Problem


class WorkspaceRequest(HttpRequest):
    """What a page view below `/w/<workspace>/` gets: somebody is logged in, and a member. Only a type."""

    user: User
    workspace: Workspace
    role: str
    htmx: Any


def find_workspace(user: User, slug: str) -> tuple[Workspace, str]:
    """The workspace and the user's role in it. Raises Http404 for strangers too: to them it does not exist."""
    membership = Membership.objects.select_related("workspace").filter(workspace__slug=slug, user_id=user.pk).first()
    if membership is None:
        raise Http404("There is no such workspace.")
    return membership.workspace, membership.role


def in_workspace(action: str = "view") -> Callable[[Any], Any]:
    """Page view decorator: turns the `workspace` of the address into `request.workspace` and `request.role`.

    Raises Http404 for strangers, PermissionDenied for members whose role may not do `action`.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def wrapped(request: HttpRequest, workspace: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found, role = find_workspace(request.user, workspace)  # type: ignore[arg-type]
            if not may(role, action):
                raise PermissionDenied
            request.workspace, request.role = found, role  # type: ignore[attr-defined]
            if request.session.get("workspace") != found.slug:
                request.session["workspace"] = found.slug  # where `home` leads next time
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


class PersonAPI(IdempotentAPI):
    """Base of every API view: somebody is logged in, `self.person`.

    Reading needs "view"; anything else needs `action`. A token must have that among its scopes.
    """

    action = "manage"
    person: User

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.person = cast(User, request.user)  # the permission classes let nobody else in
        for name, value in request.query_params.items():
            if "\0" in value:
                raise Problem(400, "invalid", f"`{name}` holds the character U+0000, which nothing here has.")
        if any("\0" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404
        self.admit(request, "view" if request.method in SAFE_METHODS else self.action, **kwargs)
        self.claim(request, self.person)

    def admit(self, request: Request, action: str, **kwargs: Any) -> None:
        """Raises Problem and Http404 where this person, or this token, may not do it."""
        token = self.token(request)
        if token is not None:
            check_scope(token, action)
            if token.workspace is not None and request.method not in SAFE_METHODS:
                raise Problem(403, "one_workspace", f"This token works only in the workspace `{token.workspace.slug}`.")

    def token(self, request: Request) -> ApiToken | None:
        """What the request came with, unless it is a browser's."""
        return request.auth if isinstance(request.auth, ApiToken) else None


class WorkspaceAPI(PersonAPI):
    """Base of every API view below `/workspaces/<workspace>/`: sets `self.workspace` and `self.role` too."""

    action = "edit"
    workspace: Workspace
    role: str

    def admit(self, request: Request, action: str, **kwargs: Any) -> None:
        self.workspace, self.role = find_workspace(self.person, kwargs["workspace"])
        token = self.token(request)
        if token is not None:
            if token.workspace_id not in (None, self.workspace.pk):
                raise Http404  # to this token it does not exist
            check_scope(token, action)
        if not may(self.role, action):
            self.permission_denied(request, message=f"Your role here, {self.role}, may not do this.")


def check_scope(token: ApiToken, action: str) -> None:
    """Raises Problem, which names the scope that is missing."""
    if not token.may(action):
        has = ", ".join(f"`{scope}`" for scope in token.scopes)
        sentence = f"This needs a token with the scope `{action}`; this one has {has}. Make one on the account page."
        raise Problem(403, "scope_missing", sentence, scope=action)
