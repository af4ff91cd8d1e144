"""What is known of the data on a pipeline's wires."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.selectors import find_pipeline
from registry.scope import WorkspaceAPI
from runner.results import pipeline_results


class PipelineResultsAPI(WorkspaceAPI):
    """The newest result of every port, the columns of tables, and the columns that are missing."""

    @extend_schema(operation_id="pipeline_results", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The newest result of every port of the draft, and the columns of the tables between its steps."""
        return Response(pipeline_results(find_pipeline(self.workspace, pk)))
