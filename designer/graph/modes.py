"""What disabled and bypassed nodes mean for a run: decided once, when the graph is frozen."""

from collections.abc import Iterator
from typing import Any

from designer.graph.document import INPUTS, Catalog, Document, Edge, OrderEdge, edge_key, order_key
from designer.graph.finding import Problem, carried_type, problem
from designer.graph.ports import input_ports, output_ports

DISABLED, BYPASSED = "disabled", "bypassed"
_GOES_ON = ("succeeded", "completed")
"""Conditions that what is bypassed counts as meeting."""


def mode_of(document: Document, id: str) -> str | None:
    """`disabled`, `bypassed`, or None for what runs."""
    node = document["nodes"].get(id)
    return node.get("mode") if node else None


def passed_on(document: Document, node: dict[str, Any], output: str, catalog: Catalog) -> Edge | None:
    """The wire into a bypassed node that goes on as this output: it carries the output's own type.

    The input of the same name comes first, then the first that fits. None where nothing does.
    """
    wanted = next((port["type"] for port in output_ports(node, catalog) if port["name"] == output), None)
    names = [port["name"] for port in input_ports(node, catalog)]
    for name in sorted(names, key=lambda name: name != output):
        edge = document["edges"].get(edge_key(node["id"], name))
        if edge is not None and carried_type(document, edge, catalog) == wanted:
            return edge
    return None


def bypass_problems(document: Document, node: dict[str, Any], catalog: Catalog) -> list[Problem]:
    """What keeps a node from being bypassed: outputs that are used though no input can stand for them."""
    id, title = node["id"], node["title"]
    used = {edge["output"] for edge in document["edges"].values() if edge["source"] == id}
    used |= {output["output"] for output in document["outputs"].values() if output["source"] == id}
    labels = {port["name"]: port["label"] for port in output_ports(node, catalog)}
    found = [
        problem(
            id,
            output,
            "cannot_bypass",
            f"“{title}” cannot be bypassed: none of its inputs brings what its {labels.get(output, output)} gives.",
        )
        for output in sorted(used)
        if passed_on(document, node, output, catalog) is None
    ]
    for edge in document["order"].values():
        if edge["source"] == id and edge["condition"] not in _GOES_ON:
            other = document["nodes"][edge["target"]]["title"]
            message = f"“{title}” is bypassed and so never {edge['condition']}: “{other}” cannot wait for that."
            found.append(problem(id, "", "cannot_bypass", message))
    return found


def resolved(document: Document, catalog: Catalog) -> Document:
    """The document as it runs: what feeds a bypassed node feeds what follows it, and disabled nodes wait for nothing.

    Disabled nodes stay, so that a run can say that they were skipped.
    """
    modes = {id: node["mode"] for id, node in document["nodes"].items() if node.get("mode")}
    if not modes:
        return document
    bypassed = {id for id, mode in modes.items() if mode == BYPASSED}

    def origin(source: str, output: str) -> tuple[str, str] | None:
        while source in bypassed:
            edge = passed_on(document, document["nodes"][source], output, catalog)
            if edge is None:
                return None
            source, output = edge["source"], edge["output"]
        return source, output

    edges: dict[str, Edge] = {}
    for key, edge in document["edges"].items():
        if edge["target"] not in modes and (found := origin(edge["source"], edge["output"])):
            edges[key] = {**edge, "source": found[0], "output": found[1]}
    outputs = {}
    for name, output in document["outputs"].items():
        if found := origin(output["source"], output["output"]):
            outputs[name] = {**output, "source": found[0], "output": found[1]}
    order: dict[str, OrderEdge] = {}
    for each in document["order"].values():
        if each["target"] not in modes:
            for source, condition in _before(document, each, bypassed):
                key = order_key(each["target"], source)
                order.setdefault(key, {"source": source, "target": each["target"], "condition": condition})  # type: ignore[typeddict-item]
    nodes = {id: node for id, node in document["nodes"].items() if id not in bypassed}
    return {**document, "nodes": nodes, "edges": edges, "outputs": outputs, "order": order}


def _before(document: Document, edge: OrderEdge, bypassed: set[str]) -> Iterator[tuple[str, str]]:
    """What the target of an order edge runs after once bypassed nodes are taken out."""
    if edge["source"] not in bypassed:
        yield edge["source"], edge["condition"]
        return
    for wire in document["edges"].values():
        data = wire["source"] == INPUTS or document["nodes"][wire["source"]]["kind"] == "data"
        if wire["target"] == edge["source"] and not data:
            step: OrderEdge = {"source": wire["source"], "target": edge["target"], "condition": "succeeded"}
            yield from _before(document, step, bypassed)
    for other in document["order"].values():
        if other["target"] == edge["source"]:
            yield from _before(document, {**other, "target": edge["target"]}, bypassed)
