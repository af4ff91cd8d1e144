"""Results that are known: pinning them, and giving them up. Which there are, `runner.cached` answers."""

from collections.abc import Collection

from django.db import transaction

from registry.models import Workspace
from registry.refusal import Refusal
from runner.cached import results_of
from runner.models import CacheEntry


class Pinned(Refusal):
    code = "pinned"


def entry_pin(*, entry: CacheEntry, pinned: bool) -> None:
    """Pinned, a result is never evicted, and neither its run nor its outputs' content is deleted."""
    entry.pinned = pinned
    entry.save(update_fields=["pinned"])


def entry_evict(*, entry: CacheEntry) -> None:
    """Forget a result: the next equal step runs. Its outputs stay with their runs. Raises Pinned."""
    if not CacheEntry.objects.filter(pk=entry.pk, pinned=False).delete()[0]:
        raise Pinned(f"The result of “{entry.step.title}” is pinned. Unpin it first, then it can be evicted.")


def entries_evict(*, workspace: Workspace, ids: Collection[int]) -> tuple[int, int]:
    """Forget several results of a workspace. Answers how many were, and how many stay because they are pinned."""
    with transaction.atomic():
        asked = results_of(workspace).filter(pk__in=ids)
        pinned = asked.filter(pinned=True).count()
        evicted, _ = CacheEntry.objects.filter(workspace=workspace, pk__in=ids, pinned=False).delete()
    return evicted, pinned
