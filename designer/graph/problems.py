"""What is unfinished or doubtful in a document. Problems never stop an edit; errors among them stop a run."""

from collections.abc import Iterable
from typing import Any, Literal, TypedDict

from designer.graph.document import INPUTS, Catalog, Document, edge_key
from designer.graph.ports import input_ports, output_ports, parameters
from registry.spec import values
from registry.spec.interface import InputPort
from registry.spec.types import fit, is_data


class Problem(TypedDict):
    """`node` is "" for the pipeline itself; `field` is the input, parameter or "" for the whole."""

    node: str
    field: str
    code: str
    severity: Literal["error", "warning"]
    message: str


def problems_of(document: Document, catalog: Catalog, nodes: Iterable[str] | None = None) -> dict[str, list[Problem]]:
    """The problems of all nodes, or of those named; each named node that still exists has an entry, maybe empty."""
    chosen = ["", *document["nodes"]] if nodes is None else nodes
    found = {id: _of_node(document, id, catalog) for id in chosen if id == "" or id in document["nodes"]}
    return {id: problems for id, problems in found.items() if problems} if nodes is None else found


def has_errors(problems: dict[str, list[Problem]]) -> bool:
    """Whether a run of it would be refused."""
    return any(problem["severity"] == "error" for of_node in problems.values() for problem in of_node)


def _of_node(document: Document, id: str, catalog: Catalog) -> list[Problem]:
    if id == "":
        if document["nodes"]:
            return []
        return [_problem("", "", "empty", "The pipeline has no steps yet: add a component from the palette.")]
    node = document["nodes"][id]
    if node["kind"] == "data":
        if catalog.asset_type(node["asset"]) is None:
            return [_problem(id, "asset", "unknown_asset", f"The data asset `{node['asset']}` is not here any more.")]
        return []
    if catalog.interface(node["component"]) is None:
        return [_problem(id, "", "unknown_component", f"The component `{node['component']}` is not in this workspace.")]
    found = [_wire_problem(document, node, port, catalog) for port in input_ports(node, catalog)]
    exposed = set(node["exposed"])
    found += [
        _value_problem(document, node, port)
        for port in parameters(node, catalog)
        if not (port["name"] in exposed and edge_key(id, port["name"]) in document["edges"])
    ]
    return [problem for problem in found if problem]


def _wire_problem(document: Document, node: dict[str, Any], port: InputPort, catalog: Catalog) -> Problem | None:
    edge = document["edges"].get(edge_key(node["id"], port["name"]))
    if edge is None:
        if port["optional"] or not is_data(port["type"]):
            return None
        return _problem(node["id"], port["name"], "missing_input", f"Connect something to {port['label']}.")
    if edge["source"] == INPUTS:
        carried = document["inputs"].get(edge["output"], {}).get("type")
    else:
        source = document["nodes"].get(edge["source"])
        ports = output_ports(source, catalog) if source else []
        carried = next((output["type"] for output in ports if output["name"] == edge["output"]), None)
    if carried is None:
        return _problem(node["id"], port["name"], "missing_input", f"The wire to {port['label']} comes from nowhere.")
    judged = fit(carried, port["type"])
    if judged.verdict == "yes":
        return None
    severity: Literal["error", "warning"] = "warning" if judged.verdict == "warn" else "error"
    return _problem(node["id"], port["name"], "type_warning", judged.reason, severity)


def _value_problem(document: Document, node: dict[str, Any], port: InputPort) -> Problem | None:
    value = node["params"].get(port["name"])
    if value is None:
        if port["optional"]:
            return None
        return _problem(node["id"], port["name"], "missing_value", f"{port['label']} needs a value.")
    if values.has_binding(value):
        return _binding_problem(document, node, port, str(value))
    try:
        values.check(_Check(port), value)
    except ValueError as error:
        return _problem(node["id"], port["name"], "invalid_value", f"{port['label']}: {error}.")
    return None


def _binding_problem(document: Document, node: dict[str, Any], port: InputPort, value: str) -> Problem | None:
    for expression in values.BINDING.findall(value):
        name = expression.removeprefix("parent.inputs.")
        bound = document["inputs"].get(name)
        if not expression.startswith("parent.inputs.") or bound is None:
            return _problem(
                node["id"],
                port["name"],
                "unknown_binding",
                f"{port['label']} names `{expression}`, which is not there.",
            )
        if is_data(bound["type"]):
            return _problem(
                node["id"], port["name"], "invalid_value", f"{port['label']} takes a value, but `{name}` is data."
            )
    whole = values.BINDING.fullmatch(value.strip())
    if whole is not None:
        bound = document["inputs"][whole[1].removeprefix("parent.inputs.")]
        judged = fit(bound["type"], port["type"])
        # A whole number that arrives as a number, or text that says one, is judged when its value is known.
        if judged.verdict == "no" and "string" not in (bound["type"], port["type"]):
            return _problem(node["id"], port["name"], "type_warning", judged.reason, "warning")
    return None


class _Check:
    """An interface's port as `values.check` wants it."""

    def __init__(self, port: InputPort) -> None:
        self.type = port["type"]
        self.enum = tuple(port["enum"]) if port["enum"] else None
        self.min = port["min"]
        self.max = port["max"]


def _problem(
    node: str, field: str, code: str, message: str, severity: Literal["error", "warning"] = "error"
) -> Problem:
    return {"node": node, "field": field, "code": code, "severity": severity, "message": message}
