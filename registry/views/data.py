"""Data assets: list, a look at the first rows, archive."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from registry import selectors
from registry.models import DataAsset
from registry.previews import preview
from registry.scope import WorkspaceRequest, in_workspace
from registry.services.assets import asset_archive, asset_restore
from registry.spec.types import MODEL_TYPES

PAGE = 50


@require_GET
@in_workspace()
def data_list(request: WorkspaceRequest) -> HttpResponse:
    """Every version of all data or of models, the newest first; htmx gets the rows alone."""
    q = request.GET.get("q", "").strip()[:200]
    archived = request.GET.get("archived") == "only"
    models = request.GET.get("kind") == "models"
    found = selectors.data_assets(request.workspace, archived)
    if models:
        found = found.filter(type__in=MODEL_TYPES)
    for word in q.split()[:12]:
        found = found.filter(title__icontains=word) | found.filter(name__icontains=word)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"assets": page, "q": q, "archived": archived, "models": models, "limit": settings.UPLOAD_LIMIT}
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "registry/_data_rows.html" if fragment else "registry/data_list.html", context)


@require_GET
@in_workspace()
def data_preview(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """The first rows of a table, the files of a folder, or the beginning of a text."""
    asset = _asset(request, name, version)
    return render(request, "registry/_data_preview.html", {"asset": asset, "preview": preview(asset)})


@require_POST
@in_workspace("edit")
def archive(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """Answers a snackbar with Undo; the row goes."""
    asset = _asset(request, name, version)
    asset_archive(asset=asset)
    return render(request, "registry/_data_archived.html", {"asset": asset})


@require_POST
@in_workspace("edit")
def restore(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    asset = _asset(request, name, version)
    asset_restore(asset=asset)
    return render(request, "registry/_data_row.html", {"asset": asset, "fresh": True})


def _asset(request: WorkspaceRequest, name: str, version: str) -> DataAsset:
    known = DataAsset.objects.select_related("created_by")
    return get_object_or_404(known, workspace=request.workspace, name=name, version=version)
