"""Garbage collection: which results, runs and outputs are given up, and which content of the store nobody needs then.

What is kept, and by what (docs/guide/storage.md has the table for users):

* A run, with its steps, events and logs, is kept until somebody deletes it or asks for runs that old to be deleted.
  Runs in flight, and runs that made a pinned result, are never deleted.
* A result is known until it is evicted or no run is left that has it. A pinned one is never evicted.
* Content of an output is kept while a run shows it. Only where that is asked for (`outputs`) is it given up although
  its run stays; then the output says so, and its preview remains. Never that of runs in flight or of pinned results.
* Registered data and code of components are kept for ever.
* What no row refers to is taken away when it is a day old. Content is published before the row that refers to it is
  committed, and equal content may be published again at any moment: how that is safe, `registry.contents` says. Rows
  that were committed while this looked are seen by the second look, right before the deletion.

Everything is planned first and done afterwards, so that a dry run tells what would happen.
"""

import shutil
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from registry import contents, store
from registry.contents import whole
from registry.models import CodeSnapshot, DataAsset, Workspace
from runner import environments
from runner.cached import LAST_USED
from runner.environments.disk import environments_unused
from runner.executors import downloads, identity
from runner.executors.downloads import CACHE, WORKERS
from runner.models import Artifact, CacheEntry, Iteration, Run, Step
from runner.services.deleting import NotDeletable, run_delete, settle
from runner.services.recovery import is_gone

BATCH = 500


@dataclass(frozen=True)
class Order:
    """What is to be given up. `older_than` counts from the last use, `max_size` is in bytes, None is: not by that.

    `workspaces` are the ones whose results and runs are meant; content is shared by all.
    """

    workspaces: Collection[Workspace]
    older_than: timedelta | None = None
    max_size: int | None = None
    outputs: bool = False
    runs_older_than: timedelta | None = None


@dataclass
class Plan:
    """What an order means now: ids of results and runs, and the contents of outputs."""

    results: list[int] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)
    outputs: dict[str, int] = field(default_factory=dict)


@dataclass
class Taken:
    """What was taken away, or would be: number and bytes by what it is."""

    number: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def count(self, what: str, size: int) -> None:
        self.number[what] += 1
        self.bytes[what] += size


def plan(order: Order) -> Plan:
    """Decide, without changing anything."""
    if not order.outputs:
        return Plan(_old_results(order), _old_runs(order))
    outputs = _old_outputs(order)
    # A result without its outputs is none.
    results = {*_results_with(outputs, order.workspaces), *_old_results(replace(order, max_size=None))}
    return Plan(sorted(results), _old_runs(order), outputs)


def give_up(found: Plan, workspaces: Collection[Workspace]) -> list[str]:
    """Do what was planned with rows. Answers why some of it was not done."""
    for batch in _batches(found.results):
        CacheEntry.objects.filter(pk__in=batch, pinned=False).delete()
    if found.outputs:
        _evict_outputs(found.outputs, workspaces)
    faults = []
    for run in Run.objects.filter(pk__in=found.runs).defer("document"):
        try:
            run_delete(run=run)
        except NotDeletable as refused:
            faults.append(refused.sentence)
    return faults


def sweep_store(taken: Taken, without: Plan | None = None) -> None:
    """Take away what no row refers to. With a plan this is dry: it counts what would go if that were done."""
    wanted = _wanted(without)
    for shard in contents.shards():
        unwanted = [each for each in contents.contents(shard) if each.location not in wanted and not each.young]
        if unwanted and without is None:
            try:
                unwanted = contents.take_away(unwanted, lambda shard=shard: _wanted(shard=shard))  # type: ignore[misc]
            except (OSError, store.StoreError) as error:
                taken.faults.append(f"{shard} could not be cleared: {error}")
                continue
        for content in unwanted:
            taken.count("content", content.size)
    for path in contents.abandoned_drafts():
        _remove(path, "draft", taken, dry=without is not None)


def sweep_work(taken: Taken, dry: bool) -> None:
    """Take away what workers of this machine that are no more left, and downloads that no step reads or read lately."""
    for path in _entries(settings.WORK_DIR / WORKERS):
        if path.name != identity.name and is_gone(path.name):
            _remove(path, "work", taken, dry)
    for path in _entries(settings.WORK_DIR / CACHE / contents.DRAFTS):
        if time.time() - path.stat().st_mtime > store.YOUNG_SECONDS:
            _remove(path, "download", taken, dry)
    for size in downloads.trim(limit=0, unused_for=store.YOUNG_SECONDS, dry=dry):
        taken.count("download", size)
    for environment in environments_unused():
        if dry or environments.remove(environment.digest):
            taken.count("environment", environment.size)


def _old_runs(order: Order) -> list[int]:
    if order.runs_older_than is None:
        return []
    ended = Run.objects.filter(workspace__in=order.workspaces, ended_at__lt=timezone.now() - order.runs_older_than)
    pinned = CacheEntry.objects.filter(workspace__in=order.workspaces, pinned=True).values("step__run")
    return list(ended.exclude(pk__in=pinned).order_by("pk").values_list("pk", flat=True))


def _old_results(order: Order) -> list[int]:
    entries = CacheEntry.objects.filter(workspace__in=order.workspaces).annotate(last_used=LAST_USED)
    rows = list(entries.order_by("last_used", "pk").values_list("pk", "step", "pinned", "last_used"))
    old = set()
    if order.older_than is not None:
        limit = timezone.now() - order.older_than
        old = {pk for pk, _, pinned, used in rows if not pinned and used < limit}
    if order.max_size is not None:
        locations: dict[int, list[tuple[str, int]]] = {}
        made = Artifact.objects.filter(step__in=entries.values("step"), evicted_at=None)
        for step, location, size in made.values_list("step", "location", "size"):
            locations.setdefault(step, []).append((whole(location), size))
        held = Counter(place for _, step, _, _ in rows for place, _ in locations.get(step, ()))
        total = sum(dict(pair for pairs in locations.values() for pair in pairs).values())
        for pk, step, pinned, _ in rows:
            # Those that go for their age make room first.
            if pinned or (pk not in old and total <= order.max_size):
                continue
            old.add(pk)
            for place, size in locations.get(step, ()):
                held[place] -= 1
                total -= size if not held[place] else 0
    return sorted(old)


def _old_outputs(order: Order) -> dict[str, int]:
    """Contents that may be given up, and their bytes: those of ended runs, without those of pinned results."""
    rows = Artifact.objects.filter(workspace__in=order.workspaces, evicted_at=None)
    pinned = CacheEntry.objects.filter(pinned=True).values("step")
    needed = _locations(Artifact.objects.filter(Q(run__ended_at=None) | Q(step__in=pinned), evicted_at=None))
    needed |= _locations(DataAsset.objects.all())
    used: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    grouped = rows.order_by().values_list("location").annotate(Max("size"), Max("created_at"))
    for location, size, at in grouped.iterator():
        place = whole(location)
        used[place] = max(at, used.get(place, at))
        sizes[place] = max(size, sizes.get(place, 0))
    total = sum(sizes.values())
    limit = timezone.now() - order.older_than if order.older_than is not None else None
    found = {}
    for place in sorted(used, key=lambda place: (used[place], place)):
        old = limit is not None and used[place] < limit
        too_much = order.max_size is not None and total > order.max_size
        if place not in needed and (old or too_much):
            found[place] = sizes[place]
            total -= sizes[place]
    return found


def _evict_outputs(outputs: Collection[str], workspaces: Collection[Workspace]) -> None:
    """Mark outputs as given up, except those that a run in flight or a pinned result needs by now."""
    # Results are evicted by now: whoever found one before is done after this, and their runs are seen below.
    settle()
    for batch in _batches(list(outputs)):
        with transaction.atomic():
            rows = Artifact.objects.filter(workspace__in=workspaces, location__in=batch, evicted_at=None)
            pinned = CacheEntry.objects.filter(pinned=True).values("step")
            needed = _locations(rows.filter(Q(run__ended_at=None) | Q(step__in=pinned)))
            rows.exclude(location__in=needed).update(evicted_at=timezone.now())


def _wanted(without: Plan | None = None, shard: str = "") -> set[str]:
    """The contents that rows refer to, all of them or those of one shard."""
    artifacts = Artifact.objects.filter(evicted_at=None)
    code = CodeSnapshot.objects.all()
    assets = DataAsset.objects.all()
    if shard:
        artifacts, assets = (rows.filter(location__startswith=f"{shard}/") for rows in (artifacts, assets))  # type: ignore[assignment]
        code = code.filter(digest__startswith=shard.rpartition("/")[2])
    wanted = _locations(assets) | {snapshot.location for snapshot in code.only("digest").iterator()}
    if without is None:
        return wanted | _locations(artifacts) | _given(Step.objects.all()) | _given(Iteration.objects.all())
    runs = set(without.runs)
    rows = artifacts.order_by().values_list("location", "run").distinct().iterator()
    wanted |= {whole(location) for location, run in rows if run not in runs} - set(without.outputs)
    wanted |= _given(Step.objects.exclude(run__in=runs)) | _given(Iteration.objects.exclude(loop__run__in=runs))
    return wanted


def _locations(rows: Any) -> set[str]:
    """Where the content of rows lies; of data that is fetched from an address, nowhere."""
    found = rows.order_by().values_list("location", flat=True).distinct().iterator()
    return {whole(location) for location in found if location}


def _given(rows: Any) -> set[str]:
    """What steps and iterations were given as data."""
    assets = rows.exclude(assets={}).order_by().values_list("assets", flat=True).iterator()
    return {whole(asset["location"]) for given in assets for asset in given.values() if "location" in asset}


def _results_with(outputs: Collection[str], workspaces: Collection[Workspace]) -> list[int]:
    found: list[int] = []
    for batch in _batches(list(outputs)):
        makers = Artifact.objects.filter(location__in=batch, evicted_at=None).values("step")
        entries = CacheEntry.objects.filter(workspace__in=workspaces, pinned=False, step__in=makers)
        found += entries.values_list("pk", flat=True)
    return found


def _batches(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _remove(path: Path, what: str, taken: Taken, dry: bool) -> None:
    try:
        size = contents.size_of(path)
        if not dry:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    except FileNotFoundError:
        return  # whoever it belonged to was faster
    except OSError as error:
        taken.faults.append(f"{path} could not be deleted: {error.strerror}")
        return
    taken.count(what, size)
