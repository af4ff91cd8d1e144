"""A typed function as a component: its parameters are inputs, what it returns or writes are outputs."""

import ast
from typing import Any

from registry.spec.inferring.annotations import OF_VALUE, Names, declared, port_of
from registry.spec.inferring.docstrings import read_docstring
from registry.spec.inferring.result import GENERATED, Inferred, Port, Side, Unreadable, constant, fault_at, last_name
from registry.spec.inferring.starting import function_runner
from registry.spec.types import is_data

DECORATORS = ("command_component", "component")


def chosen_function(tree: ast.Module, file: str) -> ast.FunctionDef | None:
    """The function that is the component: the decorated one, else the only one without a leading underscore.

    Raises Unreadable where several may be meant.
    """
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    marked = [each for each in functions if any(_decorator(one) in DECORATORS for one in each.decorator_list)]
    public = marked or [each for each in functions if not each.name.startswith("_")]
    stem = file.rpartition("/")[2].removesuffix(".py")
    public = [each for each in public if each.name in ("main", "run", stem)] or public
    if len(public) > 1:
        names = ", ".join(f"`{each.name}`" for each in public)
        raise Unreadable(
            f"{names} may each be the component: write @command_component above one, or begin the others with _.",
            public[1],
        )
    return public[0] if public else None


def infer_function(tree: ast.Module, function: ast.FunctionDef, file: str) -> Inferred:
    names, said = Names.of(tree), read_docstring(ast.get_docstring(function))
    found = Inferred("function", function.name.strip("_"), said.text)
    converters: dict[str, str] = {}
    for argument, default in _parameters(function):
        try:
            side, port = _parameter(argument, default, names)
        except Unreadable as error:
            found.faults.append(error.fault(file))
            continue
        name = argument.arg
        if text := (said.outputs if side == "output" else said.inputs).get(name) or said.inputs.get(name):
            port.setdefault("description", text)
        (found.outputs if side == "output" else found.inputs)[name] = port
        found.lines[name] = argument.lineno
        if side == "input" and argument.annotation is not None:
            converters[name] = _converter(argument.annotation, port, names)
    for each in (function.args.vararg, function.args.kwarg, *function.args.posonlyargs):
        if each is not None:
            found.faults.append(
                fault_at(file, each, f"`{each.arg}` cannot be an input: name each one, as in rows: int.")
            )
    returned = _returned(function, names, found, file)
    for name in returned:
        if text := said.outputs.get(name):
            found.outputs[name].setdefault("description", text)
    words = [f"python {GENERATED}"]
    for name, port in found.inputs.items():
        word = f'--{name} "${{{{inputs.{name}}}}}"'
        words.append(f"$[[{word}]]" if port.get("optional") and port.get("default") is None else word)
    words += [f'--{name} "${{{{outputs.{name}}}}}"' for name in found.outputs]
    found.command = " ".join(words)
    found.runner = function_runner(file, function.name, found, converters, returned)
    return found


def _decorator(node: ast.expr) -> str:
    return last_name(node.func if isinstance(node, ast.Call) else node)


def _parameters(function: ast.FunctionDef) -> list[tuple[ast.arg, ast.expr | None]]:
    args = function.args
    missing: list[ast.expr | None] = [None] * (len(args.args) - len(args.defaults))
    return [
        *zip(args.args, [*missing, *args.defaults], strict=True),
        *zip(args.kwonlyargs, args.kw_defaults, strict=True),
    ]


def _parameter(argument: ast.arg, default: ast.expr | None, names: Names) -> tuple[Side, Port]:
    found = port_of(argument.annotation, names) if argument.annotation is not None else None
    if isinstance(default, ast.Call) and last_name(default.func) in ("Input", "Output"):
        return found or declared(default)
    value: Any = None
    if default is not None:
        value = _default(argument.arg, default, names)
    if found is None:
        if type(value) not in OF_VALUE:
            raise Unreadable(f"`{argument.arg}` needs an annotation, as in {argument.arg}: str.", argument)
        found = "input", {"type": OF_VALUE[type(value)]}
    side, port = found
    if default is not None and side == "input":
        port |= {"optional": True} if value is None else {"default": value}
        if value is not None:
            port.pop("optional", None)
    return side, port


def _default(name: str, node: ast.expr, names: Names) -> Any:
    if isinstance(node, ast.Attribute):
        enum = names.enums.get(last_name(node.value), {})
        if node.attr in enum:
            return str(enum[node.attr])
    try:
        value = constant(node)
    except ValueError:
        value = ...
    if value is not None and type(value) not in OF_VALUE:
        raise Unreadable(f"The default of `{name}` must be text, a number, True, False or None.", node)
    return value


def _converter(annotation: ast.expr, port: Port, names: Names) -> str:
    enums = [last_name(each) for each in ast.walk(annotation) if last_name(each) in names.enums]
    if enums:
        return f"code.{enums[0]}"
    if any(last_name(each) == "Path" for each in ast.walk(annotation)):
        return "pathlib.Path"
    return {"integer": "int", "number": "float", "boolean": "boolean"}.get(port["type"], "str")


def _returned(function: ast.FunctionDef, names: Names, found: Inferred, file: str) -> list[str]:
    """Adds the outputs that the function returns; answers their names."""
    node = function.returns
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return []
    fields = names.fields.get(last_name(node)) or [("output", node)]
    for name, annotation in fields:
        try:
            port = port_of(annotation, names)[1]
            if is_data(port["type"]):
                raise Unreadable(
                    f'The output `{name}` is data: make it a parameter, as in {name}: Output(type="{port["type"]}"), '
                    "and write to its path.",
                    annotation,
                )
            if name in found.inputs or name in found.outputs:
                raise Unreadable(f"`{name}` is returned, and a parameter too.", annotation)
        except Unreadable as error:
            found.faults.append(error.fault(file))
            continue
        found.outputs[name] = {"type": port["type"]}
        found.lines[name] = annotation.lineno
    return [name for name, _ in fields if name in found.outputs]
