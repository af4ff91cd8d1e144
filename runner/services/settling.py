"""What the ends of steps mean for the rest of their run. Costs the out-degree of what ended, never the graph's size."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.utils.functional import partition

from registry.spec.comparing import takes
from runner.engine.flow import Behind, Outcome, group_status, on_finished, outcome_of
from runner.engine.planning import BRANCH_PORT
from runner.engine.states import HELD, StepStatus
from runner.models import Artifact, Step, StepEdge
from runner.rows import columns, converted, holes, made_row, parts
from runner.services.changes import Change
from runner.services.laying import DISABLED
from runner.services.loops import loops_settle
from runner.services.reuse import offer

# All of a step but what only its worker needs.
NEEDED = tuple(
    field.attname for field in Step._meta.concrete_fields if field.name not in ("command", "ingredients", "progress")
)
WAITING = frozenset({StepStatus.NOT_STARTED, StepStatus.QUEUED})


_ENDED = {
    Outcome.SUCCEEDED: "succeeded",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "was skipped",
    Outcome.CANCELED: "was cancelled",
    Outcome.TRUE: "went the way `true`",
    Outcome.FALSE: "went the way `false`",
}


class _Edge(NamedTuple):
    source_id: int
    target_id: int
    required: bool
    condition: str


def settle(change: Change) -> None:
    """Work out, wave by wave, what begins and what is skipped, until nothing more follows; and end the run."""
    if retold := change.take_retold():
        change.flush()
        _release(change, retold)
    while ended := change.take_unsettled():
        # What follows reads rows that were changed above.
        change.flush()
        failed = next((step for step in ended if step.status == StepStatus.FAILED), None)
        if failed is not None and not change.run.continues_on_failure:
            _stop_others(change, failed)
        _release(change, ended)
        loops_settle(change, ended)
    change.end_if_over()


def _release(change: Change, ended: Iterable[Step]) -> None:
    ended = list(ended)
    outcomes = {step.pk: outcome_of(step.status, (step.result or {}).get("taken")) for step in ended}
    edges, targets = _waiting_behind(list(outcomes))
    if not edges:
        return
    behind: dict[int, list[_Edge]] = {}
    for edge in edges:
        behind.setdefault(edge.source_id, []).append(edge)
    ready: list[Step] = []
    skipped: dict[int, Step] = {}
    reasons: dict[str, list[Step]] = {}
    titles = {step.pk: step.title for step in ended}
    for source, outcome in outcomes.items():
        found = [
            Behind(edge.target_id, targets[edge.target_id].missing, edge.required, edge.condition)
            for edge in behind.get(source, ())
        ]
        effects = on_finished(outcome, found)
        for passed in found:
            target = targets[passed.target]
            change.set(target, missing=target.missing - 1)
        reason = f"Skipped, since “{titles[source]}” {_ENDED[outcome]}."
        reasons.setdefault(reason, []).extend(targets[pk] for pk in effects.skipped if pk not in skipped)
        skipped |= {pk: targets[pk] for pk in effects.skipped}
        ready += [targets[pk] for pk in effects.ready]
    for reason, steps in reasons.items():
        change.steps_to(steps, StepStatus.SKIPPED, message=reason, ended_at=change.now)
    begin(change, [step for step in ready if step.pk not in skipped])


def _waiting_behind(sources: list[int]) -> tuple[list[_Edge], dict[int, Step]]:
    """The edges out of steps to those that have not begun, and these by id. One query."""
    edges: list[_Edge] = []
    targets: dict[int, Step] = {}
    for some in parts(sources):
        sql = (
            f"SELECT {columns(StepEdge, _Edge._fields)}, {columns(Step, NEEDED)} FROM runner_stepedge "
            "JOIN runner_step ON runner_step.id = runner_stepedge.target_id "
            f"WHERE runner_step.status = '{StepStatus.NOT_STARTED}' AND runner_stepedge.source_id IN ({holes(some)})"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, some)
            for row in cursor.fetchall():
                edge = _Edge(*converted(StepEdge, _Edge._fields, row[: len(_Edge._fields)]))
                edges.append(edge)
                if edge.target_id not in targets:
                    targets[edge.target_id] = made_row(Step, NEEDED, row[len(_Edge._fields) :])
    return edges, targets


def begin(change: Change, ready: Iterable[Step]) -> None:
    """Steps whose turn it is: answered from earlier ones, decided, or queued."""
    disabled, ready = partition(lambda step: step.control != DISABLED, ready)
    change.steps_to(disabled, StepStatus.SKIPPED, message="Skipped, since it is disabled.", ended_at=change.now)
    runs, decides = partition(lambda step: step.kind in (Step.Kind.BRANCH, Step.Kind.GROUP), ready)
    offer(change, runs)
    for step in decides:
        if step.kind == Step.Kind.BRANCH:
            _decide(change, step)
        else:
            inner = StepEdge.objects.filter(target=step, input="").values_list("source__status", flat=True)
            change.steps_to([step], group_status(inner), ended_at=change.now)


def _decide(change: Change, step: Step) -> None:
    """A branch: which of the steps behind it run."""
    value = step.params.get(BRANCH_PORT)
    wire = StepEdge.objects.filter(target=step, input=BRANCH_PORT).first()
    if wire is not None:
        made = Artifact.objects.filter(step=wire.source_id, output=wire.output).first()
        value = made.value if made else None
    times = {"started_at": change.now, "ended_at": change.now}
    try:
        taken = takes(step.control or {}, value)
    except ValueError as error:
        change.steps_to([step], StepStatus.FAILED, message=f"The branch cannot decide: {error}.", **times)
        return
    change.set(step, result={"taken": taken, "value": value})
    change.steps_to(
        [step], StepStatus.COMPLETED, message=f"Goes the way `{Outcome.TRUE if taken else Outcome.FALSE}`.", **times
    )


def _stop_others(change: Change, failed: Step) -> None:
    """One failed and the others are not to go on: what waits never runs, what runs is ended. Final steps stay."""
    from runner.services.attempts import steps_ask_to_end

    reason = f"Not run, since “{failed.title}” failed."
    others = list(Step.objects.filter(run_id=change.run.pk, final=False).exclude(pk=failed.pk).defer("ingredients"))
    change.steps_to(
        [step for step in others if step.status in WAITING and step.kind != Step.Kind.GROUP],
        StepStatus.SKIPPED,
        message=reason,
        ended_at=change.now,
    )
    steps_ask_to_end(change, [step for step in others if step.status in HELD])
