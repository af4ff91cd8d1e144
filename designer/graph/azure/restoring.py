"""What only Portline says of a pipeline, restored from `properties.portline`, where writing puts it.

Data nodes come back with their places, and so do order edges, loops over files, and the rules of inputs and branches.
"""

from typing import Any, get_args

from designer.graph.azure.around import Asset
from designer.graph.azure.context import Context
from designer.graph.azure.hints import hints_of
from designer.graph.azure.references import Named, reference
from designer.graph.document import INPUTS, Mode
from designer.graph.ports import parameters
from registry.spec.document import Path

_OF_INPUT = ("type", "description", "optional", "enum", "min", "max")


def input_hints(c: Context, name: str) -> dict[str, Any]:
    """What a job's YAML has no key for in one of the pipeline's inputs."""
    hints = _part(_part(hints_of(c.source.data), "inputs"), name)
    found = {key: hints[key] for key in _OF_INPUT if key in hints}
    return found | _place(hints)


def data_hints(c: Context, asset: Asset, input: str) -> tuple[str, dict[str, Any]] | None:
    """The id and the looks of the data node that feeds `node.input`, where the file was written here."""
    for id, hints in _part(hints_of(c.source.data), "data").items():
        if isinstance(hints, dict) and input in (hints.get("to") or ()):
            named = reference(f"azureml:{hints.get('asset')}")
            if isinstance(named, Named) and asset.ref == f"{named.name}:{named.version}":
                looks = {key: hints[key] for key in ("title", "comment") if hints.get(key)}
                return str(id), looks | _place(hints)
    return None


def restore_node(c: Context, id: str) -> None:
    """The ports that are shown though nothing is wired to them, the loop over files, and the rule of a branch."""
    node, hints = c.document["nodes"].get(id), hints_of(c.jobs[id])
    if node is None or not hints:
        return
    place: Path = c.place(id, "properties", "portline")
    changes: dict[str, Any] = {}
    if exposed := hints.get("exposed"):
        known = {port["name"] for port in parameters(node, c.catalog)}
        changes["exposed"] = [*node["exposed"], *(name for name in exposed if name in known)]
    if isinstance(loop := hints.get("loop"), dict) and node["kind"] == "component" and "loop" not in node:
        changes["loop"] = loop
    if isinstance(branch := hints.get("branch"), dict) and node["kind"] == "branch":
        changes["branch"] = branch
    if hints.get("mode") in get_args(Mode) and node["kind"] == "component":
        changes["mode"] = hints["mode"]
    if changes:
        c.apply(place, {"op": "update_node", "id": id, "changes": changes})


def restore_order(c: Context, id: str) -> None:
    """What a node runs after, though no data goes along there."""
    for source, condition in _part(hints_of(c.jobs[id]), "after").items():
        if id in c.document["nodes"] and source in c.document["nodes"] and f"{id}<{source}" not in c.document["order"]:
            edge = {"op": "connect_order", "source": source, "target": id, "condition": condition}
            c.apply(c.place(id, "properties", "portline"), edge)


def restore_outputs(c: Context) -> None:
    """Pipeline outputs that are one output of a step under another name."""
    for name, output in _part(hints_of(c.source.data), "outputs").items():
        if (
            name not in c.document["outputs"]
            and isinstance(output, dict)
            and output.get("source") in c.document["nodes"]
        ):
            c.apply(("properties", "portline"), {"op": "set_output", "name": name, "output": output})


def restore_annotations(c: Context) -> None:
    """Notes, sections, and what is in which."""
    hints, place = hints_of(c.source.data), ("properties", "portline")
    for id, section in _part(hints, "sections").items():
        c.apply(place, {"op": "add_section", "section": {**section, "id": id}})
    for id, note in _part(hints, "notes").items():
        c.apply(place, {"op": "add_note", "note": {**note, "id": id}})
    members = [(id, hints_of(c.jobs[id])) for id in c.document["nodes"] if id in c.jobs]
    members += [(id, each) for id, each in _part(hints, "data").items() if id in c.document["nodes"]]
    members += [(f"{INPUTS}.{name}", each) for name, each in _part(hints, "inputs").items()]
    for id, each in members:
        if isinstance(each, dict) and each.get("section") in c.document.get("sections", {}):
            c.apply(place, {"op": "join", "section": each["section"], "members": [id]})


def _part(hints: dict[str, Any], key: str) -> dict[str, Any]:
    found = hints.get(key)
    return found if isinstance(found, dict) else {}


def _place(hints: dict[str, Any]) -> dict[str, Any]:
    position = hints.get("position")
    return {"x": position[0], "y": position[1]} if isinstance(position, list) and len(position) == 2 else {}
