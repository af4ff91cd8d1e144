"""Compute targets: where steps may run."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.models import ComputeTarget, User, Workspace
from registry.refusal import Refusal
from registry.signals import compute_changed

CHANGEABLE = ("description", "labels", "cpu", "memory", "gpus", "max_steps")


class NameTaken(Refusal):
    code = "name_taken"


def compute_create(*, workspace: Workspace, user: User | None, name: str, **fields: Any) -> ComputeTarget:
    """A target with its own queue. Raises NameTaken; an archived one has its name still."""
    try:
        with transaction.atomic():
            return ComputeTarget.objects.create(workspace=workspace, created_by=user, name=name, **_known(fields))
    except IntegrityError:
        known = ComputeTarget.objects.get(workspace=workspace, name=name)
        hint = "restore it" if known.archived_at else "change it"
        raise NameTaken(f"There is a compute target `{name}` already; {hint}, or choose another name.") from None


def compute_change(*, target: ComputeTarget, **fields: Any) -> None:
    """Change its description, labels and limits; steps that are queued keep the limits they were given at submit."""
    for name, value in _known(fields).items():
        setattr(target, name, value)
    target.save(update_fields=list(fields))
    compute_changed.send(sender=ComputeTarget, target=target)


def compute_archive(*, target: ComputeTarget) -> None:
    """New runs cannot choose it; what is queued for it still runs."""
    target.archived_at = timezone.now()
    target.save(update_fields=["archived_at"])


def compute_restore(*, target: ComputeTarget) -> None:
    target.archived_at = None
    target.save(update_fields=["archived_at"])


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a compute target has no {', '.join(sorted(unknown))} to set")
    return fields
