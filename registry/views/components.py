"""The registry's pages: browse, one component, register."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry import selectors, store
from registry.downloads import component_response
from registry.highlight import LIMIT, highlighted, shown_text
from registry.models import Component, ComponentVersion, Environment, Workspace
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.selectors import Search
from registry.services.component_uploads import Outcome, components_from_git, components_from_zip
from registry.services.components import component_archive, component_restore, tag_words
from registry.spec.environment import EnvironmentRef, reference
from registry.spec.types import is_data
from registry.unpacking import BadArchive
from registry.versions import version_key

PAGE = 60


@require_GET
@in_workspace()
def component_list(request: WorkspaceRequest) -> HttpResponse:
    """Search as you type: htmx gets results and facets alone."""
    workspace = request.workspace
    search = Search(
        text=request.GET.get("q", "").strip()[:200],
        category=request.GET.get("category", ""),
        takes=request.GET.get("takes", ""),
        gives=request.GET.get("gives", ""),
        tag=request.GET.get("tag", ""),
        archived=request.GET.get("archived") == "1",
    )
    found = selectors.components(workspace, search).select_related("latest")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "search": search,
        "components": page,
        "facets": selectors.facets(workspace, search),
        "any": bool(page.paginator.count) or Component.objects.filter(workspace=workspace).exists(),
        "narrowed": any((search.text, search.category, search.takes, search.gives, search.tag)),
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "registry/_component_results.html" if fragment else "registry/component_list.html", context)


@require_GET
@in_workspace()
def component_detail(request: WorkspaceRequest, name: str) -> HttpResponse:
    """One version of a component, the latest unless `?version=` asks for another."""
    component = _component(request, name)
    versions = sorted(
        component.named_versions.select_related("created_by").defer("spec_data", "interface", "yaml"),
        key=lambda found: version_key(found.version),
        reverse=True,
    )
    version = _version(component, request.GET.get("version") or component.latest.version)  # type: ignore[union-attr]
    spec = version.spec
    context = {
        "component": component,
        "version": version,
        "versions": versions,
        "spec": spec,
        "interface": version.interface,
        "inputs": [_input_row(port, spec.inputs[port["name"]].mode) for port in version.interface["inputs"]],
        "tags": [word for key, value in spec.tags.items() for word in tag_words(key, value)],
        "environment": _environment(spec.environment),
        "environment_name": _registered_environment(component.workspace, spec.environment),
        "files": version.code.files if version.code else [],
        "source": highlighted(version.yaml, "component.yml"),
    }
    return render(request, "registry/component_detail.html", context)


@require_GET
@in_workspace()
def component_source(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """One file of a version's code, highlighted; without `?path=` its YAML."""
    found = _version(_component(request, name), version)
    path = request.GET.get("path", "")
    if not path:
        return render(request, "registry/_source.html", {"path": "", "source": highlighted(found.yaml, "x.yml")})
    size = dict(found.code.files).get(path) if found.code else None
    if size is None or found.code is None:
        raise Http404("There is no such file.")
    with store.open_file(f"{found.code.location}/{path}") as file:
        text = shown_text(file.read(LIMIT))
    source = highlighted(text, path.rpartition("/")[2]) if text is not None else None
    context = {"path": path, "source": source, "size": size, "cut": size > LIMIT}
    return render(request, "registry/_source.html", context)


@require_GET
@in_workspace()
def component_download(request: WorkspaceRequest, name: str, version: str) -> HttpResponseBase:
    """The component as a zip that can be registered again."""
    return component_response(_version(_component(request, name), version))


@require_POST
@in_workspace("edit")
def archive(request: WorkspaceRequest, name: str) -> HttpResponse:
    component = _component(request, name)
    component_archive(component=component)
    messages.success(request, f"“{component.title}” is archived; pipelines that use it keep working.")
    return redirect("component-detail", workspace=request.workspace.slug, name=name)


@require_POST
@in_workspace("edit")
def restore(request: WorkspaceRequest, name: str) -> HttpResponse:
    component = _component(request, name)
    component_restore(component=component)
    messages.success(request, f"“{component.title}” is back in the palette.")
    return redirect("component-detail", workspace=request.workspace.slug, name=name)


@in_workspace("edit")
def register(request: WorkspaceRequest) -> HttpResponse:
    """A page to drop a zip or a folder on; a POST answers the report alone."""
    if request.method != "POST":
        return render(request, "registry/component_register.html", {"limit": settings.COMPONENT_UPLOAD_LIMIT})
    context: dict[str, Any] = {"outcomes": [], "refused": ""}
    try:
        context["outcomes"] = _registered(request)
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    done = [outcome.registered for outcome in context["outcomes"]]
    context["fresh"] = sum(1 for each in done if each and each.created)
    context["unchanged"] = sum(1 for each in done if each and not each.created)
    context["faulty"] = done.count(None)
    return render(request, "registry/_register_report.html", context)


def _registered(request: WorkspaceRequest) -> list[Outcome]:
    """Raises Refusal."""
    if git := request.POST.get("git", "").strip():
        branch = request.POST.get("branch", "").strip()
        return components_from_git(workspace=request.workspace, url=git, branch=branch, user=request.user)
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise BadArchive("No file was sent; choose a zip or a folder.")
    return components_from_zip(workspace=request.workspace, file=file, size=file.size or 0, user=request.user)


def _component(request: WorkspaceRequest, name: str) -> Component:
    known = Component.objects.select_related("latest", "workspace")
    return get_object_or_404(known, workspace=request.workspace, name=name, latest__isnull=False)


def _version(component: Component, version: str) -> ComponentVersion:
    known = ComponentVersion.objects.select_related("component", "code", "created_by")
    return get_object_or_404(known, component=component, version=version)


def _input_row(port: dict[str, Any], mode: str | None) -> dict[str, Any]:
    """An input as the table shows it: what it accepts in words."""
    accepts = ""
    low, high = (_number(port[bound]) if port[bound] is not None else "" for bound in ("min", "max"))
    if low and high:
        accepts = f"{low} to {high}"
    elif low or high:
        accepts = f"at least {low}" if low else f"at most {high}"
    return port | {"is_data": is_data(port["type"]), "accepts": accepts, "mode": mode}


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else f"{value:g}"


def _environment(environment: str | dict[str, Any] | None) -> str:
    if isinstance(environment, dict):
        installs = any(environment.get(key) for key in ("conda_file", "pip", "python"))
        return "its own list of packages" if installs else str(environment.get("image") or "a Docker build")
    if _reference(environment) is None:
        return "the server’s own Python"
    return str(environment).removeprefix("azureml:")


def _registered_environment(workspace: Workspace, environment: str | dict[str, Any] | None) -> str:
    """The name of the environment that has a page, or nothing."""
    ref = _reference(environment)
    known = ref is not None and Environment.objects.filter(workspace=workspace, name=ref.name).exists()
    return ref.name if ref is not None and known else ""


def _reference(environment: str | dict[str, Any] | None) -> EnvironmentRef | None:
    try:
        return reference(environment) if isinstance(environment, str) else None
    except ValueError:
        return None
