"""A catalog and documents in memory, for tests of the pure rules."""

from typing import Any

from designer.graph.document import Document, Node, PipelineInput, PipelineOutput, empty
from registry.spec.interface import Interface


class MemoryCatalog:
    """`designer.graph.document.Catalog` over plain lists."""

    def __init__(self, interfaces: list[Interface], assets: dict[str, str] | None = None) -> None:
        self._interfaces = {interface["ref"]: interface for interface in interfaces}
        self._assets = assets or {}

    def interface(self, ref: str) -> Interface | None:
        return self._interfaces.get(ref)

    def asset_type(self, ref: str) -> str | None:
        return self._assets.get(ref)


def whole(fixture: dict[str, Any]) -> Document:
    """A fixture's document with the keys filled in that it left out because they are empty."""
    document: Any = empty("Pipeline") | fixture
    document["nodes"] = {
        id: Node.model_validate({"id": id, **node}).plain() | {"title": node.get("title", id)}
        for id, node in document["nodes"].items()
    }
    document["inputs"] = {
        name: PipelineInput.model_validate(input_).plain() for name, input_ in document["inputs"].items()
    }
    document["outputs"] = {
        name: PipelineOutput.model_validate(output).plain() for name, output in document["outputs"].items()
    }
    return document
