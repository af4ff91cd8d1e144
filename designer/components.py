"""The components that documents are made of, at any depth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.models import ComponentVersion
from registry.spec.interface import Interface


@dataclass(frozen=True)
class Library:
    """The interfaces of components by ref, and of those that are pipelines, what is inside."""

    interfaces: dict[str, Interface]
    graphs: dict[str, Mapping[str, Any]]


def library_of(workspace_id: int, documents: Iterable[Mapping[str, Any]], refs: Iterable[str] = ()) -> Library:
    """All that documents name, and what the pipeline components in them name. One query a level of nesting."""
    found = Library({}, {})
    wanted = set(refs) | _components(documents)
    while wanted:
        names, versions = zip(*(ref.rpartition(":")[::2] for ref in wanted), strict=True)
        rows = ComponentVersion.objects.filter(
            component__workspace=workspace_id, component__name__in=set(names), version__in=set(versions)
        ).values_list("component__name", "version", "interface", "graph")
        level = {f"{name}:{version}": (interface, graph) for name, version, interface, graph in rows}
        level = {ref: pair for ref, pair in level.items() if ref in wanted}
        found.interfaces.update({ref: interface for ref, (interface, _) in level.items()})
        found.graphs.update({ref: graph for ref, (_, graph) in level.items() if graph is not None})
        wanted = _components(graph for _, graph in level.values() if graph is not None) - set(found.interfaces)
    return found


def _components(documents: Iterable[Mapping[str, Any]]) -> set[str]:
    nodes = (node for document in documents for node in document["nodes"].values())
    return {node["component"] for node in nodes if node["kind"] == "component"}
