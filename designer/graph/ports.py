"""Which ports a node has, from its component, its loop, or the kind of node that it is."""

from typing import Any

from designer.graph.document import Catalog
from registry.spec.interface import InputPort, OutputPort
from registry.spec.types import is_data

VALUE: InputPort = {
    "name": "value",
    "label": "Value",
    # Text takes every literal type; what is compared is the value as it came.
    "type": "string",
    "description": "What the branch decides by",
    "optional": False,
    "default": None,
    "enum": None,
    "min": None,
    "max": None,
    "widget": None,
    "language": None,
    "columns_of": None,
}
"""The one input of a branch: always a port."""


def output_ports(node: dict[str, Any], catalog: Catalog) -> list[OutputPort]:
    """The outputs of a node; none when its component is not known.

    What a parallel loop gives is the iterations' outputs together: a folder of data, or a text with the list of values.
    """
    if node["kind"] == "branch":
        return []
    if node["kind"] == "data":
        return [{"name": "data", "label": "Data", "type": node["type"], "description": ""}]
    interface = catalog.interface(node["component"])
    if interface is None:
        return []
    if _loop_type(node) != "parallel_for":
        return interface["outputs"]
    return [port | {"type": "uri_folder" if is_data(port["type"]) else "string"} for port in interface["outputs"]]


def input_ports(node: dict[str, Any], catalog: Catalog) -> list[InputPort]:
    """The inputs of a node that are ports: data inputs, then the parameters that its author shows as ports.

    The input whose files a loop goes through takes a folder, whatever its component takes.
    """
    if node["kind"] == "branch":
        return [VALUE]
    ports = _component_inputs(node, catalog)
    through = node["loop"]["input"] if _loop_type(node) == "parallel_for" and node["loop"]["over"] == "files" else None
    data = [
        port | {"type": "uri_folder"} if port["name"] == through else port for port in ports if is_data(port["type"])
    ]
    return data + [port for port in ports if not is_data(port["type"]) and port["name"] in node["exposed"]]


def parameters(node: dict[str, Any], catalog: Catalog) -> list[InputPort]:
    """The literal inputs of a node."""
    if node["kind"] == "branch":
        return [VALUE]
    return [port for port in _component_inputs(node, catalog) if not is_data(port["type"])]


def _component_inputs(node: dict[str, Any], catalog: Catalog) -> list[InputPort]:
    interface = catalog.interface(node["component"]) if node["kind"] == "component" else None
    return interface["inputs"] if interface else []


def _loop_type(node: dict[str, Any]) -> str | None:
    loop = node.get("loop")
    return loop["type"] if loop else None
