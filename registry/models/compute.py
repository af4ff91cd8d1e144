"""Where steps may run: named queues with labels and limits, which workers serve."""

from django.conf import settings
from django.db import models

from registry.models.access import Workspace


class ComputeTarget(models.Model):
    """A queue of its own, and what a step that runs from it gets. Limits that are unset are the machine's own."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="compute_targets")
    name = models.CharField(max_length=63)
    description = models.TextField(blank=True)
    labels = models.JSONField(default=dict, help_text="{key: value}, which nodes may ask for")
    cpu = models.FloatField(null=True, blank=True, help_text="cores that a step may count on")
    memory = models.BigIntegerField(null=True, blank=True, help_text="bytes that a step may use")
    gpus = models.PositiveIntegerField(default=0, help_text="that a step may ask for")
    max_steps = models.PositiveIntegerField(null=True, blank=True, help_text="at once, over all of its workers")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_compute_target_a_name")]

    def __str__(self) -> str:
        return self.name
