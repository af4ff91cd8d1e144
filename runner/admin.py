"""Runs in Django's admin: to look at, for whoever keeps the server. Changes go through services."""

from django.contrib import admin
from django.http import HttpRequest

from runner.models import Attempt, Run, Step


class _ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Run)
class RunAdmin(_ReadOnly):
    list_display = ["id", "workspace", "pipeline_name", "status", "submitted_by", "created_at", "ended_at"]
    list_filter = ["status", "workspace"]
    list_select_related = ["workspace", "submitted_by"]


@admin.register(Step)
class StepAdmin(_ReadOnly):
    list_display = ["id", "run_id", "node_id", "status", "attempt", "worker", "lease_until"]
    list_filter = ["status"]


@admin.register(Attempt)
class AttemptAdmin(_ReadOnly):
    list_display = ["id", "step_id", "number", "status", "exit_code", "started_at", "ended_at"]
