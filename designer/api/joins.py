"""What is joined to what in the workspace's pipelines."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.joins import joins_of
from registry.scope import WorkspaceAPI


class JoinsAPI(WorkspaceAPI):
    """Which outputs feed which inputs, and how often."""

    @extend_schema(operation_id="joins", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """`joins`: lists of source component, output, target component, input, times; most frequent first."""
        return Response({"joins": joins_of(self.workspace)})
