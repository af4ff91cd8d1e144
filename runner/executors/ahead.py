"""What a run's other steps will call, so that a worker loads their libraries before they begin."""

from collections import OrderedDict
from dataclasses import replace

from registry import store
from registry.spec.values import BINDING
from runner.engine.binding import bind
from runner.environments import Interpreter
from runner.executors.environment import resolve_program
from runner.executors.processes import Call
from runner.models import Step
from runner.services.versions import version_of

REMEMBERED = 1000
looked_at: OrderedDict[int, None] = OrderedDict()


def calls_ahead(step: Step, call: Call, interpreter: Interpreter) -> list[Call]:
    """Calls like that of a step for those of its run that did not end and are to run in the same environment.

    A run is looked at when the first of its steps begins here. What is not on this machine's disk is not looked at:
    to bring it here would keep the step waiting.
    """
    if step.run_id in looked_at:
        return []
    looked_at[step.run_id] = None
    if len(looked_at) > REMEMBERED:
        looked_at.popitem(last=False)
    others = Step.objects.filter(
        run=step.run_id, kind=Step.Kind.COMPONENT, ended_at=None, component_version__code__isnull=False
    ).exclude(component_version=step.component_version_id)
    found = []
    for version_id, environment, resources in (
        others.values_list("component_version_id", "environment", "resources").order_by().distinct()
    ):
        if environment == step.environment and resources.get("cpu") == step.resources.get("cpu"):
            version = version_of(version_id)
            path = store.local_path(version.code.location) if version.code else None
            if version.code and path is not None:
                command = bind(BINDING.sub("value", version.spec.command), {})
                program = resolve_program(command.argv, interpreter)
                found.append(replace(call, argv=program, cwd=path, code=version.code.digest))
    return found
