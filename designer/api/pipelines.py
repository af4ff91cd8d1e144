"""Pipelines: list, make, copy, bin, restore, edit."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import (
    OperationsInput,
    OperationsOutput,
    PipelineCloneInput,
    PipelineCreateInput,
    PipelineOutput,
    SnapshotOutput,
    TemplateOutput,
)
from designer.graph.operations import Refused
from designer.models import Pipeline, Template
from designer.selectors import find_pipeline, find_template, pipelines_of
from designer.services import pipelines as service
from designer.services.editing import operations_apply, snapshot
from registry.pagination import Cursor
from registry.problems import Problem
from registry.scope import WorkspaceAPI


class PipelineListAPI(WorkspaceAPI):
    """All pipelines of the workspace."""

    @extend_schema(
        operation_id="pipelines_list",
        parameters=[
            OpenApiParameter("search", str, description="words that the name must hold"),
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", int),
        ],
        responses=PipelineOutput(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = pipelines_of(self.workspace)
        for word in request.query_params.get("search", "").split():
            found = found.filter(name__icontains=word)
        paginator = Cursor()
        page = paginator.paginate_queryset(found, request, self)
        return paginator.get_paginated_response(PipelineOutput(page, many=True).data)

    @extend_schema(operation_id="pipelines_create", request=PipelineCreateInput, responses={201: PipelineOutput})
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = PipelineCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        name, slug = sent.validated_data["name"], sent.validated_data["template"]
        if slug:
            template = find_template(self.workspace, slug)
            made = service.pipeline_from_template(template=template, user=self.person, name=name)
        else:
            made = service.pipeline_create(workspace=self.workspace, user=self.person, name=name or "Untitled pipeline")
        return Response(PipelineOutput(made).data, status=status.HTTP_201_CREATED)


class PipelineAPI(WorkspaceAPI):
    """One pipeline."""

    @extend_schema(operation_id="pipelines_get", responses=PipelineOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        return Response(PipelineOutput(find_pipeline(self.workspace, pk)).data)

    @extend_schema(operation_id="pipelines_delete", responses={204: None})
    def delete(self, request: Request, pk: int, **kwargs: Any) -> Response:
        service.pipeline_delete(pipeline=find_pipeline(self.workspace, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PipelineCloneAPI(WorkspaceAPI):
    """Copy a pipeline."""

    @extend_schema(operation_id="pipelines_clone", request=PipelineCloneInput, responses={201: PipelineOutput})
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        sent = PipelineCloneInput(data=request.data)
        sent.is_valid(raise_exception=True)
        original = find_pipeline(self.workspace, pk)
        clone = service.pipeline_clone(pipeline=original, user=self.person, name=sent.validated_data["name"])
        return Response(PipelineOutput(clone).data, status=status.HTTP_201_CREATED)


class PipelineRestoreAPI(WorkspaceAPI):
    """Take a pipeline out of the bin."""

    @extend_schema(operation_id="pipelines_restore", request=None, responses=PipelineOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        service.pipeline_restore(pipeline=find_pipeline(self.workspace, pk, binned=True))
        return Response(PipelineOutput(find_pipeline(self.workspace, pk)).data)


class PipelineSnapshotAPI(WorkspaceAPI):
    """The draft with all that is needed to show it."""

    @extend_schema(operation_id="pipelines_snapshot", responses=SnapshotOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        return Response(snapshot(find_pipeline(self.workspace, pk)).message())


class PipelineOperationsAPI(WorkspaceAPI):
    """Edit the draft."""

    @extend_schema(operation_id="pipelines_edit", request=OperationsInput, responses=OperationsOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        sent = OperationsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        try:
            applied = operations_apply(
                pipeline=pipeline,
                user=self.person,
                op_id=sent.validated_data["op_id"],
                ops=sent.validated_data["ops"],
            )
        except Refused as refused:
            rev = Pipeline.objects.values_list("revision", flat=True).get(pk=pk)
            raise Problem(status.HTTP_409_CONFLICT, refused.code, str(refused), at_rev=rev) from None
        return Response(applied)


class TemplateListAPI(WorkspaceAPI):
    """The gallery."""

    @extend_schema(operation_id="templates_list", responses=TemplateOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = Template.objects.filter(workspace=self.workspace).defer("document")
        return Response(TemplateOutput(found, many=True).data)
