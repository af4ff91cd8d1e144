"""A pipeline as a folder that Azure ML takes: its YAML, and beside it the components, code and data that it names."""

import importlib.metadata
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Any

from designer.catalog import RegistryCatalog
from designer.graph.azure.patching import patched, written
from designer.graph.azure.writing import write_component
from designer.graph.component import components_in
from designer.graph.document import INPUTS, Document, edge_key
from designer.models import Pipeline
from designer.services.origin import file_of, text_of
from registry import store
from registry.downloads import portable
from registry.models import ComponentVersion, DataAsset, Workspace
from registry.spec.document import read_document
from registry.spec.environment import OWN, reference

DEFAULT_PACKAGES = ("duckdb", "matplotlib", "mlflow-skinny", "pandas", "polars", "pyarrow", "scikit-learn")
"""Of requirements.txt: what steps may import without an environment of their own."""
_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
_REF = re.compile(r"azureml:([A-Za-z][\w-]*:[A-Za-z0-9][\w.-]*)")
_REFERENCES = ("component", "trial")


@dataclass(frozen=True)
class Stored:
    """A file of the store."""

    location: str


@dataclass
class Exported:
    """The pipeline's YAML at `file`, and `contents` of files beside it: text, or a `Stored`."""

    file: str
    text: str
    losses: list[str]
    contents: dict[str, str | Stored] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the folder with what is in it, one after the other."""
        yield self.file, self.text.encode()
        for path, content in self.contents.items():
            if isinstance(content, str):
                yield path, content.encode()
            else:
                with store.open_file(content.location) as source:
                    yield path, source.read()


def pipeline_export(pipeline: Pipeline) -> Exported:
    """The draft for Azure ML. What came from a file keeps that file's words where nothing was changed."""
    return _Export(pipeline.workspace).pipeline(pipeline)


class _Export:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.catalog = RegistryCatalog(workspace)
        self.versions: dict[str, ComponentVersion] = {}
        self.contents: dict[str, str | Stored] = {}
        self.losses: list[str] = []

    def pipeline(self, pipeline: Pipeline) -> Exported:
        document = pipeline.document
        self._load(document)
        file = file_of(pipeline)
        text, job = text_of(pipeline)
        text = self._self_contained(file, text, document)
        self._beside(file, text, document)
        return Exported(file, text, [*job.losses, *dict.fromkeys(self.losses)], self.contents)

    def _self_contained(self, file: str, text: str, document: Document) -> str:
        """The text with paths to what is exported beside it, in place of what is registered only here."""
        up = "../" * (len(PurePosixPath(file).parts) - 1) or "./"
        places = {ref: f"{up}components/{_folder(ref)}/component.yml" for ref in self.versions}
        data = {node["asset"] for node in document["nodes"].values() if node["kind"] == "data"}
        for ref in data | _defaults(document):
            asset = self._asset(ref)
            if asset is not None:
                title = f"/{asset.title}" if asset.type == "uri_file" else ""
                places[ref] = asset.uri or f"{up}data/{_folder(ref)}{title}"
        return _REF.sub(lambda found: places.get(found[1], found[0]), text)

    def _load(self, document: Document) -> None:
        wanted = components_in(document) - set(self.versions)
        if wanted:
            names, numbers = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
            rows = ComponentVersion.objects.filter(
                component__workspace=self.workspace, component__name__in=set(names), version__in=set(numbers)
            ).select_related("component", "code")
            self.versions |= {row.ref: row for row in rows if row.ref in wanted}
        self.catalog.load(document)

    # What the YAML names by path

    def _beside(self, file: str, text: str, document: Document) -> None:
        """Put what a pipeline's YAML names to where it names it."""
        data = read_document(text, file).data
        folder = str(PurePosixPath(file).parent)
        for id, job in (data.get("jobs") or {}).items():
            node = document["nodes"].get(str(id).lower())
            if node is None or node["kind"] != "component" or not isinstance(job, dict):
                continue
            version = self.versions.get(node["component"])
            if version is None:
                continue
            body = next((job[key] for key in _REFERENCES if job.get(key)), job)
            if isinstance(body, str):
                if place := self._inside(folder, body.removeprefix("file:")):
                    self._component(place, version)
            elif isinstance(body, dict):
                self._inline(folder, body, version)
            for name, value in (job.get("inputs") or {}).items():
                self._data(folder, value, self._asset_of(document, node["id"], str(name)))
        for name, value in (data.get("inputs") or {}).items():
            default = document["inputs"].get(str(name), {}).get("default")
            self._data(folder, value, default["asset"] if isinstance(default, dict) else "")

    def _asset_of(self, document: Document, node: str, input: str) -> str:
        edge = document["edges"].get(edge_key(node, input))
        if edge is None or edge["source"] == INPUTS:
            return ""
        source = document["nodes"][edge["source"]]
        return str(source["asset"]) if source["kind"] == "data" else ""

    def _asset(self, ref: str) -> DataAsset | None:
        name, _, version = ref.rpartition(":")
        return DataAsset.objects.filter(workspace=self.workspace, name=name, version=version).first()

    def _inside(self, folder: str, path: str) -> str:
        """A path as a place in the export; empty for what is registered or lies outside."""
        if path.startswith(("azureml:", "/")) or "://" in path:
            return ""
        place = normpath(f"{folder}/{path}")
        if place == ".." or place.startswith("../"):
            self.losses.append(f"`{path}` lies outside of the folder that was imported, and is not part of the export.")
            return ""
        return place

    def _component(self, place: str, version: ComponentVersion) -> None:
        if place in self.contents:
            return
        if version.graph is not None:
            self._load(version.graph)
            text = version.yaml or written(write_component(version.spec, version.graph, self.catalog).data)
            text = self.contents[place] = self._self_contained(place, text, version.graph)
            self._beside(place, text, version.graph)
            return
        text, code = portable(version)
        if version.spec.type == "command" and _is_own(version.spec.environment):
            text = patched(text, {}, {"environment": _default_environment()})
        self.contents[place] = text
        self._code(str(PurePosixPath(place).parent / code), version)

    def _inline(self, folder: str, body: Mapping[str, Any], version: ComponentVersion) -> None:
        """The code and the packages of a component that is written out in its job."""
        code = body.get("code") or (body.get("task") or {}).get("code")
        if isinstance(code, str) and (place := self._inside(folder, code)):
            paths = [path for path, _ in version.code.files] if version.code else []
            is_file = paths == [PurePosixPath(place).name]
            self._code(str(PurePosixPath(place).parent) if is_file else place, version)
        environment, spec = body.get("environment"), version.spec.environment
        conda = environment.get("conda_file") if isinstance(environment, dict) else None
        packages = spec.get("conda_file") if isinstance(spec, dict) else None
        place = self._inside(folder, conda) if isinstance(conda, str) else ""
        if place and isinstance(packages, dict):
            self.contents[place] = written(packages)

    def _code(self, folder: str, version: ComponentVersion) -> None:
        for path, _ in version.code.files if version.code else []:
            self.contents.setdefault(normpath(f"{folder}/{path}"), Stored(f"{version.code.location}/{path}"))  # type: ignore[union-attr]

    def _data(self, folder: str, value: Any, ref: str) -> None:
        path = value.get("path") if isinstance(value, dict) else None
        if not ref or not isinstance(path, str) or not (place := self._inside(folder, path.removeprefix("azureml:./"))):
            return
        asset = self._asset(ref)
        if asset is None or asset.uri:
            return
        if asset.type == "uri_file":
            self.contents[place] = Stored(asset.location)
            return
        for inner in store.list_files(asset.location):
            self.contents[f"{place}/{inner}"] = Stored(f"{asset.location}/{inner}")


def _is_own(environment: str | dict[str, Any] | None) -> bool:
    """Whether steps run in what the server itself has."""
    return environment is None or (isinstance(environment, str) and reference(environment) is None)


def _folder(ref: str) -> str:
    name, _, version = ref.rpartition(":")
    return f"{name}-{version}"


def _defaults(document: Document) -> set[str]:
    defaults = (input_["default"] for input_ in document["inputs"].values())
    return {default["asset"] for default in defaults if isinstance(default, dict)}


def _default_environment() -> dict[str, Any]:
    """What steps have here without an environment of their own, in the versions of this server."""
    packages = [f"{name}=={importlib.metadata.version(name)}" for name in DEFAULT_PACKAGES]
    conda = {"channels": ["conda-forge"], "dependencies": ["python=3.11", "pip", {"pip": packages}]}
    return {"name": OWN[1], "image": _IMAGE, "conda_file": conda}
