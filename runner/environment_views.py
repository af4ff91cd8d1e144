"""How an environment stands on this server: what its page shows of it, and making it before a step needs it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from registry.models import Environment
from registry.policy import may
from registry.scope import WorkspaceRequest, in_workspace
from registry.spec.environment import EnvironmentSpec
from runner.environments import prepare
from runner.environments.disk import state
from runner.services.environments import environment_frozen


@require_http_methods(["GET", "POST"])
@in_workspace()
def environment_build(request: WorkspaceRequest, name: str, version: str) -> HttpResponse:
    """A panel that asks again while it is being made; a POST begins that."""
    found = get_object_or_404(Environment, workspace=request.workspace, name=name, version=version)
    frozen = environment_frozen(EnvironmentSpec.model_validate(found.spec_data), found.ref)
    allowed = may(request.role, "run")
    if request.method == "POST":
        if not allowed:
            return HttpResponse("Your role here may not do this.", status=403, content_type="text/plain")
        prepare(frozen)
    context = {"environment": found, "state": state(frozen["digest"]), "may_build": allowed}
    return render(request, "runner/_environment_build.html", context)
