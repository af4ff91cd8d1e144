"""Imports into a process that is forked afterwards: only what leaves nothing behind that a fork would break or share.

Standard library only; runs within a zygote.

A thread does not survive a fork, and a lock that it held stays locked; a process, an open file or a temporary file
would be shared by all steps; what an import prints, a step would not print. A module that leaves any of these is not
preloaded: steps import it themselves, as in a cold start. Two libraries can be had without their threads:

* pyarrow and polars bring an allocator (jemalloc) with a thread that gives memory back; it is switched off.
* polars starts a thread that deletes spilled files, in `__register_startup_deps`. The call is put off until after the
  fork, so that each step has that thread as in a cold start. Its pool for computing is made when first used. So a
  fork after the import alone is safe, although one after the first use is not.

OpenBLAS starts its pool with the import, and stops it before a fork by a handler of its own; it starts it again when
it is next used. One empty fork shows whether threads are of that kind.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterable
from typing import Any

from runner.executors.launcher import _children_of

ALLOCATORS = {"_RJEM_MALLOC_CONF": "background_thread:false", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

# What is to be called in each child, for the modules that were loaded.
deferred: list[Callable[[], object]] = []


class Unfit(Exception):
    """A module left something behind; this process must not be forked for steps."""


def preload(names: Iterable[str], begin: Callable[[str], None]) -> list[str]:
    """Import modules in this order; `begin` is told each before. Answers those that this environment does not have.

    Raises Unfit for a module that left something behind, ImportError for one that is there but cannot be imported.
    """
    missing = []
    _defer_polars()
    before = _traces()
    for name in names:
        begin(name)
        if name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if not f"{name}.".startswith(f"{error.name}."):
                raise
            missing.append(name)
        # What is left in a buffer, every child would print.
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        if len(os.listdir("/proc/self/task")) > 1:
            _empty_fork()
        left = {what: found for what, found in _traces().items() if found != before[what]}
        if left:
            raise Unfit(", ".join(left))
    return missing


def _traces() -> dict[str, object]:
    return {
        "threads": len(os.listdir("/proc/self/task")),
        "processes": _children_of(os.getpid()),
        "open files": sorted(os.listdir("/proc/self/fd")),
        "output": os.fstat(2).st_size,
        "temporary files": sorted(os.listdir(os.environ["TMPDIR"])),
        "the working folder": os.getcwd(),
        "signal handlers": [signal.getsignal(number) for number in signal.valid_signals()],
        "sys.path": list(sys.path),
    }


def _empty_fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _defer_polars() -> None:
    if not any(isinstance(finder, _PolarsFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _PolarsFinder())


class _PolarsFinder:
    """Replaces one function of polars' compiled part as soon as that is loaded. Not there any more after the fork."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if not (name.startswith("_polars_runtime") and name.endswith("._polars_runtime")):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_defer(module: Any) -> None:
                load(module)
                _defer(module.__dict__, "__register_startup_deps")

            spec.loader.exec_module = load_and_defer  # type: ignore[method-assign]
        return spec


def _defer(scope: dict[str, Any], name: str) -> None:
    function = scope.get(name)
    if function is None:
        return

    def later(*args: object) -> None:
        deferred.append(lambda: function(*args))

    deferred.append(lambda: scope.__setitem__(name, function))
    scope[name] = later


def end_preloading() -> None:
    """In a child: make everything as an import in a cold start leaves it."""
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _PolarsFinder)]
    for call in deferred:
        call()
