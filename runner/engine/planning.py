"""From a frozen document to steps and wires, and what the end of one step means for those behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from registry.spec import values
from registry.spec.interface import InputPort, Interface
from registry.spec.types import is_data
from registry.spec.values import Scalar

INPUTS = "$inputs"
"""The source of a wire that comes from a pipeline input."""

Key = TypeVar("Key")


class CannotPlan(ValueError):
    """A value that only a run knows does not fit; `node` and `field` say where ("" for the pipeline's own inputs)."""

    def __init__(self, node: str, field: str, message: str) -> None:
        self.node, self.field = node, field
        super().__init__(message)


@dataclass(frozen=True)
class Wire:
    """One output that feeds one input. Without a required one, its target is skipped."""

    source: str
    output: str
    target: str
    input: str
    required: bool


@dataclass(frozen=True)
class PlannedStep:
    """A node to run: `params` are its literal inputs with every binding resolved, `assets` its registered data."""

    node: str
    title: str
    component: str
    params: dict[str, Scalar]
    assets: dict[str, str]
    missing: int
    timeout: float | None
    attempts: int
    retry_delay: float
    force_rerun: bool


@dataclass(frozen=True)
class Plan:
    steps: tuple[PlannedStep, ...]
    wires: tuple[Wire, ...]
    inputs: dict[str, Any]

    @property
    def ready(self) -> list[str]:
        """The steps that wait for nothing."""
        return [step.node for step in self.steps if step.missing == 0]


def plan(document: Mapping[str, Any], interfaces: Mapping[str, Interface], given: Mapping[str, Any]) -> Plan:
    """Plan a document that has no problems. Raises CannotPlan for input values that do not fit."""
    inputs = _input_values(document["inputs"], given)
    nodes = document["nodes"]
    wires: list[Wire] = []
    assets: dict[str, dict[str, str]] = {}
    bound: dict[str, dict[str, Any]] = {}
    for edge in document["edges"].values():
        target, input_ = edge["target"], edge["input"]
        port = _port(interfaces[nodes[target]["component"]], input_)
        if edge["source"] == INPUTS:
            value = inputs.get(edge["output"])
            if value is None:
                continue
            if is_data(port["type"]):
                assets.setdefault(target, {})[input_] = value["asset"]
            else:
                bound.setdefault(target, {})[input_] = value
        elif nodes[edge["source"]]["kind"] == "data":
            assets.setdefault(target, {})[input_] = nodes[edge["source"]]["asset"]
        else:
            wires.append(Wire(edge["source"], edge["output"], target, input_, not port["optional"]))
    fed: dict[str, set[str]] = {}
    for wire in wires:
        fed.setdefault(wire.target, set()).add(wire.input)
    steps = tuple(
        _step(
            node,
            interfaces[node["component"]],
            inputs,
            bound.get(node["id"], {}),
            assets.get(node["id"], {}),
            fed.get(node["id"], set()),
            forced=bool(document.get("settings", {}).get("force_rerun")),
        )
        for node in nodes.values()
        if node["kind"] == "component"
    )
    return Plan(steps, tuple(wires), inputs)


def _input_values(declared: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in declared:
            raise CannotPlan("", name, f"The pipeline has no input `{name}`.")
    found: dict[str, Any] = {}
    for name, input_ in declared.items():
        value = given.get(name)
        if value is None:
            value = input_.get("default")
        if value is None:
            if not input_.get("optional"):
                raise CannotPlan("", name, f"The pipeline input `{name}` needs a value.")
            continue
        if is_data(input_["type"]):
            if not isinstance(value, dict) or not isinstance(value.get("asset"), str):
                raise CannotPlan("", name, f"The pipeline input `{name}` takes data, as an asset's name:version.")
            found[name] = {"asset": value["asset"]}
            continue
        try:
            found[name] = values.parse(input_["type"], value)
        except ValueError as error:
            raise CannotPlan("", name, f"The pipeline input `{name}`: {error}.") from None
    return found


def _step(
    node: Mapping[str, Any],
    interface: Interface,
    inputs: Mapping[str, Any],
    bound: Mapping[str, Any],
    assets: dict[str, str],
    fed: set[str],
    forced: bool,
) -> PlannedStep:
    params: dict[str, Scalar] = {}
    for port in interface["inputs"]:
        name = port["name"]
        if is_data(port["type"]):
            if not port["optional"] and name not in assets and name not in fed:
                raise CannotPlan(node["id"], name, f"{port['label']} needs data, and the pipeline input gives none.")
            continue
        if name in fed:
            continue
        value = bound.get(name, node["params"].get(name))
        value = _resolve(value, inputs)
        if value is None:
            value = port["default"]
        if value is None:
            if not port["optional"]:
                raise CannotPlan(node["id"], name, f"{port['label']} needs a value.")
            continue
        params[name] = checked(node["id"], port, value)
    settings = node.get("settings", {})
    return PlannedStep(
        node=node["id"],
        title=node.get("title") or interface["title"],
        component=node["component"],
        params=params,
        assets=assets,
        missing=len(fed),
        timeout=settings.get("timeout"),
        attempts=1 + int(settings.get("retries") or 0),
        retry_delay=float(settings.get("retry_delay") or 0),
        force_rerun=forced if settings.get("force_rerun") is None else bool(settings["force_rerun"]),
    )


def checked(node: str, port: InputPort, value: object) -> Scalar:
    """The value as the port's type has it. Raises CannotPlan."""
    try:
        return values.check(_Literal(port), value)
    except ValueError as error:
        raise CannotPlan(node, port["name"], f"{port['label']}: {error}.") from None


@dataclass(frozen=True)
class _Literal:
    """A port as `values.check` wants it."""

    port: InputPort

    @property
    def type(self) -> str:
        return self.port["type"]

    @property
    def enum(self) -> tuple[str, ...] | None:
        return tuple(self.port["enum"]) if self.port["enum"] else None

    @property
    def min(self) -> float | None:
        return self.port["min"]

    @property
    def max(self) -> float | None:
        return self.port["max"]


def _resolve(value: Any, inputs: Mapping[str, Any]) -> Any:
    """A parameter with its `${{parent.inputs.X}}` filled in: alone it keeps its type, within text it becomes text."""
    if not values.has_binding(value):
        return value
    whole = values.BINDING.fullmatch(value.strip())
    if whole:
        return inputs.get(whole[1].removeprefix("parent.inputs."))

    def text(match: Any) -> str:
        found = inputs.get(match[1].removeprefix("parent.inputs."))
        return "" if found is None else values.text(found)

    return values.BINDING.sub(text, value)


def _port(interface: Interface, name: str) -> InputPort:
    return next(port for port in interface["inputs"] if port["name"] == name)


@dataclass(frozen=True)
class Behind(Generic[Key]):
    """A wire out of a step that ended, and how many wires its target still waited for before that."""

    target: Key
    required: bool
    missing: int


@dataclass
class Effects(Generic[Key]):
    """What the end of a step does to those right behind it."""

    ready: list[Key] = field(default_factory=list)
    skipped: list[Key] = field(default_factory=list)


def on_finished(succeeded: bool, wires: Iterable[Behind[Key]]) -> Effects[Key]:
    """Decide from the wires out of one ended step to targets that have not begun. Costs its out-degree.

    A step that failed or was skipped takes along what requires it; an optional input that will never come is left
    unset. (Source: Azure ML's `continue_on_step_failure`, `shared/azureml.md` 2.3.)
    """
    arrived: dict[Key, int] = {}
    lost: dict[Key, None] = {}
    waiting: dict[Key, int] = {}
    for wire in wires:
        arrived[wire.target] = arrived.get(wire.target, 0) + 1
        waiting[wire.target] = wire.missing
        if wire.required and not succeeded:
            lost[wire.target] = None
    ready = [key for key, count in arrived.items() if key not in lost and count == waiting[key]]
    return Effects(ready, list(lost))
