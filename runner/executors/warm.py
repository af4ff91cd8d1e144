"""Warm starts: steps that are one plain Python call begin in a process that has their libraries loaded.

For each environment (interpreter and variables) there is a small tree of zygotes; a fork costs what is mapped, so a
step gets the lightest one that has what its code imports. Where that is being made, the step waits: started cold it
would pay for the same imports and throw them away. It is begun for the first step of a run that needs it, and so are
those that the run's other steps will need. What steps turn out to import, although their code does not show it, the
next zygote has too; it is made when nothing runs, and no step waits for it.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from runner.executors.azure_variables import OF_A_STEP
from runner.executors.held import Stop
from runner.executors.imports import Needs
from runner.executors.launcher import TOKEN
from runner.executors.processes import Call, Started, launcher
from runner.executors.python_calls import own_site
from runner.executors.trees import Tree, packages_of
from runner.executors.zygotes import ZygoteClient

log = logging.getLogger("portline.worker")

MOST_ZYGOTES = 8
MOST_MEMORY = 1024**3
# One that was used more recently is not given up for another.
KEPT_SECONDS = 60.0
REMEMBERED = 1000
# A zygote that is gone without a module to blame; after so many, this environment's steps start cold.
MOST_FAILURES = 5
# How long a step waits for its libraries to be loaded, and after how long its log says so.
WAIT_SECONDS = 15.0
TELL_SECONDS = 3.0
LOOK_SECONDS = 0.05
# What was learned is put to use when nothing ran for so long, or where there is no such moment, after a while.
QUIET_SECONDS = 0.03
BUSY_SECONDS = 2.0
# Variables that differ from step to step. Zygotes have all others from their start, as libraries read them then.
_OF_A_STEP = (*OF_A_STEP, "CUDA_VISIBLE_DEVICES", "TMPDIR", TOKEN)


@dataclass(frozen=True)
class _Running:
    """A step whose imports tell something: its zygote had all that its code shows."""

    tree: Tree
    needs: Needs


class WarmStarts:
    """The zygotes of this worker process. Its methods may be called by any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.RLock())
        self._trees: dict[object, Tree] = {}
        self._learned: OrderedDict[str, list[str]] = OrderedDict()
        self._running: dict[str, _Running] = {}
        # What was learned and is not in a zygote yet, since when, and when a step last began or ended.
        self._news: dict[str, _Running] = {}
        self._news_since = self._stirred = 0.0
        self._timer: threading.Timer | None = None
        self.warm = self.cold = 0

    def prepare(self, call: Call, stop: Stop, ahead: Iterable[Call] = ()) -> None:
        """Wait for the libraries that a call imports, where they are being loaded; not for ever, and not once `stop`
        is set. `ahead` are calls of the same environment that will come.
        """
        since, told = time.monotonic(), False
        if not settings.WARM_STARTS or call.needs is None:
            return
        while stop.reason is None:
            with self._changed:
                if not self._is_coming(
                    self._tree(call), [call.needs, *(other.needs for other in ahead if other.needs)]
                ):
                    return
                self._changed.wait(LOOK_SECONDS)
            waited = time.monotonic() - since
            if waited > WAIT_SECONDS:
                call.note(f"The libraries that this step imports were not loaded in {waited:.0f} s; it does not wait.")
                return
            if waited > TELL_SECONDS and not told:
                told = True
                call.note("The libraries that this step imports are being loaded; it starts when they are.")

    def start(self, call: Call) -> Started:
        """Start a call, as the launcher's `start`: warm where that is possible, cold otherwise."""
        zygote = self._zygote_for(call) if settings.WARM_STARTS else None
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
        with self._changed:
            zygotes = [zygote for tree in self._trees.values() for zygote in tree.all()]
            self._trees.clear()
            self._news.clear()
        for zygote in zygotes:
            zygote.stop()
        for zygote in zygotes:
            zygote.join()

    def ready(self) -> list[ZygoteClient]:
        with self._changed:
            return [zygote for tree in self._trees.values() for zygote in tree.ready()]

    def settled(self) -> bool:
        """Whether no zygote is being made or about to be."""
        with self._changed:
            making = any(tree.making() or tree.wanted for tree in self._trees.values())
            return not (making or self._running or self._news)

    def _is_coming(self, tree: Tree, needs: list[Needs]) -> bool:
        """See to it that all of this is loaded somewhere. Whether the first of it is being loaded."""
        for each in needs:
            names = tree.fit(sorted(each.names))
            tree.want(packages_of(names), names)
        self._advance(tree)
        names = tree.fit(needs[0].names)
        # Without imports there is nothing that is worth to wait for.
        return bool(names) and not tree.has(names) and tree.will_have(names)

    def _zygote_for(self, call: Call) -> ZygoteClient | None:
        if call.needs is None:
            return None
        with self._changed:
            tree = self._tree(call)
            self._is_coming(tree, [call.needs])
            shown = tree.fit(sorted(call.needs.names))
            names = [*shown, *tree.fit(self._learned.get(call.needs.key, ()))]
            best = tree.best(names)
            if best is None:
                return None
            self._stirred = time.monotonic()
            best.running.add(call.token)
            # From one with less there is nothing to learn: most of what its step imports is known.
            if best.modules.issuperset(shown):
                self._running[call.token] = _Running(tree, call.needs)
                if not best.modules.issuperset(names):
                    self._has_news(self._running[call.token])
            return best

    def _tree(self, call: Call) -> Tree:
        own = _OF_A_STEP + (("PIP_TARGET", "PYTHONPATH") if own_site(call.env) else ())
        env = {name: value for name, value in call.env.items() if not name.startswith(own)}
        key = (call.argv[0], tuple(sorted(env.items())))
        tree = self._trees.get(key)
        if tree is not None and tree.root is not None and tree.root.outdated():
            # Packages were installed or removed: what is loaded is not what a step would get.
            for zygote in tree.all():
                zygote.retire()
            tree = None
        if tree is None:
            tree = self._trees[key] = Tree(call.argv[0], env)
        return tree

    def _advance(self, tree: Tree) -> None:
        """Begin what is wanted, where there is room."""
        if tree.failures >= MOST_FAILURES:
            tree.wanted.clear()
        elif tree.root is None:
            self._begin(tree, frozenset(), [], None)
        elif tree.root.ready:
            while (found := tree.next()) is not None:
                parent, packages, names, replaced = found
                if replaced or self._make_room():
                    self._begin(tree, packages, names, parent)

    def _make_room(self) -> bool:
        """Whether one more may begin; the one that was not used for longest makes room for it."""
        everyone = [zygote for tree in self._trees.values() for zygote in tree.all()]
        if len(everyone) < MOST_ZYGOTES and sum(zygote.memory for zygote in everyone) < MOST_MEMORY:
            return True
        since = time.monotonic() - KEPT_SECONDS
        idle = [
            (zygote.used_at, id(zygote), zygote, tree)
            for tree in self._trees.values()
            for zygote in (tree.others or tree.all())
            if zygote.ready and not zygote.running and zygote.used_at <= since
        ]
        if not idle:
            return False
        _, _, oldest, tree = min(idle, key=lambda entry: entry[:2])
        tree.forget(oldest)
        oldest.retire()
        return True

    def _begin(self, tree: Tree, packages: frozenset[str], names: list[str], parent: ZygoteClient | None) -> None:
        zygote = ZygoteClient(names, partial(self._ready, tree), partial(self._gone, tree), self._imported)
        zygote.packages = packages
        zygote.modules = frozenset(names) | (parent.modules if parent else frozenset())
        try:
            zygote.begin(tree.python, tree.env, parent)
        except OSError as error:
            tree.failures += 1
            log.warning("A zygote could not be started: %s", error)
            return
        if parent is None:
            tree.root = zygote
        else:
            tree.others.append(zygote)

    def _ready(self, tree: Tree, zygote: ZygoteClient) -> None:
        with self._changed:
            if zygote in tree.all():
                for other in tree.replaced_by(zygote):
                    tree.forget(other)
                    other.retire()
                self._advance(tree)
            self._changed.notify_all()

    def _gone(self, tree: Tree, zygote: ZygoteClient) -> None:
        with self._changed:
            for token in zygote.running:
                self._running.pop(token, None)
            expected = not tree.forget(zygote) or tree not in self._trees.values()
            if not expected and zygote.culprit:
                package = zygote.culprit.partition(".")[0]
                tree.unfit.add(package)
                log.info("%s is not preloaded for steps: %s", package, zygote.why)
            elif not expected:
                tree.failures += 1
                log.warning("A zygote is gone: %s", zygote.why)
            if tree.wanted and tree in self._trees.values():
                self._advance(tree)
            self._changed.notify_all()

    def _imported(self, token: str, names: list[str] | None) -> None:
        """Remember what code turned out to import on top of what its zygote had."""
        with self._changed:
            self._stirred = time.monotonic()
            running = self._running.pop(token, None)
            if running is not None and names:
                key = running.needs.key
                learned = self._learned.setdefault(key, [])
                learned += [name for name in names if name not in learned]
                self._learned.move_to_end(key)
                if len(self._learned) > REMEMBERED:
                    self._learned.popitem(last=False)
                self._has_news(running)

    def _has_news(self, running: _Running) -> None:
        """Have what was learned of some code put to use in a moment."""
        if not self._news:
            self._news_since = time.monotonic()
            self._set_timer()
        self._news[running.needs.key] = running

    def _set_timer(self) -> None:
        self._timer = threading.Timer(QUIET_SECONDS, self._improve)
        self._timer.daemon = True
        self._timer.start()

    def _improve(self) -> None:
        """Have zygotes made with what was learned, one in the place of each that lacks some of it."""
        with self._changed:
            now = time.monotonic()
            quiet = now - self._stirred >= QUIET_SECONDS and not any(tree.busy() for tree in self._trees.values())
            if self._news and not quiet and now - self._news_since < BUSY_SECONDS:
                self._set_timer()
                return
            for key, running in self._news.items():
                tree = running.tree
                if tree not in self._trees.values():
                    continue
                shown = tree.fit(sorted(running.needs.names))
                # In the order in which it was imported: packages before their parts.
                names = [*shown, *tree.fit(self._learned.get(key, ()))]
                base = tree.best(shown)
                # The root stays bare.
                packages = packages_of(names) if base is None or base is tree.root else base.packages
                tree.want(packages, names)
            self._news.clear()
            for tree in self._trees.values():
                self._advance(tree)


warm_starts = WarmStarts()
