"""Loops: their iterations begin as far as they may at once, and what the end of one means for the loop."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from designer.components import library_of
from designer.graph.control import handed_on
from registry.spec.types import is_data
from registry.spec.values import Scalar
from runner.engine.flow import group_status
from runner.engine.literals import CannotPlan
from runner.engine.loops import Planned, at_once, better, label_of
from runner.engine.planning import Asset, Given, Made, Plan, Value, plan_body
from runner.engine.states import ENDED, StepStatus
from runner.models import Artifact, Iteration, Run, Step, StepEdge
from runner.services.changes import Change, changing
from runner.services.laying import NotReady, create_steps, freeze
from runner.services.reuse import copy_outputs
from runner.services.versions import spec_of, version_of

# Of a metric's course, so many values are kept: the first, and the last.
MOST_TOLD = 1000


def loop_begin(change: Change, loop: Step, iterations: Iterable[tuple[Planned, Mapping[str, Any]]]) -> None:
    """Give a loop its iterations (each with the data that it gets), and start as many as may run at once."""
    assert loop.control is not None
    rows = [
        Iteration(loop=loop, index=index, label=planned.label, values=planned.values, assets=dict(assets))
        for index, (planned, assets) in enumerate(iterations)
    ]
    Iteration.objects.bulk_create(rows)
    total = None if loop.control["type"] == "do_while" else len(rows)
    change.set(loop, result={"type": loop.control["type"], "total": total, "counts": {}, "best": None}, command="")
    change.steps_to([loop], StepStatus.RUNNING, lease_token=None, lease_until=None, message="", progress=0)
    _advance(change, loop)


def loop_resume(change: Change, loop: Step) -> None:
    """Go on with a loop of a run that is resumed; its iterations were reopened, where they had not completed."""
    statuses = (
        Iteration.objects.filter(loop=loop).exclude(status=StepStatus.NOT_STARTED).values_list("status", flat=True)
    )
    change.set(loop, result={**(loop.result or {}), "counts": dict(Counter(statuses))})
    change.reopen_step(loop, StepStatus.RUNNING)
    _advance(change, loop)


def loops_settle(change: Change, ended: Iterable[Step]) -> None:
    """The iterations whose last step just ended, and what follows for their loops."""
    left = Counter(step.iteration_id for step in ended if step.iteration_id is not None)
    if not left:
        return
    change.flush()
    iterations = list(Iteration.objects.filter(pk__in=left).select_related("loop"))
    loops = {iteration.loop_id: iteration.loop for iteration in iterations}
    over = []
    for iteration in iterations:
        change.set(iteration, steps_left=iteration.steps_left - left[iteration.pk])
        if iteration.steps_left == 0 and not iteration.ended:
            over.append(iteration)
    if not over:
        return
    statuses: dict[int, list[str]] = {}
    for pk, status in Step.objects.filter(iteration__in=over).values_list("iteration", "status"):
        statuses.setdefault(pk or 0, []).append(status)
    for iteration in over:
        _end_iteration(change, loops[iteration.loop_id], iteration, group_status(statuses[iteration.pk]))
    for pk in {iteration.loop_id for iteration in over}:
        _advance(change, loops[pk])


def loops_cancel(change: Change, loops: Iterable[Step]) -> None:
    """Loops that are asked to end do so once nothing of them runs any more."""
    for loop in loops:
        if loop.status == StepStatus.CANCEL_REQUESTED and not (loop.result or {}).get("counts", {}).get("Running"):
            change.steps_to([loop], StepStatus.CANCELED, ended_at=change.now, progress=None)


def metric_told(iteration_id: int, name: str, value: float) -> bool:
    """A trial told a value of a metric; whether it is to be ended, since it is worse than the others."""
    from runner.engine.stopping import stops

    iteration = Iteration.objects.select_related("loop").get(pk=iteration_id)
    control = iteration.loop.control or {}
    if control.get("type") != "sweep" or control["objective"]["primary_metric"] != name:
        return False
    with changing(run_id=iteration.loop.run_id) as change:
        iteration = Iteration.objects.select_related("loop").get(pk=iteration_id)
        if iteration.ended:
            return False
        change.set(iteration, course=[*iteration.course[: MOST_TOLD - 1], value], metric=value)
        _tell(change, iteration.loop, iteration)
        others = Iteration.objects.filter(loop=iteration.loop_id).exclude(pk=iteration_id).exclude(course=[])
        goal = control["objective"]["goal"]
        courses = list(others.values_list("course", flat=True)) if control.get("early_termination") else []
        if not stops(control.get("early_termination"), goal, iteration.course, courses):
            return False
        change.set(iteration, message="Ended early: others were better by then.")
        steps = list(Step.objects.filter(iteration=iteration))
        _cancel(change, steps, "Ended early: other trials were better by then.")
    return True


def _cancel(change: Change, steps: list[Step], message: str) -> None:
    from runner.services.attempts import steps_ask_to_end

    waiting = [step for step in steps if step.status in (StepStatus.NOT_STARTED, StepStatus.QUEUED)]
    change.steps_to(waiting, StepStatus.CANCELED, message=message, ended_at=change.now)
    steps_ask_to_end(change, steps, message)


def _end_iteration(change: Change, loop: Step, iteration: Iteration, status: StepStatus) -> None:
    control = loop.control or {}
    if control["type"] == "sweep":
        metric = _metric(iteration, control["objective"]["primary_metric"])
        if metric is not None:
            change.set(iteration, metric=metric)
        elif iteration.metric is None:
            change.set(iteration, **_told_before(iteration, control["objective"]["primary_metric"]))
    change.set(iteration, status=status, ended_at=change.now)
    result = loop.result or {}
    counts = Counter(result["counts"])
    counts["Running"] -= 1
    counts[status] += 1
    best = result["best"]
    if control["type"] == "sweep" and status == StepStatus.COMPLETED and iteration.metric is not None:
        goal = control["objective"]["goal"]
        if best is None or better(goal, iteration.metric, result["best_metric"]):
            best, result = iteration.index, {**result, "best_metric": iteration.metric}
    counted = {name: count for name, count in counts.items() if count > 0}
    change.set(loop, result={**result, "counts": counted, "best": best})
    _tell(change, loop, iteration)


def _tell(change: Change, loop: Step, iteration: Iteration) -> None:
    change.emit(
        "loop.iteration",
        {
            "node": loop.node_id,
            "index": iteration.index,
            "status": str(iteration.status),
            "metric": iteration.metric,
            "values": iteration.values,
        },
    )


def _advance(change: Change, loop: Step) -> None:
    """Start what may be started of a loop, or end it where there is nothing more to come."""
    change.flush()
    control, result = loop.control or {}, loop.result or {}
    running = result["counts"].get("Running", 0)
    if loop.status == StepStatus.CANCEL_REQUESTED or loop.status in ENDED:
        loops_cancel(change, [loop])
        return
    if change.run.cancel_requested_at is None:
        free = at_once(control) - running
        waiting = Iteration.objects.filter(loop=loop, status=StepStatus.NOT_STARTED).order_by("index")[: max(0, free)]
        found = list(waiting)
        if control["type"] == "do_while" and not found and not running:
            found = _next_round(change, loop)
        if found:
            _start(change, loop, found)
            running += len(found)
    _tell_counts(change, loop)
    if not running:
        _finish(change, loop)


def _tell_counts(change: Change, loop: Step) -> None:
    result = loop.result or {}
    change.emit(
        "loop.counts",
        {"node": loop.node_id, "total": result["total"], "counts": result["counts"], "best": result["best"]},
    )


def _next_round(change: Change, loop: Step) -> list[Iteration]:
    """The next iteration of a do-while, where its condition holds."""
    control = loop.control or {}
    last = Iteration.objects.filter(loop=loop).order_by("-index").first()
    if last is None or last.status != StepStatus.COMPLETED or last.index + 1 >= control["max_iteration_count"]:
        return []
    made = _outputs(last)
    if wanted := control["condition"]:  # without one it runs the maximum of times
        condition = made.get(wanted)
        if condition is None or str(condition.value).lower() != "true":
            return []
    values: dict[str, Any] = {}
    assets: dict[str, Any] = {}
    data = {name for name, input_ in spec_of(loop.component_version_id).inputs.items() if is_data(input_.type)}
    for output, input_ in handed_on(control.get("mapping") or {}):
        artifact = made.get(output)
        if artifact is None:
            continue
        if input_ in data:
            assets[input_] = asset_of(artifact)
        else:
            values[input_] = artifact.value
    index = last.index + 1
    label = label_of(values) or f"round {index + 1}"
    return [Iteration.objects.create(loop=loop, index=index, label=label, values=values, assets=assets)]


def _outputs(iteration: Iteration) -> dict[str, Artifact]:
    """What an iteration made, by the output of the loop's component."""
    wanted = {(step, output): name for name, (step, output) in iteration.outputs.items()}
    made = Artifact.objects.filter(step__in={step for step, _ in wanted})
    return {
        wanted[artifact.step_id, artifact.output]: artifact
        for artifact in made
        if (artifact.step_id, artifact.output) in wanted
    }


def _finish(change: Change, loop: Step) -> None:
    """All iterations ended: the loop gets the outputs of one of them, or goes to a worker that gathers those of all."""
    control, result = loop.control or {}, loop.result or {}
    counts, best = result["counts"], result["best"]
    number = sum(counts.values())
    failed = number - counts.get(StepStatus.COMPLETED, 0)
    ended = {"ended_at": change.now, "progress": None}
    if control["type"] == "sweep":
        if best is None:
            name = control["objective"]["primary_metric"]
            message = f"None of the {number} trials ended well with a value of the metric `{name}`."
            change.steps_to([loop], StepStatus.FAILED, message=message, **ended)
            return
        _answer(change, loop, Iteration.objects.get(loop=loop, index=best), **ended)
    elif failed:
        what = "The iteration" if number == 1 else f"{failed} of {number} iterations"
        change.steps_to([loop], StepStatus.FAILED, message=f"{what} did not end well.", **ended)
    elif not number:
        change.steps_to([loop], StepStatus.SKIPPED, message="There is nothing that the loop could go over.", **ended)
    elif control["type"] == "do_while":
        _answer(change, loop, Iteration.objects.filter(loop=loop).order_by("index").last(), **ended)
    elif not spec_of(loop.component_version_id).outputs:
        change.steps_to([loop], StepStatus.COMPLETED, message="", **ended)
    else:
        change.set(loop, max_attempts=loop.max_attempts + 1)
        change.queue([loop])


def _answer(change: Change, loop: Step, iteration: Iteration | None, **ended: Any) -> None:
    """A loop whose outputs are those of one iteration."""
    assert iteration is not None
    change.steps_to([loop], StepStatus.COMPLETED, message="", **ended)
    copy_outputs(change, {loop: _outputs(iteration)})


def _metric(iteration: Iteration, name: str) -> float | None:
    """A trial's metric in what it made: a value of that name, or one in its metrics or JSON."""
    for artifact in Artifact.objects.filter(step__iteration=iteration).order_by("-pk"):
        found: Any = artifact.value if artifact.output == name else None
        if found is None:
            inside = artifact.preview.get("values") or artifact.preview.get("value")
            found = inside.get(name) if isinstance(inside, dict) else None
        if isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found):
            return float(found)
    return None


def _told_before(iteration: Iteration, name: str) -> dict[str, Any]:
    """What a trial told of its metric when it ran: this one is answered from it, and told nothing."""
    makers = Step.objects.filter(iteration=iteration, reused=True, reused_from__iteration__metric__isnull=False)
    for step in makers.select_related("reused_from__iteration__loop"):
        before = step.reused_from.iteration if step.reused_from else None
        if before and ((before.loop.control or {}).get("objective") or {}).get("primary_metric") == name:
            return {"metric": before.metric, "course": before.course}
    return {}


def asset_of(artifact: Artifact) -> dict[str, Any]:
    """An artifact as `Step.assets` holds data."""
    return {
        "ref": f"artifact:{artifact.pk}",
        "type": artifact.type if artifact.folder else "uri_file",
        "location": artifact.location,
        "digest": artifact.digest,
        "name": artifact.output,
    }


def _start(change: Change, loop: Step, iterations: list[Iteration]) -> None:
    """Make the steps of iterations, and begin those that wait for nothing."""
    from runner.services.settling import begin

    try:
        plans = _plans(change.run, loop, iterations)
    except (CannotPlan, NotReady) as error:
        message = f"An iteration cannot be started: {error}"
        for iteration in iterations:
            change.set(iteration, status=StepStatus.FAILED, message=message, ended_at=change.now)
        counts = Counter(loop.result["counts"] if loop.result else {})
        counts[StepStatus.FAILED] += len(iterations)
        change.set(loop, result={**(loop.result or {}), "counts": dict(counts)}, message=message)
        change.steps_to([loop], StepStatus.FAILED, message=message, ended_at=change.now, progress=None)
        return
    ready = []
    for iteration, (planned, steps) in zip(iterations, plans, strict=True):
        outputs = {name: [steps[node].pk, output] for name, (node, output) in planned.outputs.items()}
        change.set(
            iteration,
            status=StepStatus.RUNNING,
            steps_left=len(steps),
            outputs=outputs,
            started_at=change.now,
        )
        _tell(change, loop, iteration)
        ready += [steps[node] for node in planned.ready]
    counts = Counter((loop.result or {})["counts"])
    counts["Running"] += len(iterations)
    change.set(loop, result={**(loop.result or {}), "counts": dict(counts)})
    begin(change, ready)


def _plans(run: Run, loop: Step, iterations: list[Iteration]) -> list[tuple[Plan, dict[str, Step]]]:
    """Plan iterations and make their rows. Raises CannotPlan and NotReady."""
    version = version_of(loop.component_version_id)
    control = loop.control or {}
    library = library_of(run.workspace_id, [version.graph] if version.graph else [], [version.ref])
    outside: dict[str, int] = {}
    given: dict[str, Given] = {name: Value(value) for name, value in loop.params.items()}
    assets: dict[str, Any] = {}
    for name, asset in loop.assets.items():
        given[name], assets[f"@{name}"] = Asset(f"@{name}"), asset
    over_files = control.get("input") if control.get("over") == "files" else None
    for edge in StepEdge.objects.filter(target=loop).exclude(input=""):
        if edge.input != over_files:
            given[edge.input] = Made(f"@{edge.source_id}", edge.output)
            outside[f"@{edge.source_id}"] = edge.source_id
    found, graphs = [], library.running()
    for iteration in iterations:
        own: dict[str, Given] = {name: Value(_scalar(value)) for name, value in iteration.values.items()}
        for name, asset in iteration.assets.items():
            own[name], assets[f"@{iteration.index}.{name}"] = Asset(f"@{iteration.index}.{name}"), asset
        planned = plan_body(
            f"{loop.node_id}[{iteration.index}]",
            version.ref,
            control.get("settings", {}),
            {**given, **own},
            library.interfaces,
            graphs,
            f"{loop.title} · {iteration.label}"[:200],
            loop.force_rerun,
        )
        found.append(planned)
    steps = [step for planned in found for step in planned.steps]
    # A component that runs many times does so in what was frozen for it when the run was submitted.
    environments = None if version.graph else {step.node: loop.environment for step in steps}
    frozen = freeze(run.workspace, steps, library, settings=run.settings, assets=assets, environments=environments)
    return [
        (planned, create_steps(run, planned, frozen, iteration, outside))
        for iteration, planned in zip(iterations, found, strict=True)
    ]


def _scalar(value: Any) -> Scalar:
    return value if isinstance(value, str | int | float | bool) else str(value)
