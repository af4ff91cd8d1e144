"""Everything happens in a workspace: how a request finds its own, and how it is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from registry.models import Membership, User, Workspace
from registry.policy import may


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


class WorkspaceAPI(APIView):
    """Base of every API view below `/workspaces/<workspace>/`: sets `self.workspace`, `self.role` and `self.person`.

    Reading needs "view"; anything else needs `action`.
    """

    action = "edit"
    workspace: Workspace
    role: str
    person: User

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.person = cast(User, request.user)  # the permission classes let nobody else in
        self.workspace, self.role = find_workspace(self.person, kwargs["workspace"])
        needed = "view" if request.method in SAFE_METHODS else self.action
        if not may(self.role, needed):
            self.permission_denied(request, message=f"Your role here, {self.role}, may not do this.")
