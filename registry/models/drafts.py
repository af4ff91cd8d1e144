"""Components that are being written in the browser."""

from django.conf import settings
from django.db import models

from registry.models.access import Workspace


class ComponentDraft(models.Model):
    """A component before it is registered. Its author alone sees it; every change is saved."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="component_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    files = models.JSONField(help_text="[path, text] of each, in the order of their tabs")
    details = models.JSONField(help_text="registry.spec.authoring.Details")
    revision = models.PositiveIntegerField(default=0, help_text="how often it was saved")
    test = models.JSONField(default=dict, help_text="what a test run gets for its inputs, and the last one's number")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["workspace", "author", "-updated_at"], name="drafts_of_an_author")]

    def __str__(self) -> str:
        return self.details.get("title") or self.details.get("name") or "Untitled component"
