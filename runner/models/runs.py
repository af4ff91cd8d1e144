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
    revision = models.PositiveIntegerField(help_text="of the pipeline, at submit")
    document = models.JSONField()
    inputs = models.JSONField(default=dict, help_text="every pipeline input's value, defaults included")
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

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "request_id"], name="a_run_is_submitted_once"),
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
