"""Schedules: list, make, change, enable, disable, trigger, delete."""

import json
import zipfile
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.components import FaultOutput
from registry.pagination import Cursor
from registry.parsers import BoundedJSON
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.spec.faults import SpecError
from registry.spec.schedule import NAME, read_schedule
from runner.api.job_serializers import JobDetailOutput, TagsField
from runner.api.jobs import NOT_READY, find_pipeline_named
from runner.api.serializers import PersonRef, PipelineRef
from runner.engine.schedule import CatchUp, Overlap
from runner.jobs import job_detail
from runner.models import Schedule, ScheduleFire
from runner.schedules import (
    find_schedule,
    fire_summary,
    fires_of,
    schedule_detail,
    schedule_summary,
    schedules_of,
    upcoming,
)
from runner.selectors import find_run
from runner.services.schedule_files import schedule_from_spec
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
from runner.services.submit import NotReady

YAML_LIMIT = 1_000_000
BAD = OpenApiResponse(description="A problem document: `field` is the one that is wrong, or `faults` the YAML's.")
TRIGGER_HELP = (
    "`{type: cron, expression, time_zone, start_time, end_time}`, or `{type: recurrence, frequency, interval, "
    "schedule: {hours, minutes, week_days, month_days}, time_zone, start_time, end_time}`, as in Azure ML's YAML"
)


class ScheduleChangeInput(serializers.Serializer[Any]):
    display_name = serializers.CharField(required=False, allow_blank=True, max_length=255)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    tags = TagsField(required=False, help_text="of the schedule")
    trigger = serializers.DictField(required=False, help_text=TRIGGER_HELP)
    pipeline = serializers.CharField(required=False, help_text="number or name: its draft, as it is then, is run")
    job = serializers.CharField(required=False, help_text="instead of `pipeline`: a job, to be run again as it was")
    inputs = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="values by pipeline input; `${{creation_context.trigger_time}}` is when it fires",
    )
    settings = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        help_text="of the pipeline, instead of its own: continue_on_step_failure, force_rerun, compute",
    )
    experiment_name = serializers.CharField(required=False, allow_blank=True, max_length=255, help_text="of its jobs")
    run_tags = TagsField(required=False, help_text="of its jobs")
    catch_up = serializers.ChoiceField(
        list(CatchUp),
        required=False,
        help_text="of the times that were missed while no worker ran, these are made up for",
    )
    overlap = serializers.ChoiceField(
        list(Overlap), required=False, help_text="what to do while its job before has not ended"
    )

    def validate_settings(self, given: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(given) - {"continue_on_step_failure", "force_rerun", "compute"})
        if unknown:
            raise serializers.ValidationError(f"`{unknown[0]}` is no setting that a schedule may change.")
        return given


class ScheduleCreateInput(ScheduleChangeInput):
    name = serializers.RegexField(
        NAME, error_messages={"invalid": "A schedule's name has letters, digits, hyphens and underscores."}
    )
    trigger = serializers.DictField(help_text=TRIGGER_HELP)
    enabled = serializers.BooleanField(required=False, default=True, help_text="Whether it fires.")


class ScheduleFileInput(serializers.Serializer[Any]):
    file = serializers.FileField(
        help_text="Azure ML's schedule YAML, or a zip with it; its `create_job` names a job of this workspace"
    )
    path = serializers.CharField(required=False, help_text="of the YAML in the zip")
    set = serializers.JSONField(required=False, help_text='`{"a.b": value}`, put into the YAML before it is read')

    def validate_set(self, given: Any) -> dict[str, Any]:
        try:
            given = json.loads(given) if isinstance(given, str) else given
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise serializers.ValidationError("`set` is a JSON object of places and values.")
        return given


class TriggerInput(serializers.Serializer[Any]):
    trigger = serializers.DictField(help_text=TRIGGER_HELP)


class UpcomingOutput(serializers.Serializer[Any]):
    times = serializers.ListField(child=serializers.DateTimeField(), help_text="the next five")


class FireOutput(serializers.Serializer[Any]):
    fire_time = serializers.DateTimeField(help_text="When it was due.")
    outcome = serializers.ChoiceField(ScheduleFire.Outcome.choices)
    message = serializers.CharField()
    by_hand = serializers.BooleanField(help_text="triggered besides its times")
    job = serializers.CharField(allow_null=True, help_text="name of the job that was started")
    job_status = serializers.CharField(allow_null=True, help_text="That job's state; null: none was started.")


class ScheduleOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    display_name = serializers.CharField()
    description = serializers.CharField()
    tags = serializers.DictField(child=serializers.CharField())
    enabled = serializers.BooleanField(help_text="Whether it fires.")
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="when it fires next; null: not any more, or disabled"
    )
    trigger = serializers.JSONField(help_text=TRIGGER_HELP)
    pipeline = PipelineRef(allow_null=True, help_text="null: it was deleted")
    job = serializers.CharField(allow_null=True, help_text="the job whose graph it runs; null: the pipeline's draft")
    inputs = serializers.DictField(child=serializers.JSONField())
    settings = serializers.DictField(child=serializers.JSONField(), help_text="Instead of the pipeline's own.")
    experiment_name = serializers.CharField()
    run_tags = serializers.DictField(child=serializers.CharField(), help_text="Of its jobs.")
    catch_up = serializers.ChoiceField(list(CatchUp))
    overlap = serializers.ChoiceField(list(Overlap))
    created_by = PersonRef(allow_null=True, help_text="in whose name it runs")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ScheduleDetailOutput(ScheduleOutput):
    upcoming = serializers.ListField(child=serializers.DateTimeField(), help_text="the next five times")
    fires = FireOutput(many=True, help_text="the newest 20 times at which it was due")


class ScheduleQuery(serializers.Serializer[Any]):
    enabled = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only those that fire, or only the others."
    )


class ByName(Cursor):
    ordering = "name"


class ByTime(Cursor):
    ordering = "-fire_time"


class _SchedulesAPI(WorkspaceAPI):
    action = "run"

    def find(self, name: str) -> Schedule:
        return find_schedule(self.workspace, name)

    def answer(self, name: str, status: int = 200) -> Response:
        return Response(schedule_detail(self.find(name)), status=status)

    def asked(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, with pipeline and job found. Raises Problem."""
        asked = dict(sent)
        if "pipeline" in asked:
            asked["pipeline"] = find_pipeline_named(self.workspace, asked["pipeline"])
        if "job" in asked:
            try:
                asked["job"] = find_run(self.workspace, name=asked["job"])
            except Http404:
                raise Problem(422, "unknown_job", f"There is no job `{asked['job']}` in this workspace.") from None
        return asked


class ScheduleListAPI(_SchedulesAPI):
    parser_classes = [BoundedJSON, MultiPartParser]
    pagination_class = ByName

    @extend_schema(operation_id="schedules_list", parameters=[ScheduleQuery], responses=ScheduleOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The schedules of the workspace by name."""
        query = ScheduleQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        found, enabled = schedules_of(self.workspace), query.validated_data["enabled"]
        paginator = ByName()
        page: list[Schedule] = (
            paginator.paginate_queryset(found if enabled is None else found.filter(enabled=enabled), request, self)
            or []
        )
        return paginator.get_paginated_response([schedule_summary(schedule) for schedule in page])

    @extend_schema(
        operation_id="schedules_create",
        request={"application/json": ScheduleCreateInput, "multipart/form-data": ScheduleFileInput},
        responses={
            200: OpenApiResponse(ScheduleDetailOutput, description="The file changed a schedule that was there."),
            201: ScheduleDetailOutput,
            422: BAD,
        },
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Make a schedule from its fields or from Azure ML's YAML; a file whose name is there changes that one."""
        if "file" in request.FILES:
            return self._from_file(request)
        sent = ScheduleCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        with _told():
            made = schedule_create(workspace=self.workspace, user=self.person, **self.asked(sent.validated_data))
        return self.answer(made.name, status.HTTP_201_CREATED)

    def _from_file(self, request: Request) -> Response:
        sent = ScheduleFileInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        name, text = _yaml_in(asked["file"], asked.get("path", ""))
        try:
            spec = read_schedule(text, name, asked.get("set"))
        except SpecError as error:
            faults = FaultOutput(error.faults, many=True).data
            raise Problem(422, "invalid_schedule", str(error.faults[0]), faults=faults) from None
        with _told():
            made, new = schedule_from_spec(workspace=self.workspace, user=self.person, spec=spec)
        return self.answer(made.name, status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class ScheduleAPI(_SchedulesAPI):
    @extend_schema(operation_id="schedules_get", responses=ScheduleDetailOutput)
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """A schedule with its next times and the newest of those that came."""
        return self.answer(name)

    @extend_schema(
        operation_id="schedules_update",
        request=ScheduleChangeInput,
        responses={200: ScheduleDetailOutput, 422: BAD},
    )
    def patch(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Change what is sent. A changed trigger counts from now, unless it says its start."""
        sent = ScheduleChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        with _told():
            schedule_update(schedule=self.find(name), **self.asked(sent.validated_data))
        return self.answer(name)

    @extend_schema(
        operation_id="schedules_delete", responses={204: None, 409: OpenApiResponse(description="It is enabled.")}
    )
    def delete(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Delete a disabled schedule. The jobs that it started stay."""
        schedule_delete(schedule=self.find(name))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ScheduleEnableAPI(_SchedulesAPI):
    @extend_schema(operation_id="schedules_enable", request=None, responses=ScheduleDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Let it fire from now on. What passed while it was disabled is not made up for."""
        schedule_enable(schedule=self.find(name))
        return self.answer(name)


class ScheduleDisableAPI(_SchedulesAPI):
    @extend_schema(operation_id="schedules_disable", request=None, responses=ScheduleDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Let it fire no more. Jobs that it started go on."""
        schedule_disable(schedule=self.find(name))
        return self.answer(name)


class ScheduleTriggerAPI(_SchedulesAPI):
    @extend_schema(
        operation_id="schedules_trigger",
        request=None,
        responses={201: JobDetailOutput, 409: OpenApiResponse(description="It cannot be run now."), 422: NOT_READY},
    )
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Run it now, besides its times, also while it is disabled. Answers the job."""
        try:
            fire = schedule_trigger(schedule=self.find(name))
        except NotReady as refused:
            raise Problem(refused.status, refused.code, refused.sentence, problems=refused.problems) from None
        run = find_run(self.workspace, pk=fire.run_id)
        return Response(job_detail(run), status=status.HTTP_201_CREATED)


class ScheduleFiresAPI(_SchedulesAPI):
    pagination_class = ByTime

    @extend_schema(operation_id="schedules_fires", responses=FireOutput(many=True))
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Each time at which it was due and what came of it, the newest first."""
        paginator = ByTime()
        page: list[ScheduleFire] = paginator.paginate_queryset(fires_of(self.find(name)), request, self) or []
        return paginator.get_paginated_response([fire_summary(fire) for fire in page])


class SchedulePreviewAPI(WorkspaceAPI):
    action = "view"

    @extend_schema(operation_id="schedules_preview", request=TriggerInput, responses={200: UpcomingOutput, 422: BAD})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """When a trigger would fire, without making a schedule."""
        sent = TriggerInput(data=request.data)
        sent.is_valid(raise_exception=True)
        with _told():
            trigger = read_trigger(sent.validated_data["trigger"])
        return Response({"times": upcoming(trigger, timezone.now().replace(second=0, microsecond=0))})


class _told:
    """A refusal that names its field, as a problem document that does."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, BadSchedule):
            raise Problem(error.status, error.code, error.sentence, field=error.field) from None


def _yaml_in(file: Any, path: str) -> tuple[str, str]:
    """The name and text of the YAML that was sent, in a zip or as it is. Raises Problem."""
    try:
        name, size, content = file.name or "schedule.yml", file.size or 0, file
        if zipfile.is_zipfile(file):
            archive = zipfile.ZipFile(file)
            listed = [each for each in archive.namelist() if each.endswith((".yml", ".yaml"))]
            name = path or (listed[0] if len(listed) == 1 else "")
            if name not in listed:
                raise Problem(
                    422, "no_schedule", f"`path` names none of the YAML files of the zip: {', '.join(listed)}."
                )
            size, content = archive.getinfo(name).file_size, archive.open(name)
        if size > YAML_LIMIT:
            raise Problem(413, "too_large", "A schedule's YAML is no larger than 1 MB.")
        content.seek(0)
        return name, content.read(YAML_LIMIT + 1).decode("utf-8-sig")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Problem(422, "invalid_schedule", "The zip cannot be read.") from None
    except UnicodeDecodeError:
        raise Problem(422, "invalid_schedule", "The file is no text in UTF-8.") from None
