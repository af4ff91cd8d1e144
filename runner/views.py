"""Pages of runs. `templates/README.md` lists what each template expects."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from designer.models import Pipeline
from designer.views import bootstrap
from registry.policy import may
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from runner.engine.states import RunStatus
from runner.selectors import find_run, runs_of
from runner.services.deleting import run_delete

PAGE_SIZE = 50
STATUSES = [status.value for status in RunStatus]


@require_GET
@in_workspace()
def run_list(request: WorkspaceRequest) -> HttpResponse:
    """The runs of the workspace, newest first, by state and by pipeline."""
    status, pipeline = request.GET.get("status", ""), request.GET.get("pipeline", "")
    found = runs_of(request.workspace)
    if status in STATUSES:
        found = found.filter(status=status)
    if pipeline.isdigit():
        found = found.filter(pipeline=int(pipeline))
    paginator = Paginator(found, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    following = {"page": page.number + 1, "status": status, "pipeline": pipeline}
    context = {
        "runs": page.object_list,
        "pipelines": Pipeline.objects.filter(workspace=request.workspace).order_by("name").only("pk", "name"),
        "statuses": STATUSES,
        "status": status,
        "pipeline": int(pipeline) if pipeline.isdigit() else None,
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
