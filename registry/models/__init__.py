"""What can be used, and by whom."""

from registry.models.access import ApiToken, LoginFailure, Membership, User, Workspace
from registry.models.assets import DataAsset
from registry.models.components import CodeSnapshot, Component, ComponentFacet, ComponentVersion
from registry.models.compute import ComputeTarget
from registry.models.drafts import ComponentDraft
from registry.models.environments import Environment
from registry.models.idempotency import KeptAnswer

__all__ = [
    "ApiToken",
    "CodeSnapshot",
    "Component",
    "ComponentDraft",
    "ComponentFacet",
    "ComponentVersion",
    "ComputeTarget",
    "DataAsset",
    "Environment",
    "KeptAnswer",
    "LoginFailure",
    "Membership",
    "User",
    "Workspace",
]
