"""What the API of runs takes and gives. Answers are built by `runner.selectors`; here they are described."""

from typing import Any

from rest_framework import serializers

from registry.parsers import BIGGEST
from runner.engine.states import RunStatus, StepStatus
from runner.models import LogChunk
from runner.models.artifacts import KINDS

RUN_STATUSES = [status.value for status in RunStatus]
STEP_STATUSES = [status.value for status in StepStatus]


class OnlyInput(serializers.Serializer[Any]):
    """What of the graph is to run; at most one of these."""

    to = serializers.CharField(required=False, help_text="this node and what it needs")
    failed_of = serializers.IntegerField(
        max_value=BIGGEST, required=False, help_text="a run whose failed steps are run again"
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so it cannot be declared as the others are."""
        this = serializers.CharField(required=False, help_text="this node and all behind it anew")
        return {**super().get_fields(), "from": this}

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) != 1:
            raise serializers.ValidationError("Give one of `to`, `from` and `failed_of`.")
        return given


class RunCreateInput(serializers.Serializer[Any]):
    request_id = serializers.UUIDField(help_text="minted by the sender; the same again answers the same run")
    rev = serializers.IntegerField(
        max_value=BIGGEST,
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="The revision that the sender saw: 409 when the server has only an older one.",
    )
    revision = serializers.IntegerField(
        max_value=BIGGEST,
        min_value=0,
        required=False,
        allow_null=True,
        default=None,
        help_text="The revision to run as it was, such as a named version's; null: the draft.",
    )
    inputs = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False, default=dict)
    only = OnlyInput(
        required=False, allow_null=True, default=None, help_text="What of the graph is to run; null: all of it."
    )
    force_rerun = serializers.BooleanField(required=False, default=False, help_text="nothing is reused")


class IterationsQuery(serializers.Serializer[Any]):
    node = serializers.CharField(help_text="the loop")
    after = serializers.IntegerField(
        max_value=BIGGEST, min_value=0, required=False, default=0, help_text="the first index"
    )
    size = serializers.IntegerField(min_value=1, max_value=1000, required=False, default=200, help_text="How many.")


class IterationOutput(serializers.Serializer[Any]):
    index = serializers.IntegerField(help_text="From 0 on.")
    label = serializers.CharField(help_text="What it goes over, in short.")  # type: ignore[assignment]
    status = serializers.ChoiceField(STEP_STATUSES)
    values = serializers.DictField(child=serializers.JSONField(), help_text="What its steps are given.")
    metric = serializers.FloatField(allow_null=True, help_text="A trial's result; null: it has none yet.")
    course = serializers.ListField(child=serializers.FloatField(), help_text="The metric as it was reported.")
    message = serializers.CharField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    nodes = serializers.DictField(child=serializers.ChoiceField(STEP_STATUSES), help_text="states of its steps")


class IterationsOutput(serializers.Serializer[Any]):
    results = IterationOutput(many=True, help_text="In order of index.")
    next = serializers.IntegerField(allow_null=True, help_text="`after` of the next page")


class RunListQuery(serializers.Serializer[Any]):
    pipeline = serializers.IntegerField(max_value=BIGGEST, required=False, help_text="Number of the pipeline.")
    status = serializers.ChoiceField(RUN_STATUSES, required=False)


class TrackingQuery(serializers.Serializer[Any]):
    attempt = serializers.IntegerField(
        max_value=BIGGEST, required=False, min_value=1, help_text="the newest where it is not given"
    )


class TrackedMetric(serializers.Serializer[Any]):
    last = serializers.FloatField(allow_null=True, help_text="the newest value; null: it is no number")
    count = serializers.IntegerField(help_text="how many values were logged; of many, not all are kept")
    points = serializers.ListField(help_text="[step, value, milliseconds since 1970]")


class TrackingOutput(serializers.Serializer[Any]):
    params = serializers.DictField(child=serializers.CharField(), help_text="parameters that were logged")
    tags = serializers.DictField(child=serializers.CharField())
    metrics = serializers.DictField(child=TrackedMetric(), help_text="by name")
    models = serializers.ListField(help_text="{path} of a model among the artifacts, or {registered}: its name")
    children = serializers.ListField(help_text="runs within the step's own: {name, params, metrics}")


class LogQuery(serializers.Serializer[Any]):
    attempt = serializers.IntegerField(
        max_value=BIGGEST, min_value=1, required=False, default=None, help_text="Its number; missing: the newest."
    )
    after = serializers.IntegerField(
        max_value=BIGGEST,
        min_value=0,
        required=False,
        default=0,
        help_text="The number of the last chunk that is known.",
    )
    download = serializers.BooleanField(required=False, default=False, help_text="All of it, as a text file.")


class PipelineRef(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()


class PersonRef(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RunOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField(help_text="of the run in its workspace; it never changes")
    display_name = serializers.CharField(help_text="for people")
    description = serializers.CharField()
    experiment_name = serializers.CharField(help_text="what it is filed under")
    tags = serializers.DictField(child=serializers.CharField())
    archived_at = serializers.DateTimeField(allow_null=True, help_text="left out of lists since")
    pipeline = PipelineRef()
    rev = serializers.IntegerField()
    status = serializers.ChoiceField(RUN_STATUSES)
    message = serializers.CharField()
    submitted_by = PersonRef(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    inputs = serializers.DictField(child=serializers.JSONField())
    seq = serializers.IntegerField(help_text="of its newest event")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="steps in each state")


class RunStartedOutput(RunOutput):
    warnings = serializers.DictField(
        child=serializers.ListField(child=serializers.DictField()),
        help_text="node: its problems with columns that are not in its table, as far as is known; they stop nothing",
    )


class ArtifactOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    output = serializers.CharField()
    type = serializers.CharField()
    kind = serializers.ChoiceField(list(KINDS))
    size = serializers.IntegerField(help_text="bytes")
    digest = serializers.CharField()
    evicted = serializers.BooleanField(help_text="its content is not kept any more; the preview is")


class StepOutput(serializers.Serializer[Any]):
    node = serializers.CharField()
    status = serializers.ChoiceField(STEP_STATUSES)
    reused = serializers.BooleanField()
    progress = serializers.FloatField(allow_null=True, help_text="0 to 1")
    attempt = serializers.IntegerField()
    message = serializers.CharField()
    exit_code = serializers.IntegerField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    outputs = serializers.DictField(child=ArtifactOutput())
    kind = serializers.ChoiceField(["component", "loop", "branch", "group"])
    final = serializers.BooleanField(help_text="it runs when all others have ended, however they did")
    loop = serializers.JSONField(allow_null=True, help_text="{type, total, counts, best}")
    taken = serializers.BooleanField(allow_null=True, help_text="which way a branch goes")


class RunDetailOutput(RunOutput):
    document = serializers.JSONField()
    only = serializers.JSONField(help_text="what of the graph was asked for")
    components = serializers.DictField(child=serializers.JSONField(), help_text="Interfaces, by `name:version`.")
    graphs = serializers.DictField(child=serializers.JSONField(), help_text="inside the pipeline components")
    steps = serializers.DictField(child=StepOutput(), help_text="By node.")


class AttemptOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="From 1 on.")
    status = serializers.ChoiceField(STEP_STATUSES)
    exit_code = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()
    worker = serializers.CharField()
    peak_memory = serializers.IntegerField(allow_null=True, help_text="bytes; null: it was over before anybody looked")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ReusedFromOutput(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    node = serializers.CharField()


class ReuseOutput(serializers.Serializer[Any]):
    reasons = serializers.ListField(
        child=serializers.CharField(), help_text="Why it had to run, in sentences; empty where it was answered."
    )

    def get_fields(self) -> dict[str, Any]:
        """`from` is no name that Python allows for a field."""
        return {
            "from": ReusedFromOutput(allow_null=True, help_text="The step that answered it."),
            **super().get_fields(),
        }


class KnownResultOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    pinned = serializers.BooleanField()
    hits = serializers.IntegerField(help_text="How many steps were answered with it.")
    may_change = serializers.BooleanField(help_text="whether the person who asks may pin and evict it")


class ResourcesOutput(serializers.Serializer[Any]):
    cpu = serializers.FloatField(required=False, help_text="cores")
    memory = serializers.IntegerField(required=False, help_text="bytes")
    gpus = serializers.IntegerField(required=False, help_text="How many.")


class StepDetailOutput(StepOutput):
    command = serializers.CharField(allow_null=True, help_text="as it was executed last")
    params = serializers.DictField(child=serializers.JSONField(), help_text="Literal inputs, by name.")
    compute = serializers.CharField(allow_null=True, help_text="its compute target; null: the default queue")
    resources = ResourcesOutput(help_text="its limits; what is missing is the machine's own")
    attempts = AttemptOutput(many=True, help_text="The oldest first.")
    cache = KnownResultOutput(allow_null=True, help_text="the known result that it made or was answered from")
    reuse = ReuseOutput(help_text="from where it was answered, or why it had to run")


class LogChunkOutput(serializers.Serializer[Any]):
    seq = serializers.IntegerField(help_text="Its number in the log, rising.")
    stream = serializers.ChoiceField(LogChunk.Stream.choices, help_text="Where it was written to.")
    at = serializers.DateTimeField(help_text="When it was written.")
    text = serializers.CharField(help_text="Whole lines, as a rule.")


class LogOutput(serializers.Serializer[Any]):
    attempt = serializers.IntegerField()
    chunks = LogChunkOutput(many=True, help_text="In order; fewer than there are when they are many.")
    ended = serializers.BooleanField(help_text="nothing comes after these chunks")
    truncated = serializers.BooleanField(help_text="the log reached the server's limit")
