"""What the API of jobs takes and gives; answers are built by `runner.jobs`."""

from typing import Any

from rest_framework import serializers

from designer.api.imports import FaultOutput
from registry.parsers import BIGGEST
from runner.api.serializers import RUN_STATUSES, STEP_STATUSES, ArtifactOutput, RunOutput
from runner.engine.run_names import NAME

TAG_LIMIT = 100


class TagsField(serializers.DictField):
    """Text by key, at most 100 of them; numbers and booleans are taken as text."""

    child = serializers.CharField(max_length=1000, allow_blank=True)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        found: dict[str, str] = super().to_internal_value(data)
        if len(found) > TAG_LIMIT:
            raise serializers.ValidationError(f"There are more than {TAG_LIMIT} tags.")
        if any(not key.strip() or len(key) > 255 for key in found):
            raise serializers.ValidationError("A tag's key has 1 to 255 characters.")
        return found


class JobDetailsInput(serializers.Serializer[Any]):
    """What a job is called and filed under."""

    display_name = serializers.CharField(
        required=False, allow_blank=True, max_length=255, help_text="for people; default: the pipeline's name"
    )
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    experiment_name = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=255,
        help_text="what it is filed under; default: the pipeline's name",
    )
    tags = TagsField(required=False)


class NewJobInput(JobDetailsInput):
    name = serializers.RegexField(
        NAME,
        required=False,
        max_length=255,
        help_text="letters, digits, - and _; unique in the workspace; default: `adjective_noun_xxxxxx`",
        error_messages={"invalid": "A job's name has letters, digits, hyphens and underscores."},
    )
    force_rerun = serializers.BooleanField(required=False, default=False, help_text="nothing is reused")
    request_id = serializers.UUIDField(
        required=False, help_text="minted by the sender; the same again answers the same job"
    )


class JobCreateInput(NewJobInput):
    pipeline = serializers.CharField(help_text="number or name of the pipeline whose draft is run")
    inputs = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False, default=dict, help_text="values by input"
    )


class _ObjectField(serializers.JSONField):
    """A JSON object in a field of a form."""

    def to_internal_value(self, data: Any) -> Any:
        found = super().to_internal_value(data)
        if not isinstance(found, dict):
            raise serializers.ValidationError("A JSON object is needed here.")
        return found


class _TagsObjectField(_ObjectField):
    def to_internal_value(self, data: Any) -> Any:
        return TagsField().run_validation(super().to_internal_value(data))


class JobFileInput(NewJobInput):
    """A pipeline's YAML with all that it names, as for `pipelines/import/`."""

    file = serializers.FileField(help_text="a YAML file, or a zip of the folder that it lies in")
    path = serializers.CharField(
        required=False, default="", max_length=1000, help_text="the pipeline's YAML, where the folder has several"
    )
    set = _ObjectField(required=False, help_text="values by place, put into the YAML before it is read")
    inputs = _ObjectField(required=False, default=dict, help_text="values by input of the pipeline")
    tags = _TagsObjectField(required=False, help_text="text by key")  # type: ignore[assignment]


class JobListQuery(serializers.Serializer[Any]):
    status = serializers.ChoiceField(RUN_STATUSES, required=False)
    tag = serializers.CharField(required=False, help_text="`key` or `key=value`")
    experiment_name = serializers.CharField(required=False)
    pipeline = serializers.IntegerField(max_value=BIGGEST, required=False, help_text="number of the pipeline")
    q = serializers.CharField(required=False, help_text="part of the name or of the display name")
    archived = serializers.ChoiceField(
        ["no", "only", "all"], required=False, default="no", help_text="whether archived jobs are listed"
    )


class JobOutput(RunOutput):
    type = serializers.CharField(help_text="always `pipeline`")
    parent = serializers.CharField(allow_null=True, help_text="always null: a job of its own")  # type: ignore[assignment]


class JobOutputOutput(serializers.Serializer[Any]):
    node = serializers.CharField(help_text="the step that makes it")
    output = serializers.CharField(help_text="that step's output")
    artifact = ArtifactOutput(allow_null=True, help_text="null while it is not made")


class JobDetailOutput(JobOutput):
    settings = serializers.DictField(child=serializers.JSONField(), help_text="the pipeline's at submit")
    outputs = serializers.DictField(child=JobOutputOutput(), help_text="of the pipeline, by name")


class JobCreatedOutput(JobDetailOutput):
    warnings = FaultOutput(many=True, help_text="what of the file has no effect here")


class JobStepOutput(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="`{job}/{node}`")
    parent = serializers.CharField(help_text="the job")  # type: ignore[assignment]
    node = serializers.CharField(help_text="a path where it lies in groups or iterations")
    type = serializers.CharField(help_text="of its component: command, pipeline, …; else its kind")
    kind = serializers.ChoiceField(["component", "loop", "branch", "group"])
    display_name = serializers.CharField(help_text="the node's title")
    component = serializers.CharField(allow_null=True, help_text="`name:version`")
    status = serializers.ChoiceField(STEP_STATUSES)
    message = serializers.CharField()
    reused = serializers.BooleanField(help_text="answered from an earlier step's outputs")
    attempt = serializers.IntegerField(help_text="number of its newest attempt")
    exit_code = serializers.IntegerField(allow_null=True)
    progress = serializers.FloatField(allow_null=True, help_text="0 to 1")
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    outputs = serializers.DictField(child=ArtifactOutput(), help_text="what it made so far, by output")


class JobYamlOutput(serializers.Serializer[Any]):
    text = serializers.CharField(help_text="the YAML")
    losses = serializers.ListField(
        child=serializers.CharField(), help_text="a sentence for each thing that Azure ML does otherwise or not at all"
    )
