"""The nodes of a run, what they wait for, and each try at them."""

from django.db import models
from django.db.models import Q

from registry.models import ComponentVersion, ComputeTarget
from runner.engine.states import HELD, StepStatus
from runner.models.runs import Run

STEP_STATUSES = [(status.value, status.value) for status in StepStatus]


class Step(models.Model):
    """A node in a run, with all that is needed to run it, so that nobody has to read the graph again."""

    class Kind(models.TextChoices):
        COMPONENT = "component"
        LOOP = "loop"  # its component runs once an iteration, as steps of their own
        BRANCH = "branch"  # decides which order edges out of it count
        GROUP = "group"  # stands for the steps of a pipeline component, and ends after them

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    node_id = models.CharField(max_length=1000, help_text="a path where it lies in groups or iterations")
    kind = models.CharField(max_length=9, choices=Kind, default=Kind.COMPONENT)
    control = models.JSONField(null=True, blank=True, help_text="a loop's or a branch's rule, as in the document")
    result = models.JSONField(
        null=True, blank=True, help_text="of a branch: {taken}; of a loop: {type, total, counts, best}"
    )
    iteration = models.ForeignKey(
        "Iteration", models.CASCADE, null=True, blank=True, related_name="steps", help_text="that it is part of"
    )
    final = models.BooleanField(default=False, help_text="runs when all others have ended, however they did")
    title = models.CharField(max_length=200)
    component_version = models.ForeignKey(ComponentVersion, models.PROTECT, null=True, related_name="+")
    params = models.JSONField(default=dict, help_text="literal inputs by name, bindings resolved")
    assets = models.JSONField(default=dict, help_text="registered data by input: ref, type, location, digest")
    status = models.CharField(max_length=15, choices=STEP_STATUSES, default=StepStatus.NOT_STARTED)
    missing = models.PositiveIntegerField(default=0, help_text="wires whose source has not ended yet")
    message = models.TextField(blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    progress = models.FloatField(null=True, blank=True, help_text="0 to 1, where the step tells")
    command = models.TextField(blank=True, help_text="as it was executed last")
    environment = models.JSONField(default=dict, help_text="EnvironmentSpec as it was at submit; {}: the server's own")
    compute = models.ForeignKey(
        ComputeTarget, models.SET_NULL, null=True, blank=True, related_name="+", help_text="null: the default queue"
    )
    resources = models.JSONField(default=dict, help_text="limits: cpu (cores), memory (bytes), gpus")
    launch = models.JSONField(
        default=dict, help_text="what its node says of how it starts and of its outputs (runner.engine.launching)"
    )
    key = models.CharField(
        max_length=64, blank=True, help_text="what it computes, by content; equal keys may be reused"
    )
    ingredients = models.JSONField(null=True, blank=True, help_text="what `key` was made of, to say why keys differ")
    force_rerun = models.BooleanField(default=False)
    reused = models.BooleanField(default=False)
    reused_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    waits_for = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="an equal step that runs already"
    )

    attempt = models.PositiveIntegerField(default=0, help_text="number of its newest attempt")
    max_attempts = models.PositiveIntegerField(default=1, help_text="grows by each that was no fault of its own")
    losses = models.PositiveIntegerField(default=0, help_text="how often its worker vanished")
    timeout = models.FloatField(null=True, blank=True, help_text="seconds")
    retry_delay = models.FloatField(default=0, help_text="seconds")
    retry_backoff = models.FloatField(default=1, help_text="each delay is so many times the one before")

    available_at = models.DateTimeField(null=True, blank=True, help_text="queued, but not to be started before")
    woken_at = models.DateTimeField(null=True, blank=True, help_text="when a message for it was last sent")
    worker = models.CharField(max_length=200, blank=True)
    lease_token = models.UUIDField(null=True, blank=True, help_text="whoever commits must hold it")
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "node_id"], name="one_step_a_node"),
            # A step is held exactly while it has a lease: nobody can commit what they do not hold. A loop whose
            # iterations run, and a group, are held by nobody.
            models.CheckConstraint(
                condition=(Q(lease_token=None) ^ Q(status__in=sorted(HELD)))
                | Q(lease_token=None, kind__in=["loop", "group"]),
                name="a_held_step_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(lease_token=None, lease_until=None)
                | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="a_lease_has_an_end",
            ),
        ]
        indexes = [
            # The reconciler: queued steps that nobody was told of lately, or whose delay ended.
            models.Index(fields=["woken_at"], condition=Q(status=StepStatus.QUEUED), name="steps_to_wake"),
            # What a worker takes after it ended another step of the run.
            models.Index(fields=["run", "id"], condition=Q(status=StepStatus.QUEUED), name="steps_queued_of_a_run"),
            # Equal steps in flight, and those that wait for one.
            models.Index(fields=["key"], condition=~Q(key="") & Q(ended_at=None), name="steps_in_flight_by_key"),
            # The reaper: held steps whose worker stopped beating.
            models.Index(fields=["lease_until"], condition=Q(lease_token__isnull=False), name="steps_by_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} of run {self.run_id}"


class StepEdge(models.Model):
    """A wire or an order edge of a run. Rows, so that the end of a step costs its out-degree and not the graph."""

    source = models.ForeignKey(Step, models.CASCADE, related_name="edges_out")
    output = models.CharField(max_length=255, blank=True, help_text="empty: an order edge")
    target = models.ForeignKey(Step, models.CASCADE, related_name="edges_in")
    input = models.CharField(max_length=255, blank=True)
    required = models.BooleanField(help_text="a wire's: without what it brings the target is skipped")
    condition = models.CharField(max_length=9, blank=True, help_text="an order edge's: designer.graph")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "input"], condition=~Q(input=""), name="one_wire_an_input"),
            models.UniqueConstraint(
                fields=["source", "target"], condition=Q(input=""), name="one_order_edge_between_two"
            ),
        ]


class Attempt(models.Model):
    """One try at a step."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=15, choices=STEP_STATUSES, default=StepStatus.PREPARING)
    message = models.TextField(blank=True)
    exit_code = models.IntegerField(null=True, blank=True)
    worker = models.CharField(max_length=200)
    log_truncated = models.BooleanField(default=False)
    peak_memory = models.BigIntegerField(null=True, blank=True, help_text="bytes, where it was watched")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="attempts_are_numbered")]
