"""Nodes that run more than once: the iterations of a loop, the trials of a sweep."""

from django.db import models
from django.db.models import Q

from runner.engine.states import ENDED, StepStatus
from runner.models.steps import STEP_STATUSES, Step


class Iteration(models.Model):
    """One time that a loop's body runs. Its steps have rows of their own, made when it starts."""

    loop = models.ForeignKey(Step, models.CASCADE, related_name="iterations")
    index = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True, help_text="what tells it from the others, for people")
    values = models.JSONField(default=dict, help_text="literal inputs that it gets, by name")
    assets = models.JSONField(default=dict, help_text="data that it gets, as Step.assets")
    status = models.CharField(max_length=15, choices=STEP_STATUSES, default=StepStatus.NOT_STARTED)
    outputs = models.JSONField(default=dict, help_text="{output of the body: [id of the step that makes it, output]}")
    steps_left = models.PositiveIntegerField(default=0, help_text="of its steps, how many have not ended")
    course = models.JSONField(default=list, help_text="a sweep's metric as it was told, in order")
    metric = models.FloatField(null=True, blank=True, help_text="a sweep's metric in the end")
    message = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["loop", "index"], name="iterations_are_numbered")]
        indexes = [
            # What a loop starts next.
            models.Index(
                fields=["loop", "index"], condition=Q(status=StepStatus.NOT_STARTED), name="iterations_to_start"
            ),
        ]

    @property
    def ended(self) -> bool:
        return self.status in ENDED
