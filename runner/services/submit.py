"""From a pipeline's draft to a run with its first steps queued, in one transaction."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.graph.problems import Problem, has_errors, problems_of
from designer.models import Pipeline
from registry.models import ComponentVersion, DataAsset, User, Workspace
from registry.refusal import Refusal
from runner.engine.planning import CannotPlan, Plan, plan
from runner.engine.states import StepStatus
from runner.models import Run, Step, StepEdge
from runner.services import reuse
from runner.services.changes import changing
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


class Stale(Refusal):
    """The sender saw a newer revision than the server has."""

    code = "stale"


def run_submit(
    *,
    pipeline: Pipeline,
    user: User | None,
    request_id: uuid.UUID,
    rev: int | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> tuple[Run, bool]:
    """Freeze the draft (at revision `rev` or later) and start it; True where the run is new.

    The same `request_id` again answers the same run. Raises NotReady, Stale, and Pipeline.DoesNotExist when it was
    deleted meanwhile.
    """
    with transaction.atomic():
        # The row lock makes two requests with one id take turns, and keeps editors out until the draft is frozen.
        locked = Pipeline.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=pipeline.pk)
        known = Run.objects.filter(workspace=locked.workspace, request_id=request_id).first()
        if known is not None:
            return known, False
        if locked.deleted_at is not None:
            raise Pipeline.DoesNotExist
        if rev is not None and locked.revision < rev:
            raise Stale(
                f"The server has revision {locked.revision} of this pipeline, but you saw {rev}; reload the page."
            )
        document = locked.document
        planned = _plan(document, locked.workspace, inputs or {})
        versions = _versions(locked.workspace, {step.component for step in planned.steps})
        assets = _assets(locked.workspace, {ref for step in planned.steps for ref in step.assets.values()})
        environments, problems = environments_freeze(
            locked.workspace, {step.node: versions[step.component] for step in planned.steps}
        )
        if problems:
            raise NotReady(problems)
        resolution = reuse.resolve(planned, locked.workspace, locked, versions, assets, environments)
        run = Run.objects.create(
            workspace=locked.workspace,
            pipeline=locked,
            pipeline_name=locked.name,
            revision=locked.revision,
            document=document,
            inputs=planned.inputs,
            settings=document["settings"],
            counts={StepStatus.NOT_STARTED: len(planned.steps)},
            request_id=request_id,
            submitted_by=user,
        )
        steps = _create_steps(run, planned, versions, assets, environments, resolution)
        with changing(run_id=run.pk) as change:
            change.emit("run.status", {"status": run.status, "message": ""})
            reuse.complete(change, {steps[node]: known for node, known in resolution.known.items()})
            reuse.queue(change, [step for step in steps.values() if step.missing == 0 and not step.reused])
            change.end_if_over()
        run.refresh_from_db(fields=["counts", "event_seq", "status", "started_at", "ended_at"])
    return run, True


def _plan(document: Document, workspace: Workspace, given: Mapping[str, Any]) -> Plan:
    catalog = RegistryCatalog(workspace)
    interfaces = catalog.load(document)
    problems = problems_of(document, catalog)
    if has_errors(problems):
        raise NotReady(problems)
    try:
        return plan(document, interfaces, given)
    except CannotPlan as error:
        problem: Problem = {
            "node": error.node,
            "field": error.field,
            "code": "invalid_value",
            "severity": "error",
            "message": str(error),
        }
        raise NotReady({error.node: [problem]}) from None


def _create_steps(
    run: Run,
    planned: Plan,
    versions: Mapping[str, int],
    assets: Mapping[str, Any],
    environments: Mapping[str, Any],
    resolution: reuse.Resolution,
) -> dict[str, Step]:
    arrived = Counter(wire.target for wire in planned.wires if wire.source in resolution.known)
    rows = [
        Step(
            run=run,
            node_id=step.node,
            title=step.title,
            component_version_id=versions[step.component],
            params=step.params,
            assets={name: assets[ref] for name, ref in step.assets.items()},
            missing=step.missing - arrived[step.node],
            max_attempts=step.attempts,
            timeout=step.timeout,
            retry_delay=step.retry_delay,
            environment=environments[step.node],
            **reuse.key_fields(step, resolution),
        )
        for step in planned.steps
    ]
    steps = {step.node_id: step for step in Step.objects.bulk_create(rows)}
    StepEdge.objects.bulk_create(
        StepEdge(
            source=steps[wire.source],
            output=wire.output,
            target=steps[wire.target],
            input=wire.input,
            required=wire.required,
        )
        for wire in planned.wires
    )
    return steps


def _versions(workspace: Workspace, refs: set[str]) -> dict[str, int]:
    names = {ref.rpartition(":")[0] for ref in refs}
    rows = ComponentVersion.objects.filter(component__workspace=workspace, component__name__in=names)
    return {f"{name}:{version}": pk for name, version, pk in rows.values_list("component__name", "version", "pk")}


def _assets(workspace: Workspace, refs: set[str]) -> dict[str, dict[str, Any]]:
    """What a step must know of each asset: the row may be archived later, its content never changes."""
    names = {ref.rpartition(":")[0] for ref in refs}
    rows = DataAsset.objects.filter(workspace=workspace, name__in=names)
    found = {
        row.ref: {"ref": row.ref, "type": row.type, "location": row.location, "digest": row.digest} for row in rows
    }
    for ref in refs - set(found):
        raise NotReady({"": [_unknown_asset(ref)]})
    return found


def _unknown_asset(ref: str) -> Problem:
    message = f"There is no data asset `{ref}` in this workspace."
    return {"node": "", "field": "", "code": "unknown_asset", "severity": "error", "message": message}
