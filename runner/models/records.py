"""What is told of a run: numbered facts, and the lines that its steps print."""

from django.db import models

from runner.models.runs import Run
from runner.models.steps import Attempt


class Event(models.Model):
    """One numbered fact about a run, written in the transaction that made it true, kept for ever.

    `seq` is dense per run: it is given under the run's row lock.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=20)
    data = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="events_are_numbered")]


class LogChunk(models.Model):
    """Some lines that an attempt printed at about the same time."""

    class Stream(models.TextChoices):
        STDOUT = "stdout"
        STDERR = "stderr"
        SYSTEM = "system"

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField()
    stream = models.CharField(max_length=6, choices=Stream)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["attempt", "seq"], name="log_chunks_are_numbered")]
