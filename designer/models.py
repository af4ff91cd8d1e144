"""Pipelines being edited, every edit of them, and the templates to start from."""

from django.conf import settings
from django.db import models

from designer.graph.document import Document
from registry.models import Component, Workspace


class Pipeline(models.Model):
    """A named graph being edited. `document` is the draft at `revision`; only `designer.services` changes it."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="pipelines")
    name = models.CharField(max_length=200, help_text="the document's name, for lists")
    description = models.TextField(blank=True, help_text="the document's, for lists")
    document: "models.JSONField[Document, Document]" = models.JSONField()
    revision = models.PositiveIntegerField(default=0, help_text="how many batches of operations made the draft")
    source = models.JSONField(
        null=True, help_text="the text it was imported from, or null: {file, text, written, revision, beside}"
    )
    cloned_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="clones")
    component = models.ForeignKey(
        Component,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="pipelines",
        help_text="that it was registered as, or opened from",
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="in the bin since; may be restored")

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [
            # The pipelines page: those of a workspace that are not in the bin, last edited first.
            models.Index(
                fields=["workspace", "-updated_at"], condition=models.Q(deleted_at=None), name="pipelines_by_update"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PipelineOperation(models.Model):
    """One batch of operations that was applied, and the batch that undoes it. Kept for ever: it is the history."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="operations")
    revision = models.PositiveIntegerField(help_text="the revision that it made")
    op_id = models.UUIDField(help_text="minted by the sender, so that a repeat is known as one")
    client = models.CharField(max_length=64, blank=True, help_text="the browser tab it came from")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ops = models.JSONField()
    inverse = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["revision"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "revision"], name="revisions_are_dense"),
            models.UniqueConstraint(fields=["pipeline", "op_id"], name="a_batch_is_applied_once"),
        ]


class PipelineVersion(models.Model):
    """A revision that somebody gave a name: it is published. Its document is kept whole, and never changes."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="versions")
    name = models.CharField(max_length=100)
    note = models.TextField(blank=True, help_text="what is special about it, for people")
    revision = models.PositiveIntegerField()
    document: "models.JSONField[Document, Document]" = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-revision", "-id"]
        constraints = [models.UniqueConstraint(fields=["pipeline", "name"], name="one_version_a_name")]

    def __str__(self) -> str:
        return self.name


class PipelineSnapshot(models.Model):
    """The draft as it was at every fiftieth revision: what any other revision is read from in a few steps."""

    pipeline = models.ForeignKey(Pipeline, models.CASCADE, related_name="snapshots")
    revision = models.PositiveIntegerField()
    document: "models.JSONField[Document, Document]" = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pipeline", "revision"], name="one_snapshot_a_revision")]


class Template(models.Model):
    """A pipeline offered in the gallery to start from."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="templates")
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=100)
    document: "models.JSONField[Document, Document]" = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file that a built-in one was read from")
    builtin = models.BooleanField(default=False)
    asks = models.JSONField(default=list, help_text="names of the pipeline inputs that are asked for when it is opened")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["category", "title"]
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="one_template_a_slug")]

    def __str__(self) -> str:
        return self.title
