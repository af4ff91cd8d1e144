"""What a workspace's registry knows, as the rules of the graph ask for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from designer.graph.component import components_in
from designer.graph.document import Document
from registry.models import Component, ComponentVersion, DataAsset, Workspace
from registry.spec.interface import Interface


class RegistryCatalog:
    """`designer.graph.document.Catalog` over the database; asks for each component version or asset once."""

    def __init__(self, workspace: Workspace, known: Mapping[str, Interface] | None = None) -> None:
        """`known` are interfaces that are at hand already, by ref."""
        self._workspace = workspace
        self._interfaces: dict[str, Interface | None] = dict(known or {})
        self._assets: dict[str, str | None] = {}

    def interface(self, ref: str) -> Interface | None:
        if ref not in self._interfaces:
            self._load_components([ref])
        return self._interfaces[ref]

    def asset_type(self, ref: str) -> str | None:
        if ref not in self._assets:
            self._load_assets([ref])
        return self._assets[ref]

    def load(self, document: Document) -> dict[str, Interface]:
        """Get all that a document names, in at most two queries: the interfaces of its components, by ref."""
        nodes = document["nodes"].values()
        self._load_components(components_in(document))
        assets = {node["asset"] for node in nodes if node["kind"] == "data"}
        defaults = [input_["default"] for input_ in document["inputs"].values()]
        self._load_assets(assets | {default["asset"] for default in defaults if isinstance(default, dict)})
        return {ref: interface for ref, interface in self._interfaces.items() if interface}

    def _load_components(self, refs: Iterable[str]) -> None:
        wanted = [ref for ref in refs if ref not in self._interfaces]
        self._interfaces |= dict.fromkeys(wanted)
        if wanted:
            names, versions = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
            found = ComponentVersion.objects.filter(
                component__workspace=self._workspace, component__name__in=set(names), version__in=set(versions)
            ).values_list("component__name", "version", "interface")
            self._interfaces |= {f"{name}:{version}": interface for name, version, interface in found}

    def _load_assets(self, refs: Iterable[str]) -> None:
        wanted = [ref for ref in refs if ref not in self._assets]
        self._assets |= dict.fromkeys(wanted)
        if wanted:
            names, versions = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
            found = DataAsset.objects.filter(
                workspace=self._workspace, name__in=set(names), version__in=set(versions)
            ).values_list("name", "version", "type")
            self._assets |= {f"{name}:{version}": type_ for name, version, type_ in found}


class LatestCatalog(RegistryCatalog):
    """The registry with the newest version of each component at hand, from one query."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        rows = Component.objects.filter(workspace=workspace, archived_at=None, latest__isnull=False, anonymous=False)
        self._latest: dict[str, Interface] = dict(rows.values_list("name", "latest__interface"))
        self._interfaces |= {interface["ref"]: interface for interface in self._latest.values()}

    def latest(self, name: str) -> Interface | None:
        return self._latest.get(name)

    def add(self, interface: Interface) -> None:
        """Know a component that is about to be registered."""
        self._interfaces[interface["ref"]] = interface

    def add_asset(self, ref: str, type_: str) -> None:
        """Know data that is about to be registered."""
        self._assets[ref] = type_

    def names(self) -> list[str]:
        return list(self._latest)


@dataclass(frozen=True)
class Within:
    """A component version that a document names, or that lies deeper in it. `graph` is a pipeline's."""

    digest: str
    graph: Document | None


def components_within(workspace: Workspace, document: Document) -> dict[str, Within]:
    """All component versions in a document, at any depth, by ref: one query a level of nesting."""
    found: dict[str, Within] = {}
    wanted = components_in(document)
    while wanted:
        names, versions = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
        rows = ComponentVersion.objects.filter(
            component__workspace=workspace, component__name__in=set(names), version__in=set(versions)
        ).values_list("component__name", "version", "digest", "graph")
        level = {f"{name}:{version}": Within(digest, graph) for name, version, digest, graph in rows}
        level = {ref: within for ref, within in level.items() if ref in wanted}
        found |= level
        graphs = [within.graph for within in level.values() if within.graph is not None]
        wanted = {ref for graph in graphs for ref in components_in(graph)} - set(found)
    return found
