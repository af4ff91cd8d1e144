"""The file that starts a component's code, written by the server beside it and only by what was read out of it."""

from registry.spec.inferring.result import Inferred

_FUNCTION = '''\
"""Written by Portline: reads the arguments, calls `{function}`, writes what it returns."""

import argparse
import dataclasses
import os
import pathlib
import sys
import types


class _Port:
    """What `Input` and `Output` are in annotations: nothing of them is needed in a step."""

    def __init__(self, *args, **options):
        pass


def _unchanged(function=None, **options):
    return function if function is not None else (lambda function: function)


for _name in ("portline", "mldesigner"):
    sys.modules[_name] = types.ModuleType(_name)
    sys.modules[_name].__dict__.update(Input=_Port, Output=_Port, command_component=_unchanged)

import {module} as code  # noqa: E402


def boolean(text):
    if text.strip().lower() not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"{{text!r}} is neither true nor false")
    return text.strip().lower() == "true"


def write(path, value):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(os.path.join(path, "output") if os.path.isdir(path) else path, "w", encoding="utf-8") as file:
        file.write(str(getattr(value, "value", value)))


def main():
    parser = argparse.ArgumentParser()
{arguments}
    given = {{name: value for name, value in vars(parser.parse_args()).items() if value is not None}}
    places = {{name: given.pop(name) for name in {returned!r}}}
    result = code.{function}(**given)
    if hasattr(result, "_asdict"):
        result = result._asdict()
    elif dataclasses.is_dataclass(result):
        result = vars(result)
    elif list(places) == ["output"]:
        result = {{"output": result}}
    for name, place in places.items():
        write(place, result[name])


if __name__ == "__main__":
    main()
'''

_SWITCHES = '''\
"""Written by Portline: gives `{file}` its switches by what is true, then runs it."""

import runpy
import sys

SWITCHES = {switches!r}
argv, given = [], iter(sys.argv[1:])
for word in given:
    if word in SWITCHES:
        wanted = next(given).strip().lower() == "true"
        argv += [word] if wanted is (SWITCHES[word] != "store_false") else SWITCHES[word].split(" ")[1:]
    else:
        argv.append(word)
sys.argv[1:] = argv
sys.argv[0] = {file!r}
runpy.run_path({file!r}, run_name="__main__")
'''


def function_runner(file: str, function: str, found: Inferred, converters: dict[str, str], returned: list[str]) -> str:
    arguments = [f'    parser.add_argument("--{name}", type={converters.get(name, "str")})' for name in found.inputs]
    arguments += [
        f'    parser.add_argument("--{name}", required=True, type={converters.get(name, "str")})'
        for name in found.outputs
    ]
    module = file.removesuffix(".py").replace("/", ".")
    return _FUNCTION.format(module=module, function=function, arguments="\n".join(arguments), returned=returned)


def switch_runner(file: str, switches: list[tuple[str, str]]) -> str:
    """A switch is given or not: what a port says of it becomes the one or the other."""
    known = {
        flag: f"store_true --no-{flag.lstrip('-')}" if action == "BooleanOptionalAction" else action
        for flag, action in switches
    }
    return _SWITCHES.format(file=file, switches=known)
