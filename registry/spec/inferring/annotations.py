"""From an annotation, as it is written, to a port. The same rules as the SDK's `portline.dsl.annotations`."""

import ast
from dataclasses import dataclass, field
from typing import Any

from registry.spec.inferring.result import Port, Side, Unreadable, constant, last_name
from registry.spec.types import DATA_TYPES, LITERAL_TYPES

PLAIN = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
OF_VALUE = {str: "string", int: "integer", float: "number", bool: "boolean"}
_OPTIONS = ("type", "description", "optional", "default", "min", "max", "enum", "mode")
_ADVICE = "use str, int, float, bool, Literal[...], an Enum, Path, Input(...) or Output(...)"


@dataclass
class Names:
    """What a module says of the names in its annotations: the values of its enums, and the fields of its classes."""

    enums: dict[str, dict[str, Any]] = field(default_factory=dict)
    fields: dict[str, list[tuple[str, ast.expr]]] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        names = cls()
        for each in tree.body:
            if isinstance(each, ast.ClassDef):
                names._add(each)
            elif isinstance(each, ast.Assign) and len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
                names.aliases[each.targets[0].id] = each.value
        return names

    def _add(self, found: ast.ClassDef) -> None:
        bases = {last_name(base) for base in found.bases}
        decorators = {last_name(each.func if isinstance(each, ast.Call) else each) for each in found.decorator_list}
        if bases & {"Enum", "StrEnum", "IntEnum"}:
            members: dict[str, Any] = {}
            for each in found.body:
                if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                    name = each.targets[0].id
                    members[name] = (
                        name.lower()
                        if last_name(getattr(each.value, "func", each)) == "auto"
                        else (constant(each.value) if isinstance(each.value, ast.Constant) else name)
                    )
            self.enums[found.name] = members
        elif bases & {"NamedTuple"} or "dataclass" in decorators:
            self.fields[found.name] = [
                (each.target.id, each.annotation)
                for each in found.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]


def port_of(node: ast.expr, names: Names) -> tuple[Side, Port]:
    """The side and the port that an annotation declares. Raises Unreadable."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _from_text(node, node.value, names)
    if isinstance(node, ast.Call):
        return declared(node)
    name = last_name(node)
    if name in PLAIN:
        return "input", {"type": PLAIN[name]}
    if name in ("Path", "PosixPath"):
        return "input", {"type": "uri_folder"}
    if name in ("Input", "Output"):
        return ("input" if name == "Input" else "output"), {"type": "uri_folder"}
    if name in names.enums:
        return "input", {"type": "string", "enum": [str(value) for value in names.enums[name].values()]}
    if name in names.aliases and isinstance(node, ast.Name):
        return port_of(names.aliases[name], Names(names.enums, names.fields))
    if isinstance(node, ast.Subscript):
        return _subscript(node, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _optional([node.left, node.right], node, names)
    raise Unreadable(f"`{ast.unparse(node)}` is no type of a port: {_ADVICE}.", node)


def declared(node: ast.Call) -> tuple[Side, Port]:
    """`Input(type=..., ...)` or `Output(...)`. Raises Unreadable."""
    name = last_name(node.func)
    if name not in ("Input", "Output"):
        raise Unreadable(f"`{ast.unparse(node.func)}(...)` declares no port: {_ADVICE}.", node)
    port: Port = {"type": "uri_folder"}
    options = [*zip(_OPTIONS, node.args, strict=False)]
    options += [(each.arg or "", each.value) for each in node.keywords]
    for key, value in options:
        if key not in _OPTIONS:
            raise Unreadable(f"`{key}` is nothing that a port has; it has {', '.join(_OPTIONS)}.", value)
        try:
            port[key] = constant(value)
        except ValueError:
            raise Unreadable(f"`{key}` of {name} must be written out, as in {key}=...", value) from None
    port["type"] = {"path": "uri_folder", **PLAIN}.get(str(port["type"]), port["type"])
    _known(str(port["type"]), node)
    return ("input" if name == "Input" else "output"), port


def _from_text(node: ast.expr, text: str, names: Names) -> tuple[Side, Port]:
    if text in (*DATA_TYPES, *LITERAL_TYPES):
        return "input", {"type": text}
    inner: ast.expr | None
    try:
        inner = ast.parse(text, mode="eval").body
    except SyntaxError:
        inner = None
    if inner is None or isinstance(inner, ast.Constant):
        raise Unreadable(f"“{text}” is no type of a port: {_ADVICE}.", node)
    for each in ast.walk(inner):
        ast.copy_location(each, node)
    return port_of(inner, names)


def _subscript(node: ast.Subscript, names: Names) -> tuple[Side, Port]:
    name = last_name(node.value)
    args = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Annotated":
        said = next((each for each in args[1:] if last_name(getattr(each, "func", each)) in ("Input", "Output")), None)
        return port_of(said if said is not None else args[0], names)
    if name == "Optional":
        return _optional([args[0]], node, names, certain=True)
    if name == "Union":
        return _optional(list(args), node, names)
    if name == "Literal":
        found = [constant(each) for each in args if isinstance(each, ast.Constant | ast.UnaryOp)]
        kinds = {type(value) for value in found}
        if len(kinds) == 1 and len(found) == len(args) and (kind := kinds.pop()) in OF_VALUE:
            return "input", {"type": OF_VALUE[kind], **({"enum": found} if kind is str else {})}
    raise Unreadable(f"`{ast.unparse(node)}` is no type of a port: {_ADVICE}.", node)


def _optional(args: list[ast.expr], node: ast.expr, names: Names, certain: bool = False) -> tuple[Side, Port]:
    rest = [each for each in args if not (isinstance(each, ast.Constant) and each.value is None)]
    if len(rest) != 1 or (len(rest) == len(args) and not certain):
        raise Unreadable(f"`{ast.unparse(node)}` is several types; a port has one, or one and None.", node)
    side, port = port_of(rest[0], names)
    return side, {**port, "optional": True}


def _known(type_: str, node: ast.AST) -> None:
    if type_ not in (*DATA_TYPES, *LITERAL_TYPES):
        raise Unreadable(
            f"`{type_}` is no type of a port; the types are {', '.join((*DATA_TYPES, *LITERAL_TYPES))}.", node
        )
