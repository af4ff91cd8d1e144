"""What a job made, as one zip: its outputs by name and its steps' logs, laid out as Azure ML's download does."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from registry.scope import WorkspaceAPI
from runner.api.streaming import from_thread, zip_blocks
from runner.job_files import files_of
from runner.selectors import find_run


class DownloadQuery(serializers.Serializer[Any]):
    output_name = serializers.CharField(required=False, help_text="only this output, of the job or of `step`")
    step = serializers.CharField(required=False, help_text="only this step: its outputs and its log")
    all = serializers.BooleanField(
        required=False, default=False, help_text="the outputs of every step, not only those of the job"
    )


class JobDownloadAPI(WorkspaceAPI):
    """The outputs and logs of a job that has ended."""

    @extend_schema(
        operation_id="jobs_download",
        parameters=[DownloadQuery],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            404: OpenApiResponse(description="There is no such job, step or output."),
            409: OpenApiResponse(description="It has not ended."),
            410: OpenApiResponse(description="The content of an output was given up to free space."),
        },
    )
    def get(self, request: Request, name: str, **kwargs: Any) -> HttpResponseBase:
        """A zip, made while it is sent: `named-outputs/NAME/…`, `artifacts/NODE/user_logs/std_log.txt`; with `all`
        also `artifacts/NODE/named-outputs/NAME/…`. Of a reused step, what the original made and printed.
        """
        query = DownloadQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        run = find_run(self.workspace, name=name)
        blocks = zip_blocks(files_of(run, **query.validated_data))
        answer = StreamingHttpResponse(from_thread(blocks), content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="{run.name}.zip"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-cache"
        return answer
