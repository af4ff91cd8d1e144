"""Components: list, search, register, look at a version, archive."""

from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry.downloads import component_response
from registry.models import Component, ComponentFacet, ComponentVersion, Workspace
from registry.pagination import Cursor
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.services.component_uploads import Outcome, components_from_git, components_from_zip
from registry.services.components import component_archive, component_restore
from registry.uploads import UploadAPI
from registry.versions import version_key

Kind = ComponentFacet.Kind


class ByName(Cursor):
    """Components have names that differ: the alphabet is a stable order."""

    ordering = "name"


class ComponentFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="each word in name, title, description, tags or ports")
    takes = django_filters.CharFilter(method="facet", label="type of a data input")
    gives = django_filters.CharFilter(method="facet", label="type of an output")
    tag = django_filters.CharFilter(method="facet", label="a tag, as `key` or `key: value`")
    archived = django_filters.BooleanFilter(
        field_name="archived_at", lookup_expr="isnull", exclude=True, label="the archived ones (default: the others)"
    )

    class Meta:
        model = Component
        fields = ["category", "builtin"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("archived", "false")
        super().__init__(data, *args, **kwargs)

    def search(self, queryset: QuerySet[Component], name: str, value: str) -> QuerySet[Component]:
        for word in value.lower().split()[:12]:
            queryset = queryset.filter(search_text__contains=word)
        return queryset

    def facet(self, queryset: QuerySet[Component], name: str, value: str) -> QuerySet[Component]:
        kind = {"takes": Kind.INPUT, "gives": Kind.OUTPUT, "tag": Kind.TAG}[name]
        return queryset.filter(facets__kind=kind, facets__value=value)


class ComponentOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField()
    builtin = serializers.BooleanField()
    latest = serializers.CharField(source="latest.version", help_text="The highest version.")
    description = serializers.CharField(source="latest.interface.description")
    icon = serializers.CharField(source="latest.interface.icon")
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class VersionLine(serializers.Serializer[Any]):
    version = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)


class ComponentDetailOutput(ComponentOutput):
    versions = VersionLine(source="by_version", many=True, help_text="the highest first")


class VersionOutput(serializers.Serializer[Any]):
    ref = serializers.CharField()
    version = serializers.CharField()
    digest = serializers.CharField(help_text="what it does: titles and descriptions do not count")
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)
    spec = serializers.JSONField(source="spec_data", help_text="All that its YAML says, with defaults filled in.")
    interface = serializers.JSONField(help_text="What the canvas knows of it: docs/reference/protocol.md.")
    yaml = serializers.CharField(help_text="as its author wrote it")
    files = serializers.SerializerMethodField(help_text="of its code")

    def get_files(self, version: ComponentVersion) -> list[dict[str, str | int]]:
        return [{"path": path, "size": size} for path, size in (version.code.files if version.code else [])]


class FaultOutput(serializers.Serializer[Any]):
    message = serializers.CharField()
    file = serializers.CharField(help_text="Path of the file in the upload; empty: what was sent as text.")
    line = serializers.IntegerField(help_text="From 1 on; 0: the file as a whole.")
    column = serializers.IntegerField(help_text="From 1 on; 0: the line as a whole.")


class OutcomeOutput(serializers.Serializer[Any]):
    file = serializers.CharField(help_text="the component.yml")
    ref = serializers.CharField(source="registered.version.ref", default=None, allow_null=True)
    created = serializers.BooleanField(source="registered.created", default=False, help_text="false: nothing changed")
    faults = FaultOutput(many=True, help_text="What is wrong; empty: nothing.")


class RegisterInput(serializers.Serializer[Any]):
    """One of `file` and `git`."""

    file = serializers.FileField(required=False, help_text="a zip; every component.yml in it is registered")
    git = serializers.URLField(required=False, help_text="a repository, by https; likewise")
    branch = serializers.CharField(required=False, default="", max_length=200, help_text="or tag, of `git`")
    path = serializers.CharField(
        required=False, max_length=400, help_text="only the YAML at this place in the zip, whatever its name"
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("file" in attrs) == ("git" in attrs):
            raise serializers.ValidationError({"file": ["Send a file, or name a git repository."]})
        return attrs


class RegisterOutput(serializers.Serializer[Any]):
    components = OutcomeOutput(many=True, help_text="One for each that was found.")


class Components(UploadAPI, GenericAPIView[Component]):
    queryset = Component.objects.none()
    serializer_class = ComponentOutput
    pagination_class = ByName
    filterset_class = ComponentFilter
    limit_setting = "COMPONENT_UPLOAD_LIMIT"

    def get_queryset(self) -> QuerySet[Component]:
        return Component.objects.filter(workspace=self.workspace, latest__isnull=False).select_related("latest")

    @extend_schema(operation_id="components_list", responses=ComponentOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The components of the workspace by name."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ComponentOutput(page, many=True).data)

    @extend_schema(
        operation_id="components_register",
        request={"multipart/form-data": RegisterInput},
        responses={
            200: OpenApiResponse(RegisterOutput, description="All of it is registered already."),
            201: RegisterOutput,
            422: OpenApiResponse(description="A problem document whose `components` say what is wrong, and where."),
        },
        filters=False,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Register the components of a zip or a git repository: a faulty one does not keep the others out."""
        given = RegisterInput(data=request.data)
        given.is_valid(raise_exception=True)
        outcomes = self._registered(given.validated_data)
        report = OutcomeOutput(outcomes, many=True).data
        failed = sum(1 for outcome in outcomes if outcome.faults)
        if failed:
            rest = "; the others were" if failed < len(outcomes) else ""
            detail = f"{failed} of {len(outcomes)} components could not be registered{rest}."
            raise Problem(422, "invalid_component", detail, components=report)
        created = any(outcome.registered and outcome.registered.created for outcome in outcomes)
        return Response({"components": report}, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    def _registered(self, given: dict[str, Any]) -> list[Outcome]:
        if "git" in given:
            return components_from_git(
                workspace=self.workspace, url=given["git"], branch=given["branch"], user=self.person
            )
        file = given["file"]
        return components_from_zip(
            workspace=self.workspace, file=file, size=file.size, user=self.person, path=given.get("path", "")
        )


class ComponentDetail(WorkspaceAPI):
    def find(self, name: str) -> Component:
        found: Component = get_object_or_404(
            Component.objects.select_related("latest"), workspace=self.workspace, name=name, latest__isnull=False
        )
        return found

    def answer(self, component: Component) -> Response:
        versions = component.named_versions.select_related("created_by").defer("spec_data", "interface", "yaml")
        component.by_version = sorted(  # type: ignore[attr-defined]
            versions, key=lambda found: version_key(found.version), reverse=True
        )
        return Response(ComponentDetailOutput(component).data)

    @extend_schema(operation_id="components_get", responses=ComponentDetailOutput)
    def get(self, request: Request, name: str, **kwargs: Any) -> Response:
        """A component and its versions."""
        return self.answer(self.find(name))

    @extend_schema(operation_id="components_archive", responses={204: None})
    def delete(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Archive it: pipelines that use it keep working, lists leave it out."""
        component_archive(component=self.find(name))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ComponentRestore(ComponentDetail):
    http_method_names = ["post", "options"]

    @extend_schema(operation_id="components_restore", request=None, responses=ComponentDetailOutput)
    def post(self, request: Request, name: str, **kwargs: Any) -> Response:
        """Take it out of the archive."""
        component = self.find(name)
        component_restore(component=component)
        return self.answer(component)


LATEST = "latest"
"""The label that Azure ML has for the newest version of a name."""


def find_version(workspace: Workspace, name: str, version: str) -> ComponentVersion:
    """The version, or for `latest` the newest that is registered. Raises Http404."""
    found: ComponentVersion = get_object_or_404(
        ComponentVersion.objects.select_related("component", "code", "created_by"),
        component__workspace=workspace,
        component__name=name,
        **({"component__latest": F("pk")} if version == LATEST else {"version": version}),
    )
    return found


class ComponentVersionDetail(WorkspaceAPI):
    @extend_schema(operation_id="components_version", responses=VersionOutput)
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """One version: its spec, its YAML as written, its interface and the files of its code."""
        return Response(VersionOutput(find_version(self.workspace, name, version)).data)


class ComponentDownload(WorkspaceAPI):
    @extend_schema(operation_id="components_download", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> HttpResponseBase:
        """Its YAML and code as a zip, which can be registered elsewhere."""
        return component_response(find_version(self.workspace, name, version))
