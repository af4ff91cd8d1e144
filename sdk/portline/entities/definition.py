"""What a pipeline function wrote: its steps, what it takes and gives, and how it is treated."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.node import Node, Step
from portline.entities.ports import Input
from portline.entities.values import NodeOutput

NODE_NAME = re.compile(r"^[a-z_][a-z\d_]*$")
SETTINGS = (
    "default_compute", "default_datastore", "continue_on_step_failure", "force_rerun", "on_init", "on_finalize",
)  # fmt: skip


@dataclass
class Definition:
    """A pipeline. `inputs` are declared as a component's YAML has them; `steps` and `outputs` are by name."""

    name: str
    steps: dict[str, Step] = field(default_factory=dict)
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    outputs: dict[str, NodeOutput] = field(default_factory=dict)
    output_hints: dict[str, str] = field(default_factory=dict)
    """Descriptions of outputs."""
    display_name: str = ""
    description: str = ""
    data: dict[str, Input] = field(default_factory=dict)
    """Data that the function holds in variables: drawn as nodes of these names."""


def named(steps: Iterable[Step], variables: Mapping[str, Any]) -> dict[str, Step]:
    """The steps by their names: that which was set, else the variable that held the step last, else the component's.

    Where a name is taken, `_1`, `_2` ... follow. Raises PortlineError for a name that was set and cannot be one.
    """
    by_variable = {id(value): name for name, value in variables.items() if isinstance(value, Step)}
    steps = list(steps)
    found: dict[str, Step] = {}
    for step in steps:
        if step.name is not None:
            if not NODE_NAME.match(step.name):
                raise PortlineError(
                    f"`{step.name}` is no name of a node: use small letters, digits and _, not a digit first.",
                    code="usage",
                )
            if step.name in found:
                raise PortlineError(f"Two nodes are called `{step.name}`.", code="usage")
            found[step.name] = step
    for step in steps:
        if step.name is None and id(step) in by_variable:
            _name(step, by_variable[id(step)], found)
    for step in steps:
        if step.name is None:
            _name(step, step.base_name, found)
    return {str(step.name): step for step in steps}


def _name(step: Step, wanted: str, taken: dict[str, Step]) -> None:
    wanted = re.sub(r"[^a-z0-9_]+", "_", wanted.lower())
    wanted = wanted if NODE_NAME.match(wanted) else f"_{wanted}"
    name, number = wanted, 0
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    taken[name], step.name = step, name


def outputs_of(returned: Any, shown: str) -> dict[str, NodeOutput]:
    """What a pipeline function gives: a dictionary of outputs, or of nodes with one output; or one of these alone.

    Raises PortlineError for anything else.
    """
    from portline.entities.values import Expression

    if returned is None:
        return {}
    if isinstance(returned, (Step, NodeOutput, Expression)):
        output = _output(returned, "output", shown)
        return {output.port if not isinstance(returned, Expression) else "output": output}
    if hasattr(returned, "_asdict"):
        returned = returned._asdict()
    if not isinstance(returned, Mapping):
        raise PortlineError(
            f"The pipeline function {shown} returns {returned!r}: return a dictionary of outputs, as in "
            '{"model": train.outputs.model}.',
            code="usage",
        )
    return {str(name): _output(value, str(name), shown) for name, value in returned.items()}


def _output(value: Any, name: str, shown: str) -> NodeOutput:
    from portline.entities.values import Expression

    if isinstance(value, Expression):
        return value.output()
    if isinstance(value, Step):
        return value.only_output()
    if isinstance(value, NodeOutput):
        return value
    raise PortlineError(f"The output `{name}` of {shown} is {value!r}: give an output of a node.", code="usage")


def nodes_in(definition: Definition) -> list[Node]:
    """Its nodes, without control flow."""
    return [step for step in definition.steps.values() if isinstance(step, Node)]
