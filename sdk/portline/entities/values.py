"""Values that are known only when a job runs: pipeline inputs, inputs and outputs of nodes, and expressions of them.

An operator between such values makes an `Expression`; where one is given to a node it becomes a step of its own.
"""

from typing import TYPE_CHECKING, Any

from portline.client.errors import PortlineError
from portline.entities.ports import LITERAL_OF, Output, is_data

if TYPE_CHECKING:
    from portline.entities.node import Node, Step


class Value:
    """What a job knows and Python does not: it has a type, and operators record what shall be computed."""

    type: str = "string"

    def __bool__(self) -> bool:
        raise PortlineError(
            "This value is known only when the job runs, so `if`, `and`, `or` and `not` cannot ask for it: "
            "use dsl.if_else, and `&` and `|`.",
            code="usage",
        )

    def __hash__(self) -> int:
        return id(self)

    def __add__(self, other: Any) -> "Expression":
        return Expression("+", self, other)

    def __radd__(self, other: Any) -> "Expression":
        return Expression("+", other, self)

    def __sub__(self, other: Any) -> "Expression":
        return Expression("-", self, other)

    def __rsub__(self, other: Any) -> "Expression":
        return Expression("-", other, self)

    def __mul__(self, other: Any) -> "Expression":
        return Expression("*", self, other)

    def __rmul__(self, other: Any) -> "Expression":
        return Expression("*", other, self)

    def __truediv__(self, other: Any) -> "Expression":
        return Expression("/", self, other)

    def __rtruediv__(self, other: Any) -> "Expression":
        return Expression("/", other, self)

    def __floordiv__(self, other: Any) -> "Expression":
        return Expression("//", self, other)

    def __rfloordiv__(self, other: Any) -> "Expression":
        return Expression("//", other, self)

    def __mod__(self, other: Any) -> "Expression":
        return Expression("%", self, other)

    def __rmod__(self, other: Any) -> "Expression":
        return Expression("%", other, self)

    def __pow__(self, other: Any) -> "Expression":
        return Expression("**", self, other)

    def __rpow__(self, other: Any) -> "Expression":
        return Expression("**", other, self)

    def __and__(self, other: Any) -> "Expression":
        return Expression("&", self, other)

    def __rand__(self, other: Any) -> "Expression":
        return Expression("&", other, self)

    def __or__(self, other: Any) -> "Expression":
        return Expression("|", self, other)

    def __ror__(self, other: Any) -> "Expression":
        return Expression("|", other, self)

    def __xor__(self, other: Any) -> "Expression":
        return Expression("^", self, other)

    def __rxor__(self, other: Any) -> "Expression":
        return Expression("^", other, self)

    def __lt__(self, other: Any) -> "Expression":
        return Expression("<", self, other)

    def __le__(self, other: Any) -> "Expression":
        return Expression("<=", self, other)

    def __gt__(self, other: Any) -> "Expression":
        return Expression(">", self, other)

    def __ge__(self, other: Any) -> "Expression":
        return Expression(">=", self, other)

    def __eq__(self, other: object) -> "Expression":  # type: ignore[override]
        return Expression("==", self, other)

    def __ne__(self, other: object) -> "Expression":  # type: ignore[override]
        return Expression("!=", self, other)


class PipelineInput(Value):
    """An input of the pipeline that is being written. As text it is its binding, so it may stand within other text."""

    def __init__(self, name: str, declared: dict[str, Any]) -> None:
        self.name, self.declared = name, declared
        self.type = declared["type"]

    def __str__(self) -> str:
        return "${{parent.inputs." + self.name + "}}"

    def __repr__(self) -> str:
        return f"<input {self.name}: {self.type}>"


class NodeInput(Value):
    """An input of a node. Given to another node, that one gets the same value."""

    def __init__(self, node: "Node", port: str, type_: str) -> None:
        self.node, self.port, self.type = node, port, type_

    def __repr__(self) -> str:
        return f"<input {self.port} of {self.node.shown}: {self.type}>"


class NodeOutput(Value):
    """An output of a node. `mode`, `path`, `name` and `version` say what becomes of it: named, it is registered."""

    def __init__(self, node: "Step", port: str, type_: str) -> None:
        self.node, self.port, self.type = node, port, type_
        self.mode: str | None = None
        self.path: str | None = None
        self.name: str | None = None
        self.version: str | None = None

    def put(self, output: Output) -> None:
        """Take over what an Output says."""
        self.mode, self.path, self.name, self.version = output.mode, output.path, output.name, output.version

    def settings(self) -> dict[str, Any]:
        """What becomes of it, as a job's YAML has it."""
        found = {"mode": self.mode, "path": self.path, "name": self.name, "version": self.version}
        return {key: value for key, value in found.items() if value is not None}

    def __repr__(self) -> str:
        return f"<output {self.port} of {self.node.shown}: {self.type}>"


_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


class Expression(Value):
    """An operator with its two operands, literals or values of this kind. Raises PortlineError for others."""

    def __init__(self, operator: str, left: Any, right: Any) -> None:
        self.operator, self.left, self.right = operator, _operand(left), _operand(right)
        self.type = self._type()
        self._node: Node | None = None

    def _type(self) -> str:
        types = {_type_of(self.left), _type_of(self.right)}
        if self.operator in _COMPARISONS or (self.operator in "&|^" and types == {"boolean"}):
            return "boolean"
        if self.operator == "/":
            return "number"
        if "string" in types:
            return "string"
        return "number" if "number" in types else "integer"

    def leaves(self) -> list[Value]:
        """The values that it is computed of, each once, in the order in which they stand."""
        found: dict[int, Value] = {}
        for side in (self.left, self.right):
            for leaf in side.leaves() if isinstance(side, Expression) else [side] if isinstance(side, Value) else []:
                found.setdefault(id(leaf), leaf)
        return list(found.values())

    def text(self, names: dict[int, str]) -> str:
        """As Python has it, each leaf under the name given for its id."""

        def side(value: Any) -> str:
            if isinstance(value, Expression):
                return value.text(names)
            return names[id(value)] if isinstance(value, Value) else repr(value)

        return f"({side(self.left)} {self.operator} {side(self.right)})"

    def output(self) -> NodeOutput:
        """The output of the step that computes it, which is made the first time."""
        from portline.entities.expressions import node_of

        if self._node is None:
            self._node = node_of(self)
        return self._node.outputs["output"]

    def __repr__(self) -> str:
        return f"<expression {self.text({id(leaf): repr(leaf) for leaf in self.leaves()})}>"


def _operand(value: Any) -> Any:
    from portline.entities.node import Step

    if isinstance(value, Step):
        value = value.only_output()
    if isinstance(value, Value):
        if is_data(value.type):
            raise PortlineError(f"{value!r} is data: only text, numbers, true and false can be computed.", code="usage")
        return value
    if type(value) not in LITERAL_OF:
        raise PortlineError(f"{value!r} cannot be part of an expression: only values and literals can.", code="usage")
    return value


def _type_of(value: Any) -> str:
    return value.type if isinstance(value, Value) else LITERAL_OF[type(value)]
