"""A component's folder: which files belong to its code, and their digest."""

import hashlib
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pathspec import PathSpec

from registry.spec.component import ComponentSpec
from registry.spec.document import Document, read_document
from registry.spec.document import Path as Path_
from registry.spec.environment import reference
from registry.spec.environment_reading import environment_from, inlined
from registry.spec.faults import Fault, SpecError
from registry.spec.kinds import TASK
from registry.spec.reading import component_from

FILE_NAMES = ("component.yml", "component.yaml")
ALWAYS_IGNORED = ("__pycache__/", "*.pyc", ".git/", ".ipynb_checkpoints/", ".DS_Store", ".amlignore", ".gitignore")


@dataclass(frozen=True)
class ComponentFolder:
    """A component read from disk: its spec, its YAML as written, and its code files by their path in the snapshot."""

    spec: ComponentSpec
    yaml: str
    files: dict[str, Path]
    snapshot: str = ""
    """Digest of the code where the workspace holds it already, and no files are at hand."""

    @property
    def code_digest(self) -> str:
        """SHA-256 over the snapshot: each file's path, size and bytes, in order of path. Empty without code."""
        return self.snapshot or files_digest(self.files)


def read_folder(path: Path, root: Path | None = None) -> ComponentFolder:
    """Read a component from its YAML file or from the folder that holds a `component.yml`.

    `root` is the folder that code and includes may not leave (an unpacked upload); None trusts the author's machine.
    Raises SpecError.
    """
    yaml_path = _yaml_path(path)
    shown = str(yaml_path.relative_to(root)) if root else str(yaml_path)
    try:
        text = yaml_path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SpecError([Fault("the file is not UTF-8 text", shown)]) from None
    document = read_document(text, shown)
    return folder_of(component_from(document), document, yaml_path, root, text)


def folder_of(
    spec: ComponentSpec, document: Document, yaml_path: Path, root: Path | None = None, text: str = ""
) -> ComponentFolder:
    """A spec that was read from a document, with its code and its environment, which lie beside `yaml_path`.

    Raises SpecError.
    """
    given = spec.environment
    if environment := read_environment_at(given, document, _place(spec, "environment"), yaml_path, root):
        spec = spec.model_copy(update={"environment": environment})
    files: dict[str, Path] = {}
    for key, source in _code_paths(spec):
        place: tuple[str | int, ...] = key
        target = (yaml_path.parent / source).resolve()
        if root and not target.is_relative_to(root.resolve()):
            raise SpecError([document.fault(place, f"`{source}` lies outside of the uploaded folder")])
        if not target.exists():
            raise SpecError([document.fault(place, f"`{source}` does not exist beside {yaml_path.name}")])
        include = "additional_includes" in key
        prefix = f"{target.name}/" if include and target.is_dir() else ""
        for relative, file in _snapshot(target).items():
            files.setdefault(prefix + relative, file)
    return ComponentFolder(spec, text, files)


def find_components(path: Path) -> list[Path]:
    """Every component's YAML file at or below a folder, in order of path."""
    if path.is_file():
        return [path]
    return sorted(file for name in FILE_NAMES for file in path.rglob(name))


def files_digest(files: dict[str, Path]) -> str:
    """SHA-256 over files by their path in the snapshot: path, size, bytes. Empty for no files."""
    if not files:
        return ""
    digest = hashlib.sha256()
    for relative in sorted(files):
        content = files[relative].read_bytes()
        digest.update(f"{relative}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _yaml_path(path: Path) -> Path:
    if path.is_file():
        return path
    for name in FILE_NAMES:
        if (path / name).is_file():
            return path / name
    raise SpecError([Fault(f"there is no {FILE_NAMES[0]} in this folder", str(path))])


def read_environment_at(
    given: str | dict[str, Any] | None, document: Document, place: Path_, yaml_path: Path, root: Path | None
) -> dict[str, Any] | None:
    """What a file says of an environment itself, with the content of the files that it names; None for a name.

    Checked: raises SpecError.
    """
    folder = yaml_path.parent
    if isinstance(given, str):
        if not given.endswith((".yml", ".yaml")):
            try:
                reference(given)
            except ValueError as error:
                raise SpecError([document.fault(place, str(error))]) from None
            return None
        name = given.removeprefix("azureml:").removeprefix("file:")
        try:
            text, shown = _beside(folder, root, name)
        except ValueError as error:
            raise SpecError([document.fault(place, str(error))]) from None
        document, place, folder = read_document(text, shown), (), (folder / name).parent
        given = document.data
    if given is None:
        return None
    beside = partial(_beside, folder, root)
    environment_from(document, place, beside)
    assert isinstance(given, dict)
    return inlined(given, beside)


def _beside(folder: Path, root: Path | None, name: str) -> tuple[str, str]:
    """A file's text by its path relative to a folder, and how it is told. Raises ValueError."""
    target = (folder / name).resolve()
    if root and not target.is_relative_to(root.resolve()):
        raise ValueError(f"`{name}` lies outside of the uploaded folder")
    if not target.is_file():
        raise ValueError(f"`{name}` does not exist beside the YAML")
    try:
        return target.read_text(encoding="utf-8"), str(target.relative_to(root.resolve()) if root else target)
    except UnicodeDecodeError:
        raise ValueError(f"`{name}` is not UTF-8 text") from None


def _place(spec: ComponentSpec, key: str) -> tuple[str, ...]:
    """Where a component's file has a key: a parallel one has its code and environment within `task`."""
    return ("task", key) if spec.type == "parallel" and key in TASK else (key,)


def _code_paths(spec: ComponentSpec) -> list[tuple[tuple[str | int, ...], str]]:
    paths: list[tuple[tuple[str | int, ...], str]] = []
    if spec.code:
        paths.append((_place(spec, "code"), spec.code))
    paths += [(("additional_includes", index), source) for index, source in enumerate(spec.additional_includes)]
    return paths


def _snapshot(path: Path) -> dict[str, Path]:
    """Files of a code folder after its ignore file; `.amlignore` wins over `.gitignore`."""
    if path.is_file():
        return {path.name: path}
    lines = list(ALWAYS_IGNORED)
    for name in (".amlignore", ".gitignore"):
        if (path / name).is_file():
            lines += (path / name).read_text(encoding="utf-8").splitlines()
            break
    ignored = PathSpec.from_lines("gitignore", lines)
    files: dict[str, Path] = {}
    for folder, folders, names in os.walk(path):
        relative = Path(folder).relative_to(path)
        folders[:] = sorted(name for name in folders if not ignored.match_file(f"{relative / name}/"))
        for name in sorted(names):
            file = relative / name
            if not ignored.match_file(str(file)):
                files[file.as_posix()] = Path(folder) / name
    return files
