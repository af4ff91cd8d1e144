"""The page to import pipelines on. `templates/README.md` lists what each template expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from designer.services.imports import Imported, NoPipeline, git_tree, pipeline_import, uploaded_tree
from registry.models import User, Workspace
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.spec.faults import SpecError


@in_workspace("edit")
def import_page(request: WorkspaceRequest) -> HttpResponse:
    """A page to drop a file, a zip or a folder on, or to name a git repository; a POST answers the report alone."""
    if request.method != "POST":
        return render(request, "designer/pipeline_import.html", {"limit": settings.COMPONENT_UPLOAD_LIMIT})
    context: dict[str, Any] = {"done": None, "faults": [], "warnings": [], "candidates": [], "refused": ""}
    lines: dict[tuple[str, int], str] = {}
    try:
        context["done"] = done = _imported(request, request.workspace, request.user, lines)
        context["warnings"] = [(fault, "") for fault in done.warnings]
    except SpecError as error:
        context["faults"] = [(fault, lines.get((fault.file, fault.line), "")) for fault in error.faults]
    except NoPipeline as error:
        context |= {"refused": error.sentence, "candidates": error.candidates}
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    return render(request, "designer/_import_report.html", context)


def _imported(
    request: WorkspaceRequest, workspace: Workspace, user: User, lines: dict[tuple[str, int], str]
) -> Imported:
    """Import what was sent; `lines` gets those lines that faults stand in."""
    path, git, file = (
        request.POST.get("path", "").strip(),
        request.POST.get("git", "").strip(),
        request.FILES.get("file"),
    )
    if git:
        with git_tree(git, request.POST.get("branch", "").strip()) as root, _seen(root, lines):
            return pipeline_import(workspace=workspace, user=user, root=root, path=path)
    if file is None or isinstance(file, list):
        raise NoPipeline("No file was sent; choose a YAML file, a zip or a folder.", [])
    with uploaded_tree(file, file.name or "", file.size or 0) as (root, only), _seen(root, lines):
        return pipeline_import(workspace=workspace, user=user, root=root, path=path or only)


@contextmanager
def _seen(root: Path, lines: dict[tuple[str, int], str]) -> Iterator[None]:
    """Before a tree is gone, remember the lines of its files that faults stand in."""
    try:
        yield
    except SpecError as error:
        for name in {fault.file for fault in error.faults}:
            file = root / name
            text = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
            lines.update({(name, number): line[:300] for number, line in enumerate(text, 1)})
        raise
