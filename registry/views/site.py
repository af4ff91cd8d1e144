"""The way in. What went wrong has its pages in `templates/40*.html` and `500.html`, which Django finds by name."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

from registry.models import Workspace


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process serves."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name no icon of their own, such as the administration."""
    return redirect(static("mark.svg"), permanent=True)


def home(request: HttpRequest) -> HttpResponse:
    """To the workspace that was looked at last, or the first one, or the page that makes one."""
    mine = Workspace.objects.filter(members=request.user.pk)
    last = request.session.get("workspace")
    workspace = mine.filter(slug=last).first() if last else None
    workspace = workspace or mine.first()
    return redirect(workspace_home(workspace.slug) if workspace else "workspace-create")


def workspace_home(slug: str) -> str:
    """Where a workspace opens: its pipelines."""
    for name in ("pipeline-list", "component-list"):
        try:
            return reverse(name, kwargs={"workspace": slug})
        except NoReverseMatch:
            continue
    return reverse("account")
