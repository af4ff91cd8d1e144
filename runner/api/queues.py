"""The queues of compute targets, and who works on them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.scope import WorkspaceAPI
from runner.queues import queue_summary, queues_of


class WorkerStepOutput(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    node = serializers.CharField()


class WorkerOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    host = serializers.CharField(help_text="The machine that it runs on.")
    version = serializers.CharField(help_text="Of Portline.")
    slots = serializers.IntegerField(help_text="steps that it runs at once")
    busy = serializers.IntegerField(help_text="slots in use, also by other workspaces")
    state = serializers.ChoiceField(["idle", "busy", "stopping", "gone"])
    cpu = serializers.FloatField(help_text="cores in use by it and its steps")
    memory = serializers.IntegerField(help_text="bytes in use by it and its steps")
    started_at = serializers.DateTimeField()
    beat_at = serializers.DateTimeField(help_text="when it last told of itself")
    steps = WorkerStepOutput(many=True, help_text="of this queue and workspace")


class QueueOutput(serializers.Serializer[Any]):
    compute = serializers.CharField(allow_null=True, help_text="the target's name; null: the default queue")
    queued = serializers.IntegerField(help_text="steps of this workspace")
    running = serializers.IntegerField(help_text="steps of this workspace")
    workers = WorkerOutput(many=True, help_text="Those that serve it.")


class QueueListOutput(serializers.Serializer[Any]):
    results = QueueOutput(many=True, help_text="The default queue first.")


class QueuesAPI(WorkspaceAPI):
    @extend_schema(operation_id="queues_list", responses=QueueListOutput)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The default queue and that of each compute target: what waits, and which workers there are."""
        return Response({"results": [queue_summary(queue) for queue in queues_of(self.workspace)]})
