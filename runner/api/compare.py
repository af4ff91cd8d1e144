"""What differs between two states of a pipeline."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from designer.selectors import find_pipeline
from registry.scope import WorkspaceAPI
from runner.compare import DRAFT, compared

_REF = "`draft`, a revision's number, `version:NAME` or `run:NUMBER`"


class CompareQuery(serializers.Serializer[Any]):
    before = serializers.CharField(max_length=120, help_text=_REF)
    after = serializers.CharField(max_length=120, required=False, default=DRAFT, help_text=_REF)


class SideOutput(serializers.Serializer[Any]):
    ref = serializers.CharField(help_text="As it was asked for.")
    label = serializers.CharField(help_text="For people.")  # type: ignore[assignment]
    rev = serializers.IntegerField(help_text="The revision that it is, or that it ran.")
    run = serializers.IntegerField(allow_null=True, help_text="The run's number; null: it is no run.")
    document = serializers.JSONField()


class FieldOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True, help_text="its value before; null: it had none")
    after = serializers.JSONField(allow_null=True, help_text="its value after; null: it has none")


class ChangeOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["added", "removed", "changed", "moved"])
    part = serializers.ChoiceField(["node", "edge", "order", "input", "output", "note", "section", "pipeline"])
    key = serializers.CharField(help_text="Of the part in its document; empty for the pipeline.")
    title = serializers.CharField(help_text="For people.")
    words = serializers.CharField(help_text="The change as a sentence without a stop.")

    def get_fields(self) -> dict[str, Any]:
        """`fields` means something else to a serializer."""
        return {**super().get_fields(), "fields": FieldOutput(many=True, help_text="what of it changed")}


class LineOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["same", "added", "removed", "gap"])
    before = serializers.IntegerField(allow_null=True, help_text="The line's number before.")
    after = serializers.IntegerField(allow_null=True, help_text="The line's number after.")
    text = serializers.CharField(help_text="what it says")


class MetricPairOutput(serializers.Serializer[Any]):
    node = serializers.CharField()
    metric = serializers.CharField(help_text="its name, as it was logged")
    before = serializers.FloatField(allow_null=True, help_text="the first run's; null: it logged none")
    after = serializers.FloatField(allow_null=True, help_text="the second run's; null: it logged none")


class RunPairOutput(serializers.Serializer[Any]):
    inputs = FieldOutput(many=True)
    metrics = MetricPairOutput(many=True, help_text="The last value of each.")


class CompareOutput(serializers.Serializer[Any]):
    before = SideOutput(help_text="the first of the two")
    after = SideOutput(help_text="the second of the two")
    changes = ChangeOutput(many=True, help_text="what makes the second of the first")
    components = serializers.DictField(child=serializers.JSONField(), help_text="Interfaces, by `name:version`.")
    diff = LineOutput(many=True, help_text="Both as Azure ML YAML, as a unified diff.")
    runs = RunPairOutput(allow_null=True, help_text="Of two runs: their inputs and what their steps logged.")


class PipelineCompareAPI(WorkspaceAPI):
    """Two revisions, named versions or runs beside each other."""

    @extend_schema(operation_id="pipelines_compare", parameters=[CompareQuery], responses=CompareOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """What differs between two states of a pipeline: part by part, in words, and as text."""
        query = CompareQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        return Response(compared(find_pipeline(self.workspace, pk), asked["before"], asked["after"]))
