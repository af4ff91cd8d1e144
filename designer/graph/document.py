"""The document: one pipeline's nodes, wires and inputs, as JSON-ready data (`docs/reference/protocol.md`).

A document is never changed in place: an edit makes a new one that shares every part that stayed as it was.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, NotRequired, Protocol, TypedDict, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from designer.graph.annotations import NOTES, Id
from designer.graph.control import Branch, Condition, Loop, Scalar
from registry.spec.interface import Interface
from registry.spec.types import DATA_TYPES, LITERAL_TYPES

INPUTS = "$inputs"
"""The source of a wire that comes from a pipeline input."""

NODE_ID = re.compile(r"^[a-z_][a-z0-9_]{0,254}$")
INPUT_NAME = re.compile(r"^(?=.{1,255}$)[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")
"""Dots stand between the groups that an input is in and its own name."""

MEMORY = re.compile(r"^\d+(\.\d+)?\s*([KMGT]i?)?B?$", re.IGNORECASE)

Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]
Position = tuple[Coordinate, Coordinate]
ShortText = Annotated[str, StringConstraints(max_length=255)]
Title = Annotated[str, StringConstraints(max_length=200)]
LongText = Annotated[str, StringConstraints(max_length=20_000)]
PortType = Literal[
    "uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model",
    "string", "integer", "number", "boolean",
]  # fmt: skip
assert set(get_args(PortType)) == {*DATA_TYPES, *LITERAL_TYPES}


class Edge(TypedDict):
    """A wire. `anyway` lies on one whose types do not fit, and that somebody wants all the same."""

    source: str
    output: str
    target: str
    input: str
    anyway: NotRequired[bool]


class OrderEdge(TypedDict):
    """`target` runs after `source` ended as `condition` says; no data goes along it."""

    source: str
    target: str
    condition: Condition


class Document(TypedDict):
    name: str
    description: str
    settings: dict[str, Any]
    inputs: dict[str, dict[str, Any]]
    outputs: dict[str, dict[str, Any]]
    nodes: dict[str, dict[str, Any]]
    edges: dict[str, Edge]
    order: dict[str, OrderEdge]
    notes: NotRequired[dict[str, dict[str, Any]]]
    sections: NotRequired[dict[str, dict[str, Any]]]
    kept: NotRequired[dict[str, Any]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


Mode = Literal["disabled", "bypassed"]
"""A disabled node does not run, nor does what needs it; a bypassed one hands its inputs on."""

Labels = Annotated[dict[ShortText, ShortText], Field(max_length=50)]


class Resources(_Part):
    """What a step needs of the machine that it runs on."""

    cpu: Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None = Field(None, description="cores")
    memory: Annotated[str, StringConstraints(pattern=MEMORY)] | None = Field(None, description="as in 2GB")
    gpus: Annotated[int, Field(ge=0, le=1000)] | None = None


Kept = Annotated[
    dict[str, Any], Field(description="what its YAML says and nothing here acts on; written back as it was")
]


class OutputSettings(_Part):
    """What becomes of an output when its step has ended: registered as a data asset where it has a `name`.

    `mode` and `path` are Azure ML's; outputs lie in the store here.
    """

    name: ShortText | None = None
    version: ShortText | None = None
    mode: ShortText | None = None
    path: LongText | None = None


class NodeSettings(_Part):
    """How the engine treats the step; what is unset follows the pipeline's settings."""

    timeout: float | None = Field(None, gt=0, description="seconds")
    retries: int | None = Field(None, ge=0, le=10)
    retry_delay: float | None = Field(None, ge=0, le=86_400, description="seconds")
    retry_backoff: float | None = Field(None, ge=1, le=10, description="each delay is so many times the one before")
    force_rerun: bool | None = None
    final: bool | None = Field(None, description="runs when everything else has ended, however it ended")
    compute: str | None = None
    labels: Labels | None = Field(None, description="that the compute target must have")
    resources: Resources | None = None
    environment: str | dict[str, Any] | None = Field(None, description="instead of the component's")
    environment_variables: dict[ShortText, LongText] | None = Field(None, description="may hold bindings")
    distribution: dict[str, Any] | None = Field(None, description="instead of the component's, as in Azure ML")
    instance_count: int | None = Field(None, ge=1, le=1000)


class PipelineSettings(_Part):
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None
    compute: str | None = None
    labels: Labels | None = None


class Node(_Part):
    """A component placed in the pipeline, a registered data asset, or a branch."""

    id: Annotated[str, StringConstraints(pattern=NODE_ID)]
    kind: Literal["component", "data", "branch"] = "component"
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
    loop: Loop | None = None
    branch: Branch | None = None
    outputs: dict[str, OutputSettings] = {}
    mode: Mode | None = None
    section: Id | None = None
    kept: Kept = {}

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> "Node":
        if self.loop is not None and self.kind != "component":
            raise ValueError("only a component can run in a loop")
        if self.mode is not None and self.kind != "component":
            raise ValueError("only a component can be disabled or bypassed")
        if self.branch is not None and self.kind != "branch":
            raise ValueError("only a branch node has the rule of a branch")
        return self

    def plain(self) -> dict[str, Any]:
        """As the document holds it: the keys that its kind has, and those that say something."""
        kept = {"component": {"component"}, "data": {"asset", "type"}, "branch": set[str]()}[self.kind]
        node = self.model_dump(include=kept | {"id", "kind", "title", "x", "y", "params", "exposed", "comment"})
        node["settings"] = self.settings.model_dump(exclude_none=True)
        if self.kind == "branch":
            node["branch"] = (self.branch or Branch()).model_dump()
        if self.loop is not None:
            node["loop"] = self.loop.model_dump()
        if outputs := plain_outputs(self.outputs):
            node["outputs"] = outputs
        node |= {key: value for key, value in (("mode", self.mode), ("section", self.section)) if value}
        if self.kept:
            node["kept"] = self.kept
        return node


def plain_outputs(outputs: dict[str, OutputSettings]) -> dict[str, dict[str, Any]]:
    """Outputs' settings as a node holds them: those that say something."""
    found = {name: output.model_dump(exclude_none=True) for name, output in outputs.items()}
    return {name: output for name, output in found.items() if output}


class PipelineInput(_Part):
    """A value that is given when a run starts: a literal, or data."""

    type: PortType
    default: Scalar | dict[str, str] | None = None
    description: LongText = ""
    optional: bool = False
    enum: list[str] | None = None
    min: float | None = None
    max: float | None = None
    x: Coordinate = 0
    y: Coordinate = 0
    section: Id | None = None
    kept: Kept = {}

    def plain(self) -> dict[str, Any]:
        """As the document holds it: the rules of its values only where there are some."""
        unset = {
            name
            for name in ("enum", "min", "max", "section", "kept")
            if not getattr(self, name) and getattr(self, name) != 0
        }
        return self.model_dump(exclude=unset)


class PipelineOutput(_Part):
    """What the pipeline gives when it is used as a component: an output of one of its nodes."""

    type: PortType
    source: str
    output: str
    description: LongText = ""
    settings: OutputSettings | None = None

    def plain(self) -> dict[str, Any]:
        """As the document holds it: `settings` only where they say something."""
        found = self.model_dump(exclude={"settings"})
        settings = self.settings.model_dump(exclude_none=True) if self.settings else {}
        return found | ({"settings": settings} if settings else {})


class Catalog(Protocol):
    """What the rules ask about the registry."""

    def interface(self, ref: str) -> Interface | None:
        """The component version `name:version`, or None if there is none."""

    def asset_type(self, ref: str) -> str | None:
        """The type of the data asset `name:version`, or None if there is none."""


def empty(name: str) -> Document:
    """A pipeline with nothing in it."""
    return {
        "name": name,
        "description": "",
        "settings": {},
        "inputs": {},
        "outputs": {},
        "nodes": {},
        "edges": {},
        "order": {},
    }


def order_key(target: str, source: str) -> str:
    return f"{target}<{source}"


def edge_key(target: str, input: str) -> str:
    return f"{target}.{input}"


def edges_at(document: Document, node_id: str) -> Iterator[Edge]:
    """The wires that begin or end at a node."""
    return (edge for edge in document["edges"].values() if node_id in (edge["source"], edge["target"]))


def order_at(document: Document, node_id: str) -> Iterator[OrderEdge]:
    """The order edges that begin or end at a node."""
    return (edge for edge in document["order"].values() if node_id in (edge["source"], edge["target"]))


def part_at(id: str) -> tuple[str, str]:
    """The table and the key of what an id on the canvas stands for: a node, a pipeline input or a note."""
    prefix, _, name = id.partition(".")
    return {INPUTS: ("inputs", name), NOTES: ("notes", name)}.get(prefix, ("nodes", id))


def is_final(node: dict[str, Any]) -> bool:
    """Whether it runs when everything else has ended."""
    return bool(node["settings"].get("final"))
