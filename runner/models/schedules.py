"""What runs by itself at given times, and each time that it was due."""

from django.conf import settings as site
from django.db import models
from django.db.models import Q

from designer.models import Pipeline
from registry.models import Workspace
from runner.engine.schedule import CATCH_UP_WORDS, OVERLAP_WORDS, CatchUp, Overlap
from runner.engine.schedule_words import in_words
from runner.models.runs import Run


class Schedule(models.Model):
    """Runs a pipeline's draft as it is then, or, with a `document`, the graph of a job as it was."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="schedules")
    name = models.CharField(max_length=200)
    display_name = models.CharField(max_length=255, blank=True)
    description = models.TextField(blank=True)
    tags = models.JSONField(default=dict, help_text="of the schedule; its runs have `run_tags`")
    trigger = models.JSONField(help_text="registry.spec.trigger.Trigger")
    starts_at = models.DateTimeField(help_text="what the trigger counts from, where it says no start of its own")
    pipeline = models.ForeignKey(Pipeline, models.SET_NULL, null=True, blank=True, related_name="schedules")
    document = models.JSONField(null=True, blank=True, help_text="null: the pipeline's draft")
    job_name = models.CharField(max_length=255, blank=True, help_text="of the job that `document` is from")
    inputs = models.JSONField(default=dict, help_text="values by pipeline input; the others are the pipeline's")
    settings = models.JSONField(default=dict, help_text="of the pipeline, instead of its own")
    experiment_name = models.CharField(max_length=255, blank=True)
    run_tags = models.JSONField(default=dict)
    catch_up = models.CharField(max_length=4, choices=CATCH_UP_WORDS, default=CatchUp.LAST)
    overlap = models.CharField(max_length=5, choices=OVERLAP_WORDS, default=Overlap.ALLOW)
    enabled = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, blank=True, help_text="the first time that is not dealt with yet")
    created_by = models.ForeignKey(
        site.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", help_text="in whose name it runs"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_schedule_a_name")]
        indexes = [
            # What every worker asks every second.
            models.Index(fields=["next_at"], condition=Q(enabled=True), name="schedules_by_next_time")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return self.display_name or self.name

    @property
    def words(self) -> str:
        """When it fires, in a sentence."""
        return in_words(self.trigger)


class ScheduleFire(models.Model):
    """One time at which a schedule was due, and what came of it. That there is one a time makes it fire once."""

    class Outcome(models.TextChoices):
        STARTED = "started"
        WAITING = "waiting"  # for the end of the run before
        SKIPPED = "skipped"  # since the run before had not ended
        MISSED = "missed"  # nobody was there
        FAILED = "failed"  # the run could not be started

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="fires")
    fire_time = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome)
    message = models.TextField(blank=True)
    by_hand = models.BooleanField(default=False)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="fires")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-fire_time"]
        constraints = [models.UniqueConstraint(fields=["schedule", "fire_time"], name="a_schedule_fires_once_a_time")]
        indexes = [
            # Those that a run's end may let go.
            models.Index(fields=["schedule"], condition=Q(outcome="waiting"), name="fires_that_wait")
        ]
