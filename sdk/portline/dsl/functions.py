"""`@command_component`: a typed Python function becomes a component, which runs with nothing but Python in its step."""

import enum
import functools
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, overload

from portline.client.errors import PortlineError
from portline.dsl.annotations import as_port, declared, hints_of, returned
from portline.dsl.docstrings import parts
from portline.dsl.snapshot import source_of
from portline.entities.assets import Environment
from portline.entities.component import Component
from portline.entities.expressions import ENVIRONMENT
from portline.entities.ports import Input, Output, is_data

Function = Callable[..., Any]

_MAIN = '''

def _main():
    """Written by Portline: reads the arguments, calls the function, writes what it returns."""
    import argparse
    import dataclasses
    import os
    import pathlib

    def boolean(text):
        if text.strip().lower() not in ("true", "false"):
            raise argparse.ArgumentTypeError(f"{{text!r}} is neither true nor false")
        return text.strip().lower() == "true"

    def write(path, value):
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(os.path.join(path, "output") if os.path.isdir(path) else path, "w", encoding="utf-8") as file:
            file.write(str(getattr(value, "value", value)))

    parser = argparse.ArgumentParser(description={description!r})
{arguments}
    given = {{name: value for name, value in vars(parser.parse_args()).items() if value is not None}}
    places = {{name: given.pop(name) for name in {returns!r}}}
    result = {function}(**given)
    if hasattr(result, "_asdict"):
        result = result._asdict()
    elif dataclasses.is_dataclass(result):
        result = vars(result)
    elif list(places) == ["output"]:
        result = {{"output": result}}
    for name, place in places.items():
        write(place, result[name])


if __name__ == "__main__":
    _main()
'''
_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "boolean"}


class FunctionComponent(Component):
    """A component that was a function; `function` is the plain one."""

    def __init__(self, function: Function, content: Mapping[str, Any], code: Mapping[str, str | Path]) -> None:
        self.function = function
        super().__init__(content, code=code)
        functools.update_wrapper(self, function, updated=())


@overload
def command_component(function: Function) -> FunctionComponent: ...


@overload
def command_component(
    function: None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    is_deterministic: bool | None = None,
    tags: Mapping[str, str] | None = None,
    environment: str | Environment | Mapping[str, Any] | None = None,
    distribution: Mapping[str, Any] | None = None,
    resources: Mapping[str, Any] | None = None,
    code: str | Path | None = None,
) -> Callable[[Function], FunctionComponent]: ...


def command_component(
    function: Function | None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    is_deterministic: bool | None = None,
    tags: Mapping[str, str] | None = None,
    environment: str | Environment | Mapping[str, Any] | None = None,
    distribution: Mapping[str, Any] | None = None,
    resources: Mapping[str, Any] | None = None,
    code: str | Path | None = None,
) -> FunctionComponent | Callable[[Function], FunctionComponent]:
    """Make a function a component.

    Parameters annotated with int, float, str, bool, Literal or an Enum are inputs, and those with Input(type=...) get
    the path of their data; those with Output(type=...) get the path to write to. What it returns is an output called
    `output`, or several with a NamedTuple or a dataclass as the return annotation. The function is taken along with
    what it uses of its module and the modules beside; `code` is a folder of more files. Without an `environment` it is
    the one that comes with every Portline; Azure ML does not have it, so name another to go there. Raises
    PortlineError for what a component cannot have.
    """

    def made(function: Function) -> FunctionComponent:
        content, arguments, returns = _interface(function)
        text, _, _ = parts(function.__doc__)
        environment_ = environment if environment is not None else ENVIRONMENT
        content = {
            "name": name or _component_name(function.__name__),
            "version": version,
            "display_name": display_name or function.__name__.replace("_", " ").strip().capitalize(),
            "description": description if description is not None else text or None,
            "type": "command",
            "is_deterministic": is_deterministic,
            "tags": dict(tags) if tags else None,
            **content,
            "code": "./code",
            "environment": environment_,
            "distribution": dict(distribution) if distribution else None,
            "resources": dict(resources) if resources else None,
        }
        content = {key: value for key, value in content.items() if value is not None and value != {}}
        source, beside = source_of(function)
        main = _MAIN.format(
            description=text.partition("\n")[0],
            arguments="\n".join(f"    parser.add_argument({each})" for each in arguments),
            returns=returns,
            function=function.__name__,
        )
        file = f"{function.__name__.strip('_')}.py"
        if file in beside:
            file = f"{file.removesuffix('.py')}_step.py"
        content["command"] = content["command"].format(file=file)
        more = {each.name: each for each in _folder(code, function)} if code is not None else {}
        return FunctionComponent(function, content, {**more, **beside, file: source + main})

    return made(function) if function is not None else made


def _interface(function: Function) -> tuple[dict[str, Any], list[str], list[str]]:
    """Inputs, outputs and command of the component, arguments for argparse, and the outputs that are returned."""
    hints, (_, said_in, said_out) = hints_of(function), parts(function.__doc__)
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    arguments: list[str] = []
    words: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise PortlineError(f"`{function.__name__}` takes `{parameter}`: name each of its inputs.", code="usage")
        annotation = hints.get(name, parameter.empty)
        port = declared(name, annotation, parameter.default)
        if port is None:
            raise PortlineError(
                f"`{name}` of `{function.__name__}` needs an annotation, as in {name}: str.", code="usage"
            )
        if isinstance(port, Output):
            description = said_out.get(name) or said_in.get(name)
            outputs[name] = port.declared() | ({"description": description} if description else {})
            arguments.append(f'"--{name}", required=True')
            words.append(f'--{name} "${{{{{{{{outputs.{name}}}}}}}}}"')
            continue
        inputs[name] = as_port(port, said_in, name)
        arguments.append(f'"--{name}", type={_converter(port, annotation)}')
        word = f'--{name} "${{{{{{{{inputs.{name}}}}}}}}}"'
        words.append(f"$[[{word}]]" if port.optional and port.default is None else word)
    returns = returned(hints.get("return"))
    for name, output in returns.items():
        if is_data(output.type):
            raise PortlineError(
                f"The output `{name}` of `{function.__name__}` is data: make it a parameter, as in "
                f"{name}: Output(type={output.type!r}), and write to its path.",
                code="usage",
            )
        if name in inputs or name in outputs:
            raise PortlineError(f"`{function.__name__}` returns `{name}`, which is a parameter too.", code="usage")
        outputs[name] = output.declared() | ({"description": said_out[name]} if said_out.get(name) else {})
        arguments.append(f'"--{name}", required=True')
        words.append(f'--{name} "${{{{{{{{outputs.{name}}}}}}}}}"')
    command = " ".join(["python {file}", *words])
    return {"inputs": inputs, "outputs": outputs, "command": command}, arguments, list(returns)


def _converter(port: Input, annotation: Any) -> str:
    if annotation is Path:
        return "pathlib.Path"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return annotation.__name__
    return "str" if is_data(port.type) else _PYTHON[port.type]


def _folder(code: str | Path, function: Function) -> list[Path]:
    """What lies in the folder of further code, which begins where the function's file is."""
    try:
        base = Path(inspect.getsourcefile(function) or "").resolve().parent
    except TypeError:
        base = Path.cwd()
    folder = base / code
    if not folder.is_dir():
        raise PortlineError(f"There is no folder {folder}, which `code` names.", code="no_file")
    ignored = ("__pycache__", ".git", ".venv", ".ipynb_checkpoints")
    return [each.resolve() for each in sorted(folder.iterdir()) if each.name not in ignored]


def _component_name(name: str) -> str:
    name = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return name if name and name[0].isalpha() else f"component_{name}"
