"""Nodes: components placed in a pipeline, each with its inputs, outputs and settings."""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from portline.client.errors import PortlineError
from portline.entities import building
from portline.entities.component import Component, nearest
from portline.entities.ports import LITERAL_OF, Input, Output, is_data
from portline.entities.submitting import Submittable
from portline.entities.sweep import Sweep, is_space
from portline.entities.values import Expression, NodeInput, NodeOutput, PipelineInput, Value

CONDITIONS = ("succeeded", "failed", "completed", "skipped")
AZURE_KEYS = (
    "description", "tags", "compute", "environment", "environment_variables", "resources", "distribution", "limits",
    "identity", "services", "queue_settings", "properties",
)  # fmt: skip


class Step:
    """What a pipeline consists of: nodes, and the control flow around them. `name` is found from the variable."""

    base_name = "step"
    name: str | None = None

    def __init__(self) -> None:
        self.order: list[tuple[Step, str]] = []
        self.comment = ""
        building.add(self)

    @property
    def shown(self) -> str:
        """How messages call it."""
        return f"`{self.name or self.base_name}`"

    def only_output(self) -> NodeOutput:
        """Its output, where it has exactly one. Raises PortlineError where it has none or several."""
        raise PortlineError(f"{self.shown} gives nothing.", code="usage")

    def after(self, *others: "Step", condition: str = "succeeded") -> "Step":
        """Run after other steps though no data comes from them: when they `succeeded`, `failed`, `completed` or were
        `skipped`. Azure ML has no such thing: there, the order is lost. Raises PortlineError for another condition.
        """
        if condition not in CONDITIONS:
            message = f"`{condition}` is no condition{nearest(condition, CONDITIONS)}"
            raise PortlineError(message, code="usage")
        self.order += [(other, condition) for other in others]
        return self


class Inputs:
    """The inputs of a node by name, as attributes too. Reading gives a reference that other nodes may take."""

    _node: "Node"

    def __init__(self, node: "Node") -> None:
        object.__setattr__(self, "_node", node)

    def __getitem__(self, name: str) -> NodeInput:
        if name not in self._node.ports_in:
            self._unknown(name)
        return NodeInput(self._node, name, self._node.ports_in[name].get("type", "string"))

    def __getattr__(self, name: str) -> NodeInput:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._node.give(name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        self._node.give(name, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._node.ports_in)

    def __len__(self) -> int:
        return len(self._node.ports_in)

    def __contains__(self, name: object) -> bool:
        return name in self._node.ports_in

    def __dir__(self) -> list[str]:
        return list(self._node.ports_in)

    def _unknown(self, name: str) -> NoReturn:
        raise PortlineError(
            f"{self._node.shown} has no input `{name}`{nearest(name, self._node.ports_in)}", code="usage"
        )


class Outputs:
    """The outputs of a node by name, as attributes too. An Output may be assigned to say what becomes of one."""

    _node: "Node"
    _made: dict[str, NodeOutput]

    def __init__(self, node: "Node") -> None:
        object.__setattr__(self, "_node", node)
        object.__setattr__(self, "_made", {})

    def __getitem__(self, name: str) -> NodeOutput:
        ports = self._node.ports_out
        if name not in ports:
            raise PortlineError(f"{self._node.shown} has no output `{name}`{nearest(name, ports)}", code="usage")
        if name not in self._made:
            self._made[name] = NodeOutput(self._node, name, ports[name].get("type", "uri_folder"))
        return self._made[name]

    def __getattr__(self, name: str) -> NodeOutput:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Output) -> None:
        self[name].put(value)

    def __setitem__(self, name: str, value: Output) -> None:
        self[name].put(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._node.ports_out)

    def __len__(self) -> int:
        return len(self._node.ports_out)

    def __contains__(self, name: object) -> bool:
        return name in self._node.ports_out

    def __dir__(self) -> list[str]:
        return list(self._node.ports_out)


class Node(Step, Submittable):
    """A component placed in a pipeline. Settings are attributes, named as in Azure ML's YAML.

    Portline's own: `retries`, `retry_delay` and `retry_backoff`, `force_rerun`, `final` (runs when all else has ended),
    `labels` that the machine must have, and `cpu`, `memory`, `gpus` that it must have free.
    """

    def __init__(self, component: Component, inputs: Mapping[str, Any]) -> None:
        self.component = component
        self.base_name = component.name
        self.ports_in, self.ports_out = component.inputs, component.outputs
        self.values: dict[str, Any] = {}
        self.display_name: str | None = None
        self.description: str | None = None
        self.tags: dict[str, str] | None = None
        self.compute: Any = None
        self.environment: Any = None
        self.environment_variables: dict[str, Any] | None = None
        self.resources: dict[str, Any] | None = None
        self.distribution: dict[str, Any] | None = None
        self.limits: dict[str, Any] | None = None
        self.identity: dict[str, Any] | None = None
        self.services: dict[str, Any] | None = None
        self.queue_settings: dict[str, Any] | None = None
        self.properties: dict[str, Any] | None = None
        self.retries: int | None = None
        self.retry_delay: float | None = None
        self.retry_backoff: float | None = None
        self.force_rerun: bool | None = None
        self.final: bool | None = None
        self.labels: dict[str, str] | None = None
        self.cpu: float | None = None
        self.memory: str | None = None
        self.gpus: int | None = None
        self.loop: Sweep | None = None
        self.files_loop: dict[str, Any] | None = None
        self.exposed: list[str] = []
        self._inputs, self._outputs = Inputs(self), Outputs(self)
        for name, value in inputs.items():
            if value is not None:
                self.give(name, value)
        super().__init__()  # last: what expressions among the inputs made comes before it

    @property
    def type(self) -> str:
        """command, pipeline, sweep, parallel, spark ..."""
        return "sweep" if self.loop is not None else self.component.type

    @property
    def inputs(self) -> Inputs:
        return self._inputs

    @property
    def outputs(self) -> Outputs:
        return self._outputs

    def give(self, name: str, value: Any) -> None:
        """Set an input: a literal, data, or what another node gives; None takes it away. Raises PortlineError."""
        if name not in self.ports_in:
            self._inputs._unknown(name)
        if value is None:
            self.values.pop(name, None)
            return
        try:
            self.values[name] = plain(value)
        except PortlineError as error:
            raise PortlineError(f"The input `{name}` of {self.shown}: {error.sentence}", code="usage") from None

    def only_output(self) -> NodeOutput:
        """Its output, where it has exactly one. Raises PortlineError where it has none or several."""
        names = list(self.ports_out)
        if len(names) != 1:
            which = f"take one of {', '.join(names)}, as in node.outputs.{names[0]}" if names else "it gives nothing"
            raise PortlineError(f"{self.shown} has {len(names)} outputs: {which}.", code="usage")
        return self._outputs[names[0]]

    def set_limits(self, *, timeout: float | None = None, **others: Any) -> "Node":
        """Seconds that it may run. For a sweep also `max_total_trials`, `max_concurrent_trials`, `trial_timeout`."""
        given = {key: value for key, value in {"timeout": timeout, **others}.items() if value is not None}
        if self.loop is not None:
            self.loop.limits |= given
        else:
            self.limits = {**(self.limits or {}), **given}
        return self

    def set_resources(
        self,
        *,
        instance_count: Any = None,
        instance_type: Any = None,
        shm_size: str | None = None,
        docker_args: str | None = None,
        properties: Mapping[str, Any] | None = None,
        cpu: float | None = None,
        memory: str | None = None,
        gpus: int | None = None,
    ) -> "Node":
        """What it needs to run. `cpu`, `memory` (as in 2GB) and `gpus` are Portline's own: Azure ML ignores them."""
        given = {
            "instance_count": instance_count,
            "instance_type": instance_type,
            "shm_size": shm_size,
            "docker_args": docker_args,
            "properties": dict(properties) if properties else None,
        }
        if found := {key: value for key, value in given.items() if value is not None}:
            self.resources = {**(self.resources or {}), **found}
        self.cpu, self.memory, self.gpus = cpu or self.cpu, memory or self.memory, gpus or self.gpus
        return self

    def set_retries(self, count: int, *, delay: float | None = None, backoff: float | None = None) -> "Node":
        """Try it again when it fails: so often, after `delay` seconds, each time `backoff` times as long."""
        self.retries, self.retry_delay, self.retry_backoff = count, delay, backoff
        return self

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: Any = "random",
        compute: Any = None,
        max_total_trials: int | None = None,
        max_concurrent_trials: int | None = None,
        search_space: Mapping[str, Any] | None = None,
        early_termination: Any = None,
        seed: int | None = None,
    ) -> "Node":
        """Make it a search: its inputs that are distributions are tried out, and its outputs are those of the best.

        `goal` is minimize or maximize. Raises PortlineError where nothing is searched.
        """
        spaces = {name: value for name, value in self.values.items() if is_space(value)} | dict(search_space or {})
        if not spaces:
            raise PortlineError(
                f"{self.shown} has nothing to search: give an input a distribution, as in learning_rate="
                "Uniform(0.01, 0.1), before .sweep().",
                code="usage",
            )
        for name in spaces:
            if name not in self.ports_in:
                self._inputs._unknown(name)
            self.values.pop(name, None)
        self.loop = Sweep(spaces, primary_metric, goal, sampling_algorithm, early_termination, seed)
        limits = {"max_total_trials": max_total_trials, "max_concurrent_trials": max_concurrent_trials}
        self.loop.limits = {key: value for key, value in limits.items() if value is not None}
        self.compute = compute or self.compute
        return self

    @property
    def early_termination(self) -> Any:
        """When a trial of a sweep is ended before its time."""
        return self.loop.early_termination if self.loop else None

    @early_termination.setter
    def early_termination(self, policy: Any) -> None:
        if self.loop is None:
            raise PortlineError(f"{self.shown} is no sweep: call .sweep() first.", code="usage")
        self.loop.early_termination = policy

    def settings(self) -> dict[str, Any]:
        """Portline's own settings that are set, for `properties.portline`."""
        keys = ("retries", "retry_delay", "retry_backoff", "force_rerun", "final", "labels")
        found = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        needs = {key: getattr(self, key) for key in ("cpu", "memory", "gpus") if getattr(self, key) is not None}
        return found | ({"resources": needs} if needs else {})

    def __repr__(self) -> str:
        return f"<{self.type} {self.shown} of {self.component!r}>"


class Command(Node):
    """A node of a component that was written on the spot. Called, it makes another with other inputs."""

    def __call__(self, **inputs: Any) -> "Command":
        """A copy with these inputs instead of its own, in the pipeline that is being written."""
        made = copy.copy(self)
        made.values, made.order = dict(self.values), list(self.order)
        made._inputs, made._outputs = Inputs(made), Outputs(made)
        for output in self._outputs._made.values():
            made._outputs[output.port].put(Output(**{"type": output.type, **output.settings()}))
        made._files = None
        made.name = None
        for name, value in inputs.items():
            made.give(name, value)
        building.add(made)
        return made


def plain(value: Any) -> Any:
    """What an input may be given: a literal, an Input with a path, a Value, a distribution. Raises PortlineError."""
    if isinstance(value, Step):
        return value.only_output()
    if isinstance(value, Expression):
        return value.output()
    if isinstance(value, NodeInput):
        found = value.node.values.get(value.port, value.node.ports_in[value.port].get("default"))
        if found is None:
            raise PortlineError(f"`{value.port}` of {value.node.shown} has no value to take.", code="usage")
        return found
    if isinstance(value, (PipelineInput, NodeOutput)):
        return value
    if isinstance(value, Input):
        if value.path is None:
            raise PortlineError("an Input needs a `path` to be given to a node.", code="usage")
        return value
    if type(value) in LITERAL_OF or is_space(value):
        return value
    if isinstance(value, Path):
        return Input(type="uri_file" if value.is_file() else "uri_folder", path=value)
    if hasattr(value, "as_input"):
        return value.as_input()
    raise PortlineError(
        f"{value!r} is no value of an input: give text, a number, true or false, an Input(path=...), or an output of "
        "another node.",
        code="usage",
    )


def type_of(value: Any) -> str:
    """The type of what an input is given."""
    if isinstance(value, (Value, Input)):
        return value.type
    if is_space(value):
        return str(value.value_type)
    return LITERAL_OF[type(value)]


def takes_data(port: Mapping[str, Any]) -> bool:
    """Whether an input is for files."""
    return is_data(str(port.get("type", "uri_folder")))
