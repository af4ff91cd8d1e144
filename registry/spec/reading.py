"""From a component's YAML to its spec, with every fault at its place."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from registry.spec.component import ComponentSpec, Input, Output
from registry.spec.document import Document, Path, read_document
from registry.spec.environment import OWN
from registry.spec.faults import Fault, SpecError
from registry.spec.kinds import PARTS, Parallel, Spark


def read_component(text: str, file: str = "component.yml") -> ComponentSpec:
    """Read a command, parallel or spark component. Raises SpecError with all faults of the file."""
    document = read_document(text, file)
    return component_from(document)


def component_from(document: Document) -> ComponentSpec:
    """The component that a read document describes. Raises SpecError."""
    data = document.data
    if not isinstance(data, dict):
        raise SpecError([document.fault((), "a component is a mapping with name, inputs, outputs and command")])
    kind = data.get("type") or "command"
    if kind not in PARTS or kind == "pipeline":
        raise SpecError([document.fault(("type",), other_type(kind))])
    return spec_from(document, data)


def spec_from(document: Document, data: Mapping[str, Any]) -> ComponentSpec:
    """The spec in `data`, which is all or part of what a read document holds, whatever its type. Raises SpecError."""
    data = {key: value for key, value in data.items() if key not in IGNORED}
    for side in ("inputs", "outputs", "tags", "properties"):
        if data.get(side, {}) is None:
            data[side] = {}
    environment = data.get("environment")
    if isinstance(environment, Mapping) and environment.get("name") in OWN:
        # This server's own, written out when it was exported.
        data["environment"] = f"azureml:{environment['name']}@latest"
    try:
        return ComponentSpec.model_validate(data)
    except ValidationError as error:
        raise SpecError([_fault(document, found) for found in error.errors(include_url=False)]) from None


IGNORED = ("$schema", "creation_context", "id")
"""What Azure ML writes into the files of its components, and nothing reads."""
OLD_TYPES = ("CommandComponent", "PipelineComponent", "ParallelComponent", "SweepComponent", "DistributedComponent")


def other_type(kind: object) -> str:
    """Why a file of this `type` is no component that runs by itself."""
    if kind in OLD_TYPES:
        return f"this is Azure ML's old v1.5 format (type: {kind}); write it as a v2 component, as in `type: command`"
    if kind == "pipeline":
        return "this is a pipeline component, where a component that runs a command is wanted"
    near = difflib.get_close_matches(str(kind), PARTS, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the types are {', '.join(PARTS)}"
    return f"there are no components of type `{kind}`; {hint}"


def _fault(document: Document, found: Any) -> Fault:
    path = _written(document, tuple(found["loc"]))
    kind = found["type"]
    if kind == "extra_forbidden":
        return document.fault(path, _unknown_key(path))
    if kind == "missing":
        return document.fault(path[:-1], f"`{path[-1]}` is missing{_in(path[:-1])}")
    # pydantic names the branch of a union after the real path; the document knows only the real one.
    message = str(found["msg"]).removeprefix("Value error, ")
    if not path and (named := re.match(r"`(\w+)` (?:is|names) ", message)) and named[1] in document.data:
        return document.fault((named[1],), message)
    while path and not _exists(document.data, path):
        path = path[:-1]
    subject = f"`{'.'.join(map(str, path))}`: " if path else ""
    return document.fault(path, f"{subject}{message[:1].lower() + message[1:]}")


def _written(document: Document, path: Path) -> Path:
    """Where the file says what the spec has at `path`: a kind's own keys stand beside `inputs`, or within `task`."""
    if not path or path[0] not in ("parallel", "spark"):
        return path
    within, beside = ("task", *path[1:]), path[1:]
    return within if _exists(document.data, within) and not (beside and _exists(document.data, beside)) else beside


def _unknown_key(path: Path) -> str:
    model: type[BaseModel] = ComponentSpec
    if path[0] == "task":
        model = Parallel
    elif path[0] in Spark.model_fields:
        model = Spark
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
