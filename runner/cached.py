"""Reading the results that are known, and what a workspace uses of the store. Fixed numbers of queries."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404
from django.utils import timezone

from registry.models import CodeSnapshot, DataAsset, Workspace
from runner.models import Artifact, CacheEntry, Step

# Where a step was made anew under a known key, that counts as use.
LAST_USED = Greatest(Coalesce("used_at", "created_at"), Coalesce("step__ended_at", "created_at"))


@dataclass(frozen=True)
class Filters:
    """Which results to list. `component` is a name, `unused_for` the least time since the last use."""

    component: str = ""
    pinned: bool | None = None
    unused_for: timedelta | None = None


def results_of(workspace: Workspace, filters: Filters = Filters()) -> QuerySet[CacheEntry]:
    """Known results, newest first, each with `last_used`, its step, component and run."""
    found = CacheEntry.objects.filter(workspace=workspace).annotate(last_used=LAST_USED)
    if filters.component:
        found = found.filter(step__component_version__component__name=filters.component)
    if filters.pinned is not None:
        found = found.filter(pinned=filters.pinned)
    if filters.unused_for is not None:
        found = found.filter(last_used__lt=timezone.now() - filters.unused_for)
    return (
        found.select_related("step__run", "step__component_version__component")
        .defer("step__run__document", "step__ingredients", "step__command", "step__component_version__spec_data")
        .defer("step__component_version__interface", "step__component_version__yaml", "step__component_version__graph")
        .order_by("-pk")
    )


def find_result(workspace: Workspace, pk: int) -> CacheEntry:
    """Raises Http404."""
    found = results_of(workspace).filter(pk=pk).first()
    if found is None:
        raise Http404("This result is not known any more.")
    return found


def result_of_step(step: Step) -> CacheEntry | None:
    """The known result that this step made, or was answered from."""
    if not step.key or step.status != "Completed":
        return None
    maker = Q(step=step.pk) | Q(step=step.reused_from_id) if step.reused_from_id else Q(step=step.pk)
    return CacheEntry.objects.filter(maker, workspace=step.run.workspace_id, key=step.key).first()


def summaries(entries: list[CacheEntry]) -> list[dict[str, Any]]:
    """Results as lists show them: protocol.md, “Cache”."""
    sizes = dict(
        Artifact.objects.filter(step__in=[entry.step_id for entry in entries])
        .order_by()
        .values_list("step")
        .annotate(Sum("size"))
    )
    return [_summary(entry, sizes.get(entry.step_id, 0)) for entry in entries]


def _summary(entry: CacheEntry, size: int) -> dict[str, Any]:
    step = entry.step
    version = step.component_version
    return {
        "id": entry.pk,
        "key": entry.key,
        "pinned": entry.pinned,
        "hits": entry.hits,
        "size": size,
        "component": {"name": version.component.name, "title": version.component.title, "version": version.version}
        if version
        else None,
        "made_by": {"run": step.run_id, "pipeline": step.run.pipeline_name, "node": step.node_id, "title": step.title},
        "made_at": step.ended_at,
        "duration": (step.ended_at - step.started_at).total_seconds() if step.ended_at and step.started_at else None,
        "last_used": entry.last_used,  # type: ignore[attr-defined]
    }


def components_known(workspace: Workspace) -> list[tuple[str, str]]:
    """Name and title of the components that have results, for a filter."""
    of = "step__component_version__component__"
    found = CacheEntry.objects.filter(workspace=workspace, step__component_version__isnull=False)
    return list(found.order_by(f"{of}title").values_list(f"{of}name", f"{of}title").distinct())


def summary(workspace: Workspace) -> dict[str, Any]:
    """How many results are known and what they save, and the bytes that the workspace uses; content counts once.

    `saved` is an estimate in seconds: each time that a result was used, its step would have taken as long again.
    """
    entries = CacheEntry.objects.filter(workspace=workspace)
    took = ExpressionWrapper(F("step__ended_at") - F("step__started_at"), output_field=DurationField())
    used = entries.filter(hits__gt=0).values_list("hits", took)
    saved = sum(hits * each.total_seconds() for hits, each in used if each)
    kept = Artifact.objects.filter(workspace=workspace, evicted_at=None)
    code = CodeSnapshot.objects.filter(workspace=workspace).values_list("files", flat=True)
    return {
        "entries": entries.count(),
        "pinned": entries.filter(pinned=True).count(),
        "hits": entries.aggregate(hits=Sum("hits"))["hits"] or 0,
        "saved": saved,
        "bytes": {
            "results": _counted_once(kept.filter(step__in=entries.values("step"))),
            "outputs": _counted_once(kept),
            "data": _counted_once(DataAsset.objects.filter(workspace=workspace)),
            "code": sum(size for files in code for _, size in files),
        },
    }


def _counted_once(rows: QuerySet[Any]) -> int:
    by_location = rows.order_by().values("location").annotate(bytes=Max("size"))
    return by_location.aggregate(total=Sum("bytes"))["total"] or 0
