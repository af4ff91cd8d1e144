"""What a workspace's registry knows, as the rules of the graph ask for it."""

from collections.abc import Iterable

from designer.graph.document import Document
from registry.models import ComponentVersion, DataAsset, Workspace
from registry.spec.interface import Interface


class RegistryCatalog:
    """`designer.graph.document.Catalog` over the database; asks for each component version or asset once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._interfaces: dict[str, Interface | None] = {}
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
        self._load_components({node["component"] for node in nodes if node["kind"] == "component"})
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
