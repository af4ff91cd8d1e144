"""Ending a run before its time."""

from registry.models import User
from runner.engine.states import RunStatus, StepStatus
from runner.models import Run, Step
from runner.services.attempts import steps_ask_to_end
from runner.services.changes import changing


def run_cancel(run: Run, user: User | None = None) -> None:
    """Ask for the end of a run: what has not begun never will, what runs is ended. Harmless when asked twice."""
    with changing(run_id=run.pk) as change:
        if change.run.ended or change.run.cancel_requested_at:
            return
        change.run.cancel_requested_at = change.now
        by = f"Cancelled by {user.shown_name}." if user else "Cancelled."
        change.run_to(RunStatus.CANCEL_REQUESTED, by)
        steps = list(Step.objects.filter(run_id=run.pk))
        waiting = [step for step in steps if step.status in (StepStatus.NOT_STARTED, StepStatus.QUEUED)]
        change.steps_to(waiting, StepStatus.CANCELED, message=by, ended_at=change.now)
        steps_ask_to_end(change, steps)
        change.end_if_over()
