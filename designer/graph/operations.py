"""The operations that change a document, as they travel; `designer.graph.draft` applies them.

The same rules stand in `static/src/graph`; both are held to `tests/fixtures/ops/*.json`.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from designer.graph.control import Scalar
from designer.graph.document import (
    Document,
    LongText,
    Node,
    NodeSettings,
    PipelineInput,
    PipelineSettings,
    Position,
    Title,
    edges_at,
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


class Disconnect(_Operation):
    op: Literal["disconnect"]
    target: str
    input: str


class SetInput(_Operation):
    op: Literal["set_input"]
    name: str
    input: PipelineInput | None


class PipelineChanges(_Operation):
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    description: LongText | None = None
    settings: PipelineSettings | None = None


class UpdatePipeline(_Operation):
    op: Literal["update_pipeline"]
    changes: PipelineChanges


Operation = AddNode | RemoveNode | Move | SetParams | UpdateNode | Connect | Disconnect | SetInput | UpdatePipeline
_adapter: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def parse(operation: object) -> Operation:
    """One operation as it came over the wire. Raises Refused with code `unknown_op` or `malformed`."""
    try:
        return _adapter.validate_python(operation)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        if found["type"] in ("union_tag_invalid", "union_tag_not_found"):
            raise Refused("unknown_op", "There is no such operation.") from None
        place = ".".join(str(part) for part in found["loc"][1:])
        raise Refused("malformed", f"The operation cannot be read: {place}: {found['msg']}.") from None


def touched(operations: Iterable[Plain], before: Document, after: Document) -> set[str]:
    """The nodes whose problems an applied batch may have changed, gone ones included; "" is the pipeline."""
    nodes: set[str] = set()
    for operation in operations:
        match operation:
            case {"op": "add_node", "node": {"id": id}}:
                nodes |= {"", id}
            case {"op": "remove_node", "id": id}:
                nodes |= {"", id, *(wire["target"] for wire in edges_at(before, id))}
            case {"op": "set_params" | "update_node", "id": id} | {"op": "connect" | "disconnect", "target": id}:
                nodes.add(id)
            case {"op": "set_input"}:
                nodes.update(after["nodes"])
    return nodes
