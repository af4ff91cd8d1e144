"""The operations that change a document, as they travel; `designer.graph.draft` applies them.

The same rules stand in `static/src/graph`; both are held to `tests/fixtures/ops/*.json`.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from designer.graph.annotations import Id, Note, NoteChanges, Section, SectionChanges
from designer.graph.control import Branch, Condition, Loop, Scalar
from designer.graph.document import (
    Document,
    Edge,
    Kept,
    LongText,
    Mode,
    Node,
    NodeSettings,
    OutputSettings,
    PipelineInput,
    PipelineOutput,
    PipelineSettings,
    Position,
    Title,
    edges_at,
    order_at,
)

Plain = dict[str, Any]


class Refused(ValueError):
    """The operation would break the document. `code` is one of those in the protocol, the message a sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AddNode(_Operation):
    op: Literal["add_node"]
    node: Node


class RemoveNode(_Operation):
    op: Literal["remove_node"]
    id: str


class Move(_Operation):
    op: Literal["move"]
    positions: dict[str, Position]


class SetParams(_Operation):
    op: Literal["set_params"]
    id: str
    params: dict[str, Scalar | None]


class NodeChanges(_Operation):
    title: Title | None = None
    comment: LongText | None = None
    exposed: list[str] | None = None
    settings: NodeSettings | None = None
    asset: str | None = None
    loop: Loop | None = None
    branch: Branch | None = None
    outputs: dict[str, OutputSettings] | None = None
    mode: Mode | None = None
    kept: Kept | None = None


class UpdateNode(_Operation):
    op: Literal["update_node"]
    id: str
    changes: NodeChanges


class Connect(_Operation):
    op: Literal["connect"]
    source: str
    output: str
    target: str
    input: str
    anyway: bool = False
    """Any data may be given where data is taken: Azure ML only warns of it."""

    def wire(self) -> Edge:
        wire: Edge = {"source": self.source, "output": self.output, "target": self.target, "input": self.input}
        return {**wire, "anyway": True} if self.anyway else wire


class Disconnect(_Operation):
    op: Literal["disconnect"]
    target: str
    input: str


class ConnectOrder(_Operation):
    op: Literal["connect_order"]
    source: str
    target: str
    condition: Condition = "succeeded"


class DisconnectOrder(_Operation):
    op: Literal["disconnect_order"]
    source: str
    target: str


class SetInput(_Operation):
    op: Literal["set_input"]
    name: str
    input: PipelineInput | None


class SetOutput(_Operation):
    op: Literal["set_output"]
    name: str
    output: PipelineOutput | None


class AddNote(_Operation):
    op: Literal["add_note"]
    note: Note


class RemoveNote(_Operation):
    op: Literal["remove_note"]
    id: str


class UpdateNote(_Operation):
    op: Literal["update_note"]
    id: str
    changes: NoteChanges


class AddSection(_Operation):
    op: Literal["add_section"]
    section: Section


class RemoveSection(_Operation):
    op: Literal["remove_section"]
    id: str


class UpdateSection(_Operation):
    op: Literal["update_section"]
    id: str
    changes: SectionChanges


class Join(_Operation):
    """Nodes, inputs and notes come into a section, or with null into none."""

    op: Literal["join"]
    section: Id | None
    members: Annotated[list[str], Field(max_length=10_000)]


class PipelineChanges(_Operation):
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: LongText | None = None
    settings: PipelineSettings | None = None
    kept: Kept | None = None


class UpdatePipeline(_Operation):
    op: Literal["update_pipeline"]
    changes: PipelineChanges


Operation = (
    AddNode
    | RemoveNode
    | Move
    | SetParams
    | UpdateNode
    | Connect
    | Disconnect
    | ConnectOrder
    | DisconnectOrder
    | SetInput
    | SetOutput
    | AddNote
    | RemoveNote
    | UpdateNote
    | AddSection
    | RemoveSection
    | UpdateSection
    | Join
    | UpdatePipeline
)
_adapter: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def parse(operation: object) -> Operation:
    """One operation as it came over the wire. Raises Refused with code `unknown_op` or `malformed`."""
    try:
        return _adapter.validate_python(operation)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        if found["type"] in ("union_tag_invalid", "union_tag_not_found") and not found["loc"]:
            raise Refused("unknown_op", "There is no such operation.") from None
        place = _place(operation, found["loc"], missing=found["type"] == "missing")
        message = found["msg"].removeprefix("Value error, ")
        if found["type"] == "union_tag_invalid":
            message = f"`{found['ctx']['tag']}` is none of {found['ctx']['expected_tags']}"
        elif found["type"] == "union_tag_not_found":
            message = f"{found['ctx']['discriminator']} is missing"
        raise Refused("malformed", f"The operation cannot be read: {place}: {message}.") from None


def _place(operation: object, path: tuple[str | int, ...], *, missing: bool) -> str:
    """The path to a fault in the operation as it was written: pydantic's has the branches of unions in it too."""
    shown: list[str] = []
    at = operation
    for index, part in enumerate(path):
        if (isinstance(at, dict) and part in at) or (isinstance(at, list) and isinstance(part, int) and part < len(at)):
            at = at[part]  # type: ignore[index]
            shown.append(str(part))
        elif missing and index == len(path) - 1:
            shown.append(str(part))
    return ".".join(shown)


def touched(operations: Iterable[Plain], before: Document, after: Document) -> set[str]:
    """The nodes whose problems an applied batch may have changed, gone ones included; "" is the pipeline."""
    nodes: set[str] = set()
    for operation in operations:
        match operation:
            case {"op": "add_node", "node": {"id": id}}:
                nodes |= {"", id}
            case {"op": "remove_node", "id": id}:
                nodes |= {"", id, *_followers(before, id)}
            case {"op": "update_node", "id": id, "changes": {"loop": _} | {"settings": _} | {"mode": _}}:
                nodes |= {"", id, *_followers(after, id)}
            case {"op": "set_params" | "update_node", "id": id}:
                nodes.add(id)
            case {"op": "connect" | "disconnect", "target": id}:
                nodes.add(id)
            case {"op": "connect_order" | "disconnect_order", "source": id, "target": target}:
                nodes |= {id, target}
            case {"op": "set_input"}:
                nodes.update(after["nodes"])
            case {"op": "set_output"}:
                nodes.add("")
    # What a bypassed node must hand on hangs on the wires at both of its sides.
    return nodes | {id for id, node in after["nodes"].items() if nodes and node.get("mode") == "bypassed"}


def _followers(document: Document, id: str) -> set[str]:
    wired = {wire["target"] for wire in edges_at(document, id)}
    return wired | {edge["target"] for edge in order_at(document, id)}
