"""Importing pipelines written for Azure ML (`docs/reference/protocol.md`)."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import PipelineOutput
from designer.services.imports import Imported, NoPipeline, git_tree, pipeline_import, uploaded_tree
from registry.api.components import FaultOutput
from registry.problems import Problem
from registry.spec.faults import Fault, SpecError
from registry.uploads import UploadAPI

Result = TypeVar("Result")


class ImportInput(serializers.Serializer[Any]):
    """One of `file` and `git`."""

    file = serializers.FileField(required=False, help_text="a YAML file, or a zip of the folder that it lies in")
    git = serializers.URLField(required=False, help_text="a repository, by https")
    branch = serializers.CharField(required=False, default="", max_length=200, help_text="or tag, of `git`")
    path = serializers.CharField(
        required=False, default="", max_length=1000, help_text="the pipeline's YAML, where the folder has several"
    )
    set = serializers.JSONField(
        required=False, help_text="values by place, as in `settings.force_rerun`, put into the YAML before it is read"
    )
    dry_run = serializers.BooleanField(required=False, default=False, help_text="only look whether it can be imported")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("git" in attrs):
            raise serializers.ValidationError({"file": ["Send a file, or name a git repository."]})
        return attrs

    def validate_set(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("An object of values by their place.")
        return value


class ImportOutput(serializers.Serializer[Imported]):
    pipeline = PipelineOutput(allow_null=True, help_text="null where it was only looked at")
    created = serializers.BooleanField(help_text="false: it is a new revision of the pipeline that it was before")
    warnings = FaultOutput(many=True, help_text="what Azure ML lets pass, but a person should know")
    problems = serializers.DictField(
        child=serializers.ListField(child=serializers.JSONField()), help_text="of each node, as in a snapshot"
    )


class ImportProblem(serializers.Serializer[Any]):
    """A problem document; `faults` where the files are wrong, `candidates` where a `path` is needed."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="`faults`, `no_pipeline`, `bad_archive` or `cannot_fetch`")
    detail = serializers.CharField(help_text="a sentence for people")
    faults = FaultOutput(many=True, required=False, help_text="every fault of every file, in order of place")
    candidates = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="the paths of the pipelines in what was sent"
    )


class PipelineImportAPI(UploadAPI):
    """A pipeline in Azure ML's format, with all that its files name."""

    limit_setting = "COMPONENT_UPLOAD_LIMIT"

    @extend_schema(
        operation_id="pipelines_import",
        request={"multipart/form-data": ImportInput},
        responses={
            200: OpenApiResponse(ImportOutput, description="Only looked at, or a new revision."),
            201: ImportOutput,
            413: OpenApiResponse(description="Larger than this server takes."),
            422: OpenApiResponse(
                ImportProblem, description="The files cannot be read, or it is not clear which is meant."
            ),
        },
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Import a pipeline: nothing is kept unless all of its files can be read."""
        sent = ImportInput(data=request.data)
        sent.is_valid(raise_exception=True)
        done = with_problems(lambda: _import(self, sent.validated_data))
        return Response(ImportOutput(done).data, status=status.HTTP_201_CREATED if done.created else status.HTTP_200_OK)


def _import(view: UploadAPI, given: dict[str, Any]) -> Imported:
    rest = {"changes": given.get("set"), "dry_run": given["dry_run"]}
    if "git" in given:
        with git_tree(given["git"], given["branch"]) as root:
            return pipeline_import(workspace=view.workspace, user=view.person, root=root, path=given["path"], **rest)
    file = given["file"]
    with uploaded_tree(file, file.name, file.size) as (root, path):
        path = given["path"] or path
        return pipeline_import(workspace=view.workspace, user=view.person, root=root, path=path, **rest)


def with_problems(work: Callable[[], Result]) -> Result:
    """What importing gives, with its faults as a problem document."""
    try:
        return work()
    except SpecError as error:
        raise as_problem(error.faults) from None
    except NoPipeline as error:
        raise Problem(error.status, error.code, error.sentence, candidates=error.candidates) from None


def as_problem(faults: list[Fault]) -> Problem:
    """The problem document of files that cannot be read."""
    many = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    detail = f"{faults[0]}{many}" if faults else "The files cannot be read."
    return Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "faults", detail, faults=FaultOutput(faults, many=True).data)
