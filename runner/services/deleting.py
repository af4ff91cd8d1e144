"""Deleting runs: their rows. What lies in the store for them is collected later, by `runner.services.collecting`."""

import time
from typing import Any

from django.db import connection, transaction

from registry.refusal import Refusal
from runner.engine.states import StepStatus
from runner.models import Artifact, Attempt, CacheEntry, Event, LogChunk, Run, Step, StepEdge

# Longer than any transaction of this program takes.
SETTLE_SECONDS = 10.0


class NotDeletable(Refusal):
    code = "not_deletable"


def run_delete(*, run: Run) -> None:
    """Delete a run that has ended, with its steps, logs, events and outputs. Raises NotDeletable.

    A result that a later run was answered with stays known, as that run's; the others go with the run.
    """
    if not run.ended:
        raise NotDeletable(f"Run {run.pk} has not ended. Cancel it first, then it can be deleted.")
    with transaction.atomic():
        entries = CacheEntry.objects.select_for_update().filter(step__run=run.pk)
        pinned = [entry.step_id for entry in entries if entry.pinned]
        if pinned:
            title = Step.objects.values_list("title", flat=True).get(pk=pinned[0])
            many = f" and {len(pinned) - 1} more" if len(pinned) > 1 else ""
            raise NotDeletable(
                f"Run {run.pk} made pinned results (“{title}”{many}). Unpin them on the cache page, "
                "then the run can be deleted."
            )
        _hand_over(list(entries), run)
    # Whoever found a result of this run before it was handed over is done after this; nobody finds one any more.
    settle()
    with transaction.atomic():
        # From the leaves, so that no step of this reads rows only to delete them.
        _delete_all(LogChunk.objects.filter(attempt__step__run=run.pk))
        _delete_all(Event.objects.filter(run=run.pk))
        _delete_all(StepEdge.objects.filter(target__run=run.pk))
        _delete_all(Artifact.objects.filter(run=run.pk))
        _delete_all(Attempt.objects.filter(step__run=run.pk))
        Run.objects.get(pk=run.pk).delete()


def settle() -> None:
    """Wait until every transaction that is open now has ended. On SQLite writers take turns, so there it is now."""
    if connection.vendor != "postgresql":
        return
    open_since = (
        "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start < %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
        end = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < end:
            cursor.execute(open_since, [now])
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)


def _hand_over(entries: list[CacheEntry], run: Run) -> None:
    """Let results be answered from the newest other run that has the same; forget those that no other run has."""
    keys = {entry.key: entry for entry in entries}
    same = Step.objects.filter(run__workspace=run.workspace_id, key__in=keys, status=StepStatus.COMPLETED)
    whole = same.exclude(run=run.pk).exclude(artifacts__evicted_at__isnull=False)
    # In order, so that the newest of each key stays.
    heirs = dict(whole.order_by("pk").values_list("key", "pk"))
    for key, entry in keys.items():
        if key in heirs:
            CacheEntry.objects.filter(pk=entry.pk).update(step=heirs[key])
    CacheEntry.objects.filter(pk__in=[entry.pk for key, entry in keys.items() if key not in heirs]).delete()


def _delete_all(rows: Any) -> None:
    """In one statement; nothing hangs on these rows that is not deleted before."""
    rows._raw_delete(rows.db)
