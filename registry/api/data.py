"""Data assets: list, upload, look at a version, download."""

import json
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.fields import empty
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry import selectors
from registry.downloads import asset_response
from registry.models import DataAsset, Workspace
from registry.scope import WorkspaceAPI
from registry.services.assets import VERSION, asset_archive, asset_describe, asset_restore, asset_upload
from registry.spec.types import DATA_TYPES, MODEL_TYPES
from registry.uploads import UploadAPI


class DataFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="part of the name")
    archived = django_filters.BooleanFilter(
        field_name="archived_at", lookup_expr="isnull", exclude=True, label="the archived ones (default: the others)"
    )

    class Meta:
        model = DataAsset
        fields = ["name", "type"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("archived", "false")
        super().__init__(data, *args, **kwargs)


class TextTags(serializers.DictField):
    """Text by key, as JSON where it comes in a form."""

    child = serializers.CharField(max_length=1000, allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if isinstance(data, str):
            try:
                data = json.loads(data or "{}")
            except ValueError:
                raise serializers.ValidationError("This is no JSON object of texts.") from None
        found: dict[str, str] = super().to_internal_value(data)
        return found

    def get_value(self, dictionary: Any) -> Any:
        return dictionary.get(self.field_name, empty)


class DataOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.CharField()
    ref = serializers.CharField()
    type = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    tags = serializers.DictField(child=serializers.CharField())
    archived_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField()
    digest = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)


class DataInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True, help_text="The content.")
    name = serializers.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$", required=False, max_length=200, help_text="default: from the file's name"
    )
    type = serializers.ChoiceField(
        choices=DATA_TYPES,
        default="uri_file",
        help_text="a uri_file is kept as it is, the others are zips of folders; of a custom_model also one file",
    )
    version = serializers.RegexField(VERSION, required=False, help_text="default: the next")
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    tags = TextTags(required=False)


class ModelInput(DataInput):
    type = serializers.ChoiceField(
        choices=MODEL_TYPES,
        default="custom_model",
        help_text="the upload is a zip of a folder, of a custom_model also one file",
    )


class DescribeInput(serializers.Serializer[Any]):
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    tags = TextTags(required=False, help_text="all of them")


class Data(UploadAPI, GenericAPIView[DataAsset]):
    queryset = DataAsset.objects.none()
    serializer_class = DataOutput
    filterset_class = DataFilter
    types: tuple[str, ...] = DATA_TYPES
    given_class: type[DataInput] = DataInput

    def get_queryset(self) -> QuerySet[DataAsset]:
        return selectors.data_assets(self.workspace, archived=None).filter(type__in=self.types)

    @extend_schema(operation_id="data_list", responses=DataOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every version of every data asset, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(DataOutput(page, many=True).data)

    @extend_schema(
        operation_id="data_upload",
        request={"multipart/form-data": DataInput},
        responses={
            200: OpenApiResponse(DataOutput, description="The same content has this version already."),
            201: DataOutput,
        },
        filters=False,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Upload one. A name that exists gets its next version; the same content keeps the one that it has."""
        given = self.given_class(data=request.data)
        given.is_valid(raise_exception=True)
        asset, created = asset_upload(workspace=self.workspace, user=self.person, **given.validated_data)
        return Response(DataOutput(asset).data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


class Models(Data):
    """Data assets of the types of models."""

    types = MODEL_TYPES
    given_class = ModelInput

    @extend_schema(operation_id="models_list", responses=DataOutput(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Every version of every model, the newest first."""
        return super().get(request, **kwargs)

    @extend_schema(
        operation_id="models_upload",
        request={"multipart/form-data": ModelInput},
        responses={
            200: OpenApiResponse(DataOutput, description="The same content has this version already."),
            201: DataOutput,
        },
        filters=False,
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Upload a model. A name that exists gets its next version; the same content keeps the one that it has."""
        return super().post(request, **kwargs)


LATEST = "latest"


def find_asset(workspace: Workspace, name: str, version: str, types: tuple[str, ...] = DATA_TYPES) -> DataAsset:
    """A version, or with `@latest` the newest that is not archived. Raises Http404."""
    if version == f"@{LATEST}":
        newest = selectors.data_assets(workspace).filter(name=name, type__in=types).first()
        if newest is None:
            raise Http404
        return newest
    found: DataAsset = get_object_or_404(
        DataAsset.objects.select_related("created_by"),
        workspace=workspace,
        name=name,
        version=version,
        type__in=types,
    )
    return found


class _Version(WorkspaceAPI):
    types: tuple[str, ...] = DATA_TYPES

    def find(self, name: str, version: str) -> DataAsset:
        return find_asset(self.workspace, name, version, self.types)


class DataVersion(_Version):
    @extend_schema(operation_id="data_get", responses=DataOutput)
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """One version of a data asset."""
        return Response(DataOutput(self.find(name, version)).data)

    @extend_schema(operation_id="data_archive", responses={204: None})
    def delete(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Archive it: pipelines that use it keep working, lists leave it out."""
        asset_archive(asset=self.find(name, version))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(operation_id="data_update", request=DescribeInput, responses=DataOutput)
    def patch(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Change its description and tags; what is not sent stays, and the content never changes."""
        given = DescribeInput(data=request.data)
        given.is_valid(raise_exception=True)
        asset = self.find(name, version)
        asset_describe(asset=asset, **given.validated_data)
        return Response(DataOutput(asset).data)


class DataRestore(_Version):
    @extend_schema(operation_id="data_restore", request=None, responses=DataOutput)
    def post(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Take it out of the archive."""
        asset = self.find(name, version)
        asset_restore(asset=asset)
        return Response(DataOutput(asset).data)


class DataDownload(_Version):
    @extend_schema(operation_id="data_download", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> HttpResponseBase:
        """The file, or the folder as a zip."""
        return asset_response(self.find(name, version))


@extend_schema_view(
    get=extend_schema(operation_id="models_get"),
    patch=extend_schema(operation_id="models_update"),
    delete=extend_schema(operation_id="models_archive"),
)
class ModelVersion(DataVersion):
    types = MODEL_TYPES


@extend_schema_view(post=extend_schema(operation_id="models_restore"))
class ModelRestore(DataRestore):
    types = MODEL_TYPES


@extend_schema_view(get=extend_schema(operation_id="models_download"))
class ModelDownload(DataDownload):
    types = MODEL_TYPES
