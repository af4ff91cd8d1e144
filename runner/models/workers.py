"""Who runs steps: the worker processes that are alive, or were lately."""

from django.db import models

from registry.models import ComputeTarget


class Worker(models.Model):
    """One worker process, as it last told of itself."""

    name = models.CharField(max_length=200, unique=True, help_text="as leases name it")
    targets = models.ManyToManyField(ComputeTarget, related_name="workers", help_text="whose queues it serves")
    default_queue = models.BooleanField(default=True, help_text="whether it serves the default queue")
    host = models.CharField(max_length=200)
    version = models.CharField(max_length=40, help_text="of Portline")
    slots = models.PositiveIntegerField()
    cpu = models.FloatField(default=0, help_text="cores that it and its steps use")
    memory = models.BigIntegerField(default=0, help_text="bytes that it and its steps use")
    stopping = models.BooleanField(default=False, help_text="it takes no more steps")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    class Meta:
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """Without its machine: the process, and what tells it from another with the same id."""
        return self.name.removeprefix(f"{self.host}_")
