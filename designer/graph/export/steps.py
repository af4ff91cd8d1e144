"""From a document to flat steps, with pipeline components laid open.

The rules of wires, values and order edges are the engine's (`docs/reference/protocol.md`); values of the pipeline's
inputs stay open, since another engine is given them when it starts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from typing import Any

from designer.graph.document import INPUTS, Document
from designer.graph.export.branching import branch_step
from designer.graph.export.flat import (
    ENDED,
    After,
    Constant,
    Environment,
    Findings,
    Flat,
    FromInput,
    FromItem,
    FromStep,
    Given,
    Input,
    Items,
    Settings,
    Step,
    Text,
    slug,
)
from registry.spec import values
from registry.spec.component import ComponentSpec
from registry.spec.types import is_data

PARENT_INPUTS = "parent.inputs."


@dataclass(frozen=True)
class Part:
    """A component version that a document uses: `graph` is a pipeline's, `code` are its files."""

    spec: ComponentSpec
    graph: Document | None = None
    code: Mapping[str, bytes] = field(default_factory=dict)


def flat(
    document: Document,
    parts: Mapping[str, Part],
    environment: Callable[[str | dict[str, Any] | None], Environment],
    findings: Findings,
) -> Flat:
    """The steps of a document whose components are `parts`, by ref. What no other engine runs is told to `findings`.

    `environment` finds what a component or a node names; it raises ValueError with a sentence.
    """
    opened = _Opening(parts, environment, findings)
    inner: dict[str, Given] = {}
    for name, input_ in document["inputs"].items():
        if (given := opened.input(name, input_)) is not None:
            inner[name] = given
    opened.expand(document, "", inner)
    return Flat(
        name=slug(document["name"]),
        title=document["name"],
        description=document["description"],
        inputs=opened.inputs,
        steps=opened.finished(),
        stops_at_failure=document["settings"].get("continue_on_step_failure") is False,
    )


class _Opening:
    def __init__(
        self,
        parts: Mapping[str, Part],
        environment: Callable[[str | dict[str, Any] | None], Environment],
        findings: Findings,
    ) -> None:
        self.parts, self.environment, self.findings = parts, environment, findings
        self.inputs: dict[str, Input] = {}
        self.steps: dict[str, Step] = {}
        self.force_rerun = False

    def input(self, name: str, declared: Mapping[str, Any]) -> Given | None:
        """What an input of the document gives; None for an optional one without a value."""
        default = declared["default"]
        if isinstance(default, dict):
            self._data_warning(f"The pipeline input `{name}`")
            default = None
        elif default is None and declared["optional"]:
            self.findings.warn(f"The optional pipeline input `{name}` has no value, so the export is without it.")
            return None
        elif is_data(declared["type"]):
            self._data_warning(f"The pipeline input `{name}`")
        self.inputs[name] = Input(
            type=declared["type"],
            default=default,
            description=declared["description"],
            enum=tuple(declared.get("enum") or ()),
            min=declared.get("min"),
            max=declared.get("max"),
        )
        return FromInput(name)

    def asset(self, ref: str, type_: str) -> FromInput:
        """Registered data as an input of the exported pipeline: it lies in Portline's store, out of others' reach."""
        name = f"data_{slug(ref.rpartition(':')[0])}_{slug('v' + ref.rpartition(':')[2])}"
        if name not in self.inputs:
            self._data_warning(f"The data asset {ref}")
            self.inputs[name] = Input(type_, description=f"address of what is the data asset {ref} in Portline")
        return FromInput(name)

    def _data_warning(self, subject: str) -> None:
        self.findings.warn(f"{subject} is a parameter there, which takes the address of the data when it starts.")

    def expand(self, document: Document, prefix: str, inputs: Mapping[str, Given], final: bool = False) -> None:
        """Open all nodes of a document whose inputs are these; ids of its steps get the prefix."""
        fed: dict[str, dict[str, Given]] = {}
        for edge in document["edges"].values():
            if edge["source"] == INPUTS:
                given = inputs.get(edge["output"])
            else:
                given = self._origin(document, prefix, edge["source"], edge["output"])
            if given is not None:
                fed.setdefault(edge["target"], {})[edge["input"]] = given
        for id, node in document["nodes"].items():
            if node["kind"] == "branch":
                self._branch(node, prefix + id, inputs, fed.get(id, {}))
            elif node["kind"] == "component":
                self._component(node, prefix + id, inputs, fed.get(id, {}), final)
        for order in document["order"].values():
            self._order(document, prefix, order["source"], order["target"], order["condition"])
        finals = {id for id, node in document["nodes"].items() if node["settings"].get("final")}
        for id in finals:
            for other in document["nodes"].keys() - finals:
                for target in self._within(document, prefix, id):
                    for source in self._within(document, prefix, other):
                        self._wait(target, After(source, ENDED))

    def finished(self) -> tuple[Step, ...]:
        """The steps in order, each with the branches that it hangs on."""
        waits = {id: [after.step for after in step.after] for id, step in self.steps.items()}
        done: dict[str, Step] = {}
        for id in TopologicalSorter(waits).static_order():
            step = self.steps[id]
            ways: dict[After, None] = {}
            for after in step.after:
                if after.condition in ("true", "false"):
                    ways[after] = None
                if after.condition in ("succeeded", "true", "false"):
                    ways |= dict.fromkeys(done[after.step].ways)
            done[id] = replace(step, ways=tuple(ways))
            for name, given in step.data.items():
                if isinstance(given, FromStep) and not step.spec.inputs[name].required and done[given.step].ways:
                    self.findings.warn(f"“{step.title}” does not run there where nothing comes for its input `{name}`.")
        return tuple(done.values())

    # Nodes

    def _branch(self, node: Mapping[str, Any], id: str, inputs: Mapping[str, Given], fed: Mapping[str, Given]) -> None:
        given = fed.get("value") or self._param(node["params"].get("value"), inputs, id)
        title = node["title"] or "If / else"
        if given is None:
            self.findings.lose(f"“{title}” has nothing to decide by.")
            return
        type_ = self._type(given)
        self.steps[id] = branch_step(id, title, node["branch"], given, type_)
        if isinstance(given, FromStep):
            self._wait(id, After(given.step))

    def _type(self, given: Given) -> str:
        match given:
            case FromInput(name):
                return self.inputs[name].type
            case FromStep(step, output):
                return self.steps[step].spec.outputs[output].type if step in self.steps else "string"
            case Constant(bool()):
                return "boolean"
        return "string"

    def _component(
        self,
        node: Mapping[str, Any],
        id: str,
        inputs: Mapping[str, Given],
        fed: Mapping[str, Given],
        final: bool,
    ) -> None:
        part, loop = self.parts.get(node["component"]), node.get("loop")
        title, settings = node["title"] or (part.spec.title if part else id), node["settings"]
        # Within a pipeline component the last step is last only there.
        final = final or ("." not in id and bool(settings.get("final")))
        if part is None:
            self.findings.lose(f"“{title}” is the component {node['component']}, which is not registered here.")
            return
        if part.spec.type not in ("command", "pipeline"):
            self.findings.lose(f"“{title}” is no command that a container could run.")
            return
        self._not_there(node, part.spec, title)
        items = self._items(loop, title, part) if loop else None
        if loop and items is None:
            return
        given = self._given(node, id, title, part, inputs, fed, loop)
        if part.graph is not None:
            self._group(part.graph, id, given, final)
            return
        self.steps[id] = Step(
            id=id,
            title=title,
            spec=part.spec,
            inputs=given,
            loop=items,
            final=final,
            environment=self._environment(part.spec, settings, title),
            settings=self._settings(settings, part.spec, inputs, id),
            code=part.code,
        )
        for source in given.values():
            if isinstance(source, FromStep):
                self._wait(id, After(source.step))

    def _not_there(self, node: Mapping[str, Any], spec: ComponentSpec, title: str) -> None:
        """Settings that other engines have nothing for."""
        settings = node["settings"]
        if settings.get("distribution") or spec.distribution:
            self.findings.lose(
                f"“{title}” starts several processes by `distribution`, which only Portline and Azure do."
            )
        if settings.get("compute") or settings.get("labels"):
            self.findings.warn("Compute targets and labels of machines are Portline's own, and do not count there.")
        if any(output.get("name") for output in node.get("outputs", {}).values()):
            self.findings.warn(f"What “{title}” makes is not registered as data there.")

    def _given(
        self,
        node: Mapping[str, Any],
        id: str,
        title: str,
        part: Part,
        inputs: Mapping[str, Given],
        fed: Mapping[str, Given],
        loop: Mapping[str, Any] | None,
    ) -> dict[str, Given]:
        """What each input of a component gets; of the items of a loop too."""
        found: dict[str, Given] = {}
        of_items = {name for item in _entries(loop) for name in item} if loop else set()
        for name, port in part.spec.inputs.items():
            given: Given | None
            if name in of_items:
                given = FromItem(name)
            else:
                given = fed.get(name)
                if given is None and not is_data(port.type):
                    given = self._param(node["params"].get(name), inputs, id)
            if given is None and part.graph is not None:
                given = self._inner_default(part.graph, name)
            if given is None and port.default is not None:
                given = Constant(port.default)
            if given is None and port.required:
                self.findings.lose(f"“{title}” needs something for its input `{name}`.")
            elif given is not None:
                found[name] = self._checked(given, port, title, name)
        return found

    def _checked(self, given: Given, port: Any, title: str, name: str) -> Given:
        if not isinstance(given, Constant) or is_data(port.type):
            return given
        try:
            return Constant(values.check(port, given.value))
        except ValueError as error:
            self.findings.lose(f"“{title}”, `{name}`: {error}.")
            return given

    def _inner_default(self, graph: Document, name: str) -> Given | None:
        """The default that an input of a pipeline component has inside."""
        declared = graph["inputs"].get(name)
        default = declared["default"] if declared else None
        if declared and isinstance(default, dict):
            return self.asset(default["asset"], declared["type"])
        return None if default is None else Constant(default)

    def _group(self, graph: Document, id: str, given: Mapping[str, Given], final: bool) -> None:
        before = self.force_rerun
        self.force_rerun = before or bool(graph["settings"].get("force_rerun"))
        self.expand(graph, f"{id}.", given, final)
        self.force_rerun = before

    def _items(self, loop: Mapping[str, Any], title: str, part: Part) -> Items | None:
        """The loop where another engine has one like it; None, with a sentence, where it has none."""
        if loop["type"] == "sweep":
            self.findings.lose(f"“{title}” is a sweep, which only Portline and Azure ML run.")
        elif loop["type"] == "do_while":
            self.findings.lose(f"“{title}” runs again while a condition holds, which no other engine does.")
        elif loop["over"] == "files":
            self.findings.lose(f"“{title}” goes through the files of a folder, which only Portline does.")
        elif isinstance(loop["items"], str):
            self.findings.lose(f"“{title}” goes over a list that an input gives; list the items in the loop itself.")
        elif part.graph is not None:
            self.findings.lose(f"“{title}” loops over a whole pipeline; loop over its steps one by one instead.")
        elif any(not isinstance(item, Mapping) and not loop.get("input") for item in loop["items"]):
            self.findings.lose(f"The items of “{title}” do not say which input they are for.")
        elif not loop["items"]:
            self.findings.lose(f"The loop of “{title}” has no items.")
        elif len({frozenset(item) for item in _entries(loop)}) > 1:
            self.findings.lose(f"The items of “{title}” do not all give the same inputs.")
        else:
            return Items(tuple(_entries(loop)), loop.get("max_concurrency"))
        return None

    def _environment(self, spec: ComponentSpec, settings: Mapping[str, Any], title: str) -> Environment:
        try:
            return self.environment(settings.get("environment") or spec.environment)
        except ValueError as error:
            self.findings.lose(f"“{title}”: {error}")
            return Environment()

    def _settings(
        self, settings: Mapping[str, Any], spec: ComponentSpec, inputs: Mapping[str, Given], id: str
    ) -> Settings:
        needs = settings.get("resources") or {}
        forced = settings.get("force_rerun")
        variables = {
            name: given
            for name, value in (settings.get("environment_variables") or {}).items()
            if (given := self._param(value, inputs, id)) is not None
        }
        return Settings(
            retries=settings.get("retries") or 0,
            retry_delay=settings.get("retry_delay") or 0,
            retry_backoff=settings.get("retry_backoff") or 1,
            timeout=settings.get("timeout"),
            cpu=needs.get("cpu"),
            memory=needs.get("memory"),
            gpus=needs.get("gpus"),
            cached=spec.is_deterministic and not (self.force_rerun if forced is None else forced),
            variables=variables,
        )

    # Wires and order

    def _origin(self, document: Document, prefix: str, source: str, output: str) -> Given | None:
        """Where an output of a node comes from: of a pipeline component, a step within it."""
        node = document["nodes"][source]
        if node["kind"] == "data":
            return self.asset(node["asset"], node["type"])
        if node.get("loop"):
            title = node["title"] or source
            self.findings.lose(f"What the iterations of “{title}” give together has no counterpart in other engines.")
            return None
        part = self.parts.get(node["component"])
        if part is None or part.graph is None:
            return FromStep(prefix + source, output)
        inside = part.graph["outputs"].get(output)
        if inside is None or inside["source"] not in part.graph["nodes"]:
            return None
        return self._origin(part.graph, f"{prefix}{source}.", inside["source"], inside["output"])

    def _param(self, value: Any, inputs: Mapping[str, Given], node: str) -> Given | None:
        """A parameter: alone a binding keeps what it names, within text it becomes a part of it."""
        if value is None or not values.has_binding(value):
            return None if value is None else Constant(value)
        whole = values.BINDING.fullmatch(value.strip())
        if whole:
            return inputs.get(whole[1].removeprefix(PARENT_INPUTS))
        parts: list[Any] = []
        end = 0
        for found in values.BINDING.finditer(value):
            parts.append(value[end : found.start()])
            parts += _as_parts(inputs.get(found[1].removeprefix(PARENT_INPUTS)))
            end = found.end()
        return _text([*parts, value[end:]])

    def _order(self, document: Document, prefix: str, source: str, target: str, condition: str) -> None:
        sources = self._within(document, prefix, source)
        if sources != [prefix + source]:
            # A pipeline component is as it ended altogether.
            title = document["nodes"][source]["title"] or source
            if condition in ("failed", "skipped"):
                self.findings.lose(f"No other engine waits for the pipeline “{title}” to be {condition}.")
                return
            condition = ENDED if condition == "completed" else condition
        for id in self._within(document, prefix, target):
            for before in sources:
                self._wait(id, After(before, condition))

    def _within(self, document: Document, prefix: str, node_id: str) -> list[str]:
        """The steps that a node is: itself, or all those in it."""
        id = prefix + node_id
        return [step for step in self.steps if step == id or step.startswith(f"{id}.")]

    def _wait(self, target: str, after: After) -> None:
        step = self.steps[target]
        same = [other for other in step.after if other.step == after.step]
        if after in same or (after.condition == ENDED and same):
            return
        self.steps[target] = replace(step, after=(*step.after, after))


def _entries(loop: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    items = loop.get("items") if loop else None
    if loop is None or not isinstance(items, list):
        return []
    return [item if isinstance(item, dict) else {loop.get("input") or "": item} for item in items]


def _as_parts(given: Given | None) -> list[Any]:
    match given:
        case None:
            return []
        case Constant(value):
            return [values.text(value)]
        case Text(parts):
            return list(parts)
    return [given]


def _text(parts: list[Any]) -> Given:
    """The parts with texts side by side joined; one text alone is known."""
    joined: list[Any] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if all(isinstance(part, str) for part in joined):
        return Constant("".join(joined))
    return Text(tuple(joined))
