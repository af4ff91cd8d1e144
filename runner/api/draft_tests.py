"""Test runs of components that are being written."""

import uuid
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from designer.graph.operations import Refused
from registry.models import ComponentDraft
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from registry.spec.faults import SpecError
from runner.api.serializers import RunOutput
from runner.selectors import run_summary
from runner.services.submit import NotReady
from runner.services.testing import draft_test


class DraftTestInput(serializers.Serializer[Any]):
    inputs = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="values of parameters, and `name:version` of data assets, by the names of inputs",
    )
    request_id = serializers.UUIDField(required=False, help_text="the same one again answers the same run")


class DraftTestAPI(WorkspaceAPI):
    """A test run of a draft."""

    action = "run"

    @extend_schema(
        operation_id="component_drafts_test",
        request=DraftTestInput,
        responses={201: RunOutput, 422: OpenApiResponse(description="It cannot be run: a problem document.")},
    )
    def post(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """Run the draft as it is, as the only step of a run: its id in the run is `step`."""
        sent = DraftTestInput(data=request.data)
        sent.is_valid(raise_exception=True)
        known = ComponentDraft.objects.select_related("workspace")
        draft = known.filter(workspace=self.workspace, author=self.person, pk=pk).first()
        if draft is None:
            raise Http404
        try:
            run = draft_test(
                draft=draft,
                user=self.person,
                inputs=sent.validated_data.get("inputs", {}),
                request_id=sent.validated_data.get("request_id") or uuid.uuid4(),
            )
        except NotReady as refused:
            raise Problem(refused.status, refused.code, refused.sentence, problems=refused.problems) from None
        except Refused as refused:
            raise Problem(422, refused.code, str(refused)) from None
        except SpecError as error:
            raise Problem(422, "invalid_component", error.faults[0].message) from None
        return Response(run_summary(run), status=status.HTTP_201_CREATED)
