"""Part of a pipeline as a component of its own: the graph inside, and the operations that put it in its place."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from designer.graph.document import INPUTS, Catalog, Document, edge_key, empty, is_final
from designer.graph.finding import carried_type
from designer.graph.operations import Plain
from designer.graph.ports import input_ports, output_ports
from registry.spec.types import is_data
from registry.spec.values import BINDING

_PARENT = "parent.inputs."
_KEPT_ORDER = ("succeeded", "completed")


class CannotCollapse(ValueError):
    """Why these nodes cannot be one: a sentence."""


@dataclass(frozen=True)
class Collapsed:
    """`inside` is the component's graph; `params`, `exposed`, `wires` and `given` are what leads to it and from it."""

    inside: Document
    params: dict[str, str]
    exposed: list[str]
    wires: list[Plain]
    given: dict[tuple[str, str], str]

    def operations(self, document: Document, id: str, ref: str, title: str) -> list[Plain]:
        """The batch that puts a node with this component in the place of those inside."""
        nodes = self.inside["nodes"]
        chosen = [document["nodes"][each] for each in nodes]
        node = {"id": id, "component": ref, "title": title, "params": self.params, "exposed": self.exposed}
        node |= {"x": min(each["x"] for each in chosen), "y": min(each["y"] for each in chosen)}
        sections = {each.get("section") for each in chosen}
        if len(sections) == 1 and (section := next(iter(sections))):
            node["section"] = section
        ops: list[Plain] = [{"op": "remove_node", "id": each} for each in nodes]
        ops.append({"op": "add_node", "node": node})
        ops += [{"op": "connect", **wire, "target": id} for wire in self.wires]
        for edge in document["edges"].values():
            if edge["source"] in nodes and edge["target"] not in nodes:
                output = self.given[edge["source"], edge["output"]]
                ops.append({"op": "connect", **edge, "source": id, "output": output})
        order = {}
        for each in document["order"].values():
            ends = (
                id if each["source"] in nodes else each["source"],
                id if each["target"] in nodes else each["target"],
            )
            if ends[0] != ends[1] and id in ends:
                order[ends] = {
                    "op": "connect_order",
                    "source": ends[0],
                    "target": ends[1],
                    "condition": each["condition"],
                }
        ops += order.values()
        for name, pipeline_output in document["outputs"].items():
            if pipeline_output["source"] in nodes:
                port = self.given[pipeline_output["source"], pipeline_output["output"]]
                ops.append(
                    {"op": "set_output", "name": name, "output": {**pipeline_output, "source": id, "output": port}}
                )
        return ops


def collapse(document: Document, ids: Iterable[str], catalog: Catalog, title: str) -> Collapsed:
    """The nodes as a graph of their own. Raises CannotCollapse.

    It has an input for each source that feeds them and for each pipeline input that they name, and an output for each
    of theirs that is used outside.
    """
    chosen = [id for id in document["nodes"] if id in set(ids)]
    _check(document, chosen)
    inside = empty(title)
    inside["nodes"] = {id: _without_section(document["nodes"][id]) for id in chosen}
    params: dict[str, str] = {}
    for name in _bound(inside["nodes"].values()):
        if name in document["inputs"]:
            inside["inputs"][name] = _without_section(document["inputs"][name]) | {"x": 0, "y": 0}
            params[name] = "${{" + _PARENT + name + "}}"
    exposed, wires = _inputs(document, inside, catalog)
    inside["order"] = {
        key: each for key, each in document["order"].items() if each["source"] in chosen and each["target"] in chosen
    }
    return Collapsed(inside, params, exposed, wires, _outputs(document, inside, catalog))


def _check(document: Document, chosen: list[str]) -> None:
    nodes = document["nodes"]
    if not any(nodes[id]["kind"] != "data" for id in chosen):
        raise CannotCollapse("Select at least one step: data alone is no component.")
    titles = {id: f"“{node['title']}”" for id, node in nodes.items()}
    after: dict[str, list[str]] = {}
    for edge in (*document["edges"].values(), *document["order"].values()):
        after.setdefault(edge["source"], []).append(edge["target"])
    for start in chosen:
        if is_final(nodes[start]):
            raise CannotCollapse(f"{titles[start]} runs when everything else has ended: leave it out of the selection.")
        ways = [(target, target) for target in after.get(start, ()) if target not in chosen]
        seen: set[str] = set()
        while ways:
            first, at = ways.pop()
            for target in after.get(at, ()):
                if target in chosen:
                    raise CannotCollapse(
                        f"{titles[first]} comes after {titles[start]} and before {titles[target]}, so they cannot be "
                        f"one step without it: select {titles[first]} too."
                    )
                if target not in seen:
                    seen.add(target)
                    ways.append((first, target))
    for each in document["order"].values():
        if (each["source"] in chosen) != (each["target"] in chosen) and each["condition"] not in _KEPT_ORDER:
            raise CannotCollapse(
                f"{titles[each['target']]} hangs on how {titles[each['source']]} ends: select both, or neither."
            )


def _inputs(document: Document, inside: Document, catalog: Catalog) -> tuple[list[str], list[Plain]]:
    """Lay the wires inside, those from outside by an input; what is exposed, and the wires that lead to the inputs."""
    names: dict[tuple[str, str], str] = {}
    exposed: list[str] = []
    wires: list[Plain] = []
    for key, edge in document["edges"].items():
        if edge["target"] not in inside["nodes"]:
            continue
        if edge["source"] in inside["nodes"]:
            inside["edges"][key] = edge
            continue
        node = inside["nodes"][edge["target"]]
        port = next((port for port in input_ports(node, catalog) if port["name"] == edge["input"]), None)
        type_ = carried_type(document, edge, catalog)
        if port is None or type_ is None:
            raise CannotCollapse(f"The wire to `{edge['input']}` of “{node['title']}” leads nowhere: remove it first.")
        source = (edge["source"], edge["output"])
        literal = not is_data(port["type"])
        if source not in names:
            wish = edge["output"] if edge["source"] == INPUTS else edge["input"]
            name = names[source] = _free(inside["inputs"], wish, f"{edge['target']}_{edge['input']}")
            inside["inputs"][name] = {
                "type": port["type"] if literal else type_,
                "default": None,
                "description": port["description"],
                "optional": port["optional"],
                "x": node["x"] - 280,
                "y": node["y"],
            }
            wires.append({**edge, "input": name})
            exposed += [name] if literal else []
        name = names[source]
        if not port["optional"]:
            inside["inputs"][name]["optional"] = False
        if literal:
            shown = [each for each in node["exposed"] if each != port["name"]]
            params = {**node["params"], port["name"]: "${{" + _PARENT + name + "}}"}
            inside["nodes"][node["id"]] = {**node, "params": params, "exposed": shown}
        else:
            inside["edges"][edge_key(edge["target"], edge["input"])] = {**edge, "source": INPUTS, "output": name}
    return exposed, wires


def _outputs(document: Document, inside: Document, catalog: Catalog) -> dict[tuple[str, str], str]:
    used = [
        (edge["source"], edge["output"]) for edge in document["edges"].values() if edge["target"] not in inside["nodes"]
    ]
    used += [(output["source"], output["output"]) for output in document["outputs"].values()]
    names: dict[tuple[str, str], str] = {}
    for source, output in used:
        if source not in inside["nodes"] or (source, output) in names:
            continue
        node = inside["nodes"][source]
        port = next(port for port in output_ports(node, catalog) if port["name"] == output)
        name = _free({**inside["inputs"], **inside["outputs"]}, output, f"{source}_{output}")
        names[source, output] = name
        inside["outputs"][name] = {
            "type": port["type"], "source": source, "output": output, "description": port["description"],
        }  # fmt: skip
    return names


def _bound(nodes: Iterable[Plain]) -> list[str]:
    """The pipeline inputs that nodes name anywhere: in parameters, loops and settings."""
    found = BINDING.findall(json.dumps(list(nodes)))
    return list(dict.fromkeys(each.removeprefix(_PARENT) for each in found if each.startswith(_PARENT)))


def _free(taken: Iterable[str], *wishes: str) -> str:
    """The first wish that is no name yet, else the last with a number."""
    known = set(taken)
    clean = [re.sub(r"\W+", "_", wish) for wish in wishes]
    for wish in clean:
        if wish not in known:
            return wish
    number = 2
    while f"{clean[-1]}_{number}" in known:
        number += 1
    return f"{clean[-1]}_{number}"


def _without_section(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "section"}
