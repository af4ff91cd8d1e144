"""What can be used, and by whom."""

from registry.models.access import ApiToken, Membership, User, Workspace
from registry.models.assets import DataAsset
from registry.models.components import CodeSnapshot, Component, ComponentVersion

__all__ = [
    "ApiToken",
    "CodeSnapshot",
    "Component",
    "ComponentVersion",
    "DataAsset",
    "Membership",
    "User",
    "Workspace",
]
