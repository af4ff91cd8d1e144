"""Answering steps from earlier ones: at submit for the whole graph at once, later for each step that becomes ready.

What may be reused, and why two steps differ, is decided by `runner.engine.reuse`; here it is looked up and written.
"""

import hashlib
import logging
import platform
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db.models import F, Q

from designer.models import Pipeline
from registry import store
from registry.models import Workspace
from registry.spec.component import ComponentSpec
from registry.spec.types import is_data
from registry.spec.values import parse
from runner.engine.flow import ENDED_ANYHOW
from runner.engine.launching import launch_of as starts
from runner.engine.planning import COMPONENT, Plan, Wire
from runner.engine.reuse import Ingredients, Value, key_of
from runner.engine.states import ENDED, HELD, StepStatus
from runner.models import Artifact, CacheEntry, Run, Step
from runner.rows import copy_rows, holes, parts, read_rows
from runner.selectors import arrived_at, artifact_summary
from runner.services.changes import Change, changing
from runner.services.laying import Frozen
from runner.services.registering import register_outputs
from runner.services.versions import spec_of, version_of

log = logging.getLogger("portline.runner")


class Content(Protocol):
    """What a key needs to know of an artifact."""

    @property
    def digest(self) -> str: ...
    @property
    def value(self) -> Any: ...


@dataclass(frozen=True)
class Known:
    """A result that is known: the step that made it, and what it made, by output."""

    step_id: int
    outputs: dict[str, Artifact]
    key: str = ""
    ingredients: dict[str, Any] | None = None


_TOLD = ("id", "step_id", "output", "type", "kind", "size", "digest", "location", "value", "evicted_at")
# What a step that is known to be completed means for one that runs after it: these conditions are met by it.
_MET_BY_COMPLETED = frozenset({"", "succeeded", "completed", ENDED_ANYHOW})


def resolve(planned: Plan, workspace: Workspace, pipeline: Pipeline | None, frozen: Frozen) -> dict[str, Known]:
    """The results of all steps of a plan that need not run, along chains of any length, by node.

    Costs a fixed number of queries where the pipeline's last run has the answers, and one a rank of the graph beside.
    """
    found: dict[str, Known] = {}
    wires: dict[str, list[Wire]] = {}
    behind: dict[str, list[str]] = {}
    for wire in planned.wires:
        wires.setdefault(wire.target, []).append(wire)
        behind.setdefault(wire.source, []).append(wire.target)
    steps = {step.node: step for step in planned.steps}
    waiting = {node: {wire.source for wire in wires.get(node, ())} for node in steps}
    results = _results_of_last_run(workspace, pipeline)
    rank = [node for node in steps if not waiting[node]]
    while rank:
        asked: dict[str, str] = {}
        made: dict[str, Ingredients] = {}
        for node in rank:
            step = steps[node]
            before = wires.get(node, ())
            if (
                step.kind != COMPONENT
                or step.disabled
                or step.force_rerun
                or any(w.condition not in _MET_BY_COMPLETED for w in before)
            ):
                continue
            fed = {wire.input: found[wire.source].outputs[wire.output] for wire in before if wire.input}
            given = {name: frozen.assets[ref]["digest"] for name, ref in step.assets.items()}
            environment = frozen.environments.get(node, {})
            made_of = _ingredients(
                frozen.versions[step.component], environment, step.params, given, fed, starts(step.launch)
            )
            if made_of is not None:
                asked[node], made[node] = key_of(made_of), made_of
        results |= _results(workspace.pk, set(asked.values()) - set(results))
        hits = [node for node, key in asked.items() if key in results]
        for node in hits:
            found[node] = replace(results[asked[node]], key=asked[node], ingredients=made[node].plain())
        after: dict[str, None] = {}
        for node in hits:
            for target in behind.get(node, ()):
                waiting[target].discard(node)
                if not waiting[target]:
                    after[target] = None
        rank = list(after)
    return found


def results_of(run: Run) -> dict[str, Known]:
    """What completed in a run, by node, whatever it is made of; without what is gone from the store."""
    found = Step.objects.filter(run=run, status=StepStatus.COMPLETED, iteration=None)
    steps = list(found.filter(kind__in=[Step.Kind.COMPONENT, Step.Kind.LOOP]))
    outputs = _outputs_of([step.pk for step in steps])
    gone = _gone(outputs)
    return {
        step.node_id: Known(step.pk, outputs.get(step.pk, {}), step.key, step.ingredients)
        for step in steps
        if step.pk not in gone
    }


def offer(change: Change, steps: Iterable[Step]) -> None:
    """Give ready steps of this run their results where these are known, and queue the others.

    Costs a fixed number of queries for any number of steps.
    """
    steps = list(steps)
    if not steps:
        return
    ingredients = _ingredients_of([step for step in steps if step.kind == Step.Kind.COMPONENT])
    for step in steps:
        made_of = ingredients.get(step.pk)
        if made_of or step.key:
            key = key_of(made_of) if made_of else ""
            change.set(step, key=key, ingredients=made_of.plain() if made_of else None)
    wanted = {step.key for step in steps if step.key and not step.force_rerun}
    results = _results(change.run.workspace_id, wanted)
    hits = {step: results[step.key] for step in steps if step.key in results and not step.force_rerun}
    complete(change, hits)
    queue(change, [step for step in steps if step not in hits])


def complete(change: Change, hits: Mapping[Step, Known]) -> None:
    """End steps with results that are known: their outputs are the same content, under rows of their own."""
    for step, known in hits.items():
        change.set(step, **_known(change, known))
    change.steps_to(hits, StepStatus.COMPLETED, message="")
    give_outputs(change, hits)


def complete_new(change: Change, hits: Iterable[tuple[Step, Known]]) -> None:
    """The same for steps that are not written yet: they are written as ended. `give_outputs` must follow then."""
    for step, known in hits:
        change.record(step, StepStatus.COMPLETED, **_known(change, known))


def _known(change: Change, known: Known) -> dict[str, Any]:
    fields = {"reused": True, "reused_from_id": known.step_id, "started_at": change.now, "ended_at": change.now}
    return fields | ({"key": known.key, "ingredients": known.ingredients} if known.key else {})


def give_outputs(change: Change, hits: Mapping[Step, Known]) -> None:
    """Give steps the outputs that are known, and count that these were of use."""
    copy_outputs(change, {step: known.outputs for step, known in hits.items()})
    for sources in parts({known.step_id for known in hits.values()}):
        CacheEntry.objects.filter(step__in=sources).update(hits=F("hits") + 1, used_at=change.now)


def copy_outputs(change: Change, outputs: Mapping[Step, Mapping[str, Artifact]]) -> None:
    """Give steps outputs (by name) that are there already: the same content, under rows of their own."""
    run = change.run
    fixed = {"workspace_id": run.workspace_id, "run_id": run.pk, "created_at": change.now, "evicted_at": None}
    copies = [(artifact.pk, step.pk, name) for step, found in outputs.items() for name, artifact in found.items()]
    made = copy_rows(Artifact, fixed, ("step_id", "output"), copies)
    for step, found in outputs.items():
        for name, artifact in found.items():
            same = {**artifact_summary(artifact), "id": made[step.pk, name], "output": name, "evicted": False}
            change.emit("step.output", {"node": step.node_id, "artifact": same})
        if step.launch:
            register_outputs(change, step, found)


def queue(change: Change, steps: Iterable[Step]) -> None:
    """Queue steps; one whose equal is in flight already waits for that one's result instead of running too."""
    steps = list(steps)
    keyed = [step for step in steps if step.key and not step.force_rerun]
    leaders = _leaders(change, keyed)
    waiting = set()
    for step in keyed:
        # By target, since one that waits for a worker of another may wait long.
        leader = leaders.get((step.key, None)) or leaders.setdefault((step.key, step.compute_id or 0), step.pk)
        if leader != step.pk:
            change.set(step, waits_for_id=leader)
            waiting.add(step)
    change.queue([step for step in steps if step in waiting and step.status != StepStatus.QUEUED], wake=False)
    rest = [step for step in steps if step not in waiting]
    queued_before = {step for step in rest if step.status == StepStatus.QUEUED}
    change.queue([step for step in rest if step not in queued_before])
    change.wake(queued_before)


def _leaders(change: Change, steps: list[Step]) -> dict[tuple[str, int | None], int]:
    """The steps in flight that make what these would, by key and, where they do not run yet, by compute target."""
    if not steps:
        return {}
    flying = Step.objects.filter(
        Q(status__in=HELD) | Q(status=StepStatus.QUEUED, available_at=None),
        run__workspace=change.run.workspace_id,
        key__in={step.key for step in steps},
        waits_for=None,
    ).exclude(pk__in=[step.pk for step in steps])
    return {
        (key, None if status in HELD else compute or 0): pk
        for key, status, compute, pk in flying.values_list("key", "status", "compute", "pk")
    }


def remember(change: Change, step: Step) -> None:
    """Let later steps be answered from this one, which just ended well."""
    if step.key:
        entry = CacheEntry(workspace_id=change.run.workspace_id, key=step.key, step=step)
        CacheEntry.objects.bulk_create(
            [entry], update_conflicts=True, unique_fields=["workspace", "key"], update_fields=["step"]
        )


def waiting_release(leaders: Iterable[int]) -> None:
    """Steps that waited for these, which have ended, get the result, or one of them runs itself."""
    waiting = Step.objects.filter(waits_for__in=list(leaders), status=StepStatus.QUEUED)
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        with changing(step_id=pk) as change:
            step = Step.objects.filter(pk=pk, status=StepStatus.QUEUED, waits_for__isnull=False).first()
            if step is not None:
                change.set(step, waits_for_id=None)
                offer(change, [step])


def waiting_release_overdue() -> None:
    """The same for leaders whose end nobody told of."""
    overdue = Step.objects.filter(status=StepStatus.QUEUED, waits_for__status__in=ENDED)
    waiting_release({leader for leader in overdue.values_list("waits_for", flat=True)[:100] if leader is not None})


def environment_digest(environment: Mapping[str, Any]) -> str:
    """What a step's code finds installed; `environment` is `Step.environment`."""
    return str(environment.get("digest") or _own_environment())


@lru_cache(maxsize=1)
def _own_environment() -> str:
    """The server's own environment is named by its lock file."""
    lock = settings.BASE_DIR / "requirements.lock"
    parts = [platform.python_version(), lock.read_text() if lock.exists() else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _ingredients(
    version: int | None,
    environment: Mapping[str, Any],
    params: Mapping[str, Value],
    given: Mapping[str, str],
    fed: Mapping[str, Content],
    launch: Mapping[str, Any],
) -> Ingredients | None:
    """`given` are digests of registered data by input, `fed` what came over wires. None: never to be reused."""
    spec = spec_of(version)
    if not spec.is_deterministic:
        return None
    literal = {name: _literal(spec, name, artifact) for name, artifact in fed.items() if not _takes_data(spec, name)}
    content = {name: artifact.digest for name, artifact in fed.items() if _takes_data(spec, name)}
    installed = environment_digest(environment)
    return Ingredients(version_of(version).digest, installed, {**params, **literal}, {**given, **content}, launch)


def _ingredients_of(steps: list[Step]) -> dict[int, Ingredients]:
    steps = [step for step in steps if spec_of(step.component_version_id).is_deterministic]
    if not steps:
        return {}
    fed: dict[int, dict[str, Content]] = {}
    for target, input_, artifact in arrived_at([step.pk for step in steps]):
        fed.setdefault(target, {})[input_] = artifact
    found = {}
    for step in steps:
        given = {name: asset["digest"] for name, asset in step.assets.items()}
        arrived_ = fed.get(step.pk, {})
        launch = starts(step.launch)
        made_of = _ingredients(step.component_version_id, step.environment, step.params, given, arrived_, launch)
        if made_of is not None:
            found[step.pk] = made_of
    return found


def _takes_data(spec: ComponentSpec, name: str) -> bool:
    return is_data(spec.inputs[name].type)


def _literal(spec: ComponentSpec, name: str, artifact: Content) -> Value:
    try:
        return parse(spec.inputs[name].type, artifact.value)
    except ValueError:
        return str(artifact.value)  # the step itself will say that it does not fit


def _results_of_last_run(workspace: Workspace, pipeline: Pipeline | None) -> dict[str, Known]:
    if pipeline is None:
        return {}
    last = Run.objects.filter(pipeline=pipeline).order_by("-pk").values("pk")[:1]
    return _results(workspace.pk, set(Step.objects.filter(run=last).exclude(key="").values_list("key", flat=True)))


def _results(workspace_id: int, keys: set[str]) -> dict[str, Known]:
    """The known results of keys; one whose content is gone from the store does not count."""
    makers: dict[str, int] = {}
    for some in parts(keys):
        where = f"workspace_id = %s AND key IN ({holes(some)})"
        found = read_rows(CacheEntry, ("id", "key", "step_id"), where, [workspace_id, *some])
        makers |= {entry.key: entry.step_id for entry in found}
    if not makers:
        return {}
    outputs = _outputs_of(makers.values())
    try:
        gone = _gone(outputs)
    except store.StoreError as error:
        log.warning("nothing is reused: %s", error.sentence)
        return {}
    return {key: Known(step_id, outputs.get(step_id, {})) for key, step_id in makers.items() if step_id not in gone}


def _outputs_of(steps: Collection[int]) -> dict[int, dict[str, Artifact]]:
    """What steps made, by output; without previews, which may be large and which nobody here looks at."""
    outputs: dict[int, dict[str, Artifact]] = {}
    for some in parts(steps):
        for artifact in read_rows(Artifact, _TOLD, f"step_id IN ({holes(some)})", some):
            outputs.setdefault(artifact.step_id, {})[artifact.output] = artifact
    return outputs


def outputs_gone(steps: Collection[int]) -> set[int]:
    """The steps of these whose outputs are not all in the store any more. Raises store.StoreError."""
    return _gone(_outputs_of(steps)) if steps else set()


def _gone(outputs: Mapping[int, Mapping[str, Artifact]]) -> set[int]:
    """The steps of which not everything is in the store any more. Raises store.StoreError."""
    there = store.present(artifact.location for made in outputs.values() for artifact in made.values())
    return {step for step, made in outputs.items() if any(each.location not in there for each in made.values())}
