"""What is unfinished or doubtful in a branch: what it decides by, and what it compares that with."""

from typing import Any

from designer.graph.document import Catalog, Document, edge_key
from designer.graph.finding import Problem, bound_input, carried_type, problem
from registry.spec import values
from registry.spec.types import LABELS

NUMBERS = ("integer", "number")
BY_SIZE = ("lt", "le", "gt", "ge")


def branch_problems(document: Document, node: dict[str, Any], catalog: Catalog) -> list[Problem]:
    """The problems of a branch besides those of its value."""
    found = [_rule_problem(document, node, catalog)]
    if not any(edge["source"] == node["id"] for edge in document["order"].values()):
        message = "Nothing hangs on this branch yet: draw an order edge from True or False to a step."
        found.append(problem(node["id"], "", "unused_branch", message, "warning"))
    return [each for each in found if each]


def _rule_problem(document: Document, node: dict[str, Any], catalog: Catalog) -> Problem | None:
    operator, operand = node["branch"]["operator"], node["branch"]["operand"]
    type_ = _value_type(document, node, catalog)
    if type_ is None:
        return None
    if operator == "is_true":
        if type_ in NUMBERS:
            message = f"“is true” decides by yes or no, but the value is a {LABELS[type_]}: compare it with something."
            return problem(node["id"], "branch.operator", "invalid_branch", message)
        return None
    if operator in BY_SIZE and type_ == "boolean":
        message = "A yes or no cannot be compared by size: choose “is true”, “equals” or “differs from”."
        return problem(node["id"], "branch.operator", "invalid_branch", message)
    if operand is None:
        return problem(node["id"], "branch.operand", "missing_value", "Say what the value is compared with.")
    if (operator in BY_SIZE and isinstance(operand, bool)) or not _comparable(type_, operand):
        message = f"The value is a {LABELS[type_]}, and `{values.text(operand)}` is none: they cannot be compared."
        return problem(node["id"], "branch.operand", "invalid_branch", message)
    return None


def _value_type(document: Document, node: dict[str, Any], catalog: Catalog) -> str | None:
    """The type of what the branch decides by, as far as it is known before a run."""
    edge = document["edges"].get(edge_key(node["id"], "value"))
    if edge is not None:
        return carried_type(document, edge, catalog)
    value = node["params"].get("value")
    if (name := bound_input(value)) is not None:
        return document["inputs"].get(name, {}).get("type")
    return {bool: "boolean", int: "integer", float: "number", str: "string"}.get(type(value))


def _comparable(type_: str, operand: object) -> bool:
    """Whether a value of this type may equal the operand, or stand above or below it. Text may hold anything."""
    try:
        values.parse("number" if type_ in NUMBERS else type_, operand)
    except ValueError:
        return False
    return True
