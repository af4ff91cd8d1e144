"""The document: one pipeline's nodes, wires and inputs, as JSON-ready data (`docs/reference/protocol.md`).

A document is never changed in place: an edit makes a new one that shares every part that stayed as it was.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Protocol, TypedDict, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from registry.spec.interface import InputPort, Interface, OutputPort
from registry.spec.types import DATA_TYPES, LITERAL_TYPES, is_data

INPUTS = "$inputs"
"""The source of a wire that comes from a pipeline input."""

NODE_ID = re.compile(r"^[a-z_][a-z0-9_]{0,254}$")
INPUT_NAME = re.compile(r"^[A-Za-z_]\w{0,254}$")

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Position = tuple[Coordinate, Coordinate]
Scalar = str | int | float | bool
Title = Annotated[str, StringConstraints(max_length=200)]
LongText = Annotated[str, StringConstraints(max_length=20_000)]
PortType = Literal[
    "uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model",
    "string", "integer", "number", "boolean",
]  # fmt: skip
assert set(get_args(PortType)) == {*DATA_TYPES, *LITERAL_TYPES}


class Edge(TypedDict):
    source: str
    output: str
    target: str
    input: str


class Document(TypedDict):
    name: str
    description: str
    settings: dict[str, Any]
    inputs: dict[str, dict[str, Any]]
    nodes: dict[str, dict[str, Any]]
    edges: dict[str, Edge]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NodeSettings(_Part):
    """How the engine treats the step; what is unset follows the pipeline's settings."""

    timeout: float | None = Field(None, gt=0, description="seconds")
    retries: int | None = Field(None, ge=0, le=10)
    retry_delay: float | None = Field(None, ge=0, le=86_400, description="seconds")
    force_rerun: bool | None = None
    compute: str | None = None


class PipelineSettings(_Part):
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None
    compute: str | None = None


class Node(_Part):
    """A component placed in the pipeline, or a registered data asset."""

    id: Annotated[str, StringConstraints(pattern=NODE_ID)]
    kind: Literal["component", "data"] = "component"
    component: str | None = None
    asset: str | None = None
    type: PortType | None = None
    title: Title = ""
    x: Coordinate = 0
    y: Coordinate = 0
    params: dict[str, Scalar] = {}
    exposed: list[str] = []
    comment: LongText = ""
    settings: NodeSettings = NodeSettings()

    def plain(self) -> dict[str, Any]:
        """As the document holds it: the keys that its kind has."""
        left_out = {"asset", "type"} if self.kind == "component" else {"component"}
        node = self.model_dump(exclude=left_out | {"settings"})
        return node | {"settings": self.settings.model_dump(exclude_none=True)}


class PipelineInput(_Part):
    """A value that is given when a run starts: a literal, or data."""

    type: PortType
    default: Scalar | dict[str, str] | None = None
    description: LongText = ""
    optional: bool = False
    x: Coordinate = 0
    y: Coordinate = 0


class Catalog(Protocol):
    """What the rules ask about the registry."""

    def interface(self, ref: str) -> Interface | None:
        """The component version `name:version`, or None if there is none."""

    def asset_type(self, ref: str) -> str | None:
        """The type of the data asset `name:version`, or None if there is none."""


DATA_PORT: OutputPort = {"name": "data", "label": "Data", "type": "", "description": ""}


def empty(name: str) -> Document:
    """A pipeline with nothing in it."""
    return {"name": name, "description": "", "settings": {}, "inputs": {}, "nodes": {}, "edges": {}}


def edge_key(target: str, input: str) -> str:
    return f"{target}.{input}"


def edges_at(document: Document, node_id: str) -> Iterator[Edge]:
    """The wires that begin or end at a node."""
    return (edge for edge in document["edges"].values() if node_id in (edge["source"], edge["target"]))


def output_ports(node: dict[str, Any], catalog: Catalog) -> list[OutputPort]:
    """The outputs of a node; none when its component is not known."""
    if node["kind"] == "data":
        return [DATA_PORT | {"type": node["type"]}]
    interface = catalog.interface(node["component"])
    return interface["outputs"] if interface else []


def input_ports(node: dict[str, Any], catalog: Catalog) -> list[InputPort]:
    """The inputs of a node that are ports: data inputs, then the parameters that its author shows as ports."""
    if node["kind"] == "data":
        return []
    interface = catalog.interface(node["component"])
    if interface is None:
        return []
    ports = interface["inputs"]
    shown = [port for port in ports if not is_data(port["type"]) and port["name"] in node["exposed"]]
    return [port for port in ports if is_data(port["type"])] + shown


def parameters(node: dict[str, Any], catalog: Catalog) -> list[InputPort]:
    """The literal inputs of a node."""
    interface = catalog.interface(node["component"]) if node["kind"] == "component" else None
    return [port for port in interface["inputs"] if not is_data(port["type"])] if interface else []
