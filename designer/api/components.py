"""Pipelines as components: register a draft, look inside, open one to edit it."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import ComponentInput, GraphOutput, PipelineOutput, RegisteredOutput
from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.selectors import find_pipeline, find_pipeline_component
from designer.services.pipeline_components import Unfinished, component_from_pipeline, pipeline_from_component
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.spec.faults import SpecError


class PipelineComponentAPI(WorkspaceAPI):
    """A pipeline as a component."""

    @extend_schema(
        operation_id="pipelines_register",
        request=ComponentInput,
        responses={
            200: OpenApiResponse(RegisteredOutput, description="It is registered as it is already."),
            201: RegisteredOutput,
            409: OpenApiResponse(description="The version stands with other content, or it would contain itself."),
            422: OpenApiResponse(description="A problem document with the `problems` of the draft."),
        },
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Register the draft as it is now as a component, in a version of its own."""
        sent = ComponentInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        try:
            made = component_from_pipeline(pipeline=pipeline, user=self.person, **sent.validated_data)
        except Unfinished as unfinished:
            raise Problem(
                unfinished.status, unfinished.code, unfinished.sentence, problems=unfinished.problems
            ) from None
        except SpecError as error:
            sentence = "; ".join(fault.message for fault in error.faults)
            raise Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, "invalid_component", f"{sentence}.") from None
        code = status.HTTP_201_CREATED if made.created else status.HTTP_200_OK
        return Response(RegisteredOutput(made).data, status=code)


class ComponentGraphAPI(WorkspaceAPI):
    """What is inside of a pipeline component."""

    @extend_schema(operation_id="components_graph", responses=GraphOutput)
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Its document, and the interfaces of the components in it; 404 for components of other types."""
        document: Document = find_pipeline_component(self.workspace, name, version).graph  # type: ignore[assignment]
        return Response({"document": document, "components": RegistryCatalog(self.workspace).load(document)})


class ComponentOpenAPI(WorkspaceAPI):
    """A pipeline component as a pipeline to edit."""

    @extend_schema(operation_id="components_open", request=None, responses={201: PipelineOutput})
    def post(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """A new pipeline with its graph, to be registered as the next version."""
        component = find_pipeline_component(self.workspace, name, version)
        made = pipeline_from_component(version=component, user=self.person)
        return Response(PipelineOutput(made).data, status=status.HTTP_201_CREATED)
