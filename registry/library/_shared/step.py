"""Run a typed function as a step of a pipeline: its parameters are the command's `--name value` pairs."""

import inspect
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints


class UserError(ValueError):
    """Something that the person who built the pipeline can put right. The message is one clear sentence."""


def run(function: Callable[..., None]) -> None:
    """Call `function` with the command's arguments; a UserError ends the step with its sentence alone."""
    sys.stdout.reconfigure(line_buffering=True)
    try:
        function(**arguments(function, sys.argv[1:]))
    except UserError as error:
        sys.exit(str(error))
    except ValueError as error:
        # A library's complaint about the data is mostly the user's to fix, but where it arose helps too.
        traceback.print_exc(file=sys.stdout)
        sys.exit(str(error))


def arguments(function: Callable[..., None], words: list[str]) -> dict[str, Any]:
    """The values for a function's parameters. Read in pairs, so that a value may itself begin with dashes."""
    hints = get_type_hints(function)
    if len(words) % 2:
        raise UserError(f"`{words[-1]}` has no value: give the inputs as pairs of --name and value.")
    values: dict[str, Any] = {}
    for flag, text in zip(words[::2], words[1::2], strict=True):
        name = flag.removeprefix("--").replace("-", "_")
        if not flag.startswith("--") or name not in hints:
            raise UserError(f"`{flag}` is none of the inputs; they are {_flags(inspect.signature(function))}.")
        values[name] = _convert(flag, hints[name], text)
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.default is parameter.empty and name not in values:
            raise UserError(f"`--{name}` is missing.")
    return values


def progress(done: int, total: int) -> None:
    """Tell the runner how far a long loop is, in about a hundred lines at most."""
    if total and (done == total or done % max(1, total // 100) == 0):
        print(f"::progress {done / total:.2f}::")


def _convert(flag: str, hint: Any, text: str) -> Any:
    if get_origin(hint) is types.UnionType:
        if not text:
            return None
        hint = next(option for option in get_args(hint) if option is not type(None))
    if hint is bool:
        if text.lower() not in ("true", "false"):
            raise UserError(f"`{flag}` is {text!r}, which is neither true nor false.")
        return text.lower() == "true"
    try:
        return hint(text)
    except ValueError:
        kind = "whole number" if hint is int else "number"
        raise UserError(f"`{flag}` is {text!r}, which is not a {kind}.") from None


def _flags(signature: inspect.Signature) -> str:
    return ", ".join(f"--{name}" for name in signature.parameters)
