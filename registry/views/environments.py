"""Environments: list, one with its versions, a form for a new one, archive."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_list_or_404, get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from registry import selectors
from registry.highlight import highlighted
from registry.models import Component, Environment, Workspace
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.services.environments import environment_archive, environment_from_list, environment_restore
from registry.spec.environment import reference
from registry.spec.faults import Fault, SpecError
from registry.versions import version_key

PAGE = 50


class EnvironmentForm(forms.Form):
    name = forms.CharField(max_length=255, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    description = forms.CharField(required=False, max_length=10_000)
    python = forms.CharField(
        required=False,
        max_length=100,
        label="Python",
        widget=forms.TextInput(attrs={"placeholder": "the server’s own", "autocomplete": "off"}),
    )
    packages = forms.CharField(
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 12,
                "class": "input code-input",
                "spellcheck": "false",
                "placeholder": "pandas==2.3.3\nscikit-learn>=1.5,<2",
            }
        ),
    )


@dataclass(frozen=True)
class Line:
    """An environment as the list shows it: its highest version, and how many it has."""

    environment: Environment
    versions: int


@require_GET
@in_workspace()
def environment_list(request: WorkspaceRequest) -> HttpResponse:
    """Each with its highest version, by name; htmx gets the rows alone."""
    q = request.GET.get("q", "").strip()[:200]
    archived = request.GET.get("archived") == "1"
    names = selectors.environment_names(request.workspace, q, archived)
    page = Paginator(names, PAGE).get_page(request.GET.get("page"))
    rows = Environment.objects.filter(
        workspace=request.workspace, name__in=list(page), archived_at__isnull=not archived
    )
    context = {
        "page": page,
        "lines": _lines(rows.select_related("created_by").defer("yaml")),
        "q": q,
        "archived": archived,
    }
    fragment = request.htmx and not request.htmx.boosted
    name = "registry/_environment_rows.html" if fragment else "registry/environment_list.html"
    return render(request, name, context)


@require_GET
@in_workspace()
def environment_detail(request: WorkspaceRequest, name: str) -> HttpResponse:
    """One version of an environment, the highest unless `?version=` asks for another."""
    rows = Environment.objects.filter(workspace=request.workspace, name=name).select_related("created_by")
    versions = sorted(get_list_or_404(rows), key=lambda found: version_key(found.version), reverse=True)
    current = next((found for found in versions if not found.archived_at), versions[0])
    asked = request.GET.get("version")
    shown = get_object_or_404(rows, version=asked) if asked else current
    context = {
        "environment": shown,
        "current": current,
        "versions": versions,
        "spec": shown.spec_data,
        "source": highlighted(shown.yaml, "environment.yml"),
        "components": components_with(request.workspace, name),
    }
    return render(request, "registry/environment_detail.html", context)


@in_workspace("edit")
def create(request: WorkspaceRequest) -> HttpResponse:
    """A form for a list of packages or a conda file; `?from=name:version` begins with what that one has."""
    form = EnvironmentForm(request.POST or None, initial=_initial(request))
    faults: list[tuple[Fault, str]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = environment_from_list(workspace=request.workspace, user=request.user, **given)
        except SpecError as error:
            faults = _shown_faults(form, error.faults, given["packages"])
        except Refusal as refusal:
            form.add_error("name", refusal.sentence)
        else:
            word = "is registered" if found.created else "was there already, with the same content"
            messages.success(request, f"{found.environment.ref} {word}.")
            return redirect(_address(request, found.environment))
    return render(request, "registry/environment_create.html", {"form": form, "faults": faults})


@require_POST
@in_workspace("edit")
def archive(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    environment = _environment(request, name, version)
    environment_archive(environment=environment)
    messages.success(request, f"{environment.ref} is archived; components that name it keep working.")
    return redirect(_address(request, environment))


@require_POST
@in_workspace("edit")
def restore(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    environment = _environment(request, name, version)
    environment_restore(environment=environment)
    messages.success(request, f"{environment.ref} is back in the list.")
    return redirect(_address(request, environment))


def components_with(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    """The components whose latest version names an environment, and which version of it: one query."""
    rows = Component.objects.filter(workspace=workspace, archived_at=None, latest__isnull=False)
    found = []
    for component, title, given in rows.order_by("title").values_list(
        "name", "title", "latest__spec_data__environment"
    ):
        try:
            ref = reference(given) if isinstance(given, str) else None
        except ValueError:
            ref = None
        if ref is not None and ref.name == name:
            found.append({"name": component, "title": title, "version": ref.version or "latest"})
    return found


def _lines(rows: Iterable[Environment]) -> list[Line]:
    by_name: dict[str, list[Environment]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    return [
        Line(max(found, key=lambda each: version_key(each.version)), len(found)) for _, found in sorted(by_name.items())
    ]


def _shown_faults(form: EnvironmentForm, faults: list[Fault], packages: str) -> list[tuple[Fault, str]]:
    """Faults of the list with the lines that they stand in; those of a field are put at the field."""
    lines = packages.splitlines()
    shown = []
    for fault in faults:
        field = next((name for name in ("name", "python") if fault.message.startswith(f"`{name}`")), "")
        if fault.file == "environment.yml":
            python = "version of Python" in fault.message
            form.add_error(field or ("python" if python else "packages"), _sentence(fault.message, field))
        else:
            shown.append((fault, lines[fault.line - 1][:300] if fault.line <= len(lines) else ""))
    return shown


def _sentence(message: str, field: str) -> str:
    message = message.removeprefix(f"`{field}`: ").removeprefix("it says ")
    return f"{message[:1].upper()}{message[1:]}."


def _initial(request: WorkspaceRequest) -> dict[str, str]:
    name, _, version = request.GET.get("from", "").partition(":")
    found = Environment.objects.filter(workspace=request.workspace, name=name, version=version).first()
    if found is None:
        return {}
    spec = found.spec_data
    lines = [*spec["options"], *spec["packages"]]
    return {
        "name": found.name,
        "description": found.description,
        "python": spec["python"],
        "packages": "\n".join(lines),
    }


def _environment(request: WorkspaceRequest, name: str, version: str) -> Environment:
    return get_object_or_404(Environment, workspace=request.workspace, name=name, version=version)


def _address(request: WorkspaceRequest, environment: Environment) -> str:
    page = reverse("environment-detail", kwargs={"workspace": request.workspace.slug, "name": environment.name})
    return f"{page}?version={environment.version}"
