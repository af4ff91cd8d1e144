"""`dsl.if_else`, `dsl.do_while`, `dsl.parallel_for`, `dsl.for_each_file`: control flow within a pipeline function."""

from collections.abc import Mapping
from typing import Any

from portline.entities.control import DoWhile, IfElse, ParallelFor, for_each_file
from portline.entities.node import Node

__all__ = ["condition", "do_while", "for_each_file", "if_else", "parallel_for"]


def if_else(
    condition: Any, *, true_block: Any = None, false_block: Any = None, operator: str = "is_true", operand: Any = None
) -> IfElse:
    """Run `true_block` or `false_block`, a node or a list of nodes, as a value says that a step gave.

    With `operator` (eq, ne, lt, le, gt, ge) the value is compared to `operand`; that is Portline's own. Raises
    PortlineError without a block, or with a node in both.
    """
    return IfElse(condition, true_block, false_block, operator=operator, operand=operand)


condition = if_else


def do_while(
    body: Node, mapping: Mapping[Any, Any] | None = None, *, condition: Any = None, max_iteration_count: int
) -> DoWhile:
    """Run a node again while its output `condition` is true, at most so many times.

    `mapping` hands outputs of one time on to inputs of the next: {body.outputs.model: body.inputs.start}, or by name.
    """
    return DoWhile(body, mapping, condition=condition, max_iteration_count=max_iteration_count)


def parallel_for(*, body: Node, items: Any, max_concurrency: int | None = None) -> ParallelFor:
    """Run a node once for each item: a list of {input: value}, JSON text of one, or an input of the pipeline.

    The outputs of what this answers are those of all iterations together: folders, or lists as JSON.
    """
    return ParallelFor(body, items, max_concurrency=max_concurrency)
