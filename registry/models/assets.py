"""Data that people registered: a name, a version, and content that never changes, or where such content lies."""

from django.conf import settings
from django.db import models

from registry.models.access import Workspace
from registry.spec.types import DATA_TYPES


class DataAsset(models.Model):
    """One version of a data asset. Its content lies in the store under its digest, or at `uri`, to be fetched."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="data_assets")
    name = models.CharField(max_length=255)
    version = models.CharField(max_length=64)
    type = models.CharField(max_length=20, choices=[(type_, type_) for type_ in DATA_TYPES])
    title = models.CharField(max_length=255, help_text="the uploaded file's name")
    description = models.TextField(blank=True)
    tags = models.JSONField(default=dict, help_text="text by key")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file or address; files_digest of the folder")
    size = models.BigIntegerField(help_text="bytes")
    location = models.CharField(
        max_length=500, blank=True, help_text="path in the store, ending in the file's own name"
    )
    origin = models.JSONField(null=True, blank=True, help_text="of a run's output: {job, run, node, output}")
    uri = models.CharField(
        max_length=2000, blank=True, help_text="the address that it is fetched from, without a location"
    )
    anonymous = models.BooleanField(default=False, help_text="lay beside a pipeline's files: in no list")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "version"], name="one_data_asset_a_version")
        ]

    @property
    def ref(self) -> str:
        """`name:version`, as graphs name it."""
        return f"{self.name}:{self.version}"
