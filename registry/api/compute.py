"""Compute targets: list, register, change, archive."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.components import ByName
from registry.models import ComputeTarget
from registry.scope import WorkspaceAPI
from registry.services.compute import compute_archive, compute_change, compute_create, compute_restore
from registry.spec.compute import check_labels, check_name
from registry.spec.sizes import parse_size


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "examples": ["2GB", "512MB"]}]})
class SizeField(serializers.Field[int, Any, int, Any]):
    """Bytes; taken as `2GB` too."""

    def to_internal_value(self, data: Any) -> int:
        try:
            return parse_size(data)
        except ValueError as error:
            raise serializers.ValidationError(f"{error}.") from None

    def to_representation(self, value: int) -> int:
        return value


class LabelsField(serializers.DictField):
    def to_internal_value(self, data: Any) -> dict[str, str]:
        found = super().to_internal_value(data)
        try:
            return check_labels(found)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class ComputeOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    description = serializers.CharField()
    labels = serializers.DictField(child=serializers.CharField(), help_text="Which nodes may ask for.")
    cpu = serializers.FloatField(allow_null=True, help_text="cores that a step may count on; null: the machine's")
    memory = serializers.IntegerField(allow_null=True, help_text="bytes that a step may use; null: the machine's")
    gpus = serializers.IntegerField(help_text="that a step may ask for")
    max_steps = serializers.IntegerField(allow_null=True, help_text="at once, over all of its workers; null: no limit")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)


class ComputeChangeInput(serializers.Serializer[Any]):
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    labels = LabelsField(required=False, help_text="{key: value}, which nodes may ask for")
    cpu = serializers.FloatField(
        required=False,
        allow_null=True,
        min_value=0.1,
        max_value=10_000,
        help_text="Cores that a step may count on; null: the machine's.",
    )
    memory = SizeField(
        required=False, allow_null=True, help_text="What a step may use, in bytes or as `2GB`; null: the machine's."
    )
    gpus = serializers.IntegerField(
        required=False, min_value=0, max_value=1000, help_text="How many a step may ask for."
    )
    max_steps = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=1_000_000,
        help_text="Steps at once, over all of its workers; null: no limit.",
    )


class ComputeInput(ComputeChangeInput):
    name = serializers.CharField(max_length=63, help_text="letters, digits and hyphens")

    def validate_name(self, name: str) -> str:
        try:
            return check_name(name)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


class ComputeFilter(django_filters.FilterSet):
    archived = django_filters.BooleanFilter(
        field_name="archived_at", lookup_expr="isnull", exclude=True, label="the archived ones (default: the others)"
    )

    class Meta:
        model = ComputeTarget
        fields = ["name"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("archived", "false")
        super().__init__(data, *args, **kwargs)


class ComputeTargets(WorkspaceAPI, GenericAPIView[ComputeTarget]):
    action = "manage"
    queryset = ComputeTarget.objects.none()
    serializer_class = ComputeOutput
    filterset_class = ComputeFilter
    pagination_class = ByName

    def get_queryset(self) -> QuerySet[ComputeTarget]:
        return ComputeTarget.objects.filter(workspace=self.workspace).select_related("created_by")

    @extend_schema(operation_id="compute_list", responses=ComputeOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The compute targets that nodes may choose."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ComputeOutput(page, many=True).data)

    @extend_schema(operation_id="compute_create", request=ComputeInput, responses={201: ComputeOutput}, filters=False)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Register one. `manage.py worker --compute NAME` serves it."""
        given = ComputeInput(data=request.data)
        given.is_valid(raise_exception=True)
        target: ComputeTarget = compute_create(workspace=self.workspace, user=self.person, **given.validated_data)
        return Response(ComputeOutput(target).data, status=status.HTTP_201_CREATED)


class ComputeDetail(WorkspaceAPI):
    action = "manage"

    def find(self, name: str) -> ComputeTarget:
        known = ComputeTarget.objects.select_related("created_by")
        found: ComputeTarget = get_object_or_404(known, workspace=self.workspace, name=name)
        return found

    @extend_schema(operation_id="compute_get", responses=ComputeOutput)
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """One compute target."""
        return Response(ComputeOutput(self.find(name)).data)

    @extend_schema(operation_id="compute_change", request=ComputeChangeInput, responses=ComputeOutput)
    def patch(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Change what is given. Steps that are queued keep the limits they were given at submit."""
        target = self.find(name)
        given = ComputeChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        compute_change(target=target, **given.validated_data)
        return Response(ComputeOutput(target).data)

    @extend_schema(operation_id="compute_archive", responses={204: None})
    def delete(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Archive it: new runs cannot choose it, what is queued for it still runs."""
        compute_archive(target=self.find(name))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ComputeRestore(ComputeDetail):
    http_method_names = ["post"]

    @extend_schema(operation_id="compute_restore", request=None, responses=ComputeOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Take it back out of the archive."""
        target = self.find(name)
        compute_restore(target=target)
        return Response(ComputeOutput(target).data)
