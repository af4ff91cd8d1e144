"""What a step's code needs: pinned lists of packages that people gave a name."""

from django.conf import settings
from django.db import models

from registry.models.access import Workspace


class Environment(models.Model):
    """One version of a named environment. Immutable: a change is a new version."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="environments")
    name = models.CharField(max_length=255)
    version = models.CharField(max_length=64)
    description = models.TextField(blank=True)
    spec_data = models.JSONField(help_text="registry.spec.environment.EnvironmentSpec, as JSON")
    digest = models.CharField(max_length=64, help_text="what it installs: EnvironmentSpec.digest")
    yaml = models.TextField(help_text="as its author wrote it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name", "version"], name="one_environment_a_version")
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def ref(self) -> str:
        """`name:version`, as components name it."""
        return f"{self.name}:{self.version}"
