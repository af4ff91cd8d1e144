"""Django's administration: accounts and workspaces. What is immutable is not edited here."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from registry.models import ComputeTarget, Membership, User, Workspace


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ("username", "email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "theme")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "created_at")
    fields = ("name", "slug")
    inlines = (MembershipInline,)


@admin.register(ComputeTarget)
class ComputeTargetAdmin(admin.ModelAdmin):
    """To look at: changes go through services, from the page and the API."""

    list_display = ("name", "workspace", "labels", "cpu", "memory", "gpus", "max_steps", "archived_at")
    list_filter = ("workspace",)
    search_fields = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
