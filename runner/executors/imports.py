"""Which libraries a step's code imports, read from the code without running it.

Followed are the modules in the code folder; names are dotted as the code has them (`sklearn.linear_model`), since a
package alone often loads little. The standard library is left out: it is quick, and mostly loaded anyway.
"""

import ast
import hashlib
import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from runner.executors.python_calls import PythonCall

LARGEST_FILE = 1024 * 1024
REMEMBERED = 1024
_parsing = threading.Lock()


@dataclass(frozen=True)
class Needs:
    """`names`: the libraries' modules. `key`: the same for the same code, whatever folder it lies in."""

    names: frozenset[str]
    key: str


_known: OrderedDict[tuple[str, str, str], Needs] = OrderedDict()


def known_needs(call: PythonCall, folder: Path, digest: str) -> Needs:
    """The same as `needs_of`; what is asked of code that was read before, by the digest of its folder, is known."""
    outside = call.kind == "file" and (os.path.isabs(call.target) or ".." in call.target.split("/"))
    if not digest or outside:
        return needs_of(call, folder)
    key = (digest, call.kind, call.target)
    if (found := _known.get(key)) is None:
        found = _known[key] = needs_of(call, folder)
        if len(_known) > REMEMBERED:
            _known.popitem(last=False)
    return found


def needs_of(call: PythonCall, folder: Path) -> Needs:
    """Read the call's code and what it imports from beside it. What cannot be read imports nothing."""
    found: set[str] = set()
    digest = hashlib.sha256()
    start = (folder / call.target).parent if call.kind == "file" else folder
    waiting: list[tuple[str, Path]] = []
    if call.kind == "file":
        waiting = [("", folder / call.target)]
    elif call.kind == "module":
        waiting = _follow(start, "", ((0, call.target), (0, f"{call.target}.__main__")), found)
        found.discard(f"{call.target}.__main__")
    else:
        digest.update(call.target.encode())
        waiting = _follow(start, "", _imports(call.target.encode()), found)
    seen: set[Path] = set()
    while waiting:
        package, path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        source = _read(path)
        digest.update(source)
        waiting += _follow(start, package, _imports(source), found)
    names = {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}
    return Needs(frozenset(names), digest.hexdigest())


def _follow(start: Path, package: str, imports: tuple[tuple[int, str], ...], found: set[str]) -> list[tuple[str, Path]]:
    """The files beside the code that these imports read; what is not beside it is added to `found`."""
    files = []
    for level, name in imports:
        if level:
            parents = package.split(".")
            name = ".".join([*parents[: len(parents) - level + 1], *([name] if name else [])])
        files += _local(start, name)
        first = start / name.partition(".")[0]
        if not level and not first.is_dir() and not first.with_name(f"{first.name}.py").is_file():
            found.add(name)
    return files


def _local(start: Path, name: str) -> list[tuple[str, Path]]:
    """The files beside the code that importing a module reads, each with the package that it belongs to."""
    files = []
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        place = start.joinpath(*parts[:count])
        if (place / "__init__.py").is_file():
            files.append((".".join(parts[:count]), place / "__init__.py"))
        elif place.with_name(f"{place.name}.py").is_file():
            files.append((".".join(parts[: count - 1]), place.with_name(f"{place.name}.py")))
    return files


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
    except OSError:
        return b""


@lru_cache(maxsize=1024)
def _imports(source: bytes) -> tuple[tuple[int, str], ...]:
    """The level (dots) and name of everything that is imported, also within functions."""
    try:
        # Python 3.11 counts how deep it is for the whole process, so that two threads at once fail each other.
        with _parsing:
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, SystemError):
        return ()
    return tuple(dict.fromkeys(_named(tree)))


def _named(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        yield from ((0, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if module:
            yield node.level, module
        # What has a capital letter is a class; anything else may be a module.
        yield from ((node.level, f"{module}.{alias.name}".strip(".")) for alias in node.names if alias.name.islower())
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.orelse:
            yield from _named(statement)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _named(child)
