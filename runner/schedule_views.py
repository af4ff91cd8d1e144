"""The pages of schedules. `templates/README.md` lists what each template expects."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from designer.models import Pipeline
from designer.selectors import find_pipeline, pipelines_of
from registry.policy import may
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.spec.trigger import trigger_of
from registry.spec.zones import zone_names
from runner.engine.schedule_words import in_words
from runner.models import Schedule, ScheduleFire
from runner.schedule_forms import NewScheduleForm, ScheduleForm, TriggerForm, inputs_of, values_of
from runner.schedules import find_schedule, fires_of, schedules_of, upcoming
from runner.services.schedules import schedule_trigger
from runner.services.scheduling import (
    BadSchedule,
    read_trigger,
    schedule_create,
    schedule_delete,
    schedule_disable,
    schedule_enable,
    schedule_update,
)

PAGE_SIZE = 50


@require_GET
@in_workspace()
def schedule_list(request: WorkspaceRequest) -> HttpResponse:
    """The schedules of the workspace, what they run and when."""
    newest = ScheduleFire.objects.filter(schedule=OuterRef("pk")).order_by("-fire_time")
    found = schedules_of(request.workspace).annotate(
        last_outcome=Subquery(newest.values("outcome")[:1]),
        last_at=Subquery(newest.values("fire_time")[:1]),
        last_run=Subquery(newest.values("run")[:1]),
        last_status=Subquery(newest.values("run__status")[:1]),
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"schedules": page, "may_run": may(request.role, "run")}
    return render(request, "runner/schedule_list.html", context)


@require_GET
@in_workspace()
def schedule_page(request: WorkspaceRequest, name: str) -> HttpResponse:
    """One schedule: what it runs, when it fires next, and what came of the times before."""
    schedule = find_schedule(request.workspace, name)
    coming = upcoming(trigger_of(schedule.trigger), schedule.starts_at) if schedule.enabled else []
    context = {
        "schedule": schedule,
        "coming": coming,
        "fires": Paginator(fires_of(schedule), PAGE_SIZE).get_page(request.GET.get("page")),
        "may_run": may(request.role, "run"),
    }
    return render(request, "runner/schedule.html", context)


@in_workspace("run")
def create(request: WorkspaceRequest) -> HttpResponse:
    """A new schedule of a pipeline: `?pipeline=` says which."""
    asked = request.GET.get("pipeline", "")
    pipeline = find_pipeline(request.workspace, int(asked)) if asked.isdecimal() else None
    if pipeline is None:
        pipelines = pipelines_of(request.workspace).order_by("name")
        return render(request, "runner/schedule_choose.html", {"pipelines": pipelines})
    form = NewScheduleForm(request.POST or None, inputs=inputs_of(pipeline, None))
    if request.method == "POST" and form.is_valid():
        named = form.cleaned_data["name"]
        new = partial(schedule_create, workspace=request.workspace, user=request.user, pipeline=pipeline, name=named)
        made = _saved(form, new)
        if made is not None:
            messages.success(request, f"{made.title} is scheduled.")
            return redirect("schedule", workspace=request.workspace.slug, name=made.name)
    return _form(request, form, pipeline, None)


@in_workspace("run")
def edit(request: WorkspaceRequest, name: str) -> HttpResponse:
    """Change a schedule."""
    schedule = find_schedule(request.workspace, name)
    inputs = inputs_of(schedule.pipeline, schedule.document)
    form = ScheduleForm(request.POST or None, inputs=inputs, initial=values_of(schedule))
    if request.method == "POST" and form.is_valid():
        saved = _saved(form, partial(schedule_update, schedule=schedule))
        if saved is not None:
            messages.success(request, f"{saved.title} is changed.")
            return redirect("schedule", workspace=request.workspace.slug, name=saved.name)
    return _form(request, form, schedule.pipeline, schedule)


@require_POST
@in_workspace()
def preview(request: WorkspaceRequest) -> HttpResponse:
    """The next five times of what is filled in, or what is wrong with it."""
    form = TriggerForm(request.POST)
    context: dict[str, Any] = {}
    if form.is_valid():
        try:
            trigger = read_trigger(form.trigger())
            context["times"] = upcoming(trigger, timezone.now().replace(second=0, microsecond=0))
            context["words"] = in_words(form.trigger())
        except BadSchedule as refused:
            context["fault"] = refused.sentence
    else:
        context["fault"] = next(iter(form.errors.values()))[0]
    return render(request, "runner/_schedule_preview.html", context)


@require_POST
@in_workspace("run")
def act(request: WorkspaceRequest, name: str, verb: str) -> HttpResponse:
    """Enable, disable, trigger or delete it; back to where one was."""
    schedule = find_schedule(request.workspace, name)
    said = f"{schedule.title} is {verb}d."
    try:
        if verb == "enable":
            schedule_enable(schedule=schedule)
        elif verb == "disable":
            schedule_disable(schedule=schedule)
        elif verb == "delete":
            schedule_delete(schedule=schedule)
        elif verb == "trigger":
            fire = schedule_trigger(schedule=schedule)
            said = f"{fire.run.name if fire.run else schedule.title} is started."
        else:
            raise Http404
    except Refusal as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, said)
    if verb == "delete" or request.POST.get("back") == "list":
        return redirect("schedule-list", workspace=request.workspace.slug)
    return redirect("schedule", workspace=request.workspace.slug, name=name)


def _saved(form: ScheduleForm, save: Any) -> Schedule | None:
    """What was saved; None where the form now says why not."""
    given = {name: form.cleaned_data[name] for name in ("display_name", "description", "catch_up", "overlap")}
    try:
        saved: Schedule = save(trigger=form.trigger(), inputs=form.inputs(), **given)
    except BadSchedule as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    return saved


def _form(
    request: WorkspaceRequest, form: ScheduleForm, pipeline: Pipeline | None, schedule: Schedule | None
) -> HttpResponse:
    context = {"form": form, "pipeline": pipeline, "schedule": schedule, "zones": zone_names()}
    return render(request, "runner/schedule_form.html", context)
