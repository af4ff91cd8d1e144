"""From a plan to rows: what each step needs, frozen, so that nobody has to read the graph or the registry again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.components import Library
from designer.graph.problems import Problem
from registry.models import DataAsset, Workspace
from registry.refusal import Refusal
from runner.engine.placement import Place
from runner.engine.planning import BRANCH, COMPONENT, GROUP, LOOP, Plan, PlannedStep
from runner.models import Iteration, Run, Step, StepEdge
from runner.rows import insert_many, insert_values, new_row
from runner.services.addresses import Unreachable, name_of, target_of
from runner.services.compute import steps_place
from runner.services.environments import environments_freeze


class NotReady(Refusal):
    """The draft, or the values given for its inputs, cannot be run as they are."""

    code = "problems"
    status = 422

    def __init__(self, problems: dict[str, list[Problem]]) -> None:
        errors = [problem for found in problems.values() for problem in found if problem["severity"] == "error"]
        many = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"The pipeline cannot be run yet: {errors[0]['message']}{many}")
        self.problems = problems


def problem(node: str, field: str, code: str, message: str) -> dict[str, list[Problem]]:
    """The one thing that keeps a pipeline from being run."""
    return {node: [{"node": node, "field": field, "code": code, "severity": "error", "message": message}]}


DISABLED = {"disabled": True}
"""What a step is controlled by that is skipped when its turn comes."""


@dataclass(frozen=True)
class Frozen:
    """What the rows of a plan's steps refer to. `assets` are by ref, the others by node."""

    versions: Mapping[str, int]
    assets: Mapping[str, Mapping[str, Any]]
    environments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


def freeze(
    workspace: Workspace,
    steps: Iterable[PlannedStep],
    library: Library,
    *,
    settings: Mapping[str, Any],
    assets: Mapping[str, Any] | None = None,
    environments: Mapping[str, Mapping[str, Any]] | None = None,
) -> Frozen:
    """Look up all that steps need, in a fixed number of queries, but for what is known already. Raises NotReady.

    `settings` are the pipeline's.
    """
    steps = list(steps)
    versions = library.versions
    refs = {ref for step in steps for ref in step.assets.values()} - set(assets or ())
    problems: dict[str, list[Problem]] = {}
    if environments is None:
        working = {
            step.node: (versions[step.component], step.settings.get("environment"))
            for step in steps
            if step.kind in (COMPONENT, LOOP) and step.component not in library.graphs and not step.disabled
        }
        environments, problems = environments_freeze(workspace, working)
    places, misfits = steps_place(workspace.pk, steps, settings)
    if problems or misfits:
        raise NotReady(problems | misfits)
    return Frozen(versions, {**(assets or {}), **_assets(workspace, refs)}, environments, places)


def create_steps(
    run: Run,
    planned: Plan,
    frozen: Frozen,
    iteration: Iteration | None = None,
    outside: Mapping[str, int] | None = None,
) -> dict[str, Step]:
    """Make the rows of a plan's steps, by node, and of the edges.

    `outside` has the ids of steps that are not part of the plan: they ended before.
    """
    steps = steps_of(run, planned, frozen, iteration)
    insert_steps(steps, planned, outside)
    return steps


def steps_of(run: Run, planned: Plan, frozen: Frozen, iteration: Iteration | None = None) -> dict[str, Step]:
    """The steps of a plan, by node, not written yet."""
    return {step.node: _row(run, step, frozen, iteration) for step in planned.steps}


def insert_steps(steps: Mapping[str, Step], planned: Plan, outside: Mapping[str, int] | None = None) -> None:
    """Write the steps of a plan and the edges between them; `outside` as for `create_steps`."""
    insert_many(list(steps.values()))
    ids = {**(outside or {}), **{node: step.pk for node, step in steps.items()}}
    insert_values(
        StepEdge,
        ("source_id", "output", "target_id", "input", "required", "condition"),
        [
            (ids[wire.source], wire.output, ids[wire.target], wire.input, wire.required, wire.condition)
            for wire in planned.wires
        ],
    )


def _row(run: Run, step: PlannedStep, frozen: Frozen, iteration: Iteration | None) -> Step:
    settings = step.settings
    own = step.kind == COMPONENT  # a loop's settings are for the steps of its iterations
    control = {**step.control, "settings": dict(settings)} if step.kind == LOOP and step.control else step.control
    if step.disabled:
        control = DISABLED
    return new_row(
        Step,
        run_id=run.pk,
        node_id=step.node,
        kind=step.kind,
        control=control,
        iteration_id=iteration.pk if iteration else None,
        final=step.final,
        title=step.title,
        component_version_id=None if step.kind == BRANCH else frozen.versions[step.component],
        params=step.params,
        assets={name: frozen.assets[ref] for name, ref in step.assets.items()},
        missing=step.missing,
        max_attempts=1 + int(settings.get("retries") or 0) if own else 1,
        timeout=settings.get("timeout") if own else None,
        retry_delay=float(settings.get("retry_delay") or 0),
        retry_backoff=float(settings.get("retry_backoff") or 1),
        environment=frozen.environments.get(step.node, {}),
        compute_id=frozen.places[step.node].target,
        resources=frozen.places[step.node].limits.plain(),
        launch=step.launch,
        force_rerun=step.force_rerun and step.kind != GROUP,
    )


def _assets(workspace: Workspace, refs: set[str]) -> dict[str, dict[str, Any]]:
    """What a step must know of each asset: the row may be archived later, its content never changes."""
    if not refs:
        return {}
    names = {ref.rpartition(":")[0] for ref in refs}
    rows = DataAsset.objects.filter(workspace=workspace, name__in=names)
    found = {
        row.ref: {"ref": row.ref, "type": row.type, "location": row.location, "digest": row.digest, **_named(row)}
        for row in rows
    }
    for row in rows:
        if row.uri and row.ref in refs:
            try:
                target_of(row.uri, row.type)
            except Unreachable as error:
                raise NotReady(problem("", "", "unreachable_data", str(error))) from None
    for ref in refs - set(found):
        raise NotReady(problem("", "", "unknown_asset", f"There is no data asset `{ref}` in this workspace."))
    return found


def _named(asset: DataAsset) -> dict[str, str]:
    """What is known of an asset whose place in the store does not say it: its name, and the address that it lies at."""
    if asset.uri:
        return {"uri": asset.uri, "name": name_of(asset.uri)}
    return {} if asset.location.endswith(f"/{asset.title}") else {"name": asset.title}
