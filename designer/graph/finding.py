"""One thing that is unfinished or doubtful in a document, and what the modules that find them share."""

from typing import Any, Literal, TypedDict

from designer.graph.document import INPUTS, Catalog, Document, Edge
from designer.graph.ports import output_ports
from registry.spec import values
from registry.spec.interface import InputPort

Severity = Literal["error", "warning"]


class Problem(TypedDict):
    """`node` is "" for the pipeline itself; `field` is an input, a parameter, a part as `loop.items`, or "" for all."""

    node: str
    field: str
    code: str
    severity: Severity
    message: str


def problem(node: str, field: str, code: str, message: str, severity: Severity = "error") -> Problem:
    return {"node": node, "field": field, "code": code, "severity": severity, "message": message}


def check(port: InputPort, value: object) -> str:
    """What is wrong with a literal for this input, without a full stop; empty if nothing."""
    try:
        values.check(_Limits(port), value)
    except ValueError as error:
        return f"{port['label']}: {error}"
    return ""


def carried_type(document: Document, edge: Edge, catalog: Catalog) -> str | None:
    """The type of what a wire carries; None where its source has no such output."""
    if edge["source"] == INPUTS:
        return document["inputs"].get(edge["output"], {}).get("type")
    source: dict[str, Any] | None = document["nodes"].get(edge["source"])
    ports = output_ports(source, catalog) if source else []
    return next((output["type"] for output in ports if output["name"] == edge["output"]), None)


def bound_input(value: object) -> str | None:
    """The pipeline input that a whole value stands for: `${{parent.inputs.NAME}}` and nothing else."""
    whole = values.BINDING.fullmatch(value.strip()) if isinstance(value, str) else None
    expression = whole[1] if whole else ""
    return expression.removeprefix("parent.inputs.") if expression.startswith("parent.inputs.") else None


class _Limits:
    """An interface's port as `values.check` wants it."""

    def __init__(self, port: InputPort) -> None:
        self.type = port["type"]
        self.enum = tuple(port["enum"]) if port["enum"] else None
        self.min = port["min"]
        self.max = port["max"]
