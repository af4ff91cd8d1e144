"""Results that are known: list, pin, evict, and what they save. protocol.md, “Cache”."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from registry.pagination import Cursor
from registry.parsers import BIGGEST
from registry.scope import WorkspaceAPI
from registry.spec.durations import parse_duration
from runner.cached import Filters, find_result, results_of, summaries, summary
from runner.models import CacheEntry
from runner.services.cache import entries_evict, entry_evict, entry_pin

MOST_IDS = 1000


class ResultQuery(serializers.Serializer[Any]):
    component = serializers.CharField(required=False, default="", help_text="a component's name")
    pinned = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only pinned results, or only the others."
    )
    unused_for = serializers.CharField(required=False, default=None, help_text="since the last use: 30d, 12h")

    def validate_unused_for(self, written: str | None) -> Any:
        try:
            return parse_duration(written) if written else None
        except ValueError as error:
            raise serializers.ValidationError(f"{error}.") from None


class ResultComponent(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    version = serializers.CharField()


class ResultMaker(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    pipeline = serializers.CharField(help_text="Name of the pipeline.")
    node = serializers.CharField()
    title = serializers.CharField()


class ResultOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    key = serializers.CharField(help_text="what was computed, by content")
    pinned = serializers.BooleanField()
    hits = serializers.IntegerField(help_text="how many steps were answered with it")
    size = serializers.IntegerField(help_text="bytes of its outputs")
    component = ResultComponent(allow_null=True)
    made_by = ResultMaker(help_text="The step that made it.")
    made_at = serializers.DateTimeField(allow_null=True, help_text="When that step ended.")
    duration = serializers.FloatField(allow_null=True, help_text="seconds that its step took")
    last_used = serializers.DateTimeField(help_text="When it was made, or last answered a step.")


class BytesOutput(serializers.Serializer[Any]):
    results = serializers.IntegerField(help_text="Bytes of known results.")
    outputs = serializers.IntegerField(help_text="Bytes of outputs of all runs, results included.")
    code = serializers.IntegerField(help_text="Bytes of the code of components.")

    def get_fields(self) -> dict[str, Any]:
        """`data` means something else to a serializer."""
        return {**super().get_fields(), "data": serializers.IntegerField(help_text="Bytes of data assets.")}


class SummaryOutput(serializers.Serializer[Any]):
    entries = serializers.IntegerField(help_text="How many results are known.")
    pinned = serializers.IntegerField(help_text="How many of them are pinned.")
    hits = serializers.IntegerField(help_text="How many steps were answered with them.")
    saved = serializers.FloatField(help_text="seconds, estimated: hits times the time that the step took")
    bytes = BytesOutput(help_text="what the workspace uses; equal content counts once")


class EvictInput(serializers.Serializer[Any]):
    ids = serializers.ListField(
        child=serializers.IntegerField(max_value=BIGGEST),
        min_length=1,
        max_length=MOST_IDS,
        help_text="Numbers of known results.",
    )


class EvictOutput(serializers.Serializer[Any]):
    evicted = serializers.IntegerField(help_text="How many were forgotten.")
    pinned = serializers.IntegerField(help_text="how many stay because they are pinned")


class ResultListAPI(WorkspaceAPI):
    """The known results of the workspace, newest first."""

    pagination_class = Cursor

    @extend_schema(operation_id="cache_list", parameters=[ResultQuery], responses=ResultOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        query = ResultQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        paginator = Cursor()
        found = results_of(self.workspace, Filters(**query.validated_data))
        page: list[CacheEntry] = paginator.paginate_queryset(found, request, self) or []
        return paginator.get_paginated_response(summaries(page))


class ResultSummaryAPI(WorkspaceAPI):
    """How many results there are, what they saved, and what the workspace uses of the store."""

    @extend_schema(operation_id="cache_summary", responses=SummaryOutput)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(summary(self.workspace))


class ResultAPI(WorkspaceAPI):
    """One result."""

    action = "run"

    @extend_schema(operation_id="cache_get", responses=ResultOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """One known result."""
        return Response(summaries([find_result(self.workspace, pk)])[0])

    @extend_schema(operation_id="cache_evict", responses={204: None})
    def delete(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Forget a result: the next equal step runs again."""
        entry_evict(entry=find_result(self.workspace, pk))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ResultPinAPI(WorkspaceAPI):
    """Keep a result, or let it be evicted again."""

    action = "run"
    pinned = True

    @extend_schema(operation_id="cache_pin", request=None, responses=ResultOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Keep a result: it is never evicted."""
        entry = find_result(self.workspace, pk)
        entry_pin(entry=entry, pinned=self.pinned)
        return Response(summaries([entry])[0])


class ResultUnpinAPI(ResultPinAPI):
    pinned = False

    @extend_schema(operation_id="cache_unpin", request=None, responses=ResultOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Let a result be evicted again."""
        return super().post(request, pk, **kwargs)


class ResultsEvictAPI(WorkspaceAPI):
    """Forget several results; pinned ones stay."""

    action = "run"

    @extend_schema(operation_id="cache_evict_many", request=EvictInput, responses=EvictOutput)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Forget several results; pinned ones stay."""
        sent = EvictInput(data=request.data)
        sent.is_valid(raise_exception=True)
        evicted, pinned = entries_evict(workspace=self.workspace, ids=sent.validated_data["ids"])
        return Response({"evicted": evicted, "pinned": pinned})
