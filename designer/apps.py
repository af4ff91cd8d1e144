from typing import Any

from django.apps import AppConfig

from registry.signals import workspace_created


class DesignerConfig(AppConfig):
    name = "designer"

    def ready(self) -> None:
        from designer.services.component_files import pipeline_file_register
        from registry.services.component_uploads import HANDLERS

        workspace_created.connect(_offer_templates)
        HANDLERS["pipeline"] = pipeline_file_register


def _offer_templates(workspace: Any, **kwargs: Any) -> None:
    """A new workspace has the templates from its first moment."""
    from designer.services.templates import register_templates

    register_templates(workspace)
