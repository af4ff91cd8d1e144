"""Applying operations to a document: every rule of what may be done, and what undoes it."""

import difflib
from collections.abc import Iterable

from designer.graph.control import Scalar
from designer.graph.document import (
    INPUT_NAME,
    INPUTS,
    Catalog,
    Document,
    Edge,
    Node,
    PipelineInput,
    Position,
    edge_key,
    edges_at,
    input_ports,
    output_ports,
    parameters,
)
from designer.graph.operations import (
    AddNode,
    Connect,
    Disconnect,
    Move,
    NodeChanges,
    Operation,
    PipelineChanges,
    Plain,
    Refused,
    RemoveNode,
    SetInput,
    SetParams,
    UpdateNode,
    UpdatePipeline,
    parse,
)
from registry.spec.types import LABELS, fit, is_data

BATCH_LIMIT = 20_000


def apply_batch(document: Document, operations: Iterable[object], catalog: Catalog) -> tuple[Document, list[Plain]]:
    """Apply all or none: the new document, and the batch that undoes it. Raises Refused; `document` never changes."""
    draft = _Draft(document, catalog)
    inverse: list[list[Plain]] = []
    for count, operation in enumerate(operations):
        if count >= BATCH_LIMIT:
            raise Refused("malformed", f"A batch may hold at most {BATCH_LIMIT:,} operations.")
        inverse.append(draft.apply(parse(operation)))
    return draft.document, [undo for undos in reversed(inverse) for undo in undos]


class _Draft:
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
        self.catalog = catalog
        # Node -> the nodes it feeds, one entry a wire; made on the first `connect` of a batch.
        self._feeds: dict[str, list[str]] | None = None

    def apply(self, operation: Operation) -> list[Plain]:
        """Change the draft and answer what undoes it."""
        match operation:
            case AddNode(node=node):
                return self._add_node(node)
            case RemoveNode(id=id):
                return self._remove_node(id)
            case Move(positions=positions):
                return self._move(positions)
            case SetParams(id=id, params=params):
                return self._set_params(id, params)
            case UpdateNode(id=id, changes=changes):
                return self._update_node(id, changes)
            case Connect():
                return self._connect(operation.model_dump(exclude={"op"}))  # type: ignore[arg-type]
            case Disconnect(target=target, input=input):
                return self._disconnect(target, input)
            case SetInput(name=name, input=input_):
                return self._set_input(name, input_)
            case UpdatePipeline(changes=changes_):
                return self._update_pipeline(changes_)

    # Nodes

    def _node(self, id: str) -> Plain:
        node = self.document["nodes"].get(id)
        if node is None:
            raise Refused("unknown_node", f"There is no node `{id}`; perhaps somebody deleted it.")
        return node

    def _add_node(self, node: Node) -> list[Plain]:
        if node.id in self.document["nodes"]:
            raise Refused("duplicate_id", f"There is a node `{node.id}` already.")
        plain = node.plain()
        if node.kind == "data":
            plain["type"] = self._asset_type(node.asset)
            if node.params or node.exposed:
                raise Refused("malformed", "A data node has no parameters.")
        else:
            self._known_component(node.component)
            self._check_parameters(plain, node.params)
            self._check_exposed(plain, node.exposed)
        plain["title"] = node.title or node.id
        self.document["nodes"][node.id] = plain
        return [{"op": "remove_node", "id": node.id}]

    def _remove_node(self, id: str) -> list[Plain]:
        node = self._node(id)
        wires = list(edges_at(self.document, id))
        for wire in wires:
            self._drop(wire)
        del self.document["nodes"][id]
        return [{"op": "add_node", "node": node}, *({"op": "connect", **wire} for wire in wires)]

    def _move(self, positions: dict[str, Position]) -> list[Plain]:
        before: dict[str, list[float]] = {}
        for id, (x, y) in positions.items():
            inputs = id.startswith(f"{INPUTS}.")
            parts: Plain = self.document["inputs"] if inputs else self.document["nodes"]
            key = id.removeprefix(f"{INPUTS}.") if inputs else id
            if key in parts:
                before[id] = [parts[key]["x"], parts[key]["y"]]
                parts[key] = parts[key] | {"x": x, "y": y}
        return [{"op": "move", "positions": before}]

    def _set_params(self, id: str, params: dict[str, Scalar | None]) -> list[Plain]:
        node = self._node(id)
        self._check_parameters(node, params)
        before = {name: node["params"].get(name) for name in params}
        merged = node["params"] | params
        kept = {name: value for name, value in merged.items() if value is not None}
        self.document["nodes"][id] = node | {"params": kept}
        return [{"op": "set_params", "id": id, "params": before}]

    def _update_node(self, id: str, changes: NodeChanges) -> list[Plain]:
        node = self._node(id)
        given = changes.model_dump(exclude_unset=True, exclude={"settings"})
        if changes.settings is not None:
            given["settings"] = changes.settings.model_dump(exclude_none=True)
        if any(value is None for value in given.values()):
            raise Refused("malformed", "A change cannot be null.")
        if "exposed" in given:
            self._check_exposed(node, given["exposed"])
            for wire in edges_at(self.document, id):
                if wire["target"] == id and wire["input"] in set(node["exposed"]) - set(given["exposed"]):
                    raise Refused("occupied", f"`{wire['input']}` is wired; remove the wire before hiding the port.")
        if "asset" in given:
            if node["kind"] != "data":
                raise Refused("malformed", "Only a data node has an asset.")
            if (type_ := self._asset_type(given["asset"])) != node["type"]:
                raise Refused(
                    "type_mismatch", f"This node holds a {LABELS[node['type']]}, but the asset is a {LABELS[type_]}."
                )
        self.document["nodes"][id] = node | given
        return [{"op": "update_node", "id": id, "changes": {key: node[key] for key in given}}]

    def _known_component(self, ref: str | None) -> None:
        if ref is None or self.catalog.interface(ref) is None:
            raise Refused("unknown_component", f"There is no component `{ref}` in this workspace.")

    def _asset_type(self, ref: str | None) -> str:
        type_ = self.catalog.asset_type(ref) if ref else None
        if type_ is None:
            raise Refused("unknown_asset", f"There is no data asset `{ref}` in this workspace.")
        return type_

    def _check_parameters(self, node: Plain, params: Iterable[str]) -> None:
        known = [port["name"] for port in parameters(node, self.catalog)]
        for name in params:
            if name not in known:
                raise Refused("unknown_parameter", f"{_title(node)} has no parameter `{name}`{_near(name, known)}")

    def _check_exposed(self, node: Plain, exposed: list[str]) -> None:
        self._check_parameters(node, exposed)

    # Wires

    def _connect(self, wire: Edge) -> list[Plain]:
        source_type, source_title = self._source(wire)
        target = self._node(wire["target"])
        ports = {port["name"]: port for port in input_ports(target, self.catalog)}
        if wire["input"] not in ports:
            hidden = any(port["name"] == wire["input"] for port in parameters(target, self.catalog))
            hint = "; show it as a port first." if hidden else _near(wire["input"], ports)
            raise Refused("unknown_port", f"{_title(target)} has no input port `{wire['input']}`{hint}")
        judged = fit(source_type, ports[wire["input"]]["type"])
        if judged.verdict == "no":
            raise Refused("type_mismatch", judged.reason)
        key = edge_key(wire["target"], wire["input"])
        if key in self.document["edges"]:
            raise Refused(
                "occupied", f"{_title(target)} already gets its {ports[wire['input']]['label']} from another step."
            )
        if wire["source"] == wire["target"]:
            raise Refused("cycle", f"{source_title} cannot feed itself.")
        if wire["source"] != INPUTS and (path := self._path(wire["target"], wire["source"])):
            steps = " → ".join(_title(self.document["nodes"][id]) for id in path)
            raise Refused("cycle", f"{source_title} already depends on {_title(target)}: {steps}.")
        self.document["edges"][key] = wire
        if self._feeds is not None:
            self._feeds.setdefault(wire["source"], []).append(wire["target"])
        return [{"op": "disconnect", "target": wire["target"], "input": wire["input"]}]

    def _source(self, wire: Edge) -> tuple[str, str]:
        """Type of the wire's output, and the title of what it belongs to."""
        if wire["source"] == INPUTS:
            pipeline_input = self.document["inputs"].get(wire["output"])
            if pipeline_input is None or not is_data(pipeline_input["type"]):
                raise Refused("unknown_input", f"There is no pipeline input `{wire['output']}` that carries data.")
            return pipeline_input["type"], wire["output"]
        source = self._node(wire["source"])
        ports = {port["name"]: port for port in output_ports(source, self.catalog)}
        if wire["output"] not in ports:
            raise Refused(
                "unknown_port", f"{_title(source)} has no output `{wire['output']}`{_near(wire['output'], ports)}"
            )
        return ports[wire["output"]]["type"], _title(source)

    def _disconnect(self, target: str, input: str) -> list[Plain]:
        wire = self.document["edges"].get(edge_key(target, input))
        if wire is None:
            raise Refused("not_connected", f"Nothing is wired to `{input}` of `{target}`.")
        self._drop(wire)
        return [{"op": "connect", **wire}]

    def _drop(self, wire: Edge) -> None:
        del self.document["edges"][edge_key(wire["target"], wire["input"])]
        if self._feeds is not None:
            self._feeds[wire["source"]].remove(wire["target"])

    def _path(self, start: str, end: str) -> list[str]:
        """A way along the wires from `start` to `end`, both included; empty if there is none."""
        if self._feeds is None:
            self._feeds = {}
            for edge in self.document["edges"].values():
                self._feeds.setdefault(edge["source"], []).append(edge["target"])
        came_from: dict[str, str | None] = {start: None}
        todo = [start]
        while todo:
            id = todo.pop()
            if id == end:
                path = [id]
                while (previous := came_from[path[-1]]) is not None:
                    path.append(previous)
                return path[::-1]
            for next_id in self._feeds.get(id, ()):
                if next_id not in came_from:
                    came_from[next_id] = id
                    todo.append(next_id)
        return []

    # The pipeline itself

    def _set_input(self, name: str, input: PipelineInput | None) -> list[Plain]:
        before = self.document["inputs"].get(name)
        wires = [
            edge for edge in self.document["edges"].values() if edge["source"] == INPUTS and edge["output"] == name
        ]
        if input is None:
            if before is None:
                raise Refused("unknown_input", f"There is no pipeline input `{name}`.")
            for wire in wires:
                self._drop(wire)
            del self.document["inputs"][name]
            return [
                {"op": "set_input", "name": name, "input": before},
                *({"op": "connect", **wire} for wire in wires),
            ]
        if not INPUT_NAME.match(name):
            raise Refused("malformed", f"`{name}` is no name for an input: use letters, digits and _.")
        self.document["inputs"][name] = input.model_dump()
        for wire in wires:
            ports = {port["name"]: port for port in input_ports(self._node(wire["target"]), self.catalog)}
            judged = fit(input.type, ports[wire["input"]]["type"]) if wire["input"] in ports else None
            if judged is not None and judged.verdict == "no":
                raise Refused("type_mismatch", judged.reason)
        return [{"op": "set_input", "name": name, "input": before}]

    def _update_pipeline(self, changes: PipelineChanges) -> list[Plain]:
        given = changes.model_dump(exclude_unset=True, exclude={"settings"})
        if changes.settings is not None:
            given["settings"] = changes.settings.model_dump(exclude_none=True)
        if any(value is None for value in given.values()):
            raise Refused("malformed", "A change cannot be null.")
        before = {key: self.document[key] for key in given}  # type: ignore[literal-required]
        self.document.update(given)  # type: ignore[typeddict-item]
        return [{"op": "update_pipeline", "changes": before}]


def _title(node: Plain) -> str:
    return f"“{node['title'] or node['id']}”"


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean `{near[0]}`?" if near else "."
