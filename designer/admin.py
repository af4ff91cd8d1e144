from django.contrib import admin

from designer.models import Pipeline, PipelineOperation, Template


@admin.register(Pipeline)
class PipelineAdmin(admin.ModelAdmin):
    list_display = ["name", "workspace", "revision", "updated_at", "updated_by", "deleted_at"]
    list_filter = ["workspace"]
    search_fields = ["name"]
    # The draft is changed by operations only, or its history would lie.
    readonly_fields = ["document", "revision"]


@admin.register(PipelineOperation)
class PipelineOperationAdmin(admin.ModelAdmin):
    list_display = ["pipeline", "revision", "user", "created_at"]
    readonly_fields = ["pipeline", "revision", "op_id", "client", "user", "ops", "inverse"]


@admin.register(Template)
class TemplateAdmin(admin.ModelAdmin):
    list_display = ["title", "workspace", "category", "builtin"]
