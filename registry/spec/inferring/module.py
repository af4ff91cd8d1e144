"""Which of a component's files starts it, and what its code says."""

import ast
from collections.abc import Mapping

from pydantic import ValidationError

from registry.spec.component import PORT_NAME, Input, Output
from registry.spec.faults import Fault
from registry.spec.inferring.functions import chosen_function, infer_function
from registry.spec.inferring.result import GENERATED, Inferred, Unreadable
from registry.spec.inferring.scripts import infer_script, uses_argparse


def infer(files: Mapping[str, str], corrected: dict[str, dict[str, str]] | None = None) -> Inferred:
    """Read what the first Python file declares: a typed function, or the arguments of a script.

    Faults of all Python files are told, each at its place. `corrected`: see `infer_script`.
    """
    trees: dict[str, ast.Module] = {}
    faults: list[Fault] = []
    for file, text in files.items():
        if file.endswith(".py") and file != GENERATED:
            try:
                trees[file] = ast.parse(text)
            except SyntaxError as error:
                faults.append(Fault(f"This is no Python: {error.msg}.", file, error.lineno or 1, error.offset or 1))
            except ValueError as error:  # null bytes
                faults.append(Fault(f"This is no Python: {error}.", file))
    if faults:
        return Inferred(faults=faults)
    if not trees:
        return Inferred(faults=[Fault("There is no Python file: add one with a function or a script.", "")])
    file, tree = next(iter(trees.items()))
    found = _of(tree, file, corrected)
    found.faults += _checked(found, file)
    return found


def _of(tree: ast.Module, file: str, corrected: dict[str, dict[str, str]] | None) -> Inferred:
    if uses_argparse(tree):
        return infer_script(tree, file, corrected)
    try:
        function = chosen_function(tree, file)
    except Unreadable as error:
        return Inferred(faults=[error.fault(file)])
    if function is None:
        sentence = (
            "There is neither a function nor an ArgumentParser here: write one, as in def clean(rows: int) -> int."
        )
        return Inferred(faults=[Fault(sentence, file)])
    return infer_function(tree, function, file)


def _checked(found: Inferred, file: str) -> list[Fault]:
    """What no port can have, told at the line that says it."""
    faults = []
    for model, ports in ((Input, found.inputs), (Output, found.outputs)):
        for name, port in ports.items():
            line = found.lines.get(name, 1)
            if not PORT_NAME.match(name):
                faults.append(Fault(f"`{name}` is no name for a port.", file, line))
            try:
                model.model_validate(port)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                message = str(first["msg"]).removeprefix("Value error, ")
                faults.append(Fault(f"`{name}`: {message[:1].lower()}{message[1:]}", file, line))
    return faults
