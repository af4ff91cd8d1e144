"""Runs and steps: submit, list, look at, cancel, read logs."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.models import Pipeline
from designer.selectors import find_pipeline, pipeline_named
from registry.pagination import Cursor
from registry.policy import may
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from runner.api.serializers import (
    IterationsOutput,
    IterationsQuery,
    LogOutput,
    LogQuery,
    RunCreateInput,
    RunDetailOutput,
    RunListQuery,
    RunOutput,
    RunStartedOutput,
    StepDetailOutput,
    TrackingOutput,
    TrackingQuery,
)
from runner.models import Attempt, Run
from runner.results import column_warnings
from runner.selectors import (
    find_attempt,
    find_run,
    find_step,
    iterations_page,
    log_page,
    run_detail,
    run_summary,
    runs_of,
    step_detail,
    tracking_of,
)
from runner.services.cancelling import run_cancel
from runner.services.deleting import run_delete
from runner.services.resuming import run_resume
from runner.services.submit import NotReady, run_submit


class RunListAPI(WorkspaceAPI):
    """All runs of the workspace."""

    pagination_class = Cursor

    @extend_schema(operation_id="runs_list", parameters=[RunListQuery], responses=RunOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The runs of the workspace, newest first."""
        query = RunListQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        found = runs_of(self.workspace).filter(**query.validated_data)
        return _page(found, request, self)


class PipelineRunsAPI(WorkspaceAPI):
    """The runs of one pipeline, and a new one."""

    action = "run"
    pagination_class = Cursor

    @extend_schema(operation_id="pipeline_runs_list", responses=RunOutput(many=True))
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The runs of one pipeline, newest first."""
        pipeline = find_pipeline(self.workspace, pk)
        return _page(runs_of(self.workspace).filter(pipeline=pipeline), request, self)

    @extend_schema(
        operation_id="pipeline_runs_create",
        request=RunCreateInput,
        responses={
            201: RunStartedOutput,
            422: OpenApiResponse(description="The draft has problems: a problem document."),
        },
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Run the draft. The first steps are queued when the answer comes."""
        sent = RunCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            pipeline = pipeline_named(self.workspace, pk)
            run, _ = run_submit(pipeline=pipeline, user=self.person, **sent.validated_data)
        except NotReady as refused:
            raise Problem(refused.status, refused.code, refused.sentence, problems=refused.problems) from None
        except Pipeline.DoesNotExist:
            raise Http404 from None
        told = {**run_summary(run), "warnings": column_warnings(run)}
        return Response(told, status=status.HTTP_201_CREATED)


class RunAPI(WorkspaceAPI):
    """One run with its graph and steps."""

    action = "run"

    @extend_schema(operation_id="runs_get", responses=RunDetailOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """A run with its frozen graph, and all of its steps."""
        return Response(run_detail(find_run(self.workspace, pk)))

    @extend_schema(
        operation_id="runs_delete",
        responses={204: None, 409: OpenApiResponse(description="It has not ended, or a result is pinned.")},
    )
    def delete(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Delete a run with its steps, events and logs. What it made is kept while another run shows it."""
        run_delete(run=find_run(self.workspace, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RunCancelAPI(WorkspaceAPI):
    """Ask for the end of a run."""

    action = "run"

    @extend_schema(operation_id="runs_cancel", request=None, responses=RunOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Ask for the end of a run: what has not begun never will, what runs is ended. Harmless when asked twice."""
        run_cancel(find_run(self.workspace, pk), self.person)
        return Response(run_summary(find_run(self.workspace, pk)))


class RunResumeAPI(WorkspaceAPI):
    """Go on with a failed or cancelled run in place: what completed stays."""

    action = "run"

    @extend_schema(operation_id="runs_resume", request=None, responses=RunOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Go on with a failed or cancelled run in place: what completed stays."""
        run_resume(find_run(self.workspace, pk), self.person)
        return Response(run_summary(find_run(self.workspace, pk)))


class IterationsAPI(WorkspaceAPI):
    """The iterations of a loop, or the trials of a sweep, in order."""

    @extend_schema(operation_id="runs_iterations", parameters=[IterationsQuery], responses=IterationsOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The iterations of a loop, or the trials of a sweep, in order."""
        query = IterationsQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        loop = find_step(self.workspace, pk, asked["node"])
        return Response(iterations_page(loop, asked["after"], asked["size"]))


class StepAPI(WorkspaceAPI):
    """One step with its attempts."""

    @extend_schema(operation_id="steps_get", responses=StepDetailOutput)
    def get(self, request: Request, pk: int, node: str, **kwargs: Any) -> Response:
        """One step with its attempts, and why it was reused or not."""
        return Response(step_detail(find_step(self.workspace, pk, node), may_change=may(self.role, "run")))


class StepTrackingAPI(WorkspaceAPI):
    """What a step logged with MLflow; nothing of it where it logged nothing."""

    @extend_schema(operation_id="steps_tracking", parameters=[TrackingQuery], responses=TrackingOutput)
    def get(self, request: Request, pk: int, node: str, **kwargs: Any) -> Response:
        query = TrackingQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        step = find_step(self.workspace, pk, node)
        return Response(tracking_of(step.pk, query.validated_data.get("attempt")))


class StepLogAPI(WorkspaceAPI):
    """What a step printed."""

    @extend_schema(
        operation_id="steps_log",
        parameters=[LogQuery],
        responses={(200, "application/json"): LogOutput, (200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, pk: int, node: str, **kwargs: Any) -> HttpResponseBase:
        """What an attempt printed: chunks after a number, or with `download` all of it as text."""
        query = LogQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        step = find_step(self.workspace, pk, node)
        wanted, after = query.validated_data["attempt"], query.validated_data["after"]
        attempt = find_attempt(step.pk, wanted)
        if attempt is None:
            if wanted:
                raise Http404("There is no such attempt.")
            return Response({"attempt": 0, "chunks": [], "ended": False, "truncated": False})
        if query.validated_data["download"]:
            return _as_text(attempt, f"{node}-{attempt.number}.log")
        chunks, more = log_page(attempt, after)
        ended = attempt.ended_at is not None and not more
        return Response(
            {"attempt": attempt.number, "chunks": chunks, "ended": ended, "truncated": attempt.log_truncated}
        )


def _as_text(attempt: Attempt, name: str) -> HttpResponse:
    # Whole: LOG_LIMIT bounds it, and a database cursor could not be read block by block from changing threads.
    text = "".join(attempt.chunks.order_by("seq").values_list("text", flat=True))
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(found: Any, request: Request, view: WorkspaceAPI) -> Response:
    paginator = Cursor()
    page: list[Run] = paginator.paginate_queryset(found, request, view) or []
    return paginator.get_paginated_response([run_summary(run) for run in page])
