"""What may be reused: the newest step that made each result."""

from django.db import models

from registry.models import Workspace
from runner.models.steps import Step


class CacheEntry(models.Model):
    """A result that is known. `key` says what was computed (`runner.engine.reuse`), `step` is who made it last."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    step = models.ForeignKey(Step, models.CASCADE, related_name="+")
    pinned = models.BooleanField(default=False, help_text="never evicted")
    hits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_result_a_key")]
