"""The way in: home, health, and the pages for what went wrong."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from registry.models import Workspace


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers when the process serves."""
    return HttpResponse("ok", content_type="text/plain")


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


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, "Page not found", "There is nothing at this address, or it is not shared with you.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(
        request, 403, "Not allowed", "Your role in this workspace does not allow this. An owner can change your role."
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, "Bad request", "The server could not understand what the browser sent.")


@login_not_required
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Settings name this view as CSRF_FAILURE_VIEW."""
    return _error(
        request, 403, "This form has expired", "Go back, reload the page and send the form again; nothing was changed."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches neither the database nor the session: one of them may be what failed."""
    return render(None, "500.html", status=500)  # type: ignore[arg-type]


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "error.html", {"status": status, "title": title, "text": text}, status=status)
