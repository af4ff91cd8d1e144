"""The pages to write components on."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry.categories import ORDER
from registry.models import ComponentDraft, ComponentVersion, Environment
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.services.component_drafts import draft_create, draft_from_version
from registry.spec.environment import OWN
from registry.starters import STARTERS


@in_workspace("edit")
def draft_new(request: WorkspaceRequest) -> HttpResponse:
    """What to begin with, and one's drafts; a POST of a `starter` makes one and opens it."""
    if request.method == "POST" and (starter := request.POST.get("starter", "")) in STARTERS:
        draft = draft_create(workspace=request.workspace, author=request.user, starter=starter)
        return redirect("component-draft", workspace=request.workspace.slug, pk=draft.pk)
    drafts = ComponentDraft.objects.filter(workspace=request.workspace, author=request.user)[:50]
    return render(request, "registry/component_write.html", {"drafts": drafts})


@require_POST
@in_workspace("edit")
def draft_of(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """Open the code of a version to write the next one; of a built-in component a copy."""
    found = get_object_or_404(
        ComponentVersion.objects.select_related("component__workspace", "code"),
        component__workspace=request.workspace,
        component__name=name,
        version=version,
        graph__isnull=True,
    )
    try:
        draft = draft_from_version(version=found, author=request.user)
    except Refusal as refusal:
        return HttpResponse(refusal.sentence, status=refusal.status, content_type="text/plain")
    return redirect("component-draft", workspace=request.workspace.slug, pk=draft.pk)


@require_GET
@in_workspace("edit")
def draft_page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The editor."""
    draft = get_object_or_404(ComponentDraft, workspace=request.workspace, author=request.user, pk=pk)
    slug = request.workspace.slug
    known = Environment.objects.filter(workspace=request.workspace, archived_at=None)
    named = known.order_by("name").values_list("name", flat=True).distinct()
    bootstrap = {
        "draft": draft.pk,
        "api": f"/api/v1/workspaces/{slug}/",
        "pages": f"/w/{slug}/",
        "ws": f"/ws/w/{slug}/",
        "environments": [f"azureml:{name}@latest" for name in dict.fromkeys([*OWN, *named])],
        "categories": list(ORDER[:-1]),
    }
    return render(request, "registry/component_editor.html", {"draft": draft, "bootstrap": bootstrap})
