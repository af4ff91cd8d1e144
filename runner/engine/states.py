"""What a run and a step can be, in Azure ML's words, and what may follow what."""

from collections.abc import Mapping
from enum import StrEnum


class RunStatus(StrEnum):
    QUEUED = "Queued"  # submitted; no step has begun
    RUNNING = "Running"
    CANCEL_REQUESTED = "CancelRequested"  # its running steps are being ended
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"


class StepStatus(StrEnum):
    NOT_STARTED = "NotStarted"  # waits for what feeds it
    QUEUED = "Queued"  # waits for a worker, or for the delay before its next attempt
    PREPARING = "Preparing"  # a worker holds it and lays out its files
    RUNNING = "Running"
    FINALIZING = "Finalizing"  # its outputs are being kept
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCEL_REQUESTED = "CancelRequested"  # a worker holds it and is asked to end it
    CANCELED = "Canceled"
    SKIPPED = "Skipped"  # what it needs will never come


_S = StepStatus
HELD = frozenset({_S.PREPARING, _S.RUNNING, _S.FINALIZING, _S.CANCEL_REQUESTED})
"""A worker holds a lease on the step."""

ENDED = frozenset({_S.COMPLETED, _S.FAILED, _S.CANCELED, _S.SKIPPED})
RUN_ENDED = frozenset({RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELED})

_STEP: dict[StepStatus, frozenset[StepStatus]] = {
    # Completed without having run: answered from an earlier step; or one that never runs, as a branch and a group.
    _S.NOT_STARTED: frozenset({_S.QUEUED, _S.COMPLETED, _S.SKIPPED, _S.CANCELED, _S.FAILED}),
    _S.QUEUED: frozenset({_S.PREPARING, _S.COMPLETED, _S.SKIPPED, _S.CANCELED}),
    # A held step goes back to the queue for its next attempt, or because its worker stopped or vanished.
    _S.PREPARING: frozenset({_S.RUNNING, _S.FINALIZING, _S.COMPLETED, _S.FAILED, _S.CANCEL_REQUESTED, _S.QUEUED}),
    # Skipped: a loop that turned out to have nothing to go over.
    _S.RUNNING: frozenset({_S.FINALIZING, _S.COMPLETED, _S.FAILED, _S.CANCEL_REQUESTED, _S.QUEUED, _S.SKIPPED}),
    _S.FINALIZING: frozenset({_S.COMPLETED, _S.FAILED, _S.CANCEL_REQUESTED, _S.QUEUED}),
    _S.CANCEL_REQUESTED: frozenset({_S.CANCELED}),
}
_RUN: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING, RunStatus.CANCEL_REQUESTED, RunStatus.CANCELED}),
    RunStatus.RUNNING: frozenset({RunStatus.CANCEL_REQUESTED, *RUN_ENDED}),
    RunStatus.CANCEL_REQUESTED: frozenset({RunStatus.CANCELED}),
}


class IllegalTransition(RuntimeError):
    """A fault of the engine, never of a user: a state was to follow one that it cannot follow."""


def check_step(before: str, after: str) -> None:
    """Raises IllegalTransition unless a step may go from `before` to `after`."""
    if after not in _STEP.get(StepStatus(before), ()):
        raise IllegalTransition(f"a step cannot go from {before} to {after}")


def check_run(before: str, after: str) -> None:
    """Raises IllegalTransition unless a run may go from `before` to `after`."""
    if after not in _RUN.get(RunStatus(before), ()):
        raise IllegalTransition(f"a run cannot go from {before} to {after}")


def run_outcome(counts: Mapping[str, int], cancel_requested: bool) -> RunStatus | None:
    """What a run ends as, from how many of its steps are in each state; None while any of them may still change."""
    if any(count for status, count in counts.items() if status not in ENDED):
        return None
    if cancel_requested:
        return RunStatus.CANCELED
    return RunStatus.FAILED if counts.get(StepStatus.FAILED) else RunStatus.COMPLETED
