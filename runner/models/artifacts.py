"""What steps made."""

from django.db import models

from registry.models import Workspace
from runner.models.runs import Run
from runner.models.steps import Step

KINDS = ("table", "chart", "metrics", "json", "image", "images", "text", "html", "model", "folder", "file")


class Artifact(models.Model):
    """An immutable output. Its content lies in the store under its digest; equal content lies there once."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, models.CASCADE, related_name="artifacts")
    step = models.ForeignKey(Step, models.CASCADE, related_name="artifacts")
    output = models.CharField(max_length=255)
    type = models.CharField(max_length=20, help_text="the port's type")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in KINDS], help_text="how it is shown")
    folder = models.BooleanField(help_text="whether the content is a folder rather than one file")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file, or files_digest of the folder")
    size = models.BigIntegerField(help_text="bytes")
    location = models.CharField(max_length=500, help_text="path in the store")
    value = models.JSONField(null=True, blank=True, help_text="of an output of a literal type")
    preview = models.JSONField(default=dict, help_text="made once, when the step ended")
    created_at = models.DateTimeField(auto_now_add=True)
    evicted_at = models.DateTimeField(
        null=True, blank=True, help_text="when its content was given up; the preview is kept"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["step", "output"], name="one_artifact_an_output")]

    def __str__(self) -> str:
        return f"{self.output} of {self.step_id}"
