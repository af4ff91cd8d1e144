"""The wires and order edges of a document being changed: what may be joined, and what may not."""

import difflib
from collections.abc import Iterable

from designer.graph.control import WAYS
from designer.graph.document import (
    INPUTS,
    Catalog,
    Document,
    Edge,
    OrderEdge,
    edge_key,
    edges_at,
    is_final,
    order_at,
    order_key,
)
from designer.graph.operations import Plain, Refused
from designer.graph.ports import input_ports, output_ports, parameters
from registry.spec.types import Fit, fit, is_data


class Wiring:
    """A document in the making: its collections are copies, its parts are shared until they are replaced."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self.document: Document = {
            "name": document["name"],
            "description": document["description"],
            "settings": document["settings"],
            "inputs": dict(document["inputs"]),
            "outputs": dict(document["outputs"]),
            "nodes": dict(document["nodes"]),
            "edges": dict(document["edges"]),
            "order": dict(document["order"]),
        }
        if "notes" in document:
            self.document["notes"] = dict(document["notes"])
        if "sections" in document:
            self.document["sections"] = dict(document["sections"])
        if "kept" in document:
            self.document["kept"] = document["kept"]
        self.catalog = catalog
        # Node -> the nodes that come after it, one entry a wire or order edge; made on the first `connect` of a batch.
        self._after: dict[str, list[str]] | None = None

    def _node(self, id: str) -> Plain:
        node = self.document["nodes"].get(id)
        if node is None:
            raise Refused("unknown_node", f"There is no node `{id}`; perhaps somebody deleted it.")
        return node

    # Wires

    def _connect(self, wire: Edge) -> list[Plain]:
        source_type, source_title = self._source(wire)
        target = self._node(wire["target"])
        ports = {port["name"]: port for port in input_ports(target, self.catalog)}
        if wire["input"] not in ports:
            hidden = any(port["name"] == wire["input"] for port in parameters(target, self.catalog))
            hint = "; show it as a port first." if hidden else near(wire["input"], ports)
            raise Refused("unknown_port", f"{title(target)} has no input port `{wire['input']}`{hint}")
        judged = fit_of(wire, source_type, ports[wire["input"]]["type"])
        if judged.verdict == "no":
            raise Refused("type_mismatch", judged.reason)
        key = edge_key(wire["target"], wire["input"])
        if key in self.document["edges"]:
            raise Refused(
                "occupied", f"{title(target)} already gets its {ports[wire['input']]['label']} from another step."
            )
        if wire["source"] == wire["target"]:
            raise Refused("cycle", f"{source_title} cannot feed itself.")
        if wire["source"] != INPUTS:
            self._may_follow(self._node(wire["source"]), target)
        self.document["edges"][key] = wire
        if self._after is not None:
            self._after.setdefault(wire["source"], []).append(wire["target"])
        return [{"op": "disconnect", "target": wire["target"], "input": wire["input"]}]

    def _source(self, wire: Edge) -> tuple[str, str]:
        """Type of the wire's output, and the title of what it belongs to."""
        if wire["source"] == INPUTS:
            pipeline_input = self.document["inputs"].get(wire["output"])
            if pipeline_input is None or not is_data(pipeline_input["type"]):
                raise Refused("unknown_input", f"There is no pipeline input `{wire['output']}` that carries data.")
            return pipeline_input["type"], wire["output"]
        source = self._node(wire["source"])
        return self._output_type(source, wire["output"]), title(source)

    def _output_type(self, node: Plain, name: str) -> str:
        ports = {port["name"]: port for port in output_ports(node, self.catalog)}
        if name not in ports:
            raise Refused("unknown_port", f"{title(node)} has no output `{name}`{near(name, ports)}")
        return ports[name]["type"]

    def _disconnect(self, target: str, input: str) -> list[Plain]:
        wire = self.document["edges"].get(edge_key(target, input))
        if wire is None:
            raise Refused("not_connected", f"Nothing is wired to `{input}` of `{target}`.")
        self._drop(wire)
        return [{"op": "connect", **wire}]

    def _drop(self, wire: Edge) -> None:
        del self.document["edges"][edge_key(wire["target"], wire["input"])]
        if self._after is not None:
            self._after[wire["source"]].remove(wire["target"])

    # Order edges

    def _connect_order(self, edge: OrderEdge) -> list[Plain]:
        if edge["source"].startswith(INPUTS) or edge["target"].startswith(INPUTS):
            raise Refused("unknown_port", "An order edge joins two steps; a pipeline input is there from the start.")
        source, target = self._node(edge["source"]), self._node(edge["target"])
        for node in (source, target):
            if node["kind"] == "data":
                raise Refused(
                    "unknown_port", f"An order edge joins two steps; {title(node)} is data, there from the start."
                )
        if source["kind"] == "branch" and edge["condition"] not in WAYS:
            raise Refused(
                "unknown_port", f"{title(source)} is a branch: what follows it runs when it is `true` or `false`."
            )
        if source["kind"] != "branch" and edge["condition"] in WAYS:
            raise Refused("unknown_port", f"Only a branch is followed by `true` or `false`; {title(source)} is none.")
        key = order_key(edge["target"], edge["source"])
        before = self.document["order"].get(key)
        if before is not None:
            self.document["order"][key] = edge
            return [{"op": "connect_order", **before}]
        if edge["source"] == edge["target"]:
            raise Refused("cycle", f"{title(source)} cannot run after itself.")
        self._may_follow(source, target)
        self.document["order"][key] = edge
        if self._after is not None:
            self._after.setdefault(edge["source"], []).append(edge["target"])
        return [{"op": "disconnect_order", "source": edge["source"], "target": edge["target"]}]

    def _disconnect_order(self, source: str, target: str) -> list[Plain]:
        edge = self.document["order"].get(order_key(target, source))
        if edge is None:
            raise Refused("not_connected", f"No order edge leads from `{source}` to `{target}`.")
        self._drop_order(edge)
        return [{"op": "connect_order", **edge}]

    def _drop_order(self, edge: OrderEdge) -> None:
        del self.document["order"][order_key(edge["target"], edge["source"])]
        if self._after is not None:
            self._after[edge["source"]].remove(edge["target"])

    # What both obey

    def _may_follow(self, source: Plain, target: Plain) -> None:
        """Raises Refused where `target` after `source` would close a circle, or come after the end of everything."""
        if path := self._path(target["id"], source["id"]):
            steps = " → ".join(title(self.document["nodes"][id]) for id in path)
            raise Refused("cycle", f"{title(source)} already depends on {title(target)}: {steps}.")
        if is_final(source) and not is_final(target):
            raise Refused(
                "not_final",
                f"{title(source)} is final: only another final step can come after it, and {title(target)} is none.",
            )

    def _check_final(self, node: Plain) -> None:
        """Raises Refused where a node that becomes final, or is no longer, does not go with its neighbours."""
        nodes = self.document["nodes"]
        pairs = [(edge["source"], edge["target"]) for edge in edges_at(self.document, node["id"])]
        pairs += [(edge["source"], edge["target"]) for edge in order_at(self.document, node["id"])]
        for source, target in pairs:
            if source == INPUTS or not is_final(nodes[source]) or is_final(nodes[target]):
                continue
            if source == node["id"]:
                reason = f"{title(node)} cannot be final: {title(nodes[target])} comes after it and is not."
            else:
                reason = f"{title(node)} must stay final: it comes after {title(nodes[source])}, which is."
            raise Refused("not_final", reason)

    def _check_types(self, node: Plain) -> None:
        """Raises Refused where a node whose loop changed does not fit its wires any more."""
        nodes, judged = self.document["nodes"], list[Fit]()
        outputs = {port["name"]: port["type"] for port in output_ports(node, self.catalog)}
        inputs = {port["name"]: port["type"] for port in input_ports(node, self.catalog)}
        for wire in edges_at(self.document, node["id"]):
            if wire["source"] == node["id"]:
                ports = {port["name"]: port["type"] for port in input_ports(nodes[wire["target"]], self.catalog)}
                carried, wanted = outputs.get(wire["output"]), ports.get(wire["input"])
            else:
                carried, wanted = self._source(wire)[0], inputs.get(wire["input"])
            if carried and wanted:
                judged.append(fit_of(wire, carried, wanted))
        for output in self.document["outputs"].values():
            if output["source"] == node["id"] and output["output"] in outputs:
                judged.append(fit(outputs[output["output"]], output["type"]))
        for fault in judged:
            if fault.verdict == "no":
                raise Refused("type_mismatch", f"{title(node)} would not fit its wires any more: {fault.reason}")

    def _path(self, start: str, end: str) -> list[str]:
        """A way along wires and order edges from `start` to `end`, both included; empty if there is none."""
        if self._after is None:
            self._after = {}
            for edge in self.document["edges"].values():
                self._after.setdefault(edge["source"], []).append(edge["target"])
            for after in self.document["order"].values():
                self._after.setdefault(after["source"], []).append(after["target"])
        came_from: dict[str, str | None] = {start: None}
        todo = [start]
        while todo:
            id = todo.pop()
            if id == end:
                path = [id]
                while (previous := came_from[path[-1]]) is not None:
                    path.append(previous)
                return path[::-1]
            for next_id in self._after.get(id, ()):
                if next_id not in came_from:
                    came_from[next_id] = id
                    todo.append(next_id)
        return []


def fit_of(wire: Edge, carried: str, wanted: str) -> Fit:
    """Whether a wire's types fit; of one that is laid anyway, at most a doubt is left between data and data."""
    judged = fit(carried, wanted)
    if judged.verdict == "no" and wire.get("anyway") and is_data(carried) and is_data(wanted):
        return Fit("warn", judged.reason)
    return judged


def title(node: Plain) -> str:
    """A node as sentences name it."""
    return f"“{node['title'] or node['id']}”"


def near(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean `{found[0]}`?" if found else "."
