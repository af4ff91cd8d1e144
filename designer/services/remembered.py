"""A pipeline's text that is edited where its files are not: what they became stands for them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from designer.graph.azure.around import Asset, CannotRun, Surroundings
from designer.graph.azure.context import near
from designer.services.neighbours import Neighbours, named_key, path_key, text_key
from designer.services.trees import Tree
from registry.models import CodeSnapshot, User, Workspace
from registry.spec.component import ComponentSpec
from registry.spec.document import Document
from registry.spec.faults import SpecError
from registry.spec.folder import ComponentFolder, read_environment_at
from registry.spec.interface import Interface

NOWHERE = Path("/nonexistent")
"""The folder of a text in a browser: no file can be read from it."""


class RememberedTree(Tree):
    """A tree of which only what was read of it is known. New are only the components that the text itself holds."""

    def __init__(self, workspace: Workspace, user: User | None, known: Neighbours) -> None:
        super().__init__(workspace, user, NOWHERE)
        self.known = known

    def at(self, file: Path) -> Surroundings:
        return Remembered(self, file)

    def yaml_files(self) -> Any:
        return iter(())

    def environment(self, source: Document, path: tuple[str | int, ...], file: Path) -> str | dict[str, Any]:
        given = source.data
        for key in path:
            given = given[key]
        remembered = self.known.environments.get(text_key(given))
        return remembered or read_environment_at(given, source, path, file, self.root) or str(given)

    def _folder(self, spec: ComponentSpec, source: Document, file: Path, text: str) -> ComponentFolder:
        if spec.environment is not None:
            environment = self.environment(source, ("environment",), file)
            spec = spec.model_copy(update={"environment": environment})
        snapshot = ""
        if spec.code or spec.additional_includes:
            snapshot = self.known.code.get(text_key(spec.code, spec.additional_includes), "")
            if not CodeSnapshot.objects.filter(workspace=self.workspace, digest=snapshot).exists():
                key = "code" if spec.code else "additional_includes"
                what = spec.code or "what is included here"
                raise SpecError([source.fault((key,), _missing(what, []))])
        return ComponentFolder(spec, text, {}, snapshot)


@dataclass
class Remembered:
    """`designer.graph.azure.around.Surroundings` of a text whose files are only remembered."""

    tree: RememberedTree
    file: Path

    def component(self, path: str) -> Interface:
        found = self._component(path_key(path))
        if found is None:
            raise ValueError(_missing(path, [key for key in self.tree.known.components if "azureml:" not in key]))
        return found

    def component_named(self, name: str) -> Interface | None:
        return self._component(named_key(name))

    def _component(self, key: str) -> Interface | None:
        known = self.tree.known.components.get(key)
        if isinstance(known, list):
            raise CannotRun(*known)
        return self.tree.catalog.interface(known) if known else None

    def written(self, source: Document) -> Interface:
        return self.tree.written(source, self.file)

    def data(self, path: str, type: str | None) -> Asset:
        found = self._data(path_key(path))
        if found is None:
            raise ValueError(_missing(path, [key for key in self.tree.known.data if "azureml:" not in key]))
        return found

    def data_named(self, name: str, version: str | None) -> Asset | None:
        return self._data(named_key(name, version)) or self.tree.data_named(name, version)

    def _data(self, key: str) -> Asset | None:
        ref = self.tree.known.data.get(key)
        type_ = self.tree.catalog.asset_type(ref) if ref else None
        return Asset(ref, type_) if ref and type_ else None

    def address(self, uri: str, type: str | None) -> Asset:
        return self.tree.address(uri, type)

    def environment(self, source: Document, path: tuple[str | int, ...]) -> str | dict[str, Any]:
        return self.tree.environment(source, path, self.file)

    def compute_named(self, name: str) -> bool:
        return self.tree.has_compute(name)


def _missing(path: str, known: list[str]) -> str:
    hint = near(path_key(path), known, ": import it with its folder, or name what is registered")
    return f"`{path}` is not among the imported files{hint}"
