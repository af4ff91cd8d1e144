"""Control flow: steps that decide which others run, and how often. In Azure ML it is a private preview."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.node import Inputs, Node, Outputs, Step, plain
from portline.entities.ports import is_data
from portline.entities.values import NodeInput, NodeOutput, Value

OPERATORS = ("is_true", "eq", "ne", "lt", "le", "gt", "ge")
Block = Node | Sequence[Step] | Step | None


class IfElse(Step):
    """Runs the steps of one of its blocks. Raises PortlineError without a block, or with a step in both."""

    base_name = "if_else"

    def __init__(
        self,
        condition: Any,
        true_block: Block = None,
        false_block: Block = None,
        *,
        operator: str = "is_true",
        operand: Any = None,
    ) -> None:
        if operator not in OPERATORS:
            raise PortlineError(f"`{operator}` is no operator; there are {', '.join(OPERATORS)}.", code="usage")
        self.condition = plain(condition)
        self.operator, self.operand = operator, operand
        self.blocks = {"true": _steps(true_block), "false": _steps(false_block)}
        if not any(self.blocks.values()):
            raise PortlineError("An if_else has a true_block, a false_block, or both.", code="usage")
        both = {id(step) for step in self.blocks["true"]} & {id(step) for step in self.blocks["false"]}
        if both:
            raise PortlineError("A step stands in both blocks of an if_else.", code="usage")
        self.display_name: str | None = None
        super().__init__()


class DoWhile(Step):
    """Runs its body again while one of the body's outputs is true."""

    base_name = "do_while"

    def __init__(
        self,
        body: Node,
        mapping: Mapping[Any, Any] | None = None,
        *,
        condition: Any = None,
        max_iteration_count: int,
    ) -> None:
        self.body = body
        self.condition = "" if condition is None or condition is True else _port(condition, body, "outputs")
        self.mapping = {
            _port(output, body, "outputs"): [
                _port(each, body, "inputs") for each in (inputs if isinstance(inputs, (list, tuple)) else [inputs])
            ]
            for output, inputs in (mapping or {}).items()
        }
        self.max_iteration_count = max_iteration_count
        super().__init__()

    @property
    def outputs(self) -> Outputs:
        """Those of the last time."""
        return self.body.outputs


class ParallelFor(Step):
    """Runs its body once for each item; its outputs are those of all iterations together."""

    base_name = "parallel_for"

    def __init__(self, body: Node, items: Any, *, max_concurrency: int | None = None) -> None:
        self.body, self.max_concurrency = body, max_concurrency
        self.items = items if isinstance(items, Value) else _items(items, body)
        # All that iterations gave: folders of them, or lists as JSON.
        self.ports_out = {
            name: {"type": "mltable" if is_data(str(port.get("type", "uri_folder"))) else "string"}
            for name, port in body.ports_out.items()
        }
        self._outputs = Outputs(self)  # type: ignore[arg-type]
        super().__init__()

    @property
    def outputs(self) -> Outputs:
        return self._outputs

    def only_output(self) -> NodeOutput:
        """Its output, where there is one. Raises PortlineError otherwise."""
        self.body.only_output()
        return self._outputs[next(iter(self.ports_out))]


def for_each_file(body: Node, input: str, *, batch_size: int = 1, max_concurrency: int | None = None) -> Node:
    """Let a node run once for each file of the folder that its `input` gets, or each batch. Azure ML runs it once."""
    if input not in body.ports_in:
        _ = Inputs(body)[input]
    body.files_loop = {
        "type": "parallel_for",
        "over": "files",
        "input": input,
        "batch_size": batch_size,
        "max_concurrency": max_concurrency,
    }
    return body


def _steps(block: Any) -> list[Step]:
    if block is None:
        return []
    return list(block) if isinstance(block, (list, tuple)) else [block]


def _port(value: Any, body: Node, side: str) -> str:
    """The name of a port of the body that is meant. Raises PortlineError."""
    if isinstance(value, (NodeInput, NodeOutput)):
        if value.node is not body:
            raise PortlineError(f"{value!r} is no port of the body, {body.shown}.", code="usage")
        value = value.port
    known = body.outputs if side == "outputs" else body.inputs
    _ = known[value]  # raises for what is no port
    return str(value)


def _items(items: Any, body: Node) -> list[Any]:
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except ValueError as error:
            raise PortlineError(f"The items of a parallel_for are no JSON: {error}.", code="usage") from None
    if isinstance(items, Mapping):
        items = list(items.values())
    if not isinstance(items, (list, tuple)) or not items:
        raise PortlineError("A parallel_for needs a list of items, each with inputs of its body.", code="usage")
    only = list(body.ports_in) if len(body.ports_in) == 1 else []
    found = [{only[0]: item} if only and not isinstance(item, Mapping) else item for item in items]
    for item in found:
        if not isinstance(item, Mapping):
            raise PortlineError(f"An item is a mapping of inputs of the body to values, not {item!r}.", code="usage")
        for name in item:
            _ = body.inputs[name]
    return [dict(item) for item in found]
