"""The inputs and outputs of a pipeline (`shared/azureml.md` 2.3)."""

from typing import Any

from designer.graph.azure.bindings import given, whole
from designer.graph.azure.context import Context, near, shown
from designer.graph.azure.data import asset_of, data_type
from designer.graph.azure.references import named
from designer.graph.azure.restoring import input_hints
from designer.graph.ports import output_ports
from registry.spec.component import ComponentSpec
from registry.spec.document import Path
from registry.spec.types import LITERAL_TYPES, fit, is_data

LITERALS: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_OUTPUT_SETTINGS = ("name", "version", "mode", "path")


def read_inputs(c: Context, inputs: Any) -> None:
    """The inputs of a pipeline job, each with the value that it starts with."""
    for name, value in c.mapping(inputs, ("inputs",), "`inputs`").items():
        input_ = _input(c, ("inputs", name), value) | input_hints(c, name)
        c.apply(("inputs", name), {"op": "set_input", "name": name, "input": input_})


def read_ports(c: Context, spec: ComponentSpec) -> None:
    """The inputs of a pipeline component, which say their types."""
    for name, port in spec.inputs.items():
        input_: dict[str, Any] = {"type": port.type, "default": port.default, "optional": port.optional}
        input_ |= {"description": port.description, "min": port.min, "max": port.max}
        input_ |= {"enum": list(port.enum)} if port.enum else {}
        input_ |= {"kept": {"mode": port.mode}} if port.mode else {}
        c.apply(("inputs", name), {"op": "set_input", "name": name, "input": input_})


def _input(c: Context, place: Path, value: Any) -> dict[str, Any]:
    each = given(value)
    rest = {key: part for key, part in each.rest.items() if key not in ("description", "optional", "default")}
    found: dict[str, Any] = {"description": str(each.rest.get("description") or "")}
    found |= {"optional": True} if each.rest.get("optional") is True else {}
    found |= {"kept": rest} if rest else {}
    if "default" in each.rest:
        c.fault((*place, "default"), "an input of a job has no `default`, but a value: write it instead of the mapping")
    if each.bound is not None:
        c.fault(place, "an input of a job is a value, not what something else has")
    if each.path is not None and each.type in LITERAL_TYPES:
        c.fault((*place, "path"), f"an input of type {each.type} has a `value`, not a `path`")
    elif each.path is not None:
        asset = asset_of(c, place, each.path, each.type)
        if asset is not None:
            type_ = data_type(c, (*place, "type"), each.type) or asset.type
            return found | {"type": type_, "default": {"asset": asset.ref}}
        late = named(each.path)
        default = {"asset": f"{late.name}:{late.version}"} if late and late.version else None
        return found | {"type": data_type(c, (*place, "type"), each.type) or "uri_folder", "default": default}
    if isinstance(value, dict) and each.literal is None:
        return found | {"type": _declared(c, place, each.type)}
    if each.literal is None:
        c.fault(place, "an input of a job has a value, or a mapping with its `type` where that comes later")
        return found | {"type": "string"}
    if type(each.literal) not in LITERALS:
        c.fault(place, f"an input is one value, and this is {shown(each.literal)}: write lists as JSON in quotes")
        return found | {"type": "string"}
    if each.type is not None and is_data(each.type):
        return _input(c, place, {**each.rest, "type": each.type, "path": str(each.literal)})
    type_ = _declared(c, place, each.type) if each.type else LITERALS[type(each.literal)]
    return found | {"type": type_, "default": each.literal}


def _declared(c: Context, place: Path, type_: str | None) -> str:
    if type_ in LITERAL_TYPES:
        return type_
    return data_type(c, (*place, "type"), type_) or "uri_folder"


def read_job_outputs(c: Context, id: str) -> None:
    """The outputs of a job that are the pipeline's, in any of the forms that Azure ML has for that."""
    source = c.loops.get(id, id)
    if source not in c.document["nodes"]:
        return
    ports = {port["name"]: port["type"] for port in output_ports(c.document["nodes"][source], c.catalog)}
    for output, value in c.mapping(c.jobs[id].get("outputs"), c.place(id, "outputs"), "`outputs`").items():
        place = c.place(id, "outputs", output)
        bound = whole(value)
        if bound is None:
            if isinstance(value, str):
                c.fault(place, "an output is bound as in `${{parent.outputs.NAME}}`, or a mapping with its `path`")
            continue
        if bound.kind != "output" or bound.name not in c.declared:
            c.fault(
                place, f"the pipeline has no output `{bound.name}`{near(bound.name, c.declared)}: name it in `outputs`"
            )
            continue
        declared = c.declared[bound.name]
        declared = declared if isinstance(declared, dict) else {}
        type_ = str(declared.get("type") or ports.get(output, "uri_folder"))
        type_ = "uri_folder" if type_ == "path" else type_
        if output in ports and fit(ports[output], type_).verdict == "no":
            c.warn(place, f"`{output}` is of type {ports[output]}, not {type_}: what it is counts")
            type_ = ports[output]
        given_ = {"type": type_, "source": source, "output": output, "settings": output_settings(declared)}
        given_["description"] = str(declared.get("description") or "")
        c.apply(place, {"op": "set_output", "name": bound.name, "output": given_})


def output_settings(value: Any) -> dict[str, str]:
    """What a mapping says of what becomes of an output, as a document holds it."""
    if not isinstance(value, dict):
        return {}
    return {
        key: str(value[key])
        for key in _OUTPUT_SETTINGS
        if value.get(key) is not None and not (key == "path" and whole(value))
    }
