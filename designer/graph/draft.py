"""Applying operations to a document: every rule of what may be done, and what undoes it."""

from collections.abc import Iterable

from designer.graph.annotating import Annotating
from designer.graph.control import Scalar
from designer.graph.document import (
    INPUT_NAME,
    INPUTS,
    Catalog,
    Document,
    Node,
    PipelineInput,
    PipelineOutput,
    Position,
    edges_at,
    order_at,
    part_at,
    plain_outputs,
)
from designer.graph.operations import (
    AddNode,
    AddNote,
    AddSection,
    Connect,
    ConnectOrder,
    Disconnect,
    DisconnectOrder,
    Join,
    Move,
    NodeChanges,
    Operation,
    PipelineChanges,
    Plain,
    Refused,
    RemoveNode,
    RemoveNote,
    RemoveSection,
    SetInput,
    SetOutput,
    SetParams,
    UpdateNode,
    UpdateNote,
    UpdatePipeline,
    UpdateSection,
    parse,
)
from designer.graph.ports import input_ports, output_ports, parameters
from designer.graph.wiring import fit_of, near, title
from registry.spec.types import LABELS, fit

BATCH_LIMIT = 20_000
MAY_BE_MISSING: Plain = {"loop": None, "outputs": {}, "mode": None, "kept": {}}
"""Keys that a node has only where they say something, each with what says nothing."""


def apply_batch(document: Document, operations: Iterable[object], catalog: Catalog) -> tuple[Document, list[Plain]]:
    """Apply all or none: the new document, and the batch that undoes it. Raises Refused; `document` never changes."""
    draft = _Draft(document, catalog)
    inverse: list[list[Plain]] = []
    for count, operation in enumerate(operations):
        if count >= BATCH_LIMIT:
            raise Refused("malformed", f"A batch may hold at most {BATCH_LIMIT:,} operations.")
        inverse.append(draft.apply(parse(operation)))
    return draft.document, [undo for undos in reversed(inverse) for undo in undos]


class _Draft(Annotating):
    """What each operation does to a document in the making."""

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
                return self._connect(operation.wire())
            case Disconnect(target=target, input=input):
                return self._disconnect(target, input)
            case ConnectOrder():
                return self._connect_order(operation.model_dump(exclude={"op"}))  # type: ignore[arg-type]
            case DisconnectOrder(source=source, target=target):
                return self._disconnect_order(source, target)
            case SetInput(name=name, input=input_):
                return self._set_input(name, input_)
            case SetOutput(name=name, output=output):
                return self._set_output(name, output)
            case AddNote(note=note):
                return self._add_note(note)
            case RemoveNote(id=id):
                return self._remove_note(id)
            case UpdateNote(id=id, changes=note_changes):
                return self._update_note(id, note_changes)
            case AddSection(section=section):
                return self._add_section(section)
            case RemoveSection(id=id):
                return self._remove_section(id)
            case UpdateSection(id=id, changes=section_changes):
                return self._update_section(id, section_changes)
            case Join(section=section_id, members=members):
                return self._join(section_id, members)
            case UpdatePipeline(changes=changes_):
                return self._update_pipeline(changes_)

    # Nodes

    def _add_node(self, node: Node) -> list[Plain]:
        if node.id in self.document["nodes"]:
            raise Refused("duplicate_id", f"There is a node `{node.id}` already.")
        plain = node.plain()
        if node.kind == "data":
            plain["type"] = self._asset_type(node.asset)
            if node.params or node.exposed:
                raise Refused("malformed", "A data node has no parameters.")
        else:
            if node.kind == "component":
                self._known_component(node.component)
            self._check_parameters(plain, node.params)
            self._check_exposed(plain, node.exposed)
        self._check_outputs(plain, node.outputs)
        plain["title"] = node.title or node.id
        self.document["nodes"][node.id] = self._in_section(plain)
        return [{"op": "remove_node", "id": node.id}]

    def _remove_node(self, id: str) -> list[Plain]:
        node = self._node(id)
        wires, order = list(edges_at(self.document, id)), list(order_at(self.document, id))
        outputs = {name: output for name, output in self.document["outputs"].items() if output["source"] == id}
        for wire in wires:
            self._drop(wire)
        for edge in order:
            self._drop_order(edge)
        for name in outputs:
            del self.document["outputs"][name]
        del self.document["nodes"][id]
        return [
            {"op": "add_node", "node": node},
            *({"op": "connect", **wire} for wire in wires),
            *({"op": "connect_order", **edge} for edge in order),
            *({"op": "set_output", "name": name, "output": output} for name, output in outputs.items()),
        ]

    def _move(self, positions: dict[str, Position]) -> list[Plain]:
        before: dict[str, list[float]] = {}
        for id, (x, y) in positions.items():
            table, key = part_at(id)
            parts: Plain = self.document.get(table, {})  # type: ignore[assignment]
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
        given = changes.model_dump(exclude={"settings", "outputs"}, include=changes.model_fields_set)
        if changes.settings is not None:
            given["settings"] = changes.settings.model_dump(exclude_none=True)
        if changes.outputs is not None:
            self._check_outputs(node, changes.outputs)
            given["outputs"] = plain_outputs(changes.outputs)
        if any(value is None for key, value in given.items() if key not in ("loop", "mode")):
            raise Refused("malformed", "A change cannot be null.")
        if "loop" in given and node["kind"] != "component":
            raise Refused("malformed", "Only a component can run in a loop.")
        if given.get("mode") and node["kind"] != "component":
            raise Refused("malformed", "Only a component can be disabled or bypassed.")
        if "branch" in given and node["kind"] != "branch":
            raise Refused("malformed", "Only a branch node has the rule of a branch.")
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
        changed = {key: value for key, value in (node | given).items() if value or key not in MAY_BE_MISSING}
        self.document["nodes"][id] = changed
        if "settings" in given:
            self._check_final(changed)
        if "loop" in given:
            self._check_types(changed)
        return [
            {"op": "update_node", "id": id, "changes": {key: node.get(key, MAY_BE_MISSING.get(key)) for key in given}}
        ]

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
                raise Refused("unknown_parameter", f"{title(node)} has no parameter `{name}`{near(name, known)}")

    def _check_outputs(self, node: Plain, outputs: Iterable[str]) -> None:
        known = [port["name"] for port in output_ports(node, self.catalog)] if node["kind"] == "component" else []
        for name in outputs:
            if name not in known:
                raise Refused("unknown_port", f"{title(node)} has no output `{name}`{near(name, known)}")

    def _check_exposed(self, node: Plain, exposed: list[str]) -> None:
        if exposed and node["kind"] == "branch":
            raise Refused("malformed", "The value of a branch is always a port.")
        self._check_parameters(node, exposed)

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
        if name in self.document["outputs"]:
            raise Refused("duplicate_id", f"There is a pipeline output `{name}`: give the input another name.")
        self.document["inputs"][name] = self._in_section(input.plain())
        for wire in wires:
            ports = {port["name"]: port for port in input_ports(self._node(wire["target"]), self.catalog)}
            judged = fit_of(wire, input.type, ports[wire["input"]]["type"]) if wire["input"] in ports else None
            if judged is not None and judged.verdict == "no":
                raise Refused("type_mismatch", judged.reason)
        return [{"op": "set_input", "name": name, "input": before}]

    def _set_output(self, name: str, output: PipelineOutput | None) -> list[Plain]:
        before = self.document["outputs"].get(name)
        if output is None:
            if before is None:
                raise Refused("unknown_port", f"There is no pipeline output `{name}`.")
            del self.document["outputs"][name]
            return [{"op": "set_output", "name": name, "output": before}]
        if not INPUT_NAME.match(name):
            raise Refused("malformed", f"`{name}` is no name for an output: use letters, digits and _.")
        if name in self.document["inputs"]:
            raise Refused("duplicate_id", f"There is a pipeline input `{name}`: give the output another name.")
        node = self._node(output.source)
        if node["kind"] == "data":
            raise Refused("unknown_port", f"A pipeline gives what its steps make, and {title(node)} is data.")
        judged = fit(self._output_type(node, output.output), output.type)
        if judged.verdict == "no":
            raise Refused("type_mismatch", judged.reason)
        self.document["outputs"][name] = output.plain()
        return [{"op": "set_output", "name": name, "output": before}]

    def _update_pipeline(self, changes: PipelineChanges) -> list[Plain]:
        given = changes.model_dump(exclude_unset=True, exclude={"settings"})
        if changes.settings is not None:
            given["settings"] = changes.settings.model_dump(exclude_none=True)
        if any(value is None for value in given.values()):
            raise Refused("malformed", "A change cannot be null.")
        before = {key: self.document.get(key, {}) for key in given}
        self.document.update(given)  # type: ignore[typeddict-item]
        if not self.document.get("kept", True):
            del self.document["kept"]
        return [{"op": "update_pipeline", "changes": before}]
