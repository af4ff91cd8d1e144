"""Workspaces and who may do what in them."""

from django.db import transaction
from django.utils.text import slugify

from registry.models import Membership, User, Workspace
from registry.refusal import Refusal
from registry.signals import workspace_created

Role = Membership.Role


class LastOwner(Refusal):
    """A workspace without an owner could never be managed again."""

    code = "last_owner"


class AlreadyMember(Refusal):
    code = "already_member"


class SlugTaken(Refusal):
    code = "slug_taken"


@transaction.atomic
def workspace_create(*, owner: User, name: str, slug: str = "") -> Workspace:
    """A workspace with its first owner and the built-in components. Without `slug` one is made from the name.

    Raises SlugTaken when the given slug is in use.
    """
    from registry.services.library import register_builtins

    if slug and Workspace.objects.filter(slug=slug).exists():
        raise SlugTaken(f"There is a workspace at “{slug}” already; choose another address.")
    workspace = Workspace.objects.create(name=name.strip(), slug=slug or _free_slug(name))
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    register_builtins(workspace)
    workspace_created.send(sender=Workspace, workspace=workspace)
    return workspace


def workspace_rename(*, workspace: Workspace, name: str) -> None:
    """Its address stays, so that links keep working."""
    workspace.name = name.strip()
    workspace.save(update_fields=["name"])


@transaction.atomic
def member_add(*, workspace: Workspace, user: User, role: str) -> Membership:
    """Raises AlreadyMember."""
    membership, created = Membership.objects.get_or_create(
        workspace=workspace, user=user, defaults={"role": Role(role)}
    )
    if not created:
        raise AlreadyMember(f"{user.shown_name} is a member already; change the role in the list.")
    return membership


@transaction.atomic
def member_change(*, membership: Membership, role: str) -> None:
    """Raises LastOwner when nobody would be left to manage the workspace."""
    _owner_stays(membership, role)
    membership.role = Role(role)
    membership.save(update_fields=["role"])


@transaction.atomic
def member_remove(*, membership: Membership) -> None:
    """Raises LastOwner when nobody would be left to manage the workspace."""
    _owner_stays(membership, None)
    membership.delete()


def _owner_stays(membership: Membership, new_role: str | None) -> None:
    # The workspace's row is locked, so that two owners cannot both leave at the same moment.
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    owners = Membership.objects.filter(workspace_id=membership.workspace_id, role=Role.OWNER)
    if new_role != Role.OWNER and not owners.exclude(pk=membership.pk).exists():
        raise LastOwner("A workspace needs an owner: make somebody else an owner first.")


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    slug = base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
