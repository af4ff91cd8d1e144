"""What the reader asks of the world around a file: what is registered, and what lies beside."""

from dataclasses import dataclass
from typing import Any, Protocol

from designer.graph.document import Catalog
from registry.spec.document import Document as YamlDocument
from registry.spec.interface import Interface


class NamedCatalog(Catalog, Protocol):
    """A catalog that also knows the newest version of a name."""

    def latest(self, name: str) -> Interface | None:
        """The interface of a component's latest version, or None if there is no such component."""

    def names(self) -> list[str]:
        """All component names, to suggest the nearest."""


@dataclass(frozen=True)
class Asset:
    """Data that a pipeline may use: `ref` is `name:version`."""

    ref: str
    type: str


class CannotRun(Exception):
    """A component that is there, but that no step can run here: its kind, and a sentence that says why."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind, self.sentence = kind, sentence


class Surroundings(Protocol):
    """What lies beside a file. Each answers with what it becomes here, which `catalog` then knows too.

    All raise registry.spec.faults.SpecError for faults in other files, and ValueError with a sentence for what is
    wrong with the path itself. What is a component, but cannot run here, is CannotRun.
    """

    def component(self, path: str) -> Interface:
        """The component in a YAML file, by its path as it is written."""

    def component_named(self, name: str) -> Interface | None:
        """The component of that name in any file of the tree; None where there is none."""

    def written(self, source: YamlDocument) -> Interface:
        """A component that is written into the file itself: of an inline job, or one that cannot run here."""

    def data(self, path: str, type: str | None) -> Asset:
        """A file or folder by its path as it is written; the type is what it really is where `type` cannot be."""

    def data_named(self, name: str, version: str | None) -> Asset | None:
        """A registered data asset, or one in a file of the tree; without a version the newest."""

    def address(self, uri: str, type: str | None) -> Asset:
        """Data that lies elsewhere."""

    def environment(self, source: YamlDocument, path: tuple[str | int, ...]) -> str | dict[str, Any]:
        """The environment that stands at `path`, with the content of files that it names in their place. Checked."""

    def compute_named(self, name: str) -> bool:
        """Whether there is a compute target of this name."""


class Nothing:
    """Surroundings of a text that stands alone: it may name only what is registered."""

    def component(self, path: str) -> Interface:
        raise ValueError(
            f"`{path}` cannot be read from here: name a registered component, as in `azureml:train@latest`"
        )

    def component_named(self, name: str) -> Interface | None:
        return None

    def written(self, source: YamlDocument) -> Interface:
        sentence = "a job here names a registered component, as in `component: azureml:train@latest`"
        if cannot_run := str(source.data.get("cannot_run") or ""):
            sentence = cannot_run[:1].lower() + cannot_run[1:].removesuffix(".")
        raise ValueError(sentence)

    def data(self, path: str, type: str | None) -> Asset:
        raise ValueError(f"`{path}` cannot be read from here: name a registered data asset, as in `azureml:people:1`")

    def data_named(self, name: str, version: str | None) -> Asset | None:
        return None

    def address(self, uri: str, type: str | None) -> Asset:
        raise ValueError(f"`{uri}` cannot be had from here: name a registered data asset, as in `azureml:people:1`")

    def environment(self, source: YamlDocument, path: tuple[str | int, ...]) -> str | dict[str, Any]:
        data = source.data
        for key in path:
            data = data[key]
        return data  # type: ignore[no-any-return]

    def compute_named(self, name: str) -> bool:
        return False
