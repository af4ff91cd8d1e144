"""A folder of Azure ML files: what its pipelines name, read first and registered when all of it could be read."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from designer.catalog import LatestCatalog, components_within
from designer.graph.azure.around import Asset, CannotRun, Surroundings
from designer.graph.azure.context import near
from designer.graph.azure.opaque import of_kind
from designer.graph.azure.reading import read_pipeline_component
from designer.graph.component import content_digest
from designer.services.neighbours import Neighbours, named_key, path_key, text_key
from registry.models import ComputeTarget, DataAsset, User, Workspace
from registry.services.anonymous import (
    DataFiles,
    anonymous_register,
    anonymous_version,
    data_register,
    registered_equal,
)
from registry.services.assets import asset_name
from registry.services.components import Inside
from registry.spec.component import ComponentSpec
from registry.spec.document import Document, read_document
from registry.spec.environment_reading import LEFT_OUT, environment_of
from registry.spec.faults import Fault, SpecError
from registry.spec.folder import ALWAYS_IGNORED, ComponentFolder, files_digest, folder_of, read_environment_at
from registry.spec.interface import Interface, interface
from registry.spec.kinds import PARTS
from registry.spec.reading import spec_from
from registry.spec.types import DATA_TYPES

FILES_LOOKED_THROUGH = 2000
"""YAML files of a tree among which one is looked for by the name that stands in it."""
_FOLDERS = ("uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model")
_SKIPPED = {name.strip("/") for name in ALWAYS_IGNORED} | {".venv", "node_modules"}


@dataclass
class Tree:
    """The files of one import. Nothing is registered until `register`, so that a fault leaves nothing behind.

    `root` is the folder that nothing may leave; None trusts the author's machine.
    """

    workspace: Workspace
    user: User | None
    root: Path | None
    warnings: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.catalog = LatestCatalog(self.workspace)
        self._computes = set(ComputeTarget.objects.filter(workspace=self.workspace).values_list("name", flat=True))
        self._waiting: dict[str, tuple[ComponentFolder, Inside | None]] = {}
        self._data: dict[str, DataFiles] = {}
        self._digests: dict[str, str] = {}
        self._read: dict[Path, Interface | SpecError | CannotRun] = {}
        self._being_read: list[Path] = []
        self._named: dict[tuple[str, str], list[Path]] | None = None
        self._beside: dict[Path, Neighbours] = {}

    # What others ask

    def at(self, file: Path) -> Surroundings:
        """What lies around a file."""
        return Around(self, file)

    def beside(self, file: Path) -> Neighbours:
        """What was read because this file named it."""
        return self._beside.setdefault(file, Neighbours())

    def document(self, file: Path) -> Document:
        """A YAML file of the tree. Raises SpecError."""
        shown = self.shown(file)
        try:
            return read_document(file.read_text(encoding="utf-8"), shown)
        except UnicodeDecodeError:
            raise SpecError([Fault("the file is not UTF-8 text", shown)]) from None

    def shown(self, file: Path) -> str:
        """The file as faults name it."""
        return str(file.relative_to(self.root)) if self.root and file.is_relative_to(self.root) else str(file)

    def resolved(self, folder: Path, path: str) -> Path:
        """A path as it is written in a file of a folder. Raises ValueError."""
        target = (folder / path).resolve()
        if self.root and not target.is_relative_to(self.root):
            raise ValueError(f"`{path}` lies outside of what was imported")
        if not target.exists():
            raise ValueError(f"`{path}` does not exist beside the file that names it{_near_path(folder, path)}")
        return target

    def has_compute(self, name: str) -> bool:
        return name in self._computes

    def register(self) -> None:
        """Register all that was read. Within the caller's transaction."""
        for data in self._data.values():
            data_register(workspace=self.workspace, data=data, user=self.user)
        for folder, inside in self._waiting.values():
            anonymous_register(workspace=self.workspace, folder=folder, user=self.user, inside=inside)

    # Components

    def component(self, file: Path) -> Interface:
        """The component in a file, read once. Raises SpecError, CannotRun and ValueError."""
        if file in self._being_read:
            raise ValueError(f"`{file.name}` contains this component, so it cannot be within it")
        if file not in self._read:
            self._being_read.append(file)
            try:
                self._read[file] = self._component(file)
            except (SpecError, CannotRun) as error:
                self._read[file] = error
            finally:
                self._being_read.pop()
        found = self._read[file]
        if isinstance(found, SpecError | CannotRun):
            raise found
        return found

    def _component(self, file: Path) -> Interface:
        source = self.document(file)
        data = source.data
        if not isinstance(data, dict):
            raise SpecError([source.fault((), "a component is a mapping with name, inputs, outputs and command")])
        kind = str(data.get("type") or ("pipeline" if "jobs" in data else "command"))
        if ("inputs" in data and "nodes" in data) or "flow" in str(data.get("$schema") or "").lower():
            kind = "flow_parallel"
        source.data = {**data, "type": kind.lower() if kind.lower() in PARTS else kind, "name": _name(data, file)}
        return self.written(source, file, source.text)

    def written(self, source: Document, file: Path, text: str = "") -> Interface:
        """The component in a document, which stands in a file or is one. Raises SpecError and CannotRun."""
        data = source.data
        kind = data["type"]
        source.data = data = {**data, "name": _sanitised(str(data["name"]))}
        if kind not in PARTS and not data.get("cannot_run"):
            raise CannotRun(*of_kind(kind))
        if kind == "pipeline":
            spec, read = read_pipeline_component(source, self.catalog, self.at(file))
            self.warnings += read.warnings
            digests = {ref: within.digest for ref, within in components_within(self.workspace, read.document).items()}
            inside = Inside(read.document, content_digest(read.document, digests | self._digests))
            return self._plan(ComponentFolder(spec, text, {}), inside)
        spec = spec_from(source, data)
        if spec.code and _is_elsewhere(spec.code):
            raise CannotRun(kind, f"Its code lies at {spec.code}, which is not fetched: put it beside the file.")
        return self._plan(self._folder(spec, source, file, text), None)

    def _folder(self, spec: ComponentSpec, source: Document, file: Path, text: str) -> ComponentFolder:
        """A component with the code and the environment that lie beside its file. Raises SpecError."""
        folder = folder_of(self._with_environment(spec, source, file), source, file, self.root, text)
        beside = self.beside(file)
        self._warn_of_environment(folder.spec.environment, source, ("environment",))
        if folder.files:
            beside.code[text_key(spec.code, spec.additional_includes)] = folder.code_digest
        if folder.spec.environment != spec.environment:
            beside.environments[text_key(spec.environment)] = folder.spec.environment
        return folder

    def _with_environment(self, spec: ComponentSpec, source: Document, file: Path) -> ComponentSpec:
        """With an environment that has only a name written out, where a file of the tree has that name."""
        found = self._environment_named(spec.environment)
        return spec.model_copy(update={"environment": found}) if found else spec

    def _environment_named(self, given: Any) -> dict[str, Any] | None:
        name = given.removeprefix("azureml:").partition(":")[0].partition("@")[0] if isinstance(given, str) else ""
        for file in self._with_name("environment", name) if name and "/" not in name else ():
            source = self.document(file)
            return read_environment_at(source.data, source, (), file, self.root)
        return None

    def environment(self, source: Document, path: tuple[str | int, ...], file: Path) -> str | dict[str, Any]:
        """The environment at a place of a file. Raises SpecError."""
        given = source.data
        for key in path:
            given = given[key]
        found = read_environment_at(given, source, path, file, self.root) or self._environment_named(given)
        if found:
            self._warn_of_environment(found, source, path)
            self.beside(file).environments[text_key(given)] = found
        return found or str(given)

    def _warn_of_environment(self, found: Any, source: Document, path: tuple[str | int, ...]) -> None:
        """What of an environment cannot be had here."""
        notes = environment_of(found).notes if isinstance(found, dict) else ()
        self.warnings += [source.fault(path, note) for note in notes if note.startswith(LEFT_OUT)]

    def component_named(self, name: str) -> Interface | None:
        """The component of that name in a file of the tree."""
        for file in self._with_name("component", name):
            if file not in self._being_read:
                return self.component(file)
        return None

    def _plan(self, folder: ComponentFolder, inside: Inside | None) -> Interface:
        standing = registered_equal(self.workspace, folder, inside)
        if standing is not None:
            found: Interface = standing.interface
            self._digests[found["ref"]] = standing.digest
            self.catalog.add(found)
            return found
        spec = folder.spec.model_copy(update={"version": anonymous_version(folder, inside)})
        found = interface(spec)
        self._waiting.setdefault(found["ref"], (replace(folder, spec=spec), inside))
        self._digests[found["ref"]] = spec.digest(inside.digest if inside else folder.code_digest)
        self.catalog.add(found)
        return found

    # Data

    def data(self, target: Path, type_: str | None, name: str = "") -> Asset:
        """The data at a path: what it really is counts, where it cannot be of the type that it is said to be."""
        if target.name == "MLTable" and type_ == "mltable":
            target = target.parent
        title = target.name or "data"
        if target.is_file():
            digest = hashlib.sha256(target.read_bytes()).hexdigest()
            data = DataFiles(
                name or asset_name(title), "uri_file", title, digest, target.stat().st_size, files={title: target}
            )
        else:
            files = dict(_files_below(target))
            size = sum(path.stat().st_size for path in files.values())
            kind = type_ if type_ in _FOLDERS else "uri_folder"
            data = DataFiles(name or asset_name(title), kind, title, files_digest(files), size, files=files)
            if not files:
                raise ValueError(f"the folder `{title}` is empty")
        return self._plan_data(data)

    def address(self, uri: str, type_: str | None) -> Asset:
        """Data at an address, of which only the address is known."""
        title = PurePosixPath(uri.partition("?")[0].rstrip("/")).name or "data"
        kind = type_ or ("uri_file" if "." in title else "uri_folder")
        return self._plan_data(
            DataFiles(asset_name(title), kind, title[:255], hashlib.sha256(uri.encode()).hexdigest(), uri=uri)
        )

    def data_named(self, name: str, version: str | None) -> Asset | None:
        """Registered data, or what a file of the tree says of it."""
        rows = DataAsset.objects.filter(workspace=self.workspace, name=name, anonymous=False)
        row = (rows.filter(version=version) if version else rows.order_by("-created_at", "-id")).first()
        if row is not None:
            self.catalog.add_asset(row.ref, row.type)
            return Asset(row.ref, row.type)
        for file in self._with_name("data", name):
            source = self.document(file)
            path, type_ = source.data["path"], source.data.get("type") or "uri_folder"
            if "://" in str(path):
                return self.address(str(path), type_)
            try:
                return self.data(self.resolved(file.parent, str(path)), type_, asset_name(name))
            except ValueError as error:
                raise SpecError([source.fault(("path",), str(error))]) from None
        return None

    def _plan_data(self, data: DataFiles) -> Asset:
        self._data.setdefault(data.ref, data)
        self.catalog.add_asset(data.ref, data.type)
        return Asset(data.ref, data.type)

    # Names

    def _with_name(self, what: str, name: str) -> list[Path]:
        """The files of the tree in which something of this name stands, in order of path."""
        if self._named is None:
            self._named = {}
            for number, file in enumerate(self.yaml_files()):
                if number >= FILES_LOOKED_THROUGH:
                    break
                try:
                    data = self.document(file).data
                except SpecError:
                    continue
                if isinstance(data, dict) and isinstance(data.get("name"), str) and (kind := _kind_of(data)):
                    self._named.setdefault((kind, data["name"]), []).append(file)
        return self._named.get((what, name), [])

    def yaml_files(self) -> Iterator[Path]:
        """The YAML files of the tree, in order of path."""
        for path, file in _files_below(self.root) if self.root else ():
            if path.endswith((".yml", ".yaml")) and not _SKIPPED & set(PurePosixPath(path).parts):
                yield file


@dataclass
class Around:
    """`designer.graph.azure.around.Surroundings` of one file of a tree."""

    tree: Tree
    file: Path

    def component(self, path: str) -> Interface:
        target = self.tree.resolved(self.file.parent, path)
        if target.is_dir():
            raise ValueError(f"`{path}` is a folder: name the component's YAML file in it")
        found = self._noted(path_key(path), lambda: self.tree.component(target))
        assert found is not None
        return found

    def component_named(self, name: str) -> Interface | None:
        return self._noted(named_key(name), lambda: self.tree.component_named(name))

    def _noted(self, key: str, find: Callable[[], Interface | None]) -> Interface | None:
        """What is found, remembered by `key`."""
        known = self.tree.beside(self.file).components
        try:
            found = find()
        except CannotRun as cannot:
            known[key] = [cannot.kind, cannot.sentence]
            raise
        if found:
            known[key] = found["ref"]
        return found

    def written(self, source: Document) -> Interface:
        return self.tree.written(source, self.file)

    def data(self, path: str, type: str | None) -> Asset:
        found = self.tree.data(self.tree.resolved(self.file.parent, path), type)
        self.tree.beside(self.file).data[path_key(path)] = found.ref
        return found

    def data_named(self, name: str, version: str | None) -> Asset | None:
        found = self.tree.data_named(name, version)
        if found:
            self.tree.beside(self.file).data[named_key(name, version)] = found.ref
        return found

    def address(self, uri: str, type: str | None) -> Asset:
        return self.tree.address(uri, type)

    def environment(self, source: Document, path: tuple[str | int, ...]) -> str | dict[str, Any]:
        return self.tree.environment(source, path, self.file)

    def compute_named(self, name: str) -> bool:
        return self.tree.has_compute(name)


def _kind_of(data: dict[str, Any]) -> str:
    """What a file describes: a component, data or an environment; empty for anything else."""
    type_, schema = str(data.get("type") or "").lower(), str(data.get("$schema") or "")
    if "path" in data and (type_ in DATA_TYPES or "/data.schema" in schema):
        return "data"
    if "/environment.schema" in schema or (
        ("image" in data or "conda_file" in data) and "command" not in data and not type_
    ):
        return "environment"
    is_job = "Job.schema" in schema or (type_ == "pipeline" and ("settings" in data or "experiment_name" in data))
    if is_job or "create_job" in data:
        return ""
    return "component" if type_ in PARTS or "command" in data else ""


def _name(data: dict[str, Any], file: Path) -> str:
    return str(data.get("name") or data.get("display_name") or file.stem)


def _sanitised(name: str) -> str:
    """A name by the rule for components: those that files use by path may break it."""
    found = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    found = found if found and not found[0].isdigit() else f"c_{found}".rstrip("_")
    return found[:255]


def _is_elsewhere(code: str) -> bool:
    return "://" in code or code.startswith(("azureml:", "git+"))


def _files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in (".git", "__pycache__"))
        for name in sorted(names):
            path = Path(at) / name
            yield path.relative_to(folder).as_posix(), path


def _near_path(folder: Path, path: str) -> str:
    """`; did you mean ...?`, where a part of a path that does not exist is like one that does."""
    parts = PurePosixPath(path).parts
    for index, part in enumerate(parts):
        here = folder.joinpath(*parts[:index])
        if (here / part).exists():
            continue
        names = [each.name for each in here.iterdir()] if here.is_dir() else []
        return near("/".join(parts[: index + 1]), ["/".join((*parts[:index], name)) for name in names])
    return ""
