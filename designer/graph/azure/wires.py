"""What feeds each input: wires from jobs, from the pipeline's inputs, and from data (`shared/azureml.md` 2.3)."""

from typing import Any

from designer.graph.azure.bindings import Bound, Given, bounds
from designer.graph.azure.context import Context, near
from designer.graph.azure.data import asset_of, data_node
from designer.graph.document import INPUTS, Edge
from designer.graph.finding import carried_type
from designer.graph.ports import input_ports
from designer.graph.wiring import fit_of
from registry.spec.document import Path
from registry.spec.types import fit, is_data


def read_wires(c: Context, id: str) -> None:
    """The wires into a job's node."""
    if id not in c.document["nodes"]:
        return
    data = {port["name"] for port in c.interfaces[id]["inputs"] if is_data(port["type"])}
    for name, each in c.inputs_of(id).items():
        place = c.place(id, "inputs", name)
        if each.bound is not None:
            wire_bound(c, place, each.bound, id, name, takes_data=name in data)
        elif name in data and (path := _path(c, place, each)) is not None:
            asset = asset_of(c, place, path, each.type)
            node = data_node(c, place, asset, f"{id}.{name}") if asset else None
            if node:
                connect(c, place, node, "data", id, name)
        else:
            _names_within(c, place, each.literal if each.path is None else each.path)


def _path(c: Context, place: Path, each: Given) -> str | None:
    if each.path is not None:
        if bounds(each.path):
            c.fault(place, f"`{each.path}` is known only while a run goes on: give the path as a whole")
            return None
        return each.path
    if isinstance(each.literal, str):
        return each.literal
    if each.literal is not None:
        c.fault(place, f"this input takes data: name it as in `path: azureml:people:1`, not {each.literal!r}")
    return None


def wire_bound(c: Context, place: Path, bound: Bound, id: str, input: str, *, takes_data: bool = True) -> None:
    """Join what an expression names to an input; parameters hold the pipeline's inputs by name instead."""
    match bound.kind:
        case "job_output":
            try:
                source = c.node_of(bound.job)
            except ValueError as error:
                c.fault(place, str(error))
                return
            if source in c.document["nodes"] and (input in c.document["nodes"][id]["exposed"] or takes_data):
                connect(c, place, source, bound.name, id, input)
        case "input":
            _known_input(c, place, bound)
            if takes_data and bound.name in c.document["inputs"]:
                connect(c, place, INPUTS, bound.name, id, input)
        case "job_input":
            c.fault(place, f"`{bound.job}` has no input `{bound.name}` that something is given to")
        case _:
            c.fault(place, _OTHER.format(bound.expression))


_OTHER = "`{}` names neither an input of the pipeline nor an output of a job, as in `parent.inputs.x`"


def _names_within(c: Context, place: Path, text: Any) -> None:
    """What a text with bindings in it names must be there, and be known when a run starts."""
    for bound in bounds(text):
        if bound.kind == "input":
            _known_input(c, place, bound)
        elif bound.kind == "job_output":
            c.fault(place, "what a job gives cannot stand within text: give it an input of its own")
        else:
            c.fault(place, _OTHER.format(bound.expression))


def _known_input(c: Context, place: Path, bound: Bound) -> None:
    if bound.name not in c.document["inputs"]:
        c.fault(place, f"the pipeline has no input `{bound.name}`{near(bound.name, c.document['inputs'])}")


def connect(c: Context, place: Path, source: str, output: str, target: str, input: str) -> None:
    """Lay a wire."""
    wire: Edge = {"source": source, "output": output, "target": target, "input": input}
    c.apply(place, {"op": "connect", **wire, **_anyway(c, place, wire)})


def _anyway(c: Context, place: Path, wire: Edge) -> dict[str, bool]:
    """Data of another type than the input takes is given all the same, as Azure ML does it; the author is warned."""
    node = c.document["nodes"].get(wire["target"])
    wanted = {port["name"]: port["type"] for port in input_ports(node, c.catalog)} if node else {}
    carried = carried_type(c.document, wire, c.catalog)
    if carried is None or wire["input"] not in wanted:
        return {}
    judged = fit_of({**wire, "anyway": True}, carried, wanted[wire["input"]])
    if judged.verdict == "yes" or fit(carried, wanted[wire["input"]]).verdict != "no":
        return {}
    if judged.verdict == "warn":
        c.warn(place, judged.reason)
    return {"anyway": True}
