"""From a Python function's annotations and defaults to a component's inputs and outputs."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.ports import LITERAL_OF, Input, Output, checked_type

_NAMES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean"}


def hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of a function. Texts that name nothing known stay texts."""
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:  # whatever a text that is evaluated raises
        return dict(getattr(function, "__annotations__", {}))


def declared(name: str, annotation: Any, default: Any) -> Input | Output | None:
    """What a parameter declares; None where neither its annotation nor its default say a type.

    Raises PortlineError for an annotation that no input can have.
    """
    found = _from_annotation(name, annotation)
    if default is inspect.Parameter.empty:
        return found
    if isinstance(default, (Input, Output)):
        # Data that is given unless other is; where the annotation says nothing, it declares the input too.
        return found if found is not None else default
    if isinstance(default, enum.Enum):
        found = found or Input(type="string", enum=[str(each.value) for each in type(default)])
        default = str(default.value)
    if default is None:
        if isinstance(found, Input):
            found.optional = True
        return found
    if type(default) not in LITERAL_OF:
        raise PortlineError(
            f"The default of `{name}` is {default!r}: give text, a number, True or False.", code="usage"
        )
    if found is None:
        found = Input(type=LITERAL_OF[type(default)])
    if isinstance(found, Input):
        found.default, found.optional = default, found.optional or None
    return found


def returned(annotation: Any) -> dict[str, Output]:
    """The outputs that a function's return annotation declares: one called `output`, or the fields of a class.

    Raises PortlineError for what cannot be an output.
    """
    if annotation in (None, type(None), inspect.Signature.empty):
        return {}
    fields = class_fields(annotation)
    if fields is not None:
        return {name: _output(name, each) for name, each in fields.items()}
    return {"output": _output("output", annotation)}


def class_fields(annotation: Any) -> dict[str, Any] | None:
    """The fields of a NamedTuple, a dataclass or a @group; None for anything else."""
    if not isinstance(annotation, type):
        return None
    if dataclasses.is_dataclass(annotation):
        hints = hints_of(annotation)
        return {field.name: hints.get(field.name, field.type) for field in dataclasses.fields(annotation)}
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        hints = hints_of(annotation)
        return {name: hints.get(name, str) for name in annotation._fields}
    return None


def _output(name: str, annotation: Any) -> Output:
    found = _from_annotation(name, annotation)
    if isinstance(found, Output):
        return found
    if found is None:
        raise PortlineError(f"The output `{name}` has no type.", code="usage")
    return Output(type=found.type)


def _from_annotation(name: str, annotation: Any) -> Input | Output | None:
    if annotation in (inspect.Parameter.empty, Any):
        return None
    if isinstance(annotation, (Input, Output)):
        return annotation
    if annotation is Input or annotation is Output:
        return annotation()
    if isinstance(annotation, str):
        if annotation not in _NAMES:
            return Input(type=checked_type(annotation))
        return Input(type=_NAMES[annotation])
    if annotation in LITERAL_OF:
        return Input(type=LITERAL_OF[annotation])
    if annotation is Path:
        return Input(type="uri_folder")
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return Input(type="string", enum=[str(each.value) for each in annotation])
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        said = next((each for each in args[1:] if isinstance(each, (Input, Output))), None)
        return said if said is not None else _from_annotation(name, args[0])
    if origin is typing.Literal:
        kinds = {type(each) for each in args}
        if kinds == {str}:
            return Input(type="string", enum=[str(each) for each in args])
        if len(kinds) == 1 and (kind := kinds.pop()) in LITERAL_OF:
            return Input(type=LITERAL_OF[kind])
    if origin in (typing.Union, types.UnionType):
        rest = [each for each in args if each is not type(None)]
        if len(rest) == 1 and len(rest) < len(args):
            found = _from_annotation(name, rest[0])
            if isinstance(found, Input):
                found.optional = True
            return found
    raise PortlineError(
        f"`{name}` is annotated with {annotation!r}: use int, float, str, bool, Literal[...], an Enum, Input(...) or "
        "Output(...).",
        code="usage",
    )


def as_port(declared: Input, descriptions: Mapping[str, str], name: str) -> dict[str, Any]:
    """An input as a component's YAML has it, with its description from the docstring."""
    port = declared.declared()
    if "description" not in port and descriptions.get(name):
        port["description"] = descriptions[name]
    return port
