"""Jobs: runs by their names, with the verbs of `az ml job`."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Q
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.imports import FaultOutput, with_problems
from designer.models import Pipeline
from designer.services.imports import uploaded_tree
from registry.models import User, Workspace
from registry.pagination import Cursor
from registry.parsers import BoundedJSON
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.uploads import UploadAPI
from runner.api.job_serializers import (
    JobCreatedOutput,
    JobCreateInput,
    JobDetailOutput,
    JobDetailsInput,
    JobFileInput,
    JobListQuery,
    JobOutput,
    JobStepOutput,
    JobYamlOutput,
)
from runner.jobs import job_detail, job_steps, job_summary, job_yaml, step_summaries
from runner.models import Run
from runner.selectors import find_run, runs_of, runs_tagged
from runner.services.cancelling import run_cancel
from runner.services.describing import RunDetails, run_archive, run_describe, run_restore
from runner.services.importing import ImportedRun, job_import
from runner.services.submit import NotReady, run_submit

Result = TypeVar("Result")
NOT_READY = OpenApiResponse(description="It cannot be run: a problem document that names what is wrong.")
TAKEN = OpenApiResponse(description="There is a job of that name.")


class InOrder(Cursor):
    """Steps come as they were made."""

    ordering = "id"


class JobListAPI(UploadAPI):
    """All jobs of the workspace, and a new one."""

    action = "run"
    pagination_class = Cursor
    parser_classes = [BoundedJSON, MultiPartParser]
    limit_setting = "COMPONENT_UPLOAD_LIMIT"

    @extend_schema(operation_id="jobs_list", parameters=[JobListQuery], responses=JobOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The jobs of the workspace, newest first."""
        query = JobListQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        paginator = Cursor()
        found = _found(self.workspace, query.validated_data)
        page: list[Run] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response([job_summary(run) for run in page])

    @extend_schema(
        operation_id="jobs_create",
        request={"application/json": JobCreateInput, "multipart/form-data": JobFileInput},
        responses={201: JobCreatedOutput, 409: TAKEN, 422: NOT_READY},
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Run the draft of a pipeline that is there, or import a YAML with all that it names and run that."""
        if "file" in request.FILES:
            return self._from_file(request)
        sent = JobCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        run = _submit(self.workspace, self.person, sent.validated_data)
        return Response({**job_detail(run), "warnings": []}, status=status.HTTP_201_CREATED)

    def _from_file(self, request: Request) -> Response:
        sent = JobFileInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = dict(sent.validated_data)
        file, path, changes = asked.pop("file"), asked.pop("path"), asked.pop("set", None)
        given = {name: asked.pop(name) for name in ("inputs", "force_rerun")}
        request_id = asked.pop("request_id", None) or uuid.uuid4()

        def run() -> ImportedRun:
            with uploaded_tree(file, file.name, file.size) as (root, only):
                return job_import(
                    workspace=self.workspace,
                    user=self.person,
                    root=root,
                    path=path or only,
                    request_id=request_id,
                    changes=changes,
                    details=RunDetails(**asked),
                    **given,
                )

        done = _ready(lambda: with_problems(run))
        warnings = FaultOutput(done.imported.warnings, many=True).data if done.imported else []
        return Response({**job_detail(done.run), "warnings": warnings}, status=status.HTTP_201_CREATED)


class JobAPI(WorkspaceAPI):
    """One job."""

    action = "run"

    @extend_schema(operation_id="jobs_get", responses=JobDetailOutput)
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """A job with its outputs."""
        return Response(job_detail(find_run(self.workspace, name=name)))

    @extend_schema(operation_id="jobs_update", request=JobDetailsInput, responses=JobDetailOutput)
    def patch(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Change what it is called and tagged; what is not sent stays, and tags are replaced as a whole."""
        sent = JobDetailsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        run = find_run(self.workspace, name=name)
        run_describe(run=run, **sent.validated_data)
        return Response(job_detail(run))


class JobCancelAPI(WorkspaceAPI):
    """Ask for the end of a job."""

    action = "run"

    @extend_schema(operation_id="jobs_cancel", request=None, responses=JobDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """What has not begun never will, what runs is ended. Harmless when asked twice."""
        run_cancel(find_run(self.workspace, name=name), self.person)
        return Response(job_detail(find_run(self.workspace, name=name)))


class JobArchiveAPI(WorkspaceAPI):
    """Leave a job out of lists."""

    action = "run"

    @extend_schema(operation_id="jobs_archive", request=None, responses=JobDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Its results stay, and if it runs, it goes on."""
        run = find_run(self.workspace, name=name)
        run_archive(run=run)
        return Response(job_detail(run))


class JobRestoreAPI(WorkspaceAPI):
    """Take a job out of the archive."""

    action = "run"

    @extend_schema(operation_id="jobs_restore", request=None, responses=JobDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """It is listed again."""
        run = find_run(self.workspace, name=name)
        run_restore(run=run)
        return Response(job_detail(run))


class JobYamlAPI(WorkspaceAPI):
    """What ran, as a file."""

    @extend_schema(operation_id="jobs_yaml", responses=JobYamlOutput)
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """The job as it ran, as YAML that Azure ML reads, with the values that its inputs had."""
        return Response(job_yaml(find_run(self.workspace, name=name)))


class JobStepsAPI(WorkspaceAPI):
    """The steps of a job."""

    pagination_class = InOrder

    @extend_schema(operation_id="jobs_steps", responses=JobStepOutput(many=True))
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Its steps in the order in which they were made, those of groups and iterations too."""
        run = find_run(self.workspace, name=name)
        paginator = InOrder()
        page = paginator.paginate_queryset(job_steps(run), request, self) or []
        return paginator.get_paginated_response(list(step_summaries(run, page)))


def _found(workspace: Workspace, asked: Mapping[str, Any]) -> Any:
    runs = runs_of(workspace)
    runs = runs.filter(**{name: asked[name] for name in ("status", "experiment_name", "pipeline") if name in asked})
    if asked["archived"] != "all":
        runs = runs.filter(archived_at__isnull=asked["archived"] == "no")
    if "q" in asked:
        runs = runs.filter(Q(name__icontains=asked["q"]) | Q(display_name__icontains=asked["q"]))
    return runs_tagged(runs, asked["tag"]) if "tag" in asked else runs


def _submit(workspace: Workspace, person: User, asked: dict[str, Any]) -> Run:
    """Raises Problem, Http404, and what `run_submit` refuses with."""
    pipeline = find_pipeline_named(workspace, asked.pop("pipeline"))
    inputs, force = asked.pop("inputs"), asked.pop("force_rerun")
    request_id = asked.pop("request_id", None) or uuid.uuid4()
    run, _ = _ready(
        lambda: run_submit(
            pipeline=pipeline,
            user=person,
            request_id=request_id,
            inputs=inputs,
            force_rerun=force,
            details=RunDetails(**asked),
        )
    )
    return run


def _ready(submit: Callable[[], Result]) -> Result:
    """What submitting gives, with what keeps a pipeline from being run as a problem document."""
    try:
        return submit()
    except NotReady as refused:
        raise Problem(refused.status, refused.code, refused.sentence, problems=refused.problems) from None
    except Pipeline.DoesNotExist:
        raise Http404 from None


def find_pipeline_named(workspace: Workspace, asked: str) -> Pipeline:
    """By number, else by name. Raises Problem where none or several have it."""
    found = Pipeline.objects.filter(workspace=workspace, deleted_at=None).select_related("workspace")
    if asked.isdecimal() and (by_number := found.filter(pk=int(asked)).first()):
        return by_number
    named = list(found.filter(name=asked)[:2])
    if not named:
        raise Problem(422, "unknown_pipeline", f"There is no pipeline `{asked}` in this workspace.")
    if len(named) > 1:
        raise Problem(422, "several_pipelines", f"Several pipelines are called `{asked}`; give its number.")
    return named[0]
