"""A pipeline component's graph in the place of the node that uses it: what undoes `designer.graph.collapse`."""

import re
from typing import Any

from designer.graph.document import INPUTS, Document, Edge, edge_key
from designer.graph.operations import Plain
from registry.spec.values import BINDING

_PARENT = "parent.inputs."
_TREATED = ("compute", "labels", "force_rerun", "final")
"""What a group's settings say for the steps in it that say nothing."""


class CannotExpand(ValueError):
    """Why a node cannot be laid out as what is in it: a sentence."""


def expand(document: Document, id: str, graph: Document) -> list[Plain]:
    """The batch that puts the nodes of `graph` in the place of a node. Raises CannotExpand."""
    return _Expansion(document, document["nodes"][id], graph).operations()


class _Expansion:
    def __init__(self, document: Document, node: Plain, graph: Document) -> None:
        title = f"“{node['title']}”"
        if "loop" in node or "mode" in node:
            what = "runs in a loop" if "loop" in node else f"is {node['mode']}"
            raise CannotExpand(f"{title} {what}: let it run once first, since its steps would not.")
        if not graph["nodes"]:
            raise CannotExpand(f"There is nothing in {title}.")
        self.document, self.node, self.graph, self.title = document, node, graph, title
        taken = set(document["nodes"]) - {node["id"]}
        self.names = {inner: _mint(inner, taken) for inner in graph["nodes"]}
        self.taken = taken
        self.data: dict[str, str] = {}
        self.ops: list[Plain] = []

    def operations(self) -> list[Plain]:
        nodes = self.graph["nodes"].values()
        dx = self.node["x"] - min(node["x"] for node in nodes)
        dy = self.node["y"] - min(node["y"] for node in nodes)
        wired: list[Plain] = []
        adds = [self._node(node, dx, dy, wired) for node in nodes]
        for edge in self.graph["edges"].values():
            self._inner_wire(edge, wired)
        self.ops += [{"op": "remove_node", "id": self.node["id"]}, *adds, *wired]
        self._outside()
        self._order()
        return self.ops

    def _given(self, name: str) -> Any:
        """What an input of the component gets: a wire, a value, a binding or an asset; None for nothing."""
        edge = self.document["edges"].get(edge_key(self.node["id"], name))
        if edge is not None:
            return edge
        value = self.node["params"].get(name)
        return self.graph["inputs"][name].get("default") if value is None else value

    def _node(self, node: Plain, dx: float, dy: float, wired: list[Plain]) -> Plain:
        id = self.names[node["id"]]
        params, exposed = {}, list(node["exposed"])
        for name, value in node["params"].items():
            whole = BINDING.fullmatch(value.strip()) if isinstance(value, str) else None
            given = self._given(whole[1].removeprefix(_PARENT)) if whole else None
            if isinstance(given, dict):
                if node["kind"] != "branch":
                    exposed.append(name)
                wired.append({"op": "connect", **given, "target": id, "input": name})
            elif (found := self._filled(value)) is not None:
                params[name] = found
        treated = {key: value for key, value in self.node["settings"].items() if key in _TREATED}
        changed = {
            "id": id, "x": node["x"] + dx, "y": node["y"] + dy, "params": params, "exposed": exposed,
            "settings": treated | self._filled(node["settings"]),
        }  # fmt: skip
        if "loop" in node:
            changed["loop"] = self._filled(node["loop"])
        if "section" in self.node:
            changed["section"] = self.node["section"]
        return {"op": "add_node", "node": {**node, **changed}}

    def _filled(self, value: Any) -> Any:
        """A part of a node with what the component's inputs get in place of their names."""
        if isinstance(value, dict):
            return {
                key: found for key, each in value.items() if (found := self._filled(each)) is not None or each is None
            }
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str) or _PARENT not in value:
            return value
        whole = BINDING.fullmatch(value.strip())
        if whole:
            return self._literal(whole[1])
        return BINDING.sub(lambda found: str(self._literal(found[1]) or ""), value)

    def _literal(self, expression: str) -> Any:
        name = expression.removeprefix(_PARENT)
        given = self._given(name)
        if isinstance(given, dict):
            raise CannotExpand(
                f"`{name}` of {self.title} comes over a wire and stands within text in it: give it a value."
            )
        return given

    def _inner_wire(self, edge: Edge, wired: list[Plain]) -> None:
        target = self.names[edge["target"]]
        if edge["source"] != INPUTS:
            wired.append({"op": "connect", **edge, "source": self.names[edge["source"]], "target": target})
            return
        given = self._given(edge["output"])
        if isinstance(given, dict) and "asset" in given:
            given = {"source": self._asset(edge["output"], given["asset"]), "output": "data"}
        if isinstance(given, dict):
            found = {"source": given["source"], "output": given["output"], "target": target, "input": edge["input"]}
            wired.append({"op": "connect", **found})

    def _asset(self, name: str, ref: str) -> str:
        """The data that stands for an input which is given none."""
        if name not in self.data:
            id = self.data[name] = _mint(name.replace(".", "_").lower(), self.taken)
            place = {"x": self.node["x"] - 280, "y": self.node["y"]}
            self.ops.append(
                {"op": "add_node", "node": {"id": id, "kind": "data", "asset": ref, "title": name, **place}}
            )
        return self.data[name]

    def _outside(self) -> None:
        def origin(name: str) -> dict[str, str]:
            output = self.graph["outputs"][name]
            return {"source": self.names[output["source"]], "output": output["output"]}

        id = self.node["id"]
        for edge in self.document["edges"].values():
            if edge["source"] == id and edge["output"] in self.graph["outputs"]:
                self.ops.append({"op": "connect", **edge, **origin(edge["output"])})
        for name, output in self.document["outputs"].items():
            if output["source"] == id and output["output"] in self.graph["outputs"]:
                self.ops.append({"op": "set_output", "name": name, "output": {**output, **origin(output["output"])}})

    def _order(self) -> None:
        """What the node ran after, its first steps run after; what ran after it runs after its last ones."""
        inner = [*self.graph["edges"].values(), *self.graph["order"].values()]
        follow = {edge["target"] for edge in inner if edge["source"] in self.graph["nodes"]}
        precede = {edge["source"] for edge in inner}
        steps = [node["id"] for node in self.graph["nodes"].values() if node["kind"] != "data"]

        def ends(others: set[str]) -> list[str]:
            return [self.names[each] for each in steps if each not in others]

        for each in self.graph["order"].values():
            joined = {"source": self.names[each["source"]], "target": self.names[each["target"]]}
            self.ops.append({"op": "connect_order", **each, **joined})
        for each in self.document["order"].values():
            if each["target"] == self.node["id"]:
                self.ops += [{"op": "connect_order", **each, "target": target} for target in ends(follow)]
            elif each["source"] == self.node["id"]:
                self.ops += [{"op": "connect_order", **each, "source": source} for source in ends(precede)]


def _mint(wish: str, taken: set[str]) -> str:
    """An id that is free from now on: `split`, or `split_2`."""
    base = re.sub(r"_\d+$", "", wish)
    id, number = wish, 2
    while id in taken:
        id, number = f"{base}_{number}", number + 1
    taken.add(id)
    return id
