"""What the end of a step makes ready or skips. Costs the out-degree of what ended, never the size of the graph."""

from collections.abc import Iterable

from django.db.models import Count, F, IntegerField, OuterRef, Subquery

from runner.engine.planning import Behind, on_finished
from runner.engine.states import StepStatus
from runner.models import Step, StepEdge
from runner.services.changes import Change
from runner.services.reuse import offer


def release_successors(change: Change, ended: Iterable[tuple[int, bool]]) -> None:
    """Tell the steps behind each ended one (id, whether it ended well); those that are skipped tell theirs in turn."""
    wave = dict(ended)
    while wave:
        edges = list(
            StepEdge.objects.filter(source__in=wave, target__status=StepStatus.NOT_STARTED)
            .select_related("target")
            .defer("target__command")
        )
        if not edges:
            return
        targets = {edge.target_id: edge.target for edge in edges}
        wires: dict[int, list[StepEdge]] = {}
        for edge in edges:
            wires.setdefault(edge.source_id, []).append(edge)
        skipped: dict[int, bool] = {}
        ready: list[Step] = []
        for source, well in wave.items():
            behind = [
                Behind(edge.target_id, edge.required, targets[edge.target_id].missing) for edge in wires.get(source, [])
            ]
            effects = on_finished(well, behind)
            for wire in behind:
                targets[wire.target].missing -= 1
            skipped |= dict.fromkeys(effects.skipped, False)
            ready += [targets[key] for key in effects.ready]
        arrived = (
            StepEdge.objects.filter(source__in=wave, target=OuterRef("pk"))
            .order_by()
            .values("target")
            .annotate(number=Count("pk"))
            .values("number")
        )
        Step.objects.filter(pk__in=targets).update(
            missing=F("missing") - Subquery(arrived, output_field=IntegerField())
        )
        reused = offer(change, [step for step in ready if step.pk not in skipped])
        change.steps_to(
            [targets[pk] for pk in skipped],
            StepStatus.SKIPPED,
            message="Skipped, since a step that it needs did not end well.",
            ended_at=change.now,
        )
        wave = skipped | dict.fromkeys(reused, True)
