"""The components that documents are made of, at any depth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from designer.graph.modes import resolved
from registry.models import ComponentVersion
from registry.spec.interface import Interface


@dataclass(frozen=True)
class Library:
    """Components by ref: their interfaces, of those that are pipelines what is inside, and the ids of their rows."""

    interfaces: dict[str, Interface]
    graphs: dict[str, Mapping[str, Any]]
    versions: dict[str, int]

    def interface(self, ref: str) -> Interface | None:
        return self.interfaces.get(ref)

    def asset_type(self, ref: str) -> str | None:
        """Not known here: what a data node carries stands in the document."""
        return None

    def running(self) -> dict[str, Mapping[str, Any]]:
        """What is inside of the pipelines, as it runs: without what is bypassed."""
        return {ref: resolved(graph, self) for ref, graph in self.graphs.items()}  # type: ignore[arg-type]


def library_of(workspace_id: int, documents: Iterable[Mapping[str, Any]], refs: Iterable[str] = ()) -> Library:
    """All that documents name, and what the pipeline components in them name. One query a level of nesting."""
    found = Library({}, {}, {})
    wanted = set(refs) | _components(documents)
    while wanted:
        names, versions = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
        rows = ComponentVersion.objects.filter(
            component__workspace=workspace_id, component__name__in=set(names), version__in=set(versions)
        ).values_list("component__name", "version", "interface", "graph", "pk")
        inner = []
        for name, version, interface, graph, pk in rows:
            ref = f"{name}:{version}"
            if ref in wanted:
                found.interfaces[ref], found.versions[ref] = interface, pk
                if graph is not None:
                    found.graphs[ref] = graph
                    inner.append(graph)
        wanted = _components(inner) - set(found.interfaces)
    return found


def _components(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    nodes = (node for document in documents for node in document["nodes"].values())
    return {node["component"] for node in nodes if node["kind"] == "component"}
