"""What is unfinished or doubtful in a document. Problems never stop an edit; errors among them stop a run."""

from collections.abc import Iterable
from typing import Any

from designer.graph.branch_problems import branch_problems
from designer.graph.document import Catalog, Document, edge_key, is_final, order_key
from designer.graph.finding import Problem, Severity, carried_type, check, problem
from designer.graph.loop_problems import given_by_loop, loop_problems
from designer.graph.modes import BYPASSED, DISABLED, bypass_problems
from designer.graph.ports import input_ports, output_ports, parameters
from designer.graph.wiring import fit_of
from registry.spec import values
from registry.spec.interface import InputPort
from registry.spec.types import Fit, fit, is_data

__all__ = ["Problem", "has_errors", "problems_of"]


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
            return _of_pipeline(document, catalog)
        return [problem("", "", "empty", "The pipeline has no steps yet: add a component from the palette.")]
    node = document["nodes"][id]
    if node["kind"] == "data":
        if catalog.asset_type(node["asset"]) is None:
            return [problem(id, "asset", "unknown_asset", f"The data asset `{node['asset']}` is not here any more.")]
        return []
    if node["kind"] == "component" and catalog.interface(node["component"]) is None:
        return [problem(id, "", "unknown_component", f"The component `{node['component']}` is not in this workspace.")]
    if node.get("mode") == DISABLED:
        return []
    if node.get("mode") == BYPASSED:
        return bypass_problems(document, node, catalog)
    found = [_wire_problem(document, node, port, catalog) for port in input_ports(node, catalog)]
    looped = given_by_loop(document, node)
    for port in parameters(node, catalog):
        wired = edge_key(id, port["name"]) in document["edges"]
        if not wired and not (port["name"] in looped and node["params"].get(port["name"]) is None):
            found.append(_value_problem(document, node, port))
    rest = (
        branch_problems(document, node, catalog) if node["kind"] == "branch" else _of_component(document, node, catalog)
    )
    return [each for each in found if each] + rest


def _of_pipeline(document: Document, catalog: Catalog) -> list[Problem]:
    found = []
    steps = [node for node in document["nodes"].values() if node["kind"] != "data"]
    if steps and all("mode" in node for node in steps):
        found.append(problem("", "", "empty", "Every step is disabled or bypassed: there is nothing to run."))
    elif steps and all(is_final(node) for node in steps):
        found.append(problem("", "", "empty", "Every step is final, and there is nothing that they could come after."))
    for name, output in document["outputs"].items():
        carried = {port["name"]: port["type"] for port in output_ports(document["nodes"][output["source"]], catalog)}
        if output["output"] in carried:
            judged = fit(carried[output["output"]], output["type"])
            if judged.verdict != "yes":
                found.append(_doubt("", name, judged))
    return found


def _of_component(document: Document, node: dict[str, Any], catalog: Catalog) -> list[Problem]:
    """What its loop lacks, and whether it can run at all."""
    found = loop_problems(document, node, catalog)
    interface = catalog.interface(node["component"])
    if interface is not None and (sentence := interface.get("cannot_run")):
        found.insert(0, problem(node["id"], "", "cannot_run", sentence))
    for port in input_ports(node, catalog):
        edge = document["edges"].get(edge_key(node["id"], port["name"]))
        order = document["order"].get(order_key(node["id"], edge["source"])) if edge else None
        if not port["optional"] and order and order["condition"] in ("failed", "skipped"):
            title = document["nodes"][order["source"]]["title"]
            ended = _ENDED[order["condition"]]
            message = f"It never runs: it needs {port['label']} of “{title}”, but runs only where that {ended}."
            found.append(problem(node["id"], port["name"], "never_runs", message, "warning"))
    return found


_ENDED = {"failed": "failed", "skipped": "was skipped"}


def _wire_problem(document: Document, node: dict[str, Any], port: InputPort, catalog: Catalog) -> Problem | None:
    edge = document["edges"].get(edge_key(node["id"], port["name"]))
    if edge is None:
        if port["optional"] or not is_data(port["type"]):
            return None
        return problem(node["id"], port["name"], "missing_input", f"Connect something to {port['label']}.")
    carried = carried_type(document, edge, catalog)
    if carried is None:
        return problem(node["id"], port["name"], "missing_input", f"The wire to {port['label']} comes from nowhere.")
    judged = fit_of(edge, carried, port["type"])
    if judged.verdict == "yes":
        return None
    return _doubt(node["id"], port["name"], judged)


def _doubt(node: str, field: str, judged: Fit) -> Problem:
    severity: Severity = "warning" if judged.verdict == "warn" else "error"
    return problem(node, field, "type_warning", judged.reason, severity)


def _value_problem(document: Document, node: dict[str, Any], port: InputPort) -> Problem | None:
    value = node["params"].get(port["name"])
    if value is None:
        if port["optional"]:
            return None
        return problem(node["id"], port["name"], "missing_value", f"{port['label']} needs a value.")
    if values.has_binding(value):
        return _binding_problem(document, node, port, str(value))
    fault = check(port, value)
    return problem(node["id"], port["name"], "invalid_value", f"{fault}.") if fault else None


def _binding_problem(document: Document, node: dict[str, Any], port: InputPort, value: str) -> Problem | None:
    for expression in values.BINDING.findall(value):
        name = expression.removeprefix("parent.inputs.")
        bound = document["inputs"].get(name)
        if not expression.startswith("parent.inputs.") or bound is None:
            return problem(
                node["id"],
                port["name"],
                "unknown_binding",
                f"{port['label']} names `{expression}`, which is not there.",
            )
        if is_data(bound["type"]):
            return problem(
                node["id"], port["name"], "invalid_value", f"{port['label']} takes a value, but `{name}` is data."
            )
    whole = values.BINDING.fullmatch(value.strip())
    if whole is not None:
        bound = document["inputs"][whole[1].removeprefix("parent.inputs.")]
        judged = fit(bound["type"], port["type"])
        # A whole number that arrives as a number, or text that says one, is judged when its value is known.
        if judged.verdict == "no" and "string" not in (bound["type"], port["type"]):
            return problem(node["id"], port["name"], "type_warning", judged.reason, "warning")
    return None
