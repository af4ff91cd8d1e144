"""What the API of pipelines takes and gives; one serializer an operation and direction."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from designer.models import Pipeline, Template
from designer.services.editing import person
from registry.models import User
from registry.spec.component import NAME, VERSION


class PersonField(serializers.Field[User, Any, dict[str, Any], User]):
    """Somebody, as others see them."""

    def to_representation(self, value: User) -> dict[str, Any]:
        return person(value)


extend_schema_field(
    {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "color": {"type": "string"}},
    }
)(PersonField)


class PipelineOutput(serializers.ModelSerializer[Pipeline]):
    rev = serializers.IntegerField(source="revision")
    created_by = PersonField(read_only=True)
    updated_by = PersonField(read_only=True)
    component = serializers.CharField(
        source="component.name", default=None, allow_null=True, help_text="that it is registered as"
    )

    class Meta:
        model = Pipeline
        fields = ["id", "name", "rev", "component", "created_at", "created_by", "updated_at", "updated_by"]


class PipelineCreateInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False, default="")
    template = serializers.SlugField(
        required=False, allow_null=True, default=None, help_text="The template to start from; null: from nothing."
    )


class PipelineChangeInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True)


class PipelineCloneInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False, default="")
    rev = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        allow_null=True,
        default=None,
        help_text="null: the draft as it is",
    )


class ComponentInput(serializers.Serializer[Any]):
    name = serializers.RegexField(
        NAME, max_length=255, error_messages={"invalid": "Use small letters, digits and _, and begin with a letter."}
    )
    version = serializers.RegexField(
        VERSION,
        required=False,
        allow_null=True,
        default=None,
        help_text="missing or null: the next one",
        error_messages={"invalid": "Use letters, digits, dots, - and _, at most 64 of them."},
    )
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    description = serializers.CharField(max_length=20_000, required=False, allow_blank=True, default="")


class CollapseInput(serializers.Serializer[Any]):
    op_id = serializers.UUIDField(help_text="minted by the sender")
    nodes = serializers.ListField(
        child=serializers.CharField(max_length=255), min_length=1, max_length=10_000, help_text="ids of the selection"
    )
    name = serializers.RegexField(
        NAME, max_length=255, error_messages={"invalid": "Use small letters, digits and _, and begin with a letter."}
    )
    title = serializers.CharField(max_length=200)


class ExpandInput(serializers.Serializer[Any]):
    op_id = serializers.UUIDField(help_text="minted by the sender")
    node = serializers.CharField(max_length=255)


class RegisteredOutput(serializers.Serializer[Any]):
    ref = serializers.CharField(source="version.ref")
    name = serializers.CharField(source="version.component.name")
    version = serializers.CharField(source="version.version")
    created = serializers.BooleanField(help_text="false: nothing changed")
    interface = serializers.JSONField(source="version.interface", help_text="What the canvas knows of it.")


class GraphOutput(serializers.Serializer[Any]):
    document = serializers.JSONField()
    components = serializers.DictField(child=serializers.JSONField(), help_text="Interfaces, by `name:version`.")


class SnapshotOutput(serializers.Serializer[Any]):
    rev = serializers.IntegerField()
    document = serializers.JSONField()
    problems = serializers.DictField(
        child=serializers.ListField(child=serializers.JSONField()), help_text="What keeps it from running, by node."
    )
    components = serializers.DictField(child=serializers.JSONField(), help_text="Interfaces, by `name:version`.")


class OperationsInput(serializers.Serializer[Any]):
    op_id = serializers.UUIDField(help_text="Minted by the sender; the same again is not applied again.")
    base_rev = serializers.IntegerField(min_value=0, help_text="the revision that the sender saw")
    ops = serializers.ListField(
        child=serializers.JSONField(),
        min_length=1,
        help_text="All of them or none are applied: docs/reference/protocol.md, “Operations”.",
    )


class OperationsOutput(serializers.Serializer[Any]):
    t = serializers.CharField(help_text="Always `ops`: it is the message that browsers get.")
    rev = serializers.IntegerField(help_text="The revision that they made.")
    op_id = serializers.UUIDField(help_text="As it was sent.")
    client = serializers.CharField(allow_blank=True, help_text="The browser tab that sent them; empty: none did.")
    user = serializers.JSONField(help_text="Who sent them.")
    ops = serializers.ListField(child=serializers.JSONField(), help_text="As they were sent.")
    inverse = serializers.ListField(child=serializers.JSONField(), help_text="The operations that undo them.")
    problems = serializers.DictField(
        child=serializers.ListField(child=serializers.JSONField()), help_text="Of the nodes that they touch."
    )
    components = serializers.DictField(
        child=serializers.JSONField(), help_text="Interfaces of components that are new, by `name:version`."
    )


class TemplateOutput(serializers.ModelSerializer[Template]):
    class Meta:
        model = Template
        fields = ["id", "slug", "title", "description", "category", "builtin"]
