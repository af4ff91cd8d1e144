"""Pipelines: list, make, copy, bin, restore, edit."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import (
    OperationsInput,
    OperationsOutput,
    PipelineChangeInput,
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
from designer.services.history import document_at
from registry.conditional import ConditionalAPI, mark_of
from registry.pagination import Cursor
from registry.problems import Problem
from registry.scope import WorkspaceAPI


class PipelineListAPI(WorkspaceAPI):
    """All pipelines of the workspace."""

    pagination_class = Cursor

    @extend_schema(
        operation_id="pipelines_list",
        parameters=[OpenApiParameter("search", str, description="Words that the name must hold.")],
        responses=PipelineOutput(many=True),
    )
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The pipelines that are not in the bin, the newest first."""
        found = pipelines_of(self.workspace)
        for word in request.query_params.get("search", "").split():
            found = found.filter(name__icontains=word)
        paginator = Cursor()
        page = paginator.paginate_queryset(found, request, self)
        return paginator.get_paginated_response(PipelineOutput(page, many=True).data)

    @extend_schema(operation_id="pipelines_create", request=PipelineCreateInput, responses={201: PipelineOutput})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """A new pipeline: empty, or as a template is."""
        sent = PipelineCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        name, slug = sent.validated_data["name"], sent.validated_data["template"]
        if slug:
            template = find_template(self.workspace, slug)
            made = service.pipeline_from_template(template=template, user=self.person, name=name)
        else:
            made = service.pipeline_create(workspace=self.workspace, user=self.person, name=name or "Untitled pipeline")
        return Response(PipelineOutput(made).data, status=status.HTTP_201_CREATED)


class PipelineAPI(ConditionalAPI):
    """One pipeline."""

    takes_if_match = ("PATCH",)

    @extend_schema(operation_id="pipelines_get", responses=PipelineOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """A pipeline without its graph, which its snapshot has."""
        data = PipelineOutput(find_pipeline(self.workspace, pk)).data
        return self.answer_unless_known(request, f"{data['rev']}-{mark_of(data)}", lambda: data)

    @extend_schema(operation_id="pipelines_change", request=PipelineChangeInput, responses=PipelineOutput)
    def patch(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Give it another name or description: an edit like any other, which open canvases see and can undo."""
        sent = PipelineChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        change = {"op": "update_pipeline", "changes": dict(sent.validated_data)}
        _apply(self, request, find_pipeline(self.workspace, pk), uuid4(), [change])
        return Response(PipelineOutput(find_pipeline(self.workspace, pk)).data)

    @extend_schema(operation_id="pipelines_delete", responses={204: None})
    def delete(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Put it into the bin; its runs stay. Harmless when it is there already."""
        service.pipeline_delete(pipeline=find_pipeline(self.workspace, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PipelineCloneAPI(WorkspaceAPI):
    """Copy a pipeline."""

    @extend_schema(operation_id="pipelines_clone", request=PipelineCloneInput, responses={201: PipelineOutput})
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """A copy of the draft as it is now, or as it was at a revision; without its history."""
        sent = PipelineCloneInput(data=request.data)
        sent.is_valid(raise_exception=True)
        original = find_pipeline(self.workspace, pk)
        name, rev = sent.validated_data["name"], sent.validated_data["rev"]
        document = None if rev is None else document_at(original, rev)
        clone = service.pipeline_clone(pipeline=original, user=self.person, name=name, document=document)
        return Response(PipelineOutput(clone).data, status=status.HTTP_201_CREATED)


class PipelineRestoreAPI(WorkspaceAPI):
    """Take a pipeline out of the bin."""

    @extend_schema(operation_id="pipelines_restore", request=None, responses=PipelineOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Take it out of the bin."""
        service.pipeline_restore(pipeline=find_pipeline(self.workspace, pk, binned=True))
        return Response(PipelineOutput(find_pipeline(self.workspace, pk)).data)


class PipelineSnapshotAPI(ConditionalAPI):
    """The draft with all that is needed to show it."""

    @extend_schema(operation_id="pipelines_snapshot", responses=SnapshotOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The graph, what of it is unfinished, and the interfaces of the components in it."""
        data = snapshot(find_pipeline(self.workspace, pk)).message()
        # What is unfinished hangs on components, data and targets too: it is cheap to compute, and may be long to send.
        return self.answer_unless_known(request, f"{data['rev']}-{mark_of(data)}", lambda: data)


class PipelineOperationsAPI(ConditionalAPI):
    """Edit the draft."""

    takes_if_match = ("POST",)

    @extend_schema(operation_id="pipelines_edit", request=OperationsInput, responses=OperationsOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Apply a batch of operations, all of them or none, and tell everybody who looks at the draft."""
        sent = OperationsInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        return Response(_apply(self, request, pipeline, sent.validated_data["op_id"], sent.validated_data["ops"]))


def _apply(view: ConditionalAPI, request: Request, pipeline: Pipeline, op_id: UUID, ops: list[Any]) -> dict[str, Any]:
    """Raises Problem where an operation is refused, Outdated where `If-Match` names another revision."""
    try:
        return operations_apply(
            pipeline=pipeline, user=view.person, op_id=op_id, ops=ops, expected=view.expected(request)
        )
    except Refused as refused:
        rev = Pipeline.objects.values_list("revision", flat=True).get(pk=pipeline.pk)
        raise Problem(status.HTTP_409_CONFLICT, refused.code, str(refused), at_rev=rev) from None
    except Pipeline.DoesNotExist:
        raise Http404 from None


class TemplateListAPI(WorkspaceAPI):
    """The gallery."""

    @extend_schema(operation_id="templates_list", responses=TemplateOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The templates of the workspace."""
        found = Template.objects.filter(workspace=self.workspace).defer("document")
        return Response(TemplateOutput(found, many=True).data)
