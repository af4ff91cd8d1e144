"""From a frozen document to steps and the edges between them, with pipeline components laid open."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from registry.spec import values
from registry.spec.interface import Interface
from registry.spec.types import is_data
from registry.spec.values import Scalar
from runner.engine.flow import ENDED_ANYHOW
from runner.engine.launching import asset_of, filled_in, launch_of
from runner.engine.literals import CannotPlan, bound_input, checked, filled
from runner.engine.placement import where_of

INPUTS = "$inputs"
"""The source of a wire that comes from a pipeline input."""

COMPONENT, LOOP, BRANCH, GROUP = "component", "loop", "branch", "group"
BRANCH_PORT = "value"


@dataclass(frozen=True)
class Wire:
    """What one step gives another, or an order edge: then both ports are empty and it has a condition.

    `required` is a wire's: without what it brings its target is skipped.
    """

    source: str
    output: str
    target: str
    input: str
    required: bool = False
    condition: str = ""


@dataclass(frozen=True)
class PlannedStep:
    """A node to run: `params` are its literal inputs with every binding resolved, `assets` its registered data."""

    node: str
    title: str
    component: str
    params: dict[str, Scalar] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    missing: int = 0
    kind: str = COMPONENT
    control: Mapping[str, Any] | None = None
    final: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    launch: Mapping[str, Any] = field(default_factory=dict)
    force_rerun: bool = False
    disabled: bool = False


@dataclass(frozen=True)
class Plan:
    """`outputs` says, for each output of the document, which step's output it is."""

    steps: tuple[PlannedStep, ...]
    wires: tuple[Wire, ...]
    inputs: dict[str, Any]
    outputs: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def ready(self) -> list[str]:
        """The steps that wait for nothing."""
        return [step.node for step in self.steps if step.missing == 0]


@dataclass(frozen=True)
class Value:
    """A literal that is known."""

    value: Any


@dataclass(frozen=True)
class Asset:
    """Registered data, `name:version`."""

    ref: str


@dataclass(frozen=True)
class Made:
    """What a step makes. `step` may be one that is not part of the plan: it ended before."""

    step: str
    output: str


Given = Value | Asset | Made


def plan(
    document: Mapping[str, Any],
    interfaces: Mapping[str, Interface],
    given: Mapping[str, Any],
    graphs: Mapping[str, Mapping[str, Any]] | None = None,
    forced: frozenset[str] = frozenset(),
) -> Plan:
    """Plan a document that has no problems, with the documents of its pipeline components (`graphs`, by ref).

    In all of them, what is bypassed has been taken out before (`designer.graph.modes`).
    `forced` are nodes of the document that must not be answered from earlier runs. Raises CannotPlan for input values
    that do not fit.
    """
    inputs = _input_values(document["inputs"], given)
    planner = _Planner(interfaces, graphs or {}, bool(document.get("settings", {}).get("force_rerun")), forced)
    planner.expand(document, "", {name: _as_given(value) for name, value in inputs.items()})
    outputs = {}
    for name in document.get("outputs", {}):
        made = planner.output_of(document, "", name)
        if made is not None:
            outputs[name] = (made.step, made.output)
            planner.register(made, document["outputs"][name].get("settings"))
    return Plan(planner.planned(), tuple(planner.wires), inputs, outputs)


def plan_body(
    node: str,
    component: str,
    settings: Mapping[str, Any],
    given: Mapping[str, Given],
    interfaces: Mapping[str, Interface],
    graphs: Mapping[str, Mapping[str, Any]],
    title: str,
    force_rerun: bool,
) -> Plan:
    """Plan one iteration of a loop: a component, or all of a pipeline component, as the node `node`.

    Wires from steps outside (`Made` in `given`) are among the plan's, but nobody waits for them. Raises CannotPlan.
    """
    interface = interfaces[component]
    body = {"id": node, "kind": "component", "component": component, "title": title, "params": {}, "settings": settings}
    planner = _Planner(interfaces, graphs, force_rerun, frozenset())
    planner.outside = {found.step for found in given.values() if isinstance(found, Made)}
    planner.place(body, "", {}, dict(given))
    outputs = {}
    for port in interface["outputs"]:
        made = planner.origin({"nodes": {node: body}}, "", node, port["name"])
        if isinstance(made, Made):
            outputs[port["name"]] = (made.step, made.output)
    return Plan(planner.planned(), tuple(planner.wires), {}, outputs)


class _Planner:
    """Gathers steps and wires from a document and, where nodes are pipeline components, from those within."""

    def __init__(
        self,
        interfaces: Mapping[str, Interface],
        graphs: Mapping[str, Mapping[str, Any]],
        force_all: bool,
        forced: frozenset[str],
    ) -> None:
        self.interfaces, self.graphs = interfaces, graphs
        self.force_all, self.forced = force_all, forced
        self.steps: dict[str, PlannedStep] = {}
        self.wires: list[Wire] = []
        self.outside: set[str] = set()
        # The data assets that outputs are registered as, by step and output.
        self.registered: dict[str, dict[str, list[dict[str, Any]]]] = {}
        self.final = False
        # What groups that are being laid open say of compute, for the steps in them that say nothing.
        self.where: Mapping[str, Any] = {}

    def planned(self) -> tuple[PlannedStep, ...]:
        waits = Counter(wire.target for wire in self.wires if wire.source not in self.outside)
        return tuple(_completed(step, waits[step.node], self.registered) for step in self.steps.values())

    def register(self, made: "Made | None", settings: Mapping[str, Any] | None) -> None:
        """An output of a step is registered as these settings say, if they do."""
        asset = asset_of(settings)
        if made is not None and asset is not None:
            self.registered.setdefault(made.step, {}).setdefault(made.output, []).append(asset)

    def expand(self, document: Mapping[str, Any], prefix: str, inputs: Mapping[str, Given]) -> None:
        """Plan all nodes of a document whose inputs are these; ids of its steps get the prefix."""
        nodes = document["nodes"]
        fed: dict[str, dict[str, Given]] = {}
        for edge in document["edges"].values():
            found = self._source(document, prefix, inputs, edge["source"], edge["output"])
            if found is not None:
                fed.setdefault(edge["target"], {})[edge["input"]] = found
        for node in nodes.values():
            if node["kind"] != "data":
                self.place(node, prefix, inputs, fed.get(node["id"], {}))
        for edge in document.get("order", {}).values():
            for target in self._begins(document, prefix, edge["target"]):
                self.wires.append(Wire(prefix + edge["source"], "", target, "", condition=edge["condition"]))
        self._finals(document, prefix)

    def place(
        self, node: Mapping[str, Any], prefix: str, inputs: Mapping[str, Given], fed: Mapping[str, Given]
    ) -> None:
        """Plan one node that gets `fed` over wires."""
        id_ = prefix + node["id"]
        if _is_disabled(node):
            title = node.get("title") or self.interfaces[node["component"]]["title"]
            self.steps[id_] = PlannedStep(id_, title, node["component"], disabled=True)
        elif node["kind"] == BRANCH:
            self._place_branch(node, id_, inputs, fed)
        elif self._is_group(node):
            self._place_group(node, id_, inputs, fed)
        else:
            self._place_component(node, id_, inputs, fed)

    def origin(self, document: Mapping[str, Any], prefix: str, node_id: str, output: str) -> Given | None:
        """Where an output of a node comes from: of a pipeline component, a step within it."""
        node = document["nodes"][node_id]
        if node["kind"] == "data":
            return Asset(node["asset"])
        if self._is_group(node):
            return self.output_of(self.graphs[node["component"]], f"{prefix}{node_id}.", output)
        return Made(prefix + node_id, output)

    def output_of(self, document: Mapping[str, Any], prefix: str, name: str) -> Made | None:
        """The step that makes an output of a document; None where nothing is joined to it."""
        output = document.get("outputs", {}).get(name)
        if output is None or output["source"] not in document["nodes"]:
            return None
        found = self.origin(document, prefix, output["source"], output["output"])
        return found if isinstance(found, Made) else None

    def _is_group(self, node: Mapping[str, Any]) -> bool:
        component = node["kind"] == COMPONENT and not _is_disabled(node)
        return component and node["component"] in self.graphs and not node.get("loop")

    def _source(
        self, document: Mapping[str, Any], prefix: str, inputs: Mapping[str, Given], source: str, output: str
    ) -> Given | None:
        if source == INPUTS:
            return inputs.get(output)
        return self.origin(document, prefix, source, output)

    def _place_branch(
        self, node: Mapping[str, Any], id_: str, inputs: Mapping[str, Given], fed: Mapping[str, Given]
    ) -> None:
        params: dict[str, Scalar] = {}
        given = fed.get(BRANCH_PORT) or self._param(node["params"].get(BRANCH_PORT), inputs, id_, BRANCH_PORT)
        if isinstance(given, Made):
            self.wires.append(Wire(given.step, given.output, id_, BRANCH_PORT, required=True))
        elif isinstance(given, Value):
            params[BRANCH_PORT] = given.value
        else:
            raise CannotPlan(id_, BRANCH_PORT, "The branch has nothing to decide by.")
        self.steps[id_] = PlannedStep(
            id_, node.get("title") or "If / else", "", params, kind=BRANCH, control=node["branch"]
        )

    def _place_group(
        self, node: Mapping[str, Any], id_: str, inputs: Mapping[str, Given], fed: Mapping[str, Given]
    ) -> None:
        graph = self.graphs[node["component"]]
        inner: dict[str, Given] = {}
        for port in self.interfaces[node["component"]]["inputs"]:
            name = port["name"]
            found = fed.get(name) or self._param(node["params"].get(name), inputs, id_, name)
            if isinstance(found, Value) and not is_data(port["type"]):
                found = Value(checked(id_, port, found.value))
            elif found is None:
                default = graph["inputs"].get(name, {}).get("default")
                default = port["default"] if default is None else default
                found = None if default is None else _as_given(default)
            if found is not None:
                inner[name] = found
            elif not port["optional"]:
                raise CannotPlan(id_, name, f"{port['label']} needs a value.")
        settings = node.get("settings", {})
        before, final, where = set(self.steps), self.final, self.where
        self.final = final or bool(settings.get("final"))
        self.where = where_of(settings, where_of(graph.get("settings", {}), where))
        self.expand(graph, f"{id_}.", inner)
        self.final, self.where = final, where
        for step in [step for step in self.steps if step not in before]:
            if "." not in step.removeprefix(f"{id_}."):
                self.wires.append(Wire(step, "", id_, "", condition=ENDED_ANYHOW))
        for name, output in node.get("outputs", {}).items():
            self.register(self.output_of(graph, f"{id_}.", name), output)
        title = node.get("title") or self.interfaces[node["component"]]["title"]
        self.steps[id_] = PlannedStep(id_, title, node["component"], kind=GROUP)

    def _place_component(
        self, node: Mapping[str, Any], id_: str, inputs: Mapping[str, Given], fed: Mapping[str, Given]
    ) -> None:
        interface = self.interfaces[node["component"]]
        loop = node.get("loop")
        later = loop_inputs(loop) if loop else frozenset()
        params: dict[str, Scalar] = {}
        assets: dict[str, str] = {}
        for port in interface["inputs"]:
            name, data = port["name"], is_data(port["type"])
            found = fed.get(name)
            if found is None and not data:
                found = self._param(node["params"].get(name), inputs, id_, name)
            if found is None and not data and port["default"] is not None:
                found = Value(port["default"])
            match found:
                case Made(step, output):
                    self.wires.append(Wire(step, output, id_, name, required=not port["optional"]))
                case Asset(ref) if data:
                    assets[name] = ref
                case Value(value) if not data:
                    params[name] = checked(id_, port, value)
                case None if port["optional"] or name in later:
                    pass
                case None if data:
                    raise CannotPlan(id_, name, f"{port['label']} needs data, and the pipeline input gives none.")
                case None:
                    raise CannotPlan(id_, name, f"{port['label']} needs a value.")
                case _:
                    kind = "data" if data else "a value"
                    raise CannotPlan(id_, name, f"{port['label']} takes {kind}, but gets something else.")
        settings = filled_in(node.get("settings", {}), lambda value, name: self._setting(value, inputs, id_, name))
        for name, output in node.get("outputs", {}).items():
            self.register(Made(id_, name), output)
        forced = self.force_all or id_ in self.forced or id_.partition(".")[0] in self.forced
        self.steps[id_] = PlannedStep(
            node=id_,
            title=node.get("title") or interface["title"],
            component=node["component"],
            params=params,
            assets=assets,
            kind=LOOP if loop else COMPONENT,
            control=self._control(loop, inputs, id_) if loop else None,
            final=self.final or bool(settings.get("final")),
            settings={**settings, **where_of(settings, self.where)},
            launch={} if loop else launch_of(settings),
            force_rerun=forced if settings.get("force_rerun") is None else bool(settings["force_rerun"]),
        )

    def _control(self, loop: Mapping[str, Any], inputs: Mapping[str, Given], id_: str) -> Mapping[str, Any]:
        """The loop with its items filled in, where a pipeline input has them."""
        items = loop.get("items")
        if not values.has_binding(items):
            return loop
        found = self._param(items, inputs, id_, "loop")
        if not isinstance(found, Value):
            raise CannotPlan(id_, "loop", "The items of a loop must be known when the run starts.")
        return {**loop, "items": found.value}

    def _param(self, value: Any, inputs: Mapping[str, Given], node: str, name: str) -> Given | None:
        """A parameter with its bindings filled in: alone a binding keeps its type, within text it becomes text."""
        if value is None:
            return None
        if not values.has_binding(value):
            return Value(value)
        whole = bound_input(value)
        if whole is not None:
            return inputs.get(whole)
        known = {}
        for key, found in inputs.items():
            if isinstance(found, Value):
                known[key] = found.value
            elif any(expression.endswith(f".{key}") for expression in values.BINDING.findall(value)):
                raise CannotPlan(
                    node, name, f"`{key}` is only known while the run goes on, so it cannot stand within text."
                )
        return Value(filled(value, known))

    def _setting(self, value: Any, inputs: Mapping[str, Given], node: str, name: str) -> Any:
        """A setting with its bindings filled in, which can only be to what is known when the run starts."""
        found = self._param(value, inputs, node, name)
        if isinstance(found, Value):
            return found.value
        if found is None:
            return None
        raise CannotPlan(node, name, f"`{name}` must be known when the run starts.")

    def _begins(self, document: Mapping[str, Any], prefix: str, node_id: str) -> Iterator[str]:
        """The steps that an order edge to a node holds back: of a group, all within it."""
        node = document["nodes"][node_id]
        if not self._is_group(node):
            yield prefix + node_id
            return
        within = f"{prefix}{node_id}."
        yield from (step.node for step in self.steps.values() if step.node.startswith(within) and step.kind != GROUP)

    def _finals(self, document: Mapping[str, Any], prefix: str) -> None:
        """A final step waits for all others of its document, however they end."""
        nodes = [node for node in document["nodes"].values() if node["kind"] != "data"]
        finals = [node for node in nodes if node.get("settings", {}).get("final")]
        joined = {(wire.source, wire.target) for wire in self.wires if wire.condition} if finals else set()
        for final in finals:
            for target in self._begins(document, prefix, final["id"]):
                for other in nodes:
                    source = prefix + other["id"]
                    if other not in finals and (source, target) not in joined:
                        self.wires.append(Wire(source, "", target, "", condition=ENDED_ANYHOW))


def _is_disabled(node: Mapping[str, Any]) -> bool:
    """A disabled node has a step of its own, also where it is a group: one that is skipped."""
    return node.get("mode") == "disabled"


def loop_inputs(loop: Mapping[str, Any]) -> frozenset[str]:
    """The inputs that a loop itself gives its body: they need no value before."""
    match loop["type"]:
        case "sweep":
            return frozenset(loop["search_space"])
        case "parallel_for" if loop.get("over") != "files":
            named = {loop["input"]} if loop.get("input") else set()
            items = loop.get("items")
            if isinstance(items, str) and not named:
                # A list that only the run knows: each of its items says what it gives.
                return _Any()
            entries = items if isinstance(items, list) else []
            return frozenset({*named, *(key for item in entries if isinstance(item, Mapping) for key in item)})
    return frozenset()


class _Any(frozenset[str]):
    """Holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


def _completed(
    step: PlannedStep, missing: int, registered: Mapping[str, Mapping[str, list[dict[str, Any]]]]
) -> PlannedStep:
    """A step with what is known only once all are planned."""
    if outputs := registered.get(step.node):
        step = replace(step, launch={**step.launch, "outputs": outputs})
    return PlannedStep(**{**vars(step), "missing": missing}) if missing else step


def _as_given(value: Any) -> Given:
    return Asset(value["asset"]) if isinstance(value, dict) else Value(value)


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
