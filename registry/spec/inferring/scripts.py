"""A script with argparse as a component: each argument is an input or an output."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from registry.spec.inferring.annotations import OF_VALUE
from registry.spec.inferring.result import GENERATED, Inferred, Port, Side, Unreadable, constant, last_name
from registry.spec.inferring.starting import switch_runner
from registry.spec.types import DATA_TYPES

_TYPES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}
_OUT = re.compile(
    r"^(out|output|outputs|save|write|dest|destination|result|results|target_path)(_|$)|_(out|output|result)s?(_|$)"
)
_SAID_OUT = re.compile(r"^(where to|output)\b|\b(write|written|writes|save|saved|saves)\b", re.IGNORECASE)
_PLACE = re.compile(r"(^|_)(path|file|dir|folder|directory|data|dataset|table|model)(_|$)|^(input|output)s?$")
_SAID_PLACE = re.compile(r"\b(path|folder|directory|file|csv|parquet|data set|dataset|where to)\b", re.IGNORECASE)
_FILE = re.compile(r"(^|_)file(_|$)|\bfile\b|\b(csv|json|parquet|txt)\b", re.IGNORECASE)


def uses_argparse(tree: ast.Module) -> bool:
    return any(isinstance(each, ast.Call) and last_name(each.func) == "ArgumentParser" for each in ast.walk(tree))


def infer_script(tree: ast.Module, file: str, corrected: dict[str, dict[str, str]] | None = None) -> Inferred:
    """`corrected` says of an argument what its author chose: {name: {side, type}}, where the code cannot say it."""
    found = Inferred("script", file.rpartition("/")[2].removesuffix(".py"), _description(tree))
    words, switches = [], []
    for call in _arguments(tree):
        try:
            flag, name = _names(call)
            options = {each.arg: each.value for each in call.keywords if each.arg}
            side, port = _port(name, options, call)
        except Unreadable as error:
            found.faults.append(error.fault(file))
            continue
        fixed = (corrected or {}).get(name, {})
        side, port = _corrected(side, port, fixed)
        if name in found.lines:
            continue
        found.lines[name] = call.lineno
        (found.outputs if side == "output" else found.inputs)[name] = port
        word = f'"${{{{{side}s.{name}}}}}"'
        word = f"{flag} {word}" if flag else word
        words.append(f"$[[{word}]]" if side == "input" and port.get("optional") else word)
        if _is_switch(options):
            switches.append((flag, _text(options["action"])))
    found.runner = switch_runner(file, switches) if switches else ""
    found.command = " ".join([f"python {GENERATED if switches else file}", *words])
    return found


def _description(tree: ast.Module) -> str:
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and last_name(each.func) == "ArgumentParser":
            for keyword in each.keywords:
                if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
                    return str(keyword.value.value)
    return (ast.get_docstring(tree) or "").strip()


def _arguments(tree: ast.Module) -> Iterator[ast.Call]:
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)]
    calls = [each for each in calls if last_name(each.func) == "add_argument"]
    yield from sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _names(call: ast.Call) -> tuple[str, str]:
    """The option as it is written, empty for a positional one, and the port's name."""
    texts = [_text(each) for each in call.args]
    if not texts or not all(texts):
        raise Unreadable('The name of an argument must be written out, as in add_argument("--rows").', call)
    flag = next((text for text in texts if text.startswith("--")), texts[0])
    name = flag.lstrip("-").replace("-", "_")
    return (flag if flag.startswith("-") else ""), name


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return last_name(node)


def _is_switch(options: dict[str, ast.expr]) -> bool:
    return "action" in options and _text(options["action"]) in ("store_true", "store_false", "BooleanOptionalAction")


def _port(name: str, options: dict[str, ast.expr], call: ast.Call) -> tuple[Side, Port]:
    help_ = _text(options["help"]) if "help" in options else ""
    port: Port = {"description": re.sub(r"\s*\(?\[?default:?\s*%\(default\)\w+\]?\)?\.?", "", help_)} if help_ else {}
    if _is_switch(options):
        return "input", {"type": "boolean", **port, "default": _text(options["action"]) == "store_false"}
    if "action" in options and _text(options["action"]) != "store":
        raise Unreadable(f"`{name}` does not take one value, which a port gives: leave `action` out.", call)
    if "nargs" in options and _constant(options["nargs"]) not in ("?", 1):
        raise Unreadable(f"`{name}` takes several values; take one text, and divide it at commas.", call)
    side, data = _data(name, options, help_)
    if data:
        return side, {"type": data, **port, **({} if _required(options) or side == "output" else {"optional": True})}
    type_ = _TYPES.get(_text(options["type"]) if "type" in options else "str", "string")
    choices = [_constant(each) for each in getattr(options.get("choices"), "elts", [])]
    if choices and all(isinstance(each, str) for each in choices):
        port["enum"] = choices
    elif choices:
        port["description"] = f"{port.get('description', '')} One of {', '.join(map(str, choices))}.".strip()
    default = _constant(options["default"]) if "default" in options else None
    if type(default) in OF_VALUE:
        if "type" not in options and not choices and not isinstance(default, str):
            type_ = OF_VALUE[type(default)]
        port["default"] = _typed(default, type_)
    elif not _required(options):
        port["optional"] = True
    return "input", {"type": type_, **port}


def _typed(default: Any, type_: str) -> Any:
    """A default as its port's type has it: argparse takes what the type would make of it."""
    if type_ == "string":
        return str(default)
    return float(default) if type_ == "number" and isinstance(default, int | float) else default


def _required(options: dict[str, ast.expr]) -> bool:
    return "required" in options and _constant(options["required"]) is True


def _data(name: str, options: dict[str, ast.expr], help_: str) -> tuple[Side, str]:
    """The side and the type of an argument that is a path; no type for one that is a value."""
    given = options.get("type")
    opened = isinstance(given, ast.Call) and last_name(given.func) == "FileType"
    writes = opened and any(_text(each).startswith(("w", "a", "x")) for each in given.args)  # type: ignore[union-attr]
    side: Side = "output" if writes or _OUT.search(name.lower()) or _SAID_OUT.search(help_) else "input"
    metavar = _text(options["metavar"]).lower() if "metavar" in options else ""
    if metavar in DATA_TYPES:
        return side, metavar
    if opened:
        return side, "uri_file"
    is_path = given is not None and _text(given) in ("Path", "PosixPath")
    if not is_path:
        plain = given is None or _text(given) == "str"
        valued = "choices" in options or ("default" in options and _constant(options["default"]) is not None)
        if not plain or valued or not (_PLACE.search(name.lower()) or _SAID_PLACE.search(help_) or side == "output"):
            return side, ""
    return side, "uri_file" if _FILE.search(name.lower()) or _FILE.search(help_) else "uri_folder"


def _constant(node: ast.AST) -> Any:
    try:
        return constant(node)
    except ValueError:
        return None


def _corrected(side: Side, port: Port, fixed: dict[str, str]) -> tuple[Side, Port]:
    if fixed.get("side") in ("input", "output"):
        side = fixed["side"]  # type: ignore[assignment]
    if fixed.get("type"):
        port = {**port, "type": fixed["type"]}
    if side == "output":
        port = {key: value for key, value in port.items() if key in ("type", "description")}
    if port["type"] in DATA_TYPES:
        port = {key: value for key, value in port.items() if key in ("type", "description", "optional")}
    return side, port
