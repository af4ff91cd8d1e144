"""The page of known results. `templates/README.md` lists what its templates expect."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from registry.policy import may
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.spec.durations import parse_duration
from runner.cached import Filters, components_known, find_result, results_of, summaries, summary
from runner.services.cache import entries_evict, entry_evict, entry_pin

PAGE_SIZE = 50
# The ages that the page offers.
AGES = [("1d", "a day"), ("7d", "a week"), ("30d", "a month"), ("180d", "half a year")]


@require_GET
@in_workspace()
def result_list(request: WorkspaceRequest) -> HttpResponse:
    """Results with what they save, filtered; htmx gets the rows alone."""
    return _page(request)


@require_POST
@in_workspace("run")
def result_pin(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Pin or, with `pinned=0`, unpin. Answers the row."""
    entry = find_result(request.workspace, pk)
    entry_pin(entry=entry, pinned=request.POST.get("pinned") != "0")
    return render(request, "runner/_result_row.html", {"result": summaries([entry])[0], "may_run": True})


@require_POST
@in_workspace("run")
def result_evict(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Evict one. Answers what says so, in place of the row."""
    entry = find_result(request.workspace, pk)
    try:
        entry_evict(entry=entry)
    except Refusal as refused:
        return HttpResponse(refused.sentence, status=refused.status, content_type="text/plain")
    context = {"text": f"The result of “{entry.step.title}” is evicted; an equal step will run again."}
    return render(request, "runner/_gone.html", context)


@require_POST
@in_workspace("run")
def results_evict(request: WorkspaceRequest) -> HttpResponse:
    """Evict all that fit the page's filters."""
    found = results_of(request.workspace, _filters(request.POST))
    evicted, pinned = entries_evict(workspace=request.workspace, ids=list(found.values_list("pk", flat=True)))
    left = f" {pinned} stay{'s' if pinned == 1 else ''}: pinned." if pinned else ""
    messages.success(request, f"{evicted} result{'' if evicted == 1 else 's'} evicted.{left}")
    return HttpResponseClientRedirect(reverse("result-list", kwargs={"workspace": request.workspace.slug}))


def _page(request: WorkspaceRequest) -> HttpResponse:
    filters = _filters(request.GET)
    page = Paginator(results_of(request.workspace, filters), PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "results": summaries(list(page.object_list)),
        "page": page,
        "component": filters.component,
        "pinned": request.GET.get("pinned", ""),
        "unused_for": request.GET.get("unused_for", ""),
        "may_run": may(request.role, "run"),
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "runner/_result_rows.html", context)
    context |= {"summary": summary(request.workspace), "components": components_known(request.workspace), "ages": AGES}
    return render(request, "runner/result_list.html", context)


def _filters(asked: Any) -> Filters:
    """What the page's form says; what nobody could have chosen there is left out."""
    ages = {age: parse_duration(age) for age, _ in AGES}
    return Filters(
        component=asked.get("component", ""),
        pinned={"1": True, "0": False}.get(asked.get("pinned", "")),
        unused_for=ages.get(asked.get("unused_for", "")),
    )
