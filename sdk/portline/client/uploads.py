"""From a YAML file to a zip of what it reaches: components, code, environments and data that lie beside it.

The server reads the zip as it would read the folder, so paths within keep their places. What goes along is found by
the keys that hold paths in Azure ML's format; whatever is wrong in the files is left to the server to say.
"""

import contextlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from pathspec import PathSpec

from portline.client import yaml
from portline.client.errors import PortlineError

PATH_KEYS = frozenset({"component", "trial", "code", "path", "conda_file", "environment", "create_job", "job"})
LIST_KEYS = frozenset({"additional_includes"})
YAML_ENDS = (".yml", ".yaml")
IGNORE_FILES = (".amlignore", ".gitignore")
ALWAYS_IGNORED = ("__pycache__/", "*.pyc", ".git/", ".ipynb_checkpoints/", ".DS_Store", ".venv/", "node_modules/")
TREE_LIMIT = 2000
"""How many YAML files are looked at for a component that is named without a path."""


@runtime_checkable
class Uploadable(Protocol):
    """An object that stands for a YAML file. Paths in it are relative to `base_path`, or absolute."""

    @property
    def base_path(self) -> Path: ...

    def _to_dict(self) -> dict[str, Any]: ...


Source = str | os.PathLike[str] | Mapping[str, Any] | Uploadable
"""What can be uploaded: the path of a YAML file, its content, or an object that stands for one."""


@dataclass
class Tree:
    """Files to be sent. `main` is the YAML that was asked for, `texts` replaces what lies in a file."""

    main: Path
    files: set[Path] = field(default_factory=set)
    texts: dict[Path, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The folder that holds them all."""
        parents = [str(file.parent) for file in self.files | {self.main}]
        return Path(os.path.commonpath(parents))

    @property
    def path(self) -> str:
        """Of the main YAML within the zip."""
        return self.main.relative_to(self.root).as_posix()

    @property
    def size(self) -> int:
        """Bytes, before they are packed."""
        texts = sum(len(text.encode()) for text in self.texts.values())
        return texts + sum(file.stat().st_size for file in self.files if file not in self.texts)

    @contextlib.contextmanager
    def packed(self) -> Iterator[IO[bytes]]:
        """The zip, in memory or in a temporary file while it is used."""
        root = self.root
        with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                for path in sorted(self.files | set(self.texts)):
                    # Without its time: the same files make the same zip.
                    entry = zipfile.ZipInfo(path.relative_to(root).as_posix())
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.external_attr = 0o644 << 16
                    content = self.texts[path].encode() if path in self.texts else path.read_bytes()
                    archive.writestr(entry, content)
            file.seek(0)
            yield file


def tree_of(source: Source, name: str = "job.yml") -> Tree:
    """What a source reaches. `name` is the file that a mapping or an object is written to.

    Raises PortlineError where the file that was asked for does not exist.
    """
    if isinstance(source, (str, os.PathLike)):
        main = Path(source).absolute()
        if not main.is_file():
            hint = "; give the YAML file in it" if main.is_dir() else ""
            raise PortlineError(f"There is no file {source}{hint}.", code="no_file")
        main = Path(os.path.normpath(main))
        tree = Tree(main, {main})
        content: Any = _content(main)
    else:
        if isinstance(source, Uploadable):
            folder, content = Path(source.base_path).absolute(), source._to_dict()
        else:
            folder, content = Path.cwd(), source
        main = Path(os.path.normpath(folder / name))
        tree = Tree(main, set(), {main: yaml.dump(_relative(content, folder))})
    _Reach(tree).follow(content, main.parent)
    return tree


def size_text(size: int) -> str:
    """Bytes for people: `3.4 MB`."""
    amount, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"


class _Reach:
    """Follows the paths of YAML files and puts what they name into a tree, each file once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.named: set[str] = set()
        self._read: set[Path] = {tree.main}

    def follow(self, content: Any, folder: Path) -> None:
        """All that a YAML reaches, and then the components that it names without a path."""
        self._walk(content, folder)
        missing = self.named
        while missing:
            self.named = set()
            for file in _declaring(missing, self.tree.main.parent):
                self._yaml(file)
            missing = self.named - missing

    def _walk(self, value: Any, folder: Path, key: str = "") -> None:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                self._walk(inner, folder, str(name))
        elif isinstance(value, list):
            for inner in value:
                self._walk(inner, folder, key)
        elif isinstance(value, str) and (key in PATH_KEYS or key in LIST_KEYS):
            self._name(value, folder, key)

    def _name(self, text: str, folder: Path, key: str) -> None:
        # The SDK writes a local path as `azureml:./data`.
        plain = text.removeprefix("azureml:").removeprefix("file:")
        if "${{" in plain or "://" in plain or not plain or "\n" in plain:
            return
        place = Path(os.path.normpath(folder / plain))
        if place.is_file():
            if place.name.endswith(YAML_ENDS) and key in ("component", "trial", "job", "create_job", "environment"):
                self._yaml(place)
            else:
                self.tree.files.add(place)
        elif place.is_dir():
            self.tree.files.update(folder_files(place))
        elif key == "additional_includes" and plain.endswith(".zip"):
            # `x.zip` stands for the folder `x` where there is no such file.
            self._name(plain.removesuffix(".zip"), folder, key)
        elif key in ("component", "trial") and text.startswith("azureml:") and "/" not in plain:
            self.named.add(plain.partition(":")[0].partition("@")[0])

    def _yaml(self, file: Path) -> None:
        if file in self._read:
            return
        self._read.add(file)
        self.tree.files.add(file)
        self._walk(_content(file), file.parent)


def folder_files(folder: Path) -> Iterator[Path]:
    """The files of a folder that its ignore files leave, these among them: the server reads them too.

    `.amlignore` of the folder stands in for `.gitignore` where both are.
    """
    lines: list[str] = list(ALWAYS_IGNORED)
    for name in IGNORE_FILES:
        if (folder / name).is_file():
            lines += (folder / name).read_text(encoding="utf-8", errors="replace").splitlines()
            break
    ignored = PathSpec.from_lines("gitignore", lines)
    # Links to folders are followed as the server would; `seen` ends circles of them.
    seen: set[str] = set()
    for at, folders, files in os.walk(folder, followlinks=True):
        real = os.path.realpath(at)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        within = Path(at).relative_to(folder)
        folders[:] = sorted(name for name in folders if not ignored.match_file(f"{(within / name).as_posix()}/"))
        for name in sorted(files):
            if (Path(at) / name).is_file() and not ignored.match_file((within / name).as_posix()):
                yield Path(at) / name


def _content(file: Path) -> Any:
    """What a YAML says; nothing where it cannot be read, since the server says why with the line."""
    try:
        return yaml.read(file)
    except PortlineError:
        return None


def _declaring(names: set[str], folder: Path) -> Iterator[Path]:
    """YAML files near a pipeline whose `name` is one of these: in its git working tree, else in its own folder."""
    root = next((place for place in (folder, *folder.parents) if (place / ".git").exists()), folder)
    looked = 0
    for file in folder_files(root):
        if file.name.endswith(YAML_ENDS):
            looked += 1
            if looked > TREE_LIMIT:
                return
            content = _content(file)
            if isinstance(content, Mapping) and content.get("name") in names:
                yield file


def _relative(value: Any, folder: Path, key: str = "") -> Any:
    """The content of an object with its absolute paths made relative to the file that it becomes."""
    if isinstance(value, Mapping):
        return {name: _relative(inner, folder, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_relative(inner, folder, key) for inner in value]
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if isinstance(value, str) and (key in PATH_KEYS or key in LIST_KEYS):
        plain = value.removeprefix("azureml:").removeprefix("file:")
        if os.path.isabs(plain) and os.path.exists(plain):
            return Path(os.path.relpath(plain, folder)).as_posix()
    return value
