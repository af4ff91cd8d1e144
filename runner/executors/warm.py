"""Warm starts: steps that are one plain Python call begin in a process that has their libraries loaded.

For each environment (interpreter and variables) there is a small tree of zygotes; a fork costs what is mapped, so a
step gets the lightest one that has what its code imports. A step never waits for one: while none is ready, it takes
the best there is or starts cold, and the missing one is made in the background. What steps turn out to import, although
their code does not show it, the next zygote has too.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.conf import settings

from runner.executors.imports import needs_of
from runner.executors.launcher import TOKEN
from runner.executors.processes import Call, Started, launcher
from runner.executors.python_calls import python_call
from runner.executors.zygotes import ZygoteClient

log = logging.getLogger("portline.worker")

MOST_ZYGOTES = 8
MOST_MEMORY = 1024**3
# One that was used more recently is not given up for another.
KEPT_SECONDS = 60.0
REMEMBERED = 1000
# A zygote that is gone without a module to blame; after so many, this environment's steps start cold.
MOST_FAILURES = 5
# Variables that differ from step to step. Zygotes have all others from their start, as libraries read them then.
_OF_A_STEP = ("AZURE_ML_", "AZUREML_", "CUDA_VISIBLE_DEVICES", "TMPDIR", TOKEN)


@dataclass
class _Tree:
    """The zygotes of one environment. The root has nothing loaded; the others stand by the packages they are for."""

    python: str
    env: Mapping[str, str]
    root: ZygoteClient | None = None
    groups: dict[frozenset[str], ZygoteClient] = field(default_factory=dict)
    begun: dict[frozenset[str], ZygoteClient] = field(default_factory=dict)
    # Packages that must not be preloaded.
    unfit: set[str] = field(default_factory=set)
    failures: int = 0

    def ready(self) -> list[ZygoteClient]:
        return [*([self.root] if self.root and self.root.ready else []), *self.groups.values()]

    def all(self) -> list[ZygoteClient]:
        return [*([self.root] if self.root else []), *self.groups.values(), *self.begun.values()]

    def forget(self, zygote: ZygoteClient) -> bool:
        """Take it out; False if it was not in use any more."""
        found = zygote in self.all()
        if self.root is zygote:
            self.root = None
        for group in (self.groups, self.begun):
            for packages in [packages for packages, other in group.items() if other is zygote]:
                del group[packages]
        return found


class WarmStarts:
    """The zygotes of this worker process. Its methods may be called by any thread."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._trees: dict[object, _Tree] = {}
        self._learned: OrderedDict[str, list[str]] = OrderedDict()
        self._codes: dict[str, str] = {}
        self.warm = self.cold = 0

    def start(self, call: Call) -> Started:
        """Start a call, as the launcher's `start`: warm where that is possible, cold otherwise."""
        zygote = self._zygote_for(call) if settings.WARM_STARTS and call.warm else None
        if zygote is not None:
            try:
                started = zygote.start(call)
            except OSError as error:
                log.warning("A warm start failed (%s); the step starts cold and the zygote is replaced", error)
                call.note("The process that was to start this step warm failed. It is replaced; the step starts cold.")
            else:
                self.warm += 1
                return started
        self.cold += 1
        return launcher.start(call)

    def stop(self) -> None:
        """End all zygotes and what runs in them."""
        with self._lock:
            zygotes = [zygote for tree in self._trees.values() for zygote in tree.all()]
            self._trees.clear()
        for zygote in zygotes:
            zygote.stop()
        for zygote in zygotes:
            zygote.join()

    def ready(self) -> list[ZygoteClient]:
        with self._lock:
            return [zygote for tree in self._trees.values() for zygote in tree.ready()]

    def _zygote_for(self, call: Call) -> ZygoteClient | None:
        """The lightest that has what the call imports, else the one that has most of it, if there is any."""
        python = python_call(call.argv, call.env)
        if python is None:
            return None
        needs = needs_of(python, call.cwd)
        with self._lock:
            tree = self._tree(call)
            # What was learned in the order in which it was imported: packages before their parts.
            ordered = [*sorted(needs.names), *self._learned.get(needs.key, ())]
            names = [name for name in ordered if name.partition(".")[0] not in tree.unfit]
            best = min(
                tree.ready(),
                key=lambda zygote: (len(set(names) - zygote.modules), len(zygote.modules)),
                default=None,
            )
            self._provide(tree, names, best)
            if best is not None:
                best.running.add(call.token)
                # From one with less there is nothing to learn: most of what its step imports is known.
                if best.modules.issuperset(names):
                    self._codes[call.token] = needs.key
            return best

    def _tree(self, call: Call) -> _Tree:
        env = {name: value for name, value in call.env.items() if not name.startswith(_OF_A_STEP)}
        key = (call.argv[0], tuple(sorted(env.items())))
        tree = self._trees.get(key)
        if tree is not None and tree.root is not None and tree.root.outdated():
            # Packages were installed or removed: what is loaded is not what a step would get.
            for zygote in tree.all():
                zygote.retire()
            tree = None
        if tree is None:
            tree = self._trees[key] = _Tree(call.argv[0], env)
        return tree

    def _provide(self, tree: _Tree, names: list[str], best: ZygoteClient | None) -> None:
        """Begin a zygote for these modules where the best there is has less, or much else, and there is room.

        Code that uses the same packages shares one, with what any of it imports; a larger one takes its place.
        """
        if tree.failures >= MOST_FAILURES:
            return
        packages = _packages(names)
        enough = best is not None and best.modules.issuperset(names)
        if packages in tree.begun or (enough and best is not None and _packages(best.names) <= packages):
            return
        present = tree.groups.get(packages)
        if tree.root is None:
            self._begin(tree, frozenset(), [], None)
        elif tree.root.ready and (present is not None or self._make_room(needed=not enough)):
            wanted = list(dict.fromkeys([*(present.names if present else ()), *names]))
            fitting = [tree.root, *(tree.groups[other] for other in tree.groups if other <= packages)]
            parent = max(fitting, key=lambda zygote: len(zygote.modules.intersection(wanted)))
            self._begin(tree, packages, wanted, parent)

    def _make_room(self, needed: bool) -> bool:
        """Whether one more may begin. Where it is needed, the one that was not used for longest makes room for it."""
        everyone = [zygote for tree in self._trees.values() for zygote in tree.all()]
        if len(everyone) < MOST_ZYGOTES and sum(zygote.memory for zygote in everyone) < MOST_MEMORY:
            return True
        since = time.monotonic() - KEPT_SECONDS
        idle = [
            (zygote.used_at, id(zygote), tree)
            for tree in self._trees.values()
            for zygote in (tree.groups.values() or tree.ready())
            if not zygote.running and zygote.used_at <= since
        ]
        if not needed or not idle:
            return False
        _, number, tree = min(idle, key=lambda entry: entry[:2])
        oldest = next(zygote for zygote in tree.all() if id(zygote) == number)
        tree.forget(oldest)
        oldest.retire()
        return True

    def _begin(self, tree: _Tree, packages: frozenset[str], names: list[str], parent: ZygoteClient | None) -> None:
        zygote = ZygoteClient(names, partial(self._ready, tree, packages), partial(self._gone, tree), self._imported)
        try:
            zygote.begin(tree.python, tree.env, parent)
        except OSError as error:
            tree.failures += 1
            log.warning("A zygote could not be started: %s", error)
            return
        if parent is None:
            tree.root = zygote
        else:
            tree.begun[packages] = zygote

    def _ready(self, tree: _Tree, packages: frozenset[str], zygote: ZygoteClient) -> None:
        with self._lock:
            if tree.begun.pop(packages, None) is zygote:
                if packages in tree.groups:
                    tree.groups[packages].retire()
                tree.groups[packages] = zygote

    def _gone(self, tree: _Tree, zygote: ZygoteClient) -> None:
        with self._lock:
            for token in zygote.running:
                self._codes.pop(token, None)
            expected = not tree.forget(zygote) or tree not in self._trees.values()
            if expected:
                return
            if zygote.culprit:
                package = zygote.culprit.partition(".")[0]
                tree.unfit.add(package)
                log.info("%s is not preloaded for steps: %s", package, zygote.why)
            else:
                tree.failures += 1
                log.warning("A zygote is gone: %s", zygote.why)

    def _imported(self, token: str, names: list[str] | None) -> None:
        """Remember what code turned out to import on top of what its zygote had."""
        with self._lock:
            key = self._codes.pop(token, None)
            if key is not None and names:
                learned = self._learned.setdefault(key, [])
                learned += [name for name in names if name not in learned]
                self._learned.move_to_end(key)
                if len(self._learned) > REMEMBERED:
                    self._learned.popitem(last=False)


def _packages(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in names)


warm_starts = WarmStarts()
