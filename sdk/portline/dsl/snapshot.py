"""The code that a function needs, taken out of its module: itself, what it uses of it, and modules that lie beside.

Only what is used goes along: so a step is reused though its author changed something else in the same file, and the
step's environment need not have this package.
"""

import ast
import builtins
import importlib.util
import inspect
import sys
import sysconfig
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError

OWN = ("portline", "azure", "mldesigner")
"""Packages that only write pipelines: steps have nothing of them."""


def source_of(function: Callable[..., Any]) -> tuple[str, dict[str, Path]]:
    """The text of a module that holds the function and what it uses, and the modules beside it by their names.

    Raises PortlineError where the source is not there, or where it uses what a step cannot have.
    """
    module, folder = _module_source(function)
    if function.__code__.co_freevars:
        names = ", ".join(function.__code__.co_freevars)
        raise PortlineError(
            f"`{function.__name__}` uses {names} of the function around it: a step has only what stands in the module.",
            code="usage",
        )
    used = _Used(module, function)
    text = used.text()
    return text, dict(_beside(used.imports(), folder, set()))


def _module_source(function: Callable[..., Any]) -> tuple[str, Path]:
    try:
        file = Path(inspect.getsourcefile(function) or "")
    except TypeError:
        file = Path()
    if file.is_file():
        return file.read_text(encoding="utf-8"), file.resolve().parent
    cells = getattr(sys.modules.get("__main__"), "In", None)  # a notebook's
    if cells:
        return "\n".join(cell for cell in cells if _parses(cell)), Path.cwd()
    raise PortlineError(
        f"The source of `{function.__name__}` cannot be found: write it in a file or a notebook.", code="usage"
    )


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Used:
    """The statements of a module that a function needs."""

    def __init__(self, module: str, function: Callable[..., Any]) -> None:
        self.lines = module.splitlines()
        self.name = function.__name__
        self.tree = ast.parse(module)
        self.own = {name for each in self.tree.body for name in _own_names(each)}
        self.function, self.function_lines = self._found(function)
        self.needed = _loaded(self.function) - {self.name}
        self.kept: set[int] = set()
        self._collect()

    def _found(self, function: Callable[..., Any]) -> tuple[ast.FunctionDef, list[str]]:
        for each in reversed(self.tree.body):
            if isinstance(each, ast.FunctionDef) and each.name == self.name and "<locals>" not in function.__qualname__:
                return each, self.lines
        text = textwrap.dedent(inspect.getsource(function))
        found = ast.parse(text).body[0]
        if not isinstance(found, ast.FunctionDef):
            raise PortlineError(f"`{self.name}` is no plain function: write it with `def`.", code="usage")
        return found, text.splitlines()

    def _collect(self) -> None:
        statements = [
            (index, each) for index, each in enumerate(self.tree.body) if each is not self.function and _counts(each)
        ]
        while True:
            before = len(self.kept)
            for index, each in statements:
                if index in self.kept or _own_names(each):
                    continue
                names = _stored(each)
                if names & self.needed or "*" in names or self._acts(each):
                    self.kept.add(index)
                    self.needed |= _loaded(each)
            if len(self.kept) == before:
                break
        defined = {name for index in self.kept for name in _stored(self.tree.body[index])}
        for name in self.needed & self.own - defined:
            if self._runs_with(name):
                raise PortlineError(
                    f"`{self.name}` uses `{name}`, which only writes pipelines: a step has nothing of it.", code="usage"
                )

    def _acts(self, each: ast.stmt) -> bool:
        """Whether a bare call sets up something that is needed, as in `matplotlib.use("Agg")`."""
        if not isinstance(each, ast.Expr) or isinstance(each.value, ast.Constant):
            return False
        names = _loaded(each) - set(dir(builtins))
        return bool(names) and names <= self.needed

    def _runs_with(self, name: str) -> bool:
        """Whether a name is used when the code runs, not only in annotations, which are never looked at."""
        trees: list[ast.AST] = [self.function, *(self.tree.body[index] for index in self.kept)]
        return any(name in _evaluated(tree, self.own) for tree in trees)

    def imports(self) -> Iterator[ast.AST]:
        """All imports within."""
        for tree in (self.function, *(self.tree.body[index] for index in sorted(self.kept))):
            yield from (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))

    def text(self) -> str:
        parts = ["from __future__ import annotations"]
        grouped = False
        for index in sorted(self.kept):
            each = self.tree.body[index]
            if isinstance(each, ast.ImportFrom) and each.module == "__future__":
                continue
            decorators = [node for node in getattr(each, "decorator_list", ()) if not _roots(node) & self.own]
            dropped = len(decorators) < len(getattr(each, "decorator_list", ()))
            start = min([each.lineno, *(node.lineno for node in decorators)])
            text = "\n".join(self.lines[start - 1 : each.end_lineno])
            if dropped and isinstance(each, ast.ClassDef):
                grouped, text = True, f"@dataclasses.dataclass\n{text}"
            parts.append(text)
        if grouped:
            parts.insert(1, "import dataclasses")
        parts.append(self._function_text())
        return "\n\n".join(parts) + "\n"

    def _function_text(self) -> str:
        """The function without its decorators; defaults that declare inputs become None."""
        lines = self.function_lines[self.function.lineno - 1 : self.function.end_lineno]
        raw = [line.encode() for line in lines]
        first = self.function.lineno
        arguments = self.function.args
        defaults = [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]
        for node in sorted(defaults, key=lambda node: (node.lineno, node.col_offset), reverse=True):
            if _roots(node) & self.own:
                start, end = node.lineno - first, (node.end_lineno or node.lineno) - first
                whole = raw[start][: node.col_offset] + b"None" + raw[end][node.end_col_offset :]
                raw[start : end + 1] = [whole]
        return "\n".join(line.decode() for line in raw)


def _counts(each: ast.stmt) -> bool:
    """Whether a statement may be needed: not what runs only when the file is started, or when types are checked."""
    return not (isinstance(each, ast.If) and _loaded(each.test) & {"__name__", "TYPE_CHECKING"})


def _own_names(each: ast.stmt) -> set[str]:
    """What a statement imports of packages that only write pipelines."""
    if isinstance(each, ast.ImportFrom) and (each.module or "").partition(".")[0] in OWN:
        if (each.module or "").startswith("azure") and not (each.module or "").startswith("azure.ai.ml"):
            return set()
        return {alias.asname or alias.name for alias in each.names}
    if isinstance(each, ast.Import):
        own = [alias for alias in each.names if alias.name.partition(".")[0] in OWN and alias.name != "azure"]
        own = [alias for alias in own if not alias.name.startswith("azure.") or alias.name.startswith("azure.ai.ml")]
        return {alias.asname or alias.name.partition(".")[0] for alias in own}
    return set()


def _stored(each: ast.stmt) -> set[str]:
    """The names that a statement of a module defines or changes."""
    if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {each.name}
    if isinstance(each, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in each.names}
    if isinstance(each, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = each.targets if isinstance(each, ast.Assign) else [each.target]
        return {name for target in targets for name in _roots(target)}
    if isinstance(each, ast.Expr):
        return set()
    return {name for inner in ast.iter_child_nodes(each) if isinstance(inner, ast.stmt) for name in _stored(inner)} | {
        name for handler in getattr(each, "handlers", ()) for inner in handler.body for name in _stored(inner)
    }


def _loaded(tree: ast.AST) -> set[str]:
    """All names that something reads."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _roots(node: ast.AST) -> set[str]:
    """The names that an expression begins with."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, (ast.Tuple, ast.List)):
        return {name for each in node.elts for name in _roots(each)}
    if isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        return _roots(node.value)
    return _roots(node.func) if isinstance(node, ast.Call) else set()


def _evaluated(tree: ast.AST, own: set[str]) -> set[str]:
    """The names that are read when the code runs: without annotations, and decorators and defaults that are dropped."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            for each in value if isinstance(value, list) else [value]:
                dropped = name in ("decorator_list", "defaults", "kw_defaults") and isinstance(each, ast.AST)
                if isinstance(each, ast.AST) and not (dropped and _roots(each) & own):
                    waiting.append(each)
    return found


def _beside(imports: Iterator[ast.AST], folder: Path, seen: set[str]) -> Iterator[tuple[str, Path]]:
    """Modules of one's own that are imported, and what these import in turn."""
    for node in imports:
        if isinstance(node, ast.ImportFrom) and node.level:
            raise PortlineError(
                "A component's module cannot have imports like `from .helpers import x`: name the module in full.",
                code="usage",
            )
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "")]
        for top in {name.partition(".")[0] for name in names} - seen:
            seen.add(top)
            place = _local(top, folder)
            if place is None:
                continue
            yield place.name, place
            if place.is_file():
                tree = ast.parse(place.read_text(encoding="utf-8"))
                inner = (each for each in ast.walk(tree) if isinstance(each, (ast.Import, ast.ImportFrom)))
                yield from _beside(inner, place.parent, seen)


def _local(name: str, folder: Path) -> Path | None:
    """The file or package of a module that is the author's own; None for one that is installed."""
    if name in sys.stdlib_module_names or name in OWN:
        return None
    for place in (folder / f"{name}.py", folder / name):
        if place.is_file() or (place / "__init__.py").is_file():
            return place
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin or spec.origin in ("built-in", "frozen"):
        return None
    origin = Path(spec.origin).resolve()
    paths = sysconfig.get_paths()
    installed = [Path(paths[key]).resolve() for key in ("stdlib", "purelib", "platlib")]
    if any(origin.is_relative_to(place) for place in installed) or "site-packages" in origin.parts:
        return None
    return origin.parent if origin.name == "__init__.py" else origin
