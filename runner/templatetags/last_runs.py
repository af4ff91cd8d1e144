"""The newest run of each pipeline on a list, in one query: designer's pages may show runs, its code knows none."""

from typing import Any

from django import template
from django.db.models import Max

from designer.models import Pipeline
from runner.models import Run

register = template.Library()


@register.simple_tag(takes_context=True)
def last_run(context: template.Context, pipeline: Pipeline) -> Run | None:
    """The newest run of `pipeline`; read for all of the context's `pipelines` when it is first asked for."""
    shown: list[Pipeline] = list(context.get("pipelines") or [pipeline])
    known = _known(context)
    if pipeline.pk not in known:
        newest = Run.objects.filter(pipeline__in=shown).order_by().values("pipeline").annotate(newest=Max("pk"))
        found = Run.objects.defer("document").filter(pk__in=newest.values("newest"))
        known |= dict.fromkeys(one.pk for one in shown) | {run.pipeline_id: run for run in found if run.pipeline_id}
    return known.get(pipeline.pk)


def _known(context: template.Context) -> dict[int, Run | None]:
    """What this page has read already; kept while the page is rendered."""
    kept: Any = context.render_context
    found: dict[int, Run | None] = kept.setdefault("last_runs", {})
    return found
