"""What the end of one step means for those behind it: which begin, and which never will."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from runner.engine.states import ENDED, StepStatus

Key = TypeVar("Key")

ENDED_ANYHOW = "ended"
"""The condition of an order edge that only the engine makes: after it ended, however it did."""


class Outcome(StrEnum):
    """How a step ended, as those behind it see it. A branch ends with the way that it goes."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELED = "canceled"
    TRUE = "true"
    FALSE = "false"


_MET: Mapping[str, frozenset[Outcome]] = {
    "succeeded": frozenset({Outcome.SUCCEEDED}),
    "failed": frozenset({Outcome.FAILED}),
    "completed": frozenset({Outcome.SUCCEEDED, Outcome.FAILED}),
    "skipped": frozenset({Outcome.SKIPPED}),
    "true": frozenset({Outcome.TRUE}),
    "false": frozenset({Outcome.FALSE}),
    ENDED_ANYHOW: frozenset(Outcome),
}
_OF_STATUS = {
    StepStatus.COMPLETED: Outcome.SUCCEEDED,
    StepStatus.FAILED: Outcome.FAILED,
    StepStatus.SKIPPED: Outcome.SKIPPED,
    StepStatus.CANCELED: Outcome.CANCELED,
}


def outcome_of(status: str, taken: bool | None = None) -> Outcome:
    """The outcome of a step that ended; `taken` is which way a branch goes."""
    if status == StepStatus.COMPLETED and taken is not None:
        return Outcome.TRUE if taken else Outcome.FALSE
    return _OF_STATUS[StepStatus(status)]


@dataclass(frozen=True)
class Behind(Generic[Key]):
    """An edge out of a step that ended, and how many edges its target still waited for before that.

    `condition` is an order edge's; a wire has none, and without what a `required` one brings its target cannot run.
    """

    target: Key
    missing: int
    required: bool = False
    condition: str = ""


@dataclass
class Effects(Generic[Key]):
    """What the end of a step does to those right behind it."""

    ready: list[Key] = field(default_factory=list)
    skipped: list[Key] = field(default_factory=list)


def on_finished(outcome: Outcome, edges: Iterable[Behind[Key]]) -> Effects[Key]:
    """Decide from the edges out of one ended step to targets that have not begun. Costs its out-degree.

    A wire from a step that did not succeed takes along what requires it; an optional input that will never come is
    left unset (source: Azure ML's `continue_on_step_failure`, `shared/azureml.md` 2.3). An order edge whose condition
    is not met takes its target along (source: Azure Data Factory's dependency conditions).
    """
    arrived: dict[Key, int] = {}
    lost: dict[Key, None] = {}
    waiting: dict[Key, int] = {}
    for edge in edges:
        arrived[edge.target] = arrived.get(edge.target, 0) + 1
        waiting[edge.target] = edge.missing
        if edge.condition:
            kept = outcome in _MET[edge.condition]
        else:
            kept = outcome == Outcome.SUCCEEDED or not edge.required
        if not kept:
            lost[edge.target] = None
    ready = [key for key, count in arrived.items() if key not in lost and count == waiting[key]]
    return Effects(ready, list(lost))


def group_status(inner: Iterable[str]) -> StepStatus:
    """What a group ends as, from how its steps ended."""
    found = set(inner)
    assert found <= ENDED, "a group ends after its steps"
    for status in (StepStatus.FAILED, StepStatus.CANCELED, StepStatus.COMPLETED):
        if status in found:
            return status
    return StepStatus.SKIPPED if found else StepStatus.COMPLETED
