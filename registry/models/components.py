"""Registered components, their versions, and the code that these run."""

from typing import Any

from django.conf import settings
from django.db import models

from registry.models.access import Workspace
from registry.spec.component import ComponentSpec
from registry.versions import ANONYMOUS


class CodeSnapshot(models.Model):
    """The files of a component's code, kept once in the store whatever many versions share them."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, help_text="registry.spec.folder.files_digest of the files")
    files = models.JSONField(default=list, help_text="[path, size] of each, in order of path")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="one_snapshot_a_digest")]

    @property
    def location(self) -> str:
        """Where the store holds it."""
        return f"code/{self.digest[:2]}/{self.digest}"


class Component(models.Model):
    """A name in a workspace's registry. What the page lists of it comes from its latest version."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="components")
    name = models.CharField(max_length=255)
    latest = models.ForeignKey("ComponentVersion", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=255)
    category = models.CharField(max_length=100)
    search_text = models.TextField(help_text="small letters: name, title, description, tags and ports")
    builtin = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False, help_text="written into a pipeline's files: in no list or palette")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category", "title"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_component_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def named_versions(self) -> "models.QuerySet[ComponentVersion]":
        """The versions that somebody registered, without what lies in pipelines' own files."""
        return self.versions.exclude(version__startswith=ANONYMOUS)


class ComponentFacet(models.Model):
    """A word by which the latest version of a component can be filtered. Rewritten with each new version."""

    class Kind(models.TextChoices):
        INPUT = "input", "Takes"
        OUTPUT = "output", "Gives"
        TAG = "tag", "Tag"

    component = models.ForeignKey(Component, models.CASCADE, related_name="facets")
    kind = models.CharField(max_length=6, choices=Kind)
    value = models.CharField(max_length=255, help_text="a port type, or a tag as `key` or `key: value`")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["component", "kind", "value"], name="one_facet_a_component")]
        indexes = [models.Index(fields=["kind", "value"], name="components_of_a_facet")]


class ComponentVersion(models.Model):
    """One version of a component. Immutable: a change is a new version."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="versions")
    version = models.CharField(max_length=64)
    spec_data = models.JSONField(help_text="ComponentSpec, as JSON")
    interface = models.JSONField(help_text="registry.spec.interface.Interface")
    digest = models.CharField(max_length=64, help_text="what it does: ComponentSpec.digest")
    yaml = models.TextField(help_text="as its author wrote it")
    graph = models.JSONField(null=True, help_text="of a pipeline component: the document inside it")
    code = models.ForeignKey(CodeSnapshot, models.PROTECT, null=True, related_name="versions")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["component", "version"], name="a_version_stands_once")]

    def __str__(self) -> str:
        return self.ref

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a component version never changes; register a new version")
        super().save(*args, **kwargs)

    @property
    def ref(self) -> str:
        """`name:version`, as graphs name it."""
        return f"{self.component.name}:{self.version}"

    @property
    def spec(self) -> ComponentSpec:
        return ComponentSpec.model_validate(self.spec_data)
