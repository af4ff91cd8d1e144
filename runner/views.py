"""Pages of runs. `templates/README.md` lists what each template expects."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from designer.models import Pipeline
from designer.views import bootstrap
from registry.policy import may
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from runner.engine.states import RunStatus
from runner.jobs import experiments_of, tags_of
from runner.selectors import find_run, runs_of, runs_tagged
from runner.services.deleting import run_delete
from runner.services.describing import run_archive, run_restore

PAGE_SIZE = 50
STATUSES = [status.value for status in RunStatus]


@require_GET
@in_workspace()
def run_list(request: WorkspaceRequest) -> HttpResponse:
    """The runs of the workspace, newest first, by state, pipeline, experiment and tag."""
    asked = {name: request.GET.get(name, "") for name in ("status", "pipeline", "experiment", "tag", "archived")}
    archived = asked["archived"] == "only"
    found = runs_of(request.workspace).filter(archived_at__isnull=not archived)
    if asked["status"] in STATUSES:
        found = found.filter(status=asked["status"])
    if asked["pipeline"].isdigit():
        found = found.filter(pipeline=int(asked["pipeline"]))
    if asked["experiment"]:
        found = found.filter(experiment_name=asked["experiment"])
    if asked["tag"]:
        found = runs_tagged(found, asked["tag"])
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    following = {"page": page.number + 1, **{name: value for name, value in asked.items() if value}}
    context = {
        "runs": page.object_list,
        "pipelines": Pipeline.objects.filter(workspace=request.workspace).order_by("name").only("pk", "name"),
        "experiments": experiments_of(request.workspace),
        "tags": tags_of(request.workspace),
        "statuses": STATUSES,
        "status": asked["status"],
        "pipeline": int(asked["pipeline"]) if asked["pipeline"].isdigit() else None,
        "experiment": asked["experiment"],
        "tag": asked["tag"],
        "archived": archived,
        "filtered": any(asked.values()),
        "total": paginator.count,
        "may_run": may(request.role, "run"),
        "next_page": f"?{urlencode(following)}" if page.has_next() else None,
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "runner/_run_rows.html" if fragment else "runner/run_list.html", context)


@require_GET
@in_workspace()
def run_page(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """The canvas on one run."""
    run = find_run(request.workspace, pk)
    pipeline = run.pipeline
    context = {
        "title": f"{run.pipeline_name} · run {run.pk}",
        "bootstrap": bootstrap(request, pipeline=pipeline, run={"id": run.pk}),
    }
    return render(request, "designer/designer.html", context)


@require_POST
@in_workspace("run")
def run_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Delete a run. Answers what says so, in place of its row."""
    try:
        run_delete(run=find_run(request.workspace, pk))
    except Refusal as refused:
        return HttpResponse(refused.sentence, status=refused.status, content_type="text/plain")
    return render(request, "runner/_gone.html", {"text": f"Run {pk} is deleted."})


@require_POST
@in_workspace("run")
def run_put_away(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Archive a run. Answers what says so, with Undo, in place of its row."""
    run = find_run(request.workspace, pk)
    run_archive(run=run)
    undo = reverse("run-restore", kwargs={"workspace": request.workspace.slug, "pk": pk}) + "?row=1"
    told = {"text": f"{run.name} is archived.", "undo_url": undo, "undo_target": "#run-rows"}
    return render(request, "runner/_gone.html", told)


@require_POST
@in_workspace("run")
def run_take_back(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Take a run out of the archive. Answers its row (`?row=1`), or what takes the row's place in the archive."""
    run = find_run(request.workspace, pk)
    run_restore(run=run)
    if "row" in request.GET:
        return render(request, "runner/_run_rows.html", {"runs": [run], "may_run": True})
    return render(request, "runner/_gone.html", {"text": f"{run.name} is listed again."})
