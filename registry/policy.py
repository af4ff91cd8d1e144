"""Who may do what: one table."""

from registry.models import Membership, User, Workspace

Role = Membership.Role

# What people do -> the roles that may. Everybody in a workspace may look at everything in it.
ALLOWED: dict[str, set[str]] = {
    "view": {Role.OWNER, Role.EDITOR, Role.VIEWER},
    "edit": {Role.OWNER, Role.EDITOR},  # pipelines, components, data
    "run": {Role.OWNER, Role.EDITOR},
    "manage": {Role.OWNER},  # members and the workspace itself
}


def role_of(user: User, workspace: Workspace) -> str | None:
    """The user's role, or None for a stranger, to whom the workspace does not exist."""
    membership = Membership.objects.filter(workspace=workspace, user_id=user.pk).first()
    return membership.role if membership else None


def may(role: str | None, action: str) -> bool:
    return role in ALLOWED[action]
