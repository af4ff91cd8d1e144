"""The zygotes of one environment: which there are, which are wanted, and from which the next one is forked.

What is forked shares its memory with what it was forked from, and an import that was paid for is not paid again. So
there is one after the other: what is wanted waits for a zygote that is being made and has some of it, and is forked
from the one that has most. One that was replaced by a larger one goes, unless it is much lighter: a fork costs what is
mapped, about 1 ms for 10 MB.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from runner.executors.zygotes import ZygoteClient

SLACK = 32 * 1024**2
"""By how much a zygote may be heavier than one that it replaces."""
LIGHT = 256 * 1024**2
"""A zygote of up to this is forked also for what needs only some of it."""


def packages_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.partition(".")[0] for name in names)


@dataclass(eq=False)
class Tree:
    """The root has nothing loaded. `wanted` are modules in the order of their import, by the packages they are of."""

    python: str
    env: Mapping[str, str]
    root: ZygoteClient | None = None
    others: list[ZygoteClient] = field(default_factory=list)
    wanted: dict[frozenset[str], list[str]] = field(default_factory=dict)
    # Packages that must not be preloaded.
    unfit: set[str] = field(default_factory=set)
    failures: int = 0

    def all(self) -> list[ZygoteClient]:
        return [*([self.root] if self.root else []), *self.others]

    def ready(self) -> list[ZygoteClient]:
        return [zygote for zygote in self.all() if zygote.ready]

    def making(self) -> list[ZygoteClient]:
        return [zygote for zygote in self.all() if not zygote.ready]

    def busy(self) -> bool:
        return any(zygote.running for zygote in self.all())

    def fit(self, names: Iterable[str]) -> list[str]:
        """Without those that must not be preloaded."""
        return [name for name in names if name.partition(".")[0] not in self.unfit]

    def best(self, names: Collection[str]) -> ZygoteClient | None:
        """The lightest that has these modules, else the one that has most of them, if there is any."""
        wanted = set(names)
        return min(self.ready(), key=lambda zygote: (len(wanted - zygote.modules), len(zygote.modules)), default=None)

    def has(self, names: Collection[str]) -> bool:
        return any(zygote.modules.issuperset(names) for zygote in self.ready())

    def will_have(self, names: Collection[str]) -> bool:
        """Whether a zygote with these modules is being made, or is to be."""
        return packages_of(names) in self.wanted or any(zygote.modules.issuperset(names) for zygote in self.making())

    def want(self, packages: frozenset[str], names: Collection[str]) -> None:
        """Have a zygote made with these modules, where none has them or is about to."""
        if not any(zygote.modules.issuperset(names) for zygote in self.all()):
            self.wanted[packages] = list(dict.fromkeys([*self.wanted.get(packages, ()), *names]))

    def next(self) -> tuple[ZygoteClient, frozenset[str], list[str], list[ZygoteClient]] | None:
        """Take the smallest of what is wanted and need not wait: its parent, packages and modules, and what has its
        place in it.
        """
        assert self.root is not None
        for packages in sorted(self.wanted, key=len):
            if any(packages & zygote.packages for zygote in self.making()):
                continue
            names = self.fit(self.wanted.pop(packages))
            if any(zygote.modules.issuperset(names) for zygote in self.all()):
                continue
            kin = [zygote for zygote in self.others if zygote.ready and zygote.packages & packages]
            within = [zygote for zygote in kin if zygote.packages <= packages]
            fitting = [self.root, *(zygote for zygote in kin if zygote in within or zygote.weight <= LIGHT)]
            parent = max(fitting, key=lambda zygote: len(zygote.modules.intersection(names)))
            kept = [parent, *(zygote for zygote in within if zygote is not parent)]
            names = [*(name for zygote in kept for name in zygote.names), *names]
            packages = packages.union(*(zygote.packages for zygote in kept))
            return parent, packages, list(dict.fromkeys(self.fit(names))), kept[parent is self.root :]
        return None

    def replaced_by(self, new: ZygoteClient) -> list[ZygoteClient]:
        """Those that nobody needs any more since this one is ready."""
        return [
            zygote
            for zygote in self.others
            if zygote is not new
            and zygote.ready
            and new.modules.issuperset(zygote.names)
            and new.weight <= zygote.weight + SLACK
        ]

    def forget(self, zygote: ZygoteClient) -> bool:
        """Take it out; False if it was not in use any more."""
        if self.root is zygote:
            self.root = None
        elif zygote in self.others:
            self.others.remove(zygote)
        else:
            return False
        return True
