"""Django's administration: accounts and workspaces. What is immutable is not edited here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from registry.models import Membership, User, Workspace


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
