"""A component as the canvas needs it: its ports in order, and how to show them. Small, and made only from the spec."""

from typing import Any, NotRequired, TypedDict

from registry.spec.component import ComponentSpec, InputHints, OutputHints
from registry.spec.types import is_data
from registry.spec.values import Scalar

PIPELINES = "Pipelines"
"""The category of pipelines used as components."""


class InputPort(TypedDict):
    name: str
    label: str
    type: str
    description: str
    optional: bool
    default: Scalar | None
    enum: list[str] | None
    min: float | None
    max: float | None
    widget: str | None
    language: str | None
    columns_of: str | None
    group: NotRequired[str]


class OutputPort(TypedDict):
    name: str
    label: str
    type: str
    description: str
    columns: NotRequired[list[dict[str, Any]]]


class Interface(TypedDict):
    """What palette, node, inspector and validation know of a component version. `ref` is `name:version`.

    `pipeline` says that it is a pipeline used as a component. `kind` is there where it is neither a command nor a
    pipeline. `cannot_run` is there only for what no step can run here: the sentence that says why. An output has
    `columns` (registry.spec.columns) where its component declares them.
    """

    ref: str
    name: str
    version: str
    title: str
    description: str
    category: str
    icon: str
    pipeline: bool
    kind: NotRequired[str]
    cannot_run: NotRequired[str]
    inputs: list[InputPort]
    outputs: list[OutputPort]


def interface(spec: ComponentSpec) -> Interface:
    """Make the interface of a spec that has a version. Data inputs keep their order, and so do parameters."""
    hints = spec.hints
    assert spec.version is not None
    no_hints, no_output_hints, pipeline = InputHints(), OutputHints(), spec.type == "pipeline"
    inputs: list[InputPort] = []
    for name, port in spec.inputs.items():
        shown = hints.inputs.get(name, no_hints)
        shape: InputPort = {
            "name": name,
            "label": shown.label or label(name),
            "type": port.type,
            "description": port.description,
            "optional": not port.required,
            "default": port.default,
            "enum": list(port.enum) if port.enum else None,
            "min": port.min,
            "max": port.max,
            "widget": shown.widget,
            "language": shown.language,
            "columns_of": shown.columns_of,
        }
        if shown.group:
            shape["group"] = shown.group
        inputs.append(shape)
    outputs: list[OutputPort] = []
    for name, output in spec.outputs.items():
        hinted = hints.outputs.get(name, no_output_hints)
        made: OutputPort = {
            "name": name,
            "label": hinted.label or label(name),
            "type": output.type,
            "description": output.description,
        }
        if hinted.columns is not None:
            made["columns"] = [step.plain() for step in hinted.columns]
        outputs.append(made)
    found: Interface = {
        "ref": f"{spec.name}:{spec.version}",
        "name": spec.name,
        "version": spec.version,
        "title": spec.title,
        "description": spec.description,
        "category": hints.category or (PIPELINES if pipeline else "Other"),
        "icon": hints.icon or ("workflow" if pipeline else "box"),
        "pipeline": pipeline,
        "inputs": inputs,
        "outputs": outputs,
    }
    if spec.type not in ("command", "pipeline"):
        found["kind"] = spec.type
    if spec.cannot_run:
        found["cannot_run"] = spec.cannot_run
    return found


def label(name: str) -> str:
    """`n_estimators` as people read it: `N estimators`."""
    words = name.replace(".", " · ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def data_inputs(ports: list[Any]) -> list[Any]:
    """The inputs that are ports on the node; the others are fields in the inspector."""
    return [port for port in ports if is_data(port["type"])]
