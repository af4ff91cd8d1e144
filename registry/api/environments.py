"""Environments: list, register, look at a version, archive."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.components import FaultOutput
from registry.models import Environment, Workspace
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.services.environments import (
    environment_archive,
    environment_describe,
    environment_from_list,
    environment_from_yaml,
    environment_restore,
)
from registry.spec.faults import SpecError


class EnvironmentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="part of the name")
    archived = django_filters.BooleanFilter(
        field_name="archived_at", lookup_expr="isnull", exclude=True, label="the archived ones (default: the others)"
    )

    class Meta:
        model = Environment
        fields = ["name"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("archived", "false")
        super().__init__(data, *args, **kwargs)


class EnvironmentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.CharField()
    ref = serializers.CharField()
    description = serializers.CharField()
    python = serializers.CharField(source="spec_data.python", help_text="empty: the server's own version")
    packages = serializers.ListField(
        child=serializers.CharField(), source="spec_data.packages", help_text="As pip takes them."
    )
    image = serializers.CharField(
        source="spec_data.image", help_text="The container image that its YAML names; not used here. May be empty."
    )
    digest = serializers.CharField(help_text="what it installs")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)
    archived_at = serializers.DateTimeField(allow_null=True)


class EnvironmentVersionOutput(EnvironmentOutput):
    spec = serializers.JSONField(source="spec_data", help_text="All that its YAML says, as understood here.")
    notes = serializers.ListField(
        child=serializers.CharField(), source="spec_data.notes", help_text="what of the YAML has no effect here"
    )
    yaml = serializers.CharField()


class EnvironmentInput(serializers.Serializer[Any]):
    yaml = serializers.CharField(
        required=False, trim_whitespace=False, help_text="Azure ML's environment YAML; the other fields are unused"
    )
    name = serializers.CharField(required=False, max_length=255)
    version = serializers.CharField(required=False, allow_blank=True, max_length=64, help_text="default: the next")
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    python = serializers.CharField(required=False, allow_blank=True, max_length=100, help_text="3.11, or a range")
    packages = serializers.ListField(child=serializers.CharField(), required=False, help_text="as pip takes them")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if not given.get("yaml") and not given.get("name"):
            raise serializers.ValidationError({"name": ["Give a name and packages, or `yaml`."]})
        return given


class EnvironmentChangeInput(serializers.Serializer[Any]):
    description = serializers.CharField(allow_blank=True, max_length=10_000, help_text="What it is for.")


class Environments(WorkspaceAPI, GenericAPIView[Environment]):
    queryset = Environment.objects.none()
    serializer_class = EnvironmentOutput
    filterset_class = EnvironmentFilter

    def get_queryset(self) -> QuerySet[Environment]:
        return Environment.objects.filter(workspace=self.workspace).select_related("created_by")

    @extend_schema(operation_id="environments_list", responses=EnvironmentOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every version of every environment, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(EnvironmentOutput(page, many=True).data)

    @extend_schema(
        operation_id="environments_register",
        request=EnvironmentInput,
        responses={
            200: OpenApiResponse(EnvironmentVersionOutput, description="The same content is registered already."),
            201: EnvironmentVersionOutput,
            422: OpenApiResponse(description="A problem document whose `faults` say what is wrong, and where."),
        },
        filters=False,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Register a version: from YAML, or from a name and a list of packages."""
        given = EnvironmentInput(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        yaml, packages = fields.pop("yaml", ""), fields.pop("packages", [])
        try:
            if yaml:
                found = environment_from_yaml(workspace=self.workspace, yaml=yaml, user=self.person)
            else:
                lines = "\n".join(packages)
                found = environment_from_list(
                    workspace=self.workspace, user=self.person, packages=lines, conda=False, **fields
                )
        except SpecError as error:
            faults = FaultOutput(error.faults, many=True).data
            raise Problem(422, "invalid_environment", str(error.faults[0].message), faults=faults) from None
        answer = EnvironmentVersionOutput(found.environment).data
        return Response(answer, status=status.HTTP_201_CREATED if found.created else status.HTTP_200_OK)


class EnvironmentVersions(Environments):
    http_method_names = ["get", "options"]

    @extend_schema(operation_id="environments_versions", responses=EnvironmentOutput(many=True), filters=False)
    def get(self, request: Request, name: str = "", **kwargs: Any) -> Response:
        """The versions of one environment, archived ones too, the newest first."""
        versions = self.get_queryset().filter(name=name)
        if not versions.exists():
            get_object_or_404(versions)
        return self.get_paginated_response(EnvironmentOutput(self.paginate_queryset(versions), many=True).data)


def find_environment(workspace: Workspace, name: str, version: str) -> Environment:
    """Raises Http404."""
    found: Environment = get_object_or_404(
        Environment.objects.select_related("created_by"), workspace=workspace, name=name, version=version
    )
    return found


class EnvironmentVersion(WorkspaceAPI):
    @extend_schema(operation_id="environments_get", responses=EnvironmentVersionOutput)
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """One version: what it installs, and its YAML."""
        return Response(EnvironmentVersionOutput(find_environment(self.workspace, name, version)).data)

    @extend_schema(
        operation_id="environments_change", request=EnvironmentChangeInput, responses=EnvironmentVersionOutput
    )
    def patch(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Change its description; what it installs never changes."""
        given = EnvironmentChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        environment = find_environment(self.workspace, name, version)
        environment_describe(environment=environment, **given.validated_data)
        return Response(EnvironmentVersionOutput(environment).data)

    @extend_schema(operation_id="environments_archive", responses={204: None})
    def delete(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Archive it: components that name this version keep working, lists leave it out."""
        environment_archive(environment=find_environment(self.workspace, name, version))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EnvironmentRestore(WorkspaceAPI):
    @extend_schema(operation_id="environments_restore", request=None, responses=EnvironmentVersionOutput)
    def post(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Take it out of the archive."""
        environment = find_environment(self.workspace, name, version)
        environment_restore(environment=environment)
        return Response(EnvironmentVersionOutput(environment).data)
