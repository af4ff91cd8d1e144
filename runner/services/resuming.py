"""Going on with a run that failed or was cancelled, in place: what completed stays, the rest gets another try."""

from collections import Counter
from collections.abc import Collection, Mapping

from registry.models import User
from registry.refusal import Refusal
from runner.engine.states import ENDED, RunStatus, StepStatus
from runner.models import Artifact, CacheEntry, Iteration, Run, Step, StepEdge
from runner.services.changes import Change, changing
from runner.services.loops import loop_resume
from runner.services.reuse import outputs_gone
from runner.services.settling import begin


class NotResumable(Refusal):
    """The run has not ended, or there is nothing left to do in it."""

    code = "not_resumable"


def run_resume(run: Run, user: User | None = None) -> None:
    """Reopen all steps that did not complete, and begin those that wait for nothing. Raises NotResumable."""
    with changing(run_id=run.pk) as change:
        if not change.run.ended:
            raise NotResumable("The run has not ended, so there is nothing to resume.")
        if change.run.status == RunStatus.COMPLETED:
            raise NotResumable("All of this run is done; start a new one to run it again.")
        steps = list(Step.objects.filter(run=run.pk).select_related("iteration__loop").defer("ingredients"))
        again = {step.pk: step for step in steps if step.status != StepStatus.COMPLETED and not _is_settled(step)}
        again |= _lost(again, {step.pk: step for step in steps})
        change.reopen(f"Resumed by {user.shown_name}." if user else "Resumed.")
        waits = Counter(StepEdge.objects.filter(target__in=again).values_list("target", flat=True))
        loops = [step for step in again.values() if step.kind == Step.Kind.LOOP and step.result]
        for step in again.values():
            if step not in loops:
                change.reopen_step(step, missing=waits[step.pk], max_attempts=step.attempt + 1)
        _reopen_iterations(change, again)
        change.flush()
        begin(change, [step for step in again.values() if step not in loops and not waits[step.pk]])
        for loop in loops:
            loop_resume(change, loop)
        # What completed before ends once more for those behind it that were reopened.
        fed = StepEdge.objects.filter(target__in=again).exclude(source__in=again).values("source")
        change.settle_again(Step.objects.filter(pk__in=fed, run=run.pk, status__in=ENDED))


def _lost(again: Collection[int], steps: Mapping[int, Step]) -> dict[int, Step]:
    """The steps that completed, but whose outputs were given up since and are needed: they run again too."""
    found: dict[int, Step] = {}
    while True:
        wanted = {*again, *found}
        sources = StepEdge.objects.filter(target__in=wanted).exclude(input="").exclude(source__in=wanted)
        gone = outputs_gone(set(sources.values_list("source", flat=True)))
        if not gone:
            break
        found |= {pk: steps[pk] for pk in gone}
    # They are about to be made anew.
    CacheEntry.objects.filter(step__in=found).delete()
    Artifact.objects.filter(step__in=found).delete()
    return found


def _is_settled(step: Step) -> bool:
    """Whether it is part of a loop that completed all the same: a trial of a sweep that failed."""
    return step.iteration is not None and step.iteration.loop.status == StepStatus.COMPLETED


def _reopen_iterations(change: Change, again: dict[int, Step]) -> None:
    left = Counter(step.iteration_id for step in again.values() if step.iteration_id is not None)
    for iteration in Iteration.objects.filter(pk__in=left):
        change.set(
            iteration,
            status=StepStatus.RUNNING,
            steps_left=left[iteration.pk],
            message="",
            ended_at=None,
        )
