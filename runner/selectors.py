"""Reading runs: what pages, the API and sockets show. Every function here costs a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from designer.components import library_of
from registry.models import Workspace
from runner.cached import result_of_step
from runner.engine.reuse import Ingredients, differences
from runner.engine.states import StepStatus
from runner.models import Artifact, Attempt, Event, Iteration, LogChunk, Run, RunTag, Step, Tracking
from runner.rows import columns, converted, holes

LOG_PAGE_CHARACTERS = 1_000_000
EVENT_PAGE = 500


def runs_of(workspace: Workspace) -> QuerySet[Run]:
    """The runs of a workspace, newest first, without their graphs."""
    return (
        Run.objects.filter(workspace=workspace)
        .select_related("submitted_by", "pipeline")
        .defer("document", "pipeline__document")
    )


def find_run(workspace: Workspace, pk: int | None = None, name: str | None = None) -> Run:
    """A run by its number or by its name. Raises Http404."""
    asked = {"pk": pk} if name is None else {"name": name}
    runs = Run.objects.filter(workspace=workspace, **asked).select_related("submitted_by", "pipeline")
    found = runs.defer("pipeline__document").first()
    if found is None:
        raise Http404("There is no such run.")
    return found


def runs_tagged(runs: QuerySet[Run], tag: str) -> QuerySet[Run]:
    """Those that have a tag: `key`, or `key=value`."""
    key, given, value = tag.partition("=")
    found = RunTag.objects.filter(run=OuterRef("pk"), key=key.strip())
    return runs.filter(Exists(found.filter(value=value.strip()) if given else found))


def find_step(workspace: Workspace, run_id: int, node: str) -> Step:
    """Raises Http404."""
    found = Step.objects.filter(run__workspace=workspace, run_id=run_id, node_id=node).first()
    if found is None:
        raise Http404("There is no such step in this run.")
    return found


def find_artifact(workspace: Workspace, pk: int) -> Artifact:
    """Raises Http404."""
    found = Artifact.objects.filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise Http404("There is no such artifact.")
    return found


class Arrived(NamedTuple):
    """An artifact that came over a wire."""

    output: str
    folder: bool
    digest: str
    location: str
    value: Any


def arrived(step_id: int) -> Iterator[tuple[str, Arrived]]:
    """What came over the wires of a step, by input; an optional input may have got nothing. One query."""
    return ((input_, artifact) for _, input_, artifact in arrived_at([step_id]))


def arrived_at(step_ids: Collection[int]) -> Iterator[tuple[int, str, Arrived]]:
    """The same for several steps: the step, its input, what came. One query."""
    sql = (
        f"SELECT edge.target_id, edge.input, {columns(Artifact, Arrived._fields)} FROM runner_artifact "
        "JOIN runner_stepedge edge "
        "ON edge.source_id = runner_artifact.step_id AND edge.output = runner_artifact.output "
        f"WHERE edge.target_id IN ({holes(step_ids)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, list(step_ids))
        for target, input_, *found in cursor.fetchall():
            yield target, input_, Arrived(*converted(Artifact, Arrived._fields, found))


def find_attempt(step_id: int, number: int | None) -> Attempt | None:
    """An attempt by its number, or the newest; of a reused step, those of the one that it was answered from."""
    attempts = Attempt.objects.filter(step=step_id)
    found = attempts.filter(number=number).first() if number else attempts.order_by("-number").first()
    if found is not None:
        return found
    source = Step.objects.filter(pk=step_id, reused_from__isnull=False).values_list("reused_from", flat=True).first()
    return find_attempt(source, number) if source else None


def tracking_of(step_id: int, attempt: int | None) -> dict[str, Any]:
    """What an attempt, or the newest, logged with MLflow."""
    found = find_attempt(step_id, attempt)
    tracking = Tracking.objects.filter(attempt=found).first() if found else None
    nothing: dict[str, Any] = {"params": {}, "tags": {}, "metrics": {}, "models": [], "children": []}
    return {**nothing, **(tracking.data if tracking else {})}


def run_summary(run: Run) -> dict[str, Any]:
    """A run as lists show it: protocol.md, “Runs”."""
    by = run.submitted_by
    return {
        "id": run.pk,
        "name": run.name,
        "display_name": run.display_name,
        "description": run.description,
        "experiment_name": run.experiment_name,
        "tags": run.tags,
        "archived_at": run.archived_at,
        "pipeline": {"id": run.pipeline_id, "name": run.pipeline_name},
        "rev": run.revision,
        "status": run.status,
        "message": run.message,
        "submitted_by": {"id": by.pk, "name": by.shown_name} if by else None,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "inputs": run.inputs,
        "seq": run.event_seq,
        "counts": run.counts,
    }


def run_detail(run: Run) -> dict[str, Any]:
    """A run with its graph and all of its steps. `seq` is read before the steps, so no event after it is missing."""
    unneeded = ("params", "assets", "command", "ingredients", "environment")
    steps = list(Step.objects.filter(run=run, iteration=None).defer(*unneeded))
    library = library_of(run.workspace_id, [run.document])
    outputs: dict[int, list[Artifact]] = defaultdict(list)
    for artifact in Artifact.objects.filter(run=run, step__iteration=None).defer("preview"):
        outputs[artifact.step_id].append(artifact)
    return {
        **run_summary(run),
        "document": run.document,
        "only": run.only,
        "components": library.interfaces,
        "graphs": library.graphs,
        "steps": {step.node_id: step_state(step, outputs[step.pk]) for step in steps},
    }


def step_state(step: Step, outputs: list[Artifact]) -> dict[str, Any]:
    return {
        "node": step.node_id,
        "status": step.status,
        "reused": step.reused,
        "progress": step.progress,
        "attempt": step.attempt,
        "message": step.message,
        "exit_code": step.exit_code,
        "started_at": step.started_at,
        "ended_at": step.ended_at,
        "outputs": {artifact.output: artifact_summary(artifact) for artifact in outputs},
        "kind": step.kind,
        "final": step.final,
        "loop": step.result if step.kind == Step.Kind.LOOP else None,
        "taken": (step.result or {}).get("taken") if step.kind == Step.Kind.BRANCH else None,
    }


def iterations_page(loop: Step, after: int, size: int) -> dict[str, Any]:
    """The iterations of a loop from index `after` on, with the states of their steps. Two queries."""
    rows = list(Iteration.objects.filter(loop=loop, index__gte=after).order_by("index")[: size + 1])
    page = rows[:size]
    nodes: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, node, status in Step.objects.filter(iteration__in=page).values_list("iteration", "node_id", "status"):
        nodes[pk or 0][node] = status
    told = ("index", "label", "status", "values", "metric", "course", "message", "started_at", "ended_at")
    results = [{**{name: getattr(row, name) for name in told}, "nodes": nodes[row.pk]} for row in page]
    return {"results": results, "next": rows[size].index if len(rows) > size else None}


def step_detail(step: Step, may_change: bool = False) -> dict[str, Any]:
    outputs = list(step.artifacts.defer("preview"))
    told = ("number", "status", "exit_code", "message", "worker", "peak_memory", "started_at", "ended_at")
    return {
        **step_state(step, outputs),
        "command": step.command or None,
        "params": step.params,
        "compute": step.compute.name if step.compute else None,
        "resources": step.resources,
        "attempts": list(step.attempts.values(*told)),
        "reuse": reuse_of(step),
        "cache": _known_as(step, may_change),
    }


def _known_as(step: Step, may_change: bool) -> dict[str, Any] | None:
    entry = result_of_step(step)
    return {"id": entry.pk, "pinned": entry.pinned, "hits": entry.hits, "may_change": may_change} if entry else None


def reuse_of(step: Step) -> dict[str, Any]:
    """From which step this one was answered, or why it had to run: what differs from the last time."""
    if step.reused:
        source = Step.objects.filter(pk=step.reused_from_id or 0).values("run", "node_id").first()
        return {"from": {"run": source["run"], "node": source["node_id"]} if source else None, "reasons": []}
    return {"from": None, "reasons": _reasons_to_run(step)}


def _reasons_to_run(step: Step) -> list[str]:
    if step.force_rerun:
        return ["It was asked to run again whatever is known."]
    if step.ingredients is None:
        return [] if step.missing else ["Its component says that it does not always make the same (is_deterministic)."]
    same_node = Step.objects.filter(run__pipeline=step.run.pipeline_id, node_id=step.node_id, pk__lt=step.pk)
    before = same_node.exclude(ingredients=None).order_by("-pk").first()
    if before is None or before.ingredients is None:
        return ["This step has not run in this pipeline before."]
    found = differences(Ingredients(**before.ingredients), Ingredients(**step.ingredients))
    if found:
        return found
    if before.status != StepStatus.COMPLETED:
        return ["Nothing changed, but the last time it did not end well."]
    return ["Nothing changed, but its result was evicted or its content is gone from the store."]


def artifact_summary(artifact: Artifact) -> dict[str, Any]:
    """An output as a step lists it."""
    return {
        "id": artifact.pk,
        "output": artifact.output,
        "type": artifact.type,
        "kind": artifact.kind,
        "size": artifact.size,
        "digest": artifact.digest,
        "evicted": artifact.evicted_at is not None,
    }


def events_between(run_id: int, after: int, until: int | None = None) -> list[Any]:
    """Events with a `seq` above `after` and up to `until`, at most EVENT_PAGE of them."""
    found = Event.objects.filter(run=run_id, seq__gt=after)
    if until is not None:
        found = found.filter(seq__lte=until)
    return list(found.order_by("seq").values("seq", "type", "at", "data")[:EVENT_PAGE])


def log_page(attempt: Attempt, after: int, until: int | None = None) -> tuple[list[Any], bool]:
    """Chunks of a log after one, about a million characters at most; True where there are more."""
    found = LogChunk.objects.filter(attempt=attempt, seq__gt=after)
    if until is not None:
        found = found.filter(seq__lte=until)
    chunks: list[Any] = []
    characters = 0
    for chunk in found.order_by("seq").values("seq", "stream", "at", "text").iterator(chunk_size=50):
        if characters and characters + len(chunk["text"]) > LOG_PAGE_CHARACTERS:
            return chunks, True
        characters += len(chunk["text"])
        chunks.append(chunk)
    return chunks, False
