"""One execution of a frozen graph."""

from django.conf import settings as site
from django.db import models

from designer.models import Pipeline
from registry.models import Workspace
from runner.engine.states import RUN_ENDED, RunStatus

RUN_STATUSES = [(status.value, status.value) for status in RunStatus]


class Run(models.Model):
    """`document` is the graph as it was at submit. Only `runner.services` changes a run, holding its row lock."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="runs")
    pipeline = models.ForeignKey(Pipeline, models.SET_NULL, null=True, related_name="runs")
    pipeline_name = models.CharField(max_length=200, help_text="as it was at submit")
    name = models.CharField(max_length=255, help_text="by which the API and the command line know it; never changes")
    display_name = models.CharField(max_length=255, help_text="for people; the pipeline's name where none was given")
    description = models.TextField(blank=True)
    experiment_name = models.CharField(max_length=255, help_text="what it is filed under; by default the pipeline")
    tags = models.JSONField(default=dict, help_text="text by key; `RunTag` has the same, to search by")
    revision = models.PositiveIntegerField(help_text="of the pipeline, at submit")
    document = models.JSONField()
    inputs = models.JSONField(default=dict, help_text="every pipeline input's value, defaults included")
    outputs = models.JSONField(default=dict, help_text="{output of the pipeline: [node that makes it, its output]}")
    settings = models.JSONField(default=dict, help_text="the pipeline's settings at submit")
    only = models.JSONField(default=dict, help_text="what of the graph was asked for: {to}, {from} or {failed_of}")
    status = models.CharField(max_length=15, choices=RUN_STATUSES, default=RunStatus.QUEUED)
    message = models.TextField(blank=True)
    counts = models.JSONField(default=dict, help_text="number of steps in each state, kept up to date")
    event_seq = models.PositiveIntegerField(default=0, help_text="number of its newest event")
    request_id = models.UUIDField(help_text="minted by the sender, so that a repeated submit is known as one")
    submitted_by = models.ForeignKey(site.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="left out of lists since")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "request_id"], name="a_run_is_submitted_once"),
            models.UniqueConstraint(fields=["workspace", "name"], name="one_run_a_name"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) ^ models.Q(status__in=sorted(RUN_ENDED)),
                name="a_run_has_an_end_when_it_ended",
            ),
        ]
        indexes = [
            # The runs page and a pipeline's history, newest first.
            models.Index(fields=["workspace", "-id"], name="runs_of_a_workspace"),
            models.Index(fields=["pipeline", "-id"], name="runs_of_a_pipeline"),
            # The runs page with a filter on status.
            models.Index(fields=["workspace", "status", "-id"], name="runs_by_status"),
            # The runs page with a filter on the experiment, and the experiments to choose from.
            models.Index(fields=["workspace", "experiment_name", "-id"], name="runs_of_an_experiment"),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk} of {self.pipeline_name}"

    @property
    def ended(self) -> bool:
        return self.status in RUN_ENDED

    @property
    def continues_on_failure(self) -> bool:
        """Whether independent steps go on after one failed. Azure ML's default is yes."""
        return self.settings.get("continue_on_step_failure") is not False


class RunTag(models.Model):
    """One tag of a run, to find runs by. Rewritten whenever the run's tags change."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    value = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="one_value_a_tag")]
        indexes = [models.Index(fields=["key", "value", "-run"], name="runs_of_a_tag")]
