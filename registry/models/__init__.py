"""What can be used, and by whom."""

from registry.models.access import ApiToken, LoginFailure, Membership, User, Workspace
from registry.models.assets import DataAsset
from registry.models.components import CodeSnapshot, Component, ComponentFacet, ComponentVersion

__all__ = [
    "ApiToken",
    "CodeSnapshot",
    "Component",
    "ComponentFacet",
    "ComponentVersion",
    "DataAsset",
    "LoginFailure",
    "Membership",
    "User",
    "Workspace",
]
