"""From a component's YAML to its spec, with every fault at its place."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from registry.spec.component import ComponentSpec, Input, Output
from registry.spec.document import Document, Path, read_document
from registry.spec.faults import Fault, SpecError


def read_component(text: str, file: str = "component.yml") -> ComponentSpec:
    """Read a command component. Raises SpecError with all faults of the file."""
    document = read_document(text, file)
    return component_from(document)


def component_from(document: Document) -> ComponentSpec:
    """The component that a read document describes. Raises SpecError."""
    data = document.data
    if not isinstance(data, dict):
        raise SpecError([document.fault((), "a component is a mapping with name, inputs, outputs and command")])
    kind = data.get("type", "command")
    if kind != "command":
        raise SpecError([document.fault(("type",), _other_type(kind))])
    return spec_from(document, data)


def spec_from(document: Document, data: Mapping[str, Any]) -> ComponentSpec:
    """The spec in what a read document holds, whatever its type. Raises SpecError."""
    data = {key: value for key, value in data.items() if key != "$schema"}
    for side in ("inputs", "outputs", "tags", "properties"):
        if data.get(side, {}) is None:
            data[side] = {}
    try:
        return ComponentSpec.model_validate(data)
    except ValidationError as error:
        raise SpecError([_fault(document, found) for found in error.errors(include_url=False)]) from None


def _other_type(kind: object) -> str:
    if kind == "CommandComponent":
        return "this is Azure ML's old v1.5 format (type: CommandComponent); write it as a v2 command component"
    if kind == "pipeline":
        return "this is a pipeline component, where a command component is wanted"
    return f"components of type `{kind}` cannot be registered yet; those of type `command` and `pipeline` can"


def _fault(document: Document, found: Any) -> Fault:
    path: Path = tuple(found["loc"])
    kind = found["type"]
    if kind == "extra_forbidden":
        return document.fault(path, _unknown_key(path))
    if kind == "missing":
        return document.fault(path[:-1], f"`{path[-1]}` is missing{_in(path[:-1])}")
    # pydantic names the branch of a union after the real path; the document knows only the real one.
    message = str(found["msg"]).removeprefix("Value error, ")
    while path and not _exists(document.data, path):
        path = path[:-1]
    subject = f"`{'.'.join(map(str, path))}`: " if path else ""
    return document.fault(path, f"{subject}{message[:1].lower() + message[1:]}")


def _unknown_key(path: Path) -> str:
    model: type[BaseModel] = ComponentSpec
    if len(path) == 3 and path[0] == "inputs":
        model = Input
    elif len(path) == 3 and path[0] == "outputs":
        model = Output
    known = list(model.model_fields)
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; the keys are {', '.join(known)}"
    return f"`{path[-1]}` is not known{_in(path[:-1])}{hint}"


def _in(path: Path) -> str:
    return f" in `{'.'.join(map(str, path))}`" if path else ""


def _exists(data: Any, path: Path) -> bool:
    for key in path:
        inside_list = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if not inside_list and not (isinstance(data, dict) and key in data):
            return False
        data = data[key]
    return True
