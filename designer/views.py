"""Pages of pipelines and templates. `templates/README.md` lists what each template expects."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.graph.operations import Refused
from designer.models import Pipeline
from designer.selectors import (
    find_pipeline,
    find_pipeline_component,
    find_template,
    pipelines_of,
    pipelines_using,
    steps_within,
)
from designer.services import pipelines as service
from designer.services.editing import person
from designer.services.pipeline_components import pipeline_from_component
from designer.thumbnails import thumbnail
from registry.models import Workspace
from registry.policy import may
from registry.scope import WorkspaceRequest, in_workspace

SORTS = {"updated": "-updated_at", "name": "name", "created": "-created_at"}
PAGE_SIZE = 24


@require_GET
@in_workspace()
def pipeline_list(request: WorkspaceRequest) -> HttpResponse:
    """The pipelines of the workspace as cards: searched, sorted, page by page."""
    words, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "updated")
    found = pipelines_of(request.workspace).order_by(SORTS.get(sort, SORTS["updated"]), "-id")
    for word in words.split():
        found = found.filter(name__icontains=word)
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    following = {"page": page.number + 1, "q": words, "sort": sort}
    context = {
        "pipelines": page.object_list,
        "q": words,
        "sort": sort,
        "total": paginator.count,
        "next_page": f"?{urlencode(following)}" if page.has_next() else None,
    }
    fragment = request.htmx and not request.htmx.boosted
    name = "designer/_pipeline_cards.html" if fragment else "designer/pipeline_list.html"
    return render(request, name, context)


@require_POST
@in_workspace("edit")
def pipeline_create(request: WorkspaceRequest) -> HttpResponse:
    """Make a pipeline, empty or from a template, and open it."""
    slug, name = request.POST.get("template", ""), request.POST.get("name", "").strip()[:200]
    if slug:
        template = find_template(request.workspace, slug)
        made = service.pipeline_from_template(template=template, user=request.user, name=name)
        return _open(request.workspace, made)
    made = service.pipeline_create(workspace=request.workspace, user=request.user, name=name or "Untitled pipeline")
    return _open(request.workspace, made)


@require_GET
@in_workspace()
def designer(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The canvas on one pipeline."""
    pipeline = find_pipeline(request.workspace, pk)
    context = {"title": pipeline.name, "bootstrap": bootstrap(request, pipeline=pipeline)}
    return render(request, "designer/designer.html", context)


def bootstrap(
    request: WorkspaceRequest, *, pipeline: Pipeline | None = None, run: dict[str, Any] | None = None
) -> dict[str, Any]:
    """What the canvas needs to know before it asks for anything: protocol.md, “Editing”."""
    workspace: Workspace = request.workspace
    may_edit, may_run = may(request.role, "edit"), may(request.role, "run")
    return {
        "mode": "run" if run else "edit",
        "workspace": {"slug": workspace.slug, "name": workspace.name},
        "user": {**person(request.user), "can_edit": may_edit, "can_run": may_run},
        "api": f"/api/v1/workspaces/{workspace.slug}/",
        "pages": f"/w/{workspace.slug}/",
        "ws": f"/ws/w/{workspace.slug}/",
        "pipeline": {"id": pipeline.pk, "name": pipeline.name} if pipeline else None,
        "run": run,
    }


@require_POST
@in_workspace("edit")
def pipeline_rename(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Rename; what cannot be a name leaves the old one."""
    pipeline = find_pipeline(request.workspace, pk)
    try:
        service.pipeline_rename(pipeline=pipeline, user=request.user, name=request.POST.get("name", "").strip())
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain")
    return _card(request, find_pipeline(request.workspace, pk))


@require_POST
@in_workspace("edit")
def pipeline_clone(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Copy a pipeline."""
    clone = service.pipeline_clone(pipeline=find_pipeline(request.workspace, pk), user=request.user)
    return _card(request, clone, fresh=True)


@require_POST
@in_workspace("edit")
def pipeline_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Put a pipeline into the bin; the answer offers to take it out again."""
    pipeline = find_pipeline(request.workspace, pk)
    service.pipeline_delete(pipeline=pipeline)
    return render(request, "designer/_pipeline_deleted.html", {"pipeline": pipeline})


@require_POST
@in_workspace("edit")
def pipeline_restore(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take a pipeline out of the bin."""
    pipeline = find_pipeline(request.workspace, pk, binned=True)
    service.pipeline_restore(pipeline=pipeline)
    return _card(request, pipeline, fresh=True)


@require_GET
@in_workspace()
def pipeline_thumbnail(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """A picture of the draft."""
    pipeline = find_pipeline(request.workspace, pk)
    return _picture(request, pipeline.document, f"{pipeline.pk}-{pipeline.revision}")


@require_GET
@in_workspace()
def pipeline_uses(request: WorkspaceRequest, name: str) -> HttpResponse:
    """The pipelines that use a component, for its page."""
    context = {"pipelines": pipelines_using(request.workspace, name)}
    return render(request, "designer/_pipeline_uses.html", context)


@require_GET
@in_workspace()
def component_inside(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """What a pipeline component has inside, for its page: a picture and the steps."""
    component = find_pipeline_component(request.workspace, name, version)
    context = {"component": component, "steps": steps_within(component)}
    return render(request, "designer/_component_inside.html", context)


@require_GET
@in_workspace()
def component_picture(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """A picture of a pipeline component's graph."""
    component = find_pipeline_component(request.workspace, name, version)
    document: Document = component.graph  # type: ignore[assignment]
    return _picture(request, document, f"component-{component.pk}")


@require_POST
@in_workspace("edit")
def component_open(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """Make a pipeline with a pipeline component's graph, and open it."""
    component = find_pipeline_component(request.workspace, name, version)
    return _open(request.workspace, pipeline_from_component(version=component, user=request.user))


@require_GET
@in_workspace()
def template_thumbnail(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """A picture of the template."""
    template = find_template(request.workspace, slug)
    return _picture(request, template.document, f"{template.pk}-{template.digest}")


def _open(workspace: Workspace, pipeline: Pipeline) -> HttpResponse:
    return HttpResponseRedirect(reverse("pipeline", kwargs={"workspace": workspace.slug, "pk": pipeline.pk}))


def _card(request: WorkspaceRequest, pipeline: Pipeline, *, fresh: bool = False) -> HttpResponse:
    return render(request, "designer/_pipeline_card.html", {"pipeline": pipeline, "fresh": fresh})


def _picture(request: WorkspaceRequest, document: Document, revision: str) -> HttpResponse:
    """The thumbnail, drawn only when the browser does not have this revision of it already."""
    theme = request.GET.get("theme", "light")
    if theme not in ("light", "dark"):
        raise Http404
    etag = f'"{revision}-{theme}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    catalog = RegistryCatalog(request.workspace)
    catalog.load(document)
    return HttpResponse(thumbnail(document, catalog, dark=theme == "dark"), "image/webp", headers=headers)
