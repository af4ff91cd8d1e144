"""A draft as YAML, read and edited (`docs/reference/protocol.md`)."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.api.imports import ImportProblem, with_problems
from designer.graph.operations import Refused
from designer.selectors import find_pipeline
from designer.services.yaml_view import YamlText, yaml_check, yaml_of, yaml_put
from registry.api.components import FaultOutput
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.spec.document import SIZE_LIMIT


class YamlOutput(serializers.Serializer[YamlText]):
    text = serializers.CharField(help_text="an Azure ML pipeline job; as it was imported, where it still says the same")
    file = serializers.CharField(help_text="that it was imported from, or is best saved as")
    losses = serializers.ListField(
        child=serializers.CharField(), help_text="what Azure ML does otherwise or not at all, a sentence each"
    )
    rev = serializers.IntegerField(help_text="the draft's revision that the text says")


class YamlCheckInput(serializers.Serializer[Any]):
    text = serializers.CharField(
        max_length=SIZE_LIMIT, allow_blank=True, trim_whitespace=False, help_text="an Azure ML pipeline job as YAML"
    )


class YamlCheckOutput(serializers.Serializer[Any]):
    faults = FaultOutput(many=True, help_text="what keeps the text from being applied")
    warnings = FaultOutput(many=True, help_text="what Azure ML lets pass, but a person should know")


class YamlPutInput(YamlCheckInput):
    base_text = serializers.CharField(
        max_length=SIZE_LIMIT,
        allow_blank=True,
        trim_whitespace=False,
        help_text="the text as it was got: what `text` changes of it is changed, and nothing else",
    )
    op_id = serializers.UUIDField(help_text="minted by the sender, so that a repeat is not applied again")
    prefer = serializers.ChoiceField(
        ["mine", "theirs"],
        required=False,
        help_text="whose value holds where the text and the draft both changed: the text's or the draft's",
    )


class ConflictOutput(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="that both changed, in words")
    mine = serializers.CharField(help_text="what the text says")
    theirs = serializers.CharField(help_text="what the draft says")


class YamlProblem(ImportProblem):
    code = serializers.CharField(help_text="`conflict`, `stale`, or why an operation was refused")
    conflicts = ConflictOutput(many=True, required=False, help_text="of code `conflict`: what both changed")


class PipelineYamlAPI(WorkspaceAPI):
    """The draft as an Azure ML pipeline job."""

    @extend_schema(operation_id="pipelines_yaml", responses=YamlOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The draft as YAML. Comments, order and unknown keys of an imported file are kept."""
        return Response(YamlOutput(yaml_of(find_pipeline(self.workspace, pk))).data)

    @extend_schema(
        operation_id="pipelines_yaml_put",
        request=YamlPutInput,
        responses={
            200: YamlOutput,
            409: OpenApiResponse(
                YamlProblem,
                description="`conflict`: the draft changed in the same places; send it again with `prefer`. "
                "`stale`: the draft changed, and `base_text` cannot be read any more.",
            ),
            422: OpenApiResponse(ImportProblem, description="`faults`: the text cannot be read."),
        },
    )
    def put(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Change the draft as the text was: one batch, which everybody sees at once and which can be undone.

        What others changed since the text was got stays.
        """
        sent = YamlPutInput(data=request.data)
        sent.is_valid(raise_exception=True)
        pipeline = find_pipeline(self.workspace, pk)
        try:
            done = with_problems(lambda: yaml_put(pipeline=pipeline, user=self.person, **sent.validated_data))
        except Refused as refused:
            raise Problem(status.HTTP_409_CONFLICT, refused.code, str(refused)) from None
        return Response(YamlOutput(done).data)


class PipelineYamlCheckAPI(WorkspaceAPI):
    """Whether a text can be applied."""

    action = "view"

    @extend_schema(operation_id="pipelines_yaml_check", request=YamlCheckInput, responses=YamlCheckOutput)
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Every fault and warning of a text, each at its place; nothing is kept."""
        sent = YamlCheckInput(data=request.data)
        sent.is_valid(raise_exception=True)
        faults, warnings = yaml_check(find_pipeline(self.workspace, pk), sent.validated_data["text"])
        return Response(YamlCheckOutput({"faults": faults, "warnings": warnings}).data)
