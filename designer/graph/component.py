"""A pipeline as a component: its spec, and what its graph does, by content."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from designer.graph.document import Document, is_final
from registry.spec.component import ComponentSpec
from registry.spec.faults import Fault, SpecError

_NOT_COUNTED = {"description", "x", "y", "section"}


def spec_of(document: Document, *, name: str, version: str | None, title: str, description: str) -> ComponentSpec:
    """The spec of a pipeline component that has a document inside. Raises SpecError, with no places.

    An input with registered data as its default needs none when the component is used.
    """
    inputs: dict[str, Any] = {}
    for input_name, input_ in document["inputs"].items():
        inputs[input_name] = {"type": input_["type"], "description": input_["description"]}
        if isinstance(input_["default"], dict):
            inputs[input_name]["optional"] = True
        else:
            inputs[input_name] |= {"default": input_["default"], "optional": input_["optional"]}
    outputs = {
        output_name: {"type": output["type"], "description": output["description"]}
        for output_name, output in document["outputs"].items()
    }
    fields = {"name": name, "version": version, "display_name": title, "description": description}
    try:
        return ComponentSpec.model_validate({**fields, "type": "pipeline", "inputs": inputs, "outputs": outputs})
    except ValidationError as error:
        raise SpecError([_fault(found) for found in error.errors(include_url=False)]) from None


def components_in(document: Document) -> set[str]:
    """The refs of all components that a document names; not those inside of them."""
    return {node["component"] for node in document["nodes"].values() if node["kind"] == "component"}


def content_digest(document: Document, digests: Mapping[str, str]) -> str:
    """SHA-256 over what a graph does: places, titles, comments and how steps are treated do not count.

    `digests` are those of the components by ref: two versions that do the same are the same here.
    """
    nodes = {id: _node(node, digests) for id, node in document["nodes"].items()}
    counted = {
        "inputs": {name: _counted(input_) for name, input_ in document["inputs"].items()},
        "outputs": {name: _counted(output) for name, output in document["outputs"].items()},
        "nodes": nodes,
        "edges": document["edges"],
        "order": document["order"],
    }
    return hashlib.sha256(json.dumps(counted, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _node(node: dict[str, Any], digests: Mapping[str, str]) -> dict[str, Any]:
    counted: dict[str, Any] = {
        key: node[key] for key in ("kind", "asset", "params", "loop", "branch", "mode") if key in node
    }
    if node["kind"] == "component":
        counted["component"] = digests[node["component"]]
    return counted | {"final": is_final(node)}


def _counted(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in _NOT_COUNTED}


def _fault(found: Any) -> Fault:
    path = ".".join(str(part) for part in found["loc"] if part != "function-before")
    message = str(found["msg"]).removeprefix("Value error, ")
    return Fault(f"`{path}` {message[:1].lower() + message[1:]}" if path else message)
