"""The page of compute targets: their queues and the workers that serve them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry.models import ComputeTarget
from registry.scope import WorkspaceRequest, in_workspace
from runner import broker
from runner.queues import queues_of


@require_GET
@in_workspace()
def compute_list(request: WorkspaceRequest) -> HttpResponse:
    """Asks itself for the queues alone every few seconds."""
    fragment = request.htmx and not request.htmx.boosted
    queues = queues_of(request.workspace)
    # What this server serves already, it is to serve further on when it is started anew.
    served = [queue.name for queue in queues if queue.target and queue.served] if broker.is_local() else []
    context = {"queues": queues, "embedded": broker.is_local(), "served": served}
    if fragment:
        return render(request, "runner/_queues.html", context)
    archived = ComputeTarget.objects.filter(workspace=request.workspace, archived_at__isnull=False)
    return render(request, "runner/compute_list.html", context | {"archived": archived})
