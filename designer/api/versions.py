"""A pipeline's history and its named versions: read, name, restore."""

from typing import Any
from uuid import uuid4

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.serializers import OperationsOutput, PersonField
from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.graph.operations import Refused
from designer.models import Pipeline, PipelineVersion
from designer.selectors import find_pipeline
from designer.services.history import document_at, history_page, revision_made, revision_restore
from designer.services.versions import find_version, version_change, version_delete, version_publish, versions_of
from registry.problems import Problem
from registry.scope import WorkspaceAPI

BIGGEST = 2**31 - 1


class HistoryQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(
        min_value=0, max_value=BIGGEST, required=False, default=None, help_text="`next` of the page above"
    )
    size = serializers.IntegerField(min_value=1, max_value=200, required=False, default=100, help_text="How many.")


class BatchOutput(serializers.Serializer[Any]):
    rev = serializers.IntegerField(help_text="the revision that it made")
    at = serializers.DateTimeField(help_text="when it was applied")
    user = serializers.JSONField(help_text="Who sent it, or null.")
    words = serializers.CharField(help_text="What it did.")


class HistoryOutput(serializers.Serializer[Any]):
    rev = serializers.IntegerField(help_text="the draft's")
    results = BatchOutput(many=True, help_text="The newest first.")
    next = serializers.IntegerField(allow_null=True, help_text="`before` of the next page")


class RevisionOutput(serializers.Serializer[Any]):
    rev = serializers.IntegerField()
    at = serializers.DateTimeField(help_text="when it was made")
    user = serializers.JSONField(help_text="Who made it, or null.")
    document = serializers.JSONField()
    components = serializers.DictField(child=serializers.JSONField(), help_text="Interfaces, by `name:version`.")


class RestoreInput(serializers.Serializer[Any]):
    op_id = serializers.UUIDField(required=False, help_text="minted by the sender, so that a repeat is known as one")


class PipelineVersionOutput(serializers.ModelSerializer[PipelineVersion]):
    rev = serializers.IntegerField(source="revision")
    created_by = PersonField(read_only=True)

    class Meta:
        model = PipelineVersion
        fields = ["id", "name", "note", "rev", "created_by", "created_at"]


class VersionCreateInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100, help_text="unique in the pipeline")
    note = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, default="", help_text="what is special about it, for people"
    )
    rev = serializers.IntegerField(
        min_value=0,
        max_value=BIGGEST,
        required=False,
        allow_null=True,
        default=None,
        help_text="null: the draft as it is",
    )


class VersionChangeInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100, required=False, help_text="unique in the pipeline")
    note = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="what is special about it, for people"
    )


class PipelineHistoryAPI(WorkspaceAPI):
    """What was done to a pipeline."""

    @extend_schema(operation_id="pipelines_history", parameters=[HistoryQuery], responses=HistoryOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The batches that made the draft, the newest first, each in words."""
        query = HistoryQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        return Response(history_page(find_pipeline(self.workspace, pk), **query.validated_data))


class PipelineRevisionAPI(WorkspaceAPI):
    """A pipeline as it was."""

    @extend_schema(operation_id="pipelines_revision", responses=RevisionOutput)
    def get(self, request: Request, pk: int, revision: int, **kwargs: Any) -> Response:
        """The graph as it was at a revision, and the interfaces of the components in it."""
        pipeline = find_pipeline(self.workspace, pk)
        document = document_at(pipeline, revision)
        components = RegistryCatalog(self.workspace).load(document)
        made = revision_made(pipeline, revision)
        return Response({"rev": revision, **made, "document": document, "components": components})


class PipelineRevisionRestoreAPI(WorkspaceAPI):
    """Go back to a revision."""

    @extend_schema(
        operation_id="pipelines_revision_restore",
        request=RestoreInput,
        responses={200: OperationsOutput, 204: None},
    )
    def post(self, request: Request, pk: int, revision: int, **kwargs: Any) -> Response:
        """Make the draft what it was at a revision: an edit like any other. 204 where it is that already."""
        pipeline = find_pipeline(self.workspace, pk)
        return _restore(self, request, pipeline, document_at(pipeline, revision))


class VersionListAPI(WorkspaceAPI):
    """The named versions of a pipeline."""

    @extend_schema(operation_id="versions_list", responses=PipelineVersionOutput(many=True))
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """All named versions, those of the newest revision first."""
        return Response(PipelineVersionOutput(versions_of(find_pipeline(self.workspace, pk)), many=True).data)

    @extend_schema(operation_id="versions_create", request=VersionCreateInput, responses={201: PipelineVersionOutput})
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Give the draft, or one of its revisions, a name."""
        sent = VersionCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = sent.validated_data
        made = version_publish(
            pipeline=find_pipeline(self.workspace, pk),
            user=self.person,
            name=asked["name"],
            note=asked["note"],
            revision=asked["rev"],
        )
        return Response(PipelineVersionOutput(made).data, status=status.HTTP_201_CREATED)


class VersionAPI(WorkspaceAPI):
    """One named version."""

    @extend_schema(operation_id="versions_get", responses=PipelineVersionOutput)
    def get(self, request: Request, pk: int, name: str, **kwargs: Any) -> Response:
        """A version; its graph is that of its revision."""
        return Response(PipelineVersionOutput(find_version(find_pipeline(self.workspace, pk), name)).data)

    @extend_schema(operation_id="versions_change", request=VersionChangeInput, responses=PipelineVersionOutput)
    def patch(self, request: Request, pk: int, name: str, **kwargs: Any) -> Response:
        """Give it another name or note; what it holds stays."""
        sent = VersionChangeInput(data=request.data)
        sent.is_valid(raise_exception=True)
        version = find_version(find_pipeline(self.workspace, pk), name)
        version_change(version=version, **sent.validated_data)
        return Response(PipelineVersionOutput(version).data)

    @extend_schema(operation_id="versions_delete", responses={204: None})
    def delete(self, request: Request, pk: int, name: str, **kwargs: Any) -> Response:
        """Take the name away; the revision stays in the history."""
        version_delete(version=find_version(find_pipeline(self.workspace, pk), name))
        return Response(status=status.HTTP_204_NO_CONTENT)


class VersionRestoreAPI(WorkspaceAPI):
    """Go back to a named version."""

    @extend_schema(operation_id="versions_restore", request=RestoreInput, responses={200: OperationsOutput, 204: None})
    def post(self, request: Request, pk: int, name: str, **kwargs: Any) -> Response:
        """Make the draft what the version holds: an edit like any other. 204 where it is that already."""
        pipeline = find_pipeline(self.workspace, pk)
        return _restore(self, request, pipeline, find_version(pipeline, name).document)


def _restore(view: WorkspaceAPI, request: Request, pipeline: Pipeline, document: Document) -> Response:
    sent = RestoreInput(data=request.data)
    sent.is_valid(raise_exception=True)
    op_id = sent.validated_data.get("op_id") or uuid4()
    try:
        done = revision_restore(pipeline=pipeline, user=view.person, document=document, op_id=op_id)
    except Refused as refused:
        raise Problem(status.HTTP_409_CONFLICT, refused.code, str(refused), at_rev=pipeline.revision) from None
    except Pipeline.DoesNotExist:
        raise Http404 from None
    return Response(done) if done else Response(status=status.HTTP_204_NO_CONTENT)
