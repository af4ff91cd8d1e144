"""Who may do what: one table."""

from registry.models import Membership

Role = Membership.Role

# What people do -> the roles that may. Everybody in a workspace may look at everything in it.
# The scopes of tokens (ApiToken.Scope) are the same actions.
ALLOWED: dict[str, set[str]] = {
    "view": {Role.OWNER, Role.EDITOR, Role.VIEWER},
    "edit": {Role.OWNER, Role.EDITOR},  # pipelines, components, data
    "run": {Role.OWNER, Role.EDITOR},
    "manage": {Role.OWNER},  # members and the workspace itself
}


def may(role: str | None, action: str) -> bool:
    return role in ALLOWED[action]
