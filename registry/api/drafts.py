"""Components being written in the browser: drafts, what they are so far, and registering them."""

from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from drf_spectacular.utils import OpenApiResponse, extend_schema
from pydantic import ValidationError
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.components import FaultOutput, find_version
from registry.models import ComponentDraft
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.services.component_drafts import (
    draft_create,
    draft_from_version,
    draft_read,
    draft_register,
    draft_save,
    version_ahead,
)
from registry.spec.authoring import Details
from registry.spec.faults import SpecError
from registry.spec.interface import interface
from registry.starters import STARTERS


class FileField(serializers.Serializer[Any]):
    path = serializers.CharField(max_length=200, trim_whitespace=False)
    text = serializers.CharField(
        allow_blank=True, trim_whitespace=False, max_length=2_000_000, help_text="what is in it, as UTF-8"
    )


class DraftCreateInput(serializers.Serializer[Any]):
    """A starter, or a version to write the next one of; of a built-in component it is a copy."""

    starter = serializers.ChoiceField(choices=sorted(STARTERS), required=False, default="function")
    component = serializers.CharField(required=False, default="", max_length=255)
    version = serializers.CharField(required=False, default="", max_length=64)


class DraftSaveInput(serializers.Serializer[Any]):
    """What is not sent stays."""

    revision = serializers.IntegerField(min_value=0, help_text="that was seen last")
    files = FileField(many=True, required=False, help_text="all of its files; those left out are gone")
    details = serializers.JSONField(
        required=False, help_text="title, category and the like, that the code does not say"
    )
    test = serializers.JSONField(required=False, help_text="what its test run gets, kept for the next one")


class DraftLine(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    title = serializers.CharField(source="__str__")
    updated_at = serializers.DateTimeField()


class DraftOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="how often it was saved; a save names the one that it saw")
    kind = serializers.CharField(help_text="`function`, `script`, `yaml`, or nothing where the code says nothing")
    files = FileField(many=True, help_text="all of its files")
    details = serializers.JSONField(help_text="title, category and the like, that the code does not say")
    test = serializers.JSONField(help_text="what its test run gets")
    faults = FaultOutput(many=True, help_text="what keeps it from being registered, each with its line")
    interface = serializers.JSONField(allow_null=True, help_text="what the canvas would know of it; null with faults")
    lines = serializers.DictField(child=serializers.IntegerField(), help_text="where the code declares each port")
    command = serializers.CharField(help_text="what a step of it runs; empty with faults")
    picture = serializers.CharField(help_text="its node, as SVG; empty with faults")
    next_version = serializers.CharField(help_text="that registering would give it")


class DraftRegisterOutput(serializers.Serializer[Any]):
    ref = serializers.CharField()
    created = serializers.BooleanField(help_text="false: this version has the same content already")


class DraftAPI(WorkspaceAPI):
    """Base of what is done with drafts: each person has their own."""

    def drafts(self) -> QuerySet[ComponentDraft]:
        return ComponentDraft.objects.filter(workspace=self.workspace, author=self.person).select_related("workspace")

    def find(self, pk: int) -> ComponentDraft:
        found: ComponentDraft = get_object_or_404(self.drafts(), pk=pk)
        return found

    def told(self, draft: ComponentDraft) -> dict[str, Any]:
        """A draft with all that its page shows."""
        read = draft_read(draft)
        name = read.spec.name if read.spec else draft.details["name"]
        ahead = (read.spec.version if read.spec else None) or version_ahead(draft, name)
        face = interface(read.spec.model_copy(update={"version": ahead})) if read.spec else None
        data = {
            "id": draft.pk,
            "revision": draft.revision,
            "kind": read.kind,
            "files": [{"path": path, "text": text} for path, text in draft.files],
            "details": draft.details,
            "test": draft.test,
            "faults": read.faults,
            "interface": face,
            "lines": read.lines,
            "command": read.spec.command if read.spec else "",
            "picture": render_to_string("registry/_node_picture.html", {"interface": face}) if face else "",
            "next_version": ahead,
        }
        return dict(DraftOutput(data).data)


class ComponentDrafts(DraftAPI):
    @extend_schema(operation_id="component_drafts_list", responses=DraftLine(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The newest 100 drafts of the person who asks, last changed first."""
        return Response(DraftLine(self.drafts()[:100], many=True).data)

    @extend_schema(operation_id="component_drafts_create", request=DraftCreateInput, responses={201: DraftOutput})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Begin to write a component: from a starter, or from a version that is there."""
        sent = DraftCreateInput(data=request.data)
        sent.is_valid(raise_exception=True)
        name, version = sent.validated_data["component"], sent.validated_data["version"]
        if name:
            draft = draft_from_version(version=find_version(self.workspace, name, version), author=self.person)
        else:
            draft = draft_create(workspace=self.workspace, author=self.person, starter=sent.validated_data["starter"])
        return Response(self.told(draft), status=status.HTTP_201_CREATED)


class ComponentDraftDetail(DraftAPI):
    @extend_schema(operation_id="component_drafts_get", responses=DraftOutput)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """A draft, and what it would be as a component."""
        return Response(self.told(self.find(pk)))

    @extend_schema(operation_id="component_drafts_save", request=DraftSaveInput, responses=DraftOutput)
    def put(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Keep what changed, and read it anew."""
        sent = DraftSaveInput(data=request.data)
        sent.is_valid(raise_exception=True)
        asked = dict(sent.validated_data)
        if "files" in asked:
            asked["files"] = [[each["path"], each["text"]] for each in asked["files"]]
        try:
            if asked.get("details") is not None:
                asked["details"] = Details.model_validate(asked["details"]).model_dump()
            if not isinstance(asked.get("test", {}), dict):
                raise Problem(422, "invalid", "`test` is an object of values by the names of inputs.")
            return Response(self.told(draft_save(draft=self.find(pk), **asked)))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise Problem(422, "invalid", f"`{place}`: {first['msg']}.") from None

    @extend_schema(operation_id="component_drafts_delete", responses={204: None})
    def delete(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Throw a draft away. What was registered of it stays."""
        self.find(pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class ComponentDraftRegister(DraftAPI):
    @extend_schema(
        operation_id="component_drafts_register",
        request=None,
        responses={
            200: OpenApiResponse(DraftRegisterOutput, description="The latest version says the same already."),
            201: DraftRegisterOutput,
            422: OpenApiResponse(description="It is no component yet: a problem document."),
        },
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Save it as the next version of its component."""
        try:
            done = draft_register(draft=self.find(pk), user=self.person)
        except SpecError as error:
            faults = FaultOutput(error.faults, many=True).data
            raise Problem(422, "invalid_component", error.faults[0].message, faults=faults) from None
        answer = {"ref": done.version.ref, "created": done.created}
        return Response(answer, status=status.HTTP_201_CREATED if done.created else status.HTTP_200_OK)
