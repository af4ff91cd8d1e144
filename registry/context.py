"""What every template may ask for: the current workspace, the role in it, and the others one could switch to."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from registry.models import Workspace
from registry.policy import may


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`workspace` and `may_edit` are set on pages below `/w/`; the others cost a query only where they are shown.

    `nav_workspace` is where the main navigation leads: on pages of no workspace, the one that was looked at last.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    role = getattr(request, "role", None)
    return {
        "workspace": getattr(request, "workspace", None),
        "role": role,
        "may_edit": may(role, "edit"),
        "may_manage": may(role, "manage"),
        "nav_workspace": getattr(request, "workspace", None) or SimpleLazyObject(lambda: _last_looked_at(request)),
        "workspaces": SimpleLazyObject(lambda: list(Workspace.objects.filter(members=user.pk))),
    }


def _last_looked_at(request: HttpRequest) -> Workspace | None:
    slug = request.session.get("workspace")
    return Workspace.objects.filter(members=request.user.pk, slug=slug).first() if slug else None
