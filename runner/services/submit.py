"""From a pipeline's draft to a run with its first steps queued, in one transaction."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.components import Library, library_of
from designer.graph.document import Document
from designer.graph.modes import resolved
from designer.graph.problems import has_errors, problems_of
from designer.models import Pipeline
from designer.services.history import document_at
from registry.models import User, Workspace
from registry.refusal import Refusal
from runner.engine.literals import CannotPlan
from runner.engine.narrowing import UnknownNode, from_on, up_to
from runner.engine.planning import COMPONENT, LOOP, Plan, plan
from runner.engine.states import StepStatus
from runner.models import Run
from runner.services import reuse
from runner.services.changes import changing, turn
from runner.services.describing import NO_DETAILS, RunDetails, described, run_insert
from runner.services.laying import NotReady, freeze, insert_steps, problem, steps_of
from runner.services.settling import begin

__all__ = ["NotReady", "Stale", "document_run", "run_submit"]


class Stale(Refusal):
    """The sender saw a newer revision than the server has."""

    code = "stale"


def run_submit(
    *,
    pipeline: Pipeline,
    user: User | None,
    request_id: uuid.UUID,
    rev: int | None = None,
    revision: int | None = None,
    inputs: Mapping[str, Any] | None = None,
    only: Mapping[str, Any] | None = None,
    force_rerun: bool = False,
    details: RunDetails = NO_DETAILS,
    document: Document | None = None,
    settings: Mapping[str, Any] | None = None,
) -> tuple[Run, bool]:
    """Freeze the draft (at revision `rev` or later) and start it; True where the run is new.

    The same `request_id` again answers the same run. `only` narrows it (protocol.md, "Runs"), and with
    `force_rerun` no step of it is answered from earlier runs. A `document` is run instead of the draft, and `settings`
    stand instead of the pipeline's own; a `revision` is run as it was. Raises NotReady, Stale, NameTaken,
    Http404 where there is no such revision, and Pipeline.DoesNotExist when it was deleted meanwhile.
    """
    with turn(), transaction.atomic():
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
        if revision is not None:
            document = document_at(locked, revision)
        wanted = document or locked.document
        if settings:
            wanted = {**wanted, "settings": {**wanted["settings"], **settings}}
        asked = _asked(locked, wanted, inputs or {}, only or {})
        if revision is not None:
            asked = replace(asked, revision=revision)
        if force_rerun and asked.base is None:
            asked = replace(asked, forced=frozenset(asked.narrowed["nodes"]))
        return _start(locked.workspace, locked, locked.name, user, request_id, asked, details), True


def document_run(*, workspace: Workspace, user: User, request_id: uuid.UUID, document: Document, name: str) -> Run:
    """Run a graph that is no pipeline's, under this name; the same `request_id` again answers the same run.

    Raises NotReady.
    """
    with turn(), transaction.atomic():
        known = Run.objects.filter(workspace=workspace, request_id=request_id).first()
        if known is not None:
            return known
        asked = _Asked(document, document, {}, 0, {})
        return _start(workspace, None, name, user, request_id, asked, NO_DETAILS)


@dataclass(frozen=True)
class _Asked:
    """What of a pipeline is to run: `narrowed` of `document`, `forced` nodes anew, the rest of `base` as it was."""

    document: Document
    narrowed: Document
    inputs: Mapping[str, Any]
    revision: int
    only: Mapping[str, Any]
    forced: frozenset[str] = frozenset()
    base: Run | None = None


def _asked(pipeline: Pipeline, document: Document, inputs: Mapping[str, Any], only: Mapping[str, Any]) -> _Asked:
    try:
        match dict(only):
            case {"failed_of": pk}:
                base = Run.objects.filter(pipeline=pipeline, pk=pk).first()
                if base is None:
                    raise NotReady(problem("", "only", "unknown_run", f"This pipeline has no run {pk}."))
                return _Asked(base.document, base.document, base.inputs, base.revision, only, base=base)
            case {"to": node}:
                return _Asked(document, cast(Document, up_to(document, node)), inputs, pipeline.revision, only)
            case {"from": node}:
                return _Asked(document, document, inputs, pipeline.revision, only, from_on(document, node))
    except UnknownNode as error:
        raise NotReady(problem("", "only", "unknown_node", str(error))) from None
    return _Asked(document, document, inputs, pipeline.revision, only)


def _start(
    workspace: Workspace,
    pipeline: Pipeline | None,
    name: str,
    user: User | None,
    request_id: uuid.UUID,
    asked: _Asked,
    details: RunDetails,
) -> Run:
    document = asked.document
    library = library_of(workspace.pk, [asked.narrowed])
    planned = _plan(asked, workspace, library)
    frozen = freeze(workspace, planned.steps, library, settings=document["settings"])
    known = reuse.resolve(planned, workspace, pipeline, frozen)
    if asked.base is not None:
        known |= reuse.results_of(asked.base)
    run = Run(
        **described(details, name, document),
        workspace=workspace,
        pipeline=pipeline,
        pipeline_name=name,
        revision=asked.revision,
        document=document,
        inputs=planned.inputs,
        outputs=planned.outputs,
        settings=document["settings"],
        only=dict(asked.only),
        counts=counts_of(planned),
        request_id=request_id,
        submitted_by=user,
    )
    run_insert(run)
    steps = steps_of(run, planned, frozen)
    with changing(run_id=run.pk) as change:
        change.emit("run.status", {"status": run.status, "message": ""})
        reuse.complete_new(change, ((steps[node], result) for node, result in known.items()))
        insert_steps(steps, planned)
        reuse.give_outputs(change, {steps[node]: result for node, result in known.items()})
        begin(change, [step for node, step in steps.items() if step.missing == 0 and node not in known])
    change.tell(run)
    return run


def _plan(asked: _Asked, workspace: Workspace, library: Library) -> Plan:
    problems = problems_of(asked.narrowed, RegistryCatalog(workspace, library.interfaces))
    if has_errors(problems):
        raise NotReady(problems)
    try:
        document = resolved(asked.narrowed, library)
        return plan(document, library.interfaces, asked.inputs, library.running(), asked.forced)
    except CannotPlan as error:
        raise NotReady(problem(error.node, error.field, "invalid_value", str(error))) from None


def counts_of(planned: Plan) -> dict[str, int]:
    """How many steps a run begins with: those that do work."""
    number = sum(step.kind in (COMPONENT, LOOP) for step in planned.steps)
    return {StepStatus.NOT_STARTED: number} if number else {}
