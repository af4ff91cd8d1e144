"""Data assets: list, upload, look at a version, download."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry import selectors
from registry.downloads import asset_response
from registry.models import DataAsset, Workspace
from registry.scope import WorkspaceAPI
from registry.services.assets import UPLOAD_TYPES, asset_archive, asset_upload
from registry.uploads import UploadAPI


class DataFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="part of the name")

    class Meta:
        model = DataAsset
        fields = ["name", "type"]


class DataOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    version = serializers.CharField()
    ref = serializers.CharField()
    type = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    size = serializers.IntegerField()
    digest = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(source="created_by.username", default=None, allow_null=True)


class DataInput(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=True)
    name = serializers.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*$", required=False, max_length=200, help_text="default: from the file's name"
    )
    type = serializers.ChoiceField(
        choices=UPLOAD_TYPES, default="uri_file", help_text="uri_folder: the upload is a zip of its files"
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class Data(UploadAPI, GenericAPIView[DataAsset]):
    queryset = DataAsset.objects.none()
    serializer_class = DataOutput
    filterset_class = DataFilter

    def get_queryset(self) -> QuerySet[DataAsset]:
        return selectors.data_assets(self.workspace)

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
        given = DataInput(data=request.data)
        given.is_valid(raise_exception=True)
        asset, created = asset_upload(workspace=self.workspace, user=self.person, **given.validated_data)
        return Response(DataOutput(asset).data, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


def find_asset(workspace: Workspace, name: str, version: str) -> DataAsset:
    """Raises Http404."""
    found: DataAsset = get_object_or_404(
        DataAsset.objects.select_related("created_by"), workspace=workspace, name=name, version=version
    )
    return found


class DataVersion(WorkspaceAPI):
    @extend_schema(operation_id="data_get", responses=DataOutput)
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """One version of a data asset."""
        return Response(DataOutput(find_asset(self.workspace, name, version)).data)

    @extend_schema(operation_id="data_archive", responses={204: None})
    def delete(self, request: Request, name: str, version: str, **kwargs: Any) -> Response:
        """Archive it: pipelines that use it keep working, lists leave it out."""
        asset_archive(asset=find_asset(self.workspace, name, version))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DataDownload(WorkspaceAPI):
    @extend_schema(operation_id="data_download", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, name: str, version: str, **kwargs: Any) -> HttpResponseBase:
        """The file, or the folder as a zip."""
        return asset_response(find_asset(self.workspace, name, version))
