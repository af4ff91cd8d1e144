"""Telling people why a step waits: no worker serves the compute target that it is for."""

from collections import defaultdict

from django.db.models import Q

from runner.engine.states import StepStatus
from runner.models import Run, Step
from runner.services.changes import changing, step_event
from runner.services.compute import targets_waiting

BATCH = 200
_WAITS = "waits for a worker of compute target "


def waiting_tell() -> None:
    """Say so on steps that nobody can begin, and take it back where a worker came.

    Costs one query while no step is queued for a target.
    """
    found = targets_waiting()
    sentences = {
        waiting.target: "" if waiting.served else f"{_WAITS}{waiting.name}: none is connected" for waiting in found
    }
    outdated = Q(pk__in=())
    for target, sentence in sentences.items():
        stale = ~Q(message=sentence) if sentence else Q(message__startswith=_WAITS)
        outdated |= Q(compute=target) & stale
    if found:
        _say(outdated, sentences)


def _say(which: Q, sentences: dict[int, str]) -> None:
    runs: dict[int, list[int]] = defaultdict(list)
    queued = Step.objects.filter(which, status=StepStatus.QUEUED)
    for run, pk in queued.values_list("run", "pk")[:BATCH]:
        runs[run].append(pk)
    for run, steps in runs.items():
        try:
            with changing(run_id=run) as change:
                for step in queued.filter(pk__in=steps):
                    change.set(step, message=sentences[step.compute_id or 0])
                    change.emit("step.status", step_event(step))
        except Run.DoesNotExist:
            continue
