"""A selection as one pipeline component, and back."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import CollapseInput, ExpandInput, OperationsOutput
from designer.graph.operations import Refused
from designer.models import Pipeline
from designer.selectors import find_pipeline
from designer.services.collapsing import pipeline_collapse, pipeline_expand
from designer.services.pipeline_components import Unfinished
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.spec.faults import SpecError

_REFUSED = OpenApiResponse(description="`cannot_collapse`, or what an operation is refused with.")


class PipelineCollapseAPI(WorkspaceAPI):
    """Several nodes as one."""

    @extend_schema(
        operation_id="pipelines_collapse",
        request=CollapseInput,
        responses={
            200: OperationsOutput,
            409: _REFUSED,
            422: OpenApiResponse(description="A problem document with the `problems` of these nodes."),
        },
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Register nodes of the draft as a pipeline component, and put one node with it in their place."""
        sent = CollapseInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        return _answer(lambda: pipeline_collapse(pipeline=pipeline, user=self.person, **sent.validated_data))


class PipelineExpandAPI(WorkspaceAPI):
    """One node as several."""

    @extend_schema(
        operation_id="pipelines_expand", request=ExpandInput, responses={200: OperationsOutput, 409: _REFUSED}
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Put the nodes that are in a pipeline component in the place of the node that uses it."""
        sent = ExpandInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        return _answer(lambda: pipeline_expand(pipeline=pipeline, user=self.person, **sent.validated_data))


def _answer(work: Callable[[], dict[str, Any]]) -> Response:
    try:
        return Response(work())
    except Unfinished as unfinished:
        raise Problem(unfinished.status, unfinished.code, unfinished.sentence, problems=unfinished.problems) from None
    except Refused as refused:
        raise Problem(status.HTTP_409_CONFLICT, refused.code, str(refused)) from None
    except SpecError as error:
        sentence = "; ".join(fault.message for fault in error.faults)
        raise Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid_component", f"{sentence}.") from None
    except Pipeline.DoesNotExist:
        raise Http404 from None
