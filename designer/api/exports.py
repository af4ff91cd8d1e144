"""Pipelines as files of other engines."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.selectors import find_pipeline
from designer.services.exports import FORMATS, CannotExport, export_checks, pipeline_export
from registry.downloads import files_response
from registry.problems import Problem
from registry.scope import WorkspaceAPI


class ExportCheckOutput(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="the word for `export/?format=`")
    title = serializers.CharField(help_text="the engine's name")
    description = serializers.CharField(help_text="what is downloaded")
    losses = serializers.ListField(
        child=serializers.CharField(), help_text="what the format cannot express; with any there is no export"
    )
    warnings = serializers.ListField(child=serializers.CharField(), help_text="what is weaker or other there")


class PipelineExportAPI(WorkspaceAPI):
    """The draft for another engine."""

    @extend_schema(
        operation_id="pipelines_export",
        parameters=[OpenApiParameter("format", str, enum=list(FORMATS), required=True, description="the engine")],
        responses={
            (200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY, "a YAML file, or a zip"),
            (422, "application/problem+json"): OpenApiResponse(
                OpenApiTypes.OBJECT, "what the format cannot express: sentences in `losses`, and in `warnings`"
            ),
        },
    )
    def get(self, request: Request, pk: int, **kwargs: Any) -> FileResponse:
        """Download the draft as it is now, its pipeline components laid open and its code inside."""
        pipeline = find_pipeline(self.workspace, pk)
        format = request.query_params.get("format", "")
        if format not in FORMATS:
            known = ", ".join(FORMATS)
            raise Problem(status.HTTP_400_BAD_REQUEST, "unknown_format", f"Say in `format` one of {known}.")
        try:
            made = pipeline_export(pipeline, format)
        except CannotExport as error:
            found = error.findings
            raise Problem(
                error.status, error.code, error.sentence, losses=found.losses, warnings=found.warnings
            ) from None
        return files_response(made.files, f"{made.name}.{format}")


class PipelineExportCheckAPI(WorkspaceAPI):
    """What each format would make of the draft."""

    @extend_schema(
        operation_id="pipelines_export_check",
        responses=ExportCheckOutput(many=True),
    )
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Every format, with what cannot be expressed in it and what is weaker there."""
        return Response(ExportCheckOutput(export_checks(find_pipeline(self.workspace, pk)), many=True).data)
