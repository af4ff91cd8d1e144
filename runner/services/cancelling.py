"""Ending a run before its time."""

from registry.models import User
from runner.engine.states import ENDED, RunStatus, StepStatus
from runner.models import Run, Step
from runner.services.attempts import steps_ask_to_end
from runner.services.changes import changing


def run_cancel(run: Run, user: User | None = None) -> None:
    """Ask for the end of a run: what has not begun never will, what runs is ended. Harmless when asked twice.

    Final steps run all the same; asked again while only these are left, they are ended too.
    """
    with changing(run_id=run.pk) as change:
        if change.run.ended:
            return
        by = f"Cancelled by {user.shown_name}." if user else "Cancelled."
        again = change.run.cancel_requested_at is not None
        if not again:
            change.run.cancel_requested_at = change.now
            change.run_to(RunStatus.CANCEL_REQUESTED, by)
        steps = list(Step.objects.filter(run_id=run.pk).defer("ingredients"))
        if again and any(not step.final and step.status not in ENDED for step in steps):
            return
        steps = [step for step in steps if again or not step.final]
        waiting = [step for step in steps if step.status in (StepStatus.NOT_STARTED, StepStatus.QUEUED)]
        change.steps_to(
            [step for step in waiting if step.kind != Step.Kind.GROUP],
            StepStatus.CANCELED,
            message=by,
            ended_at=change.now,
        )
        steps_ask_to_end(change, steps)
