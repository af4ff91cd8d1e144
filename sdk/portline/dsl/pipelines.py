"""`@pipeline`: a Python function that is a pipeline. It runs when the job is made; what its calls make are nodes."""

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, overload

from portline.client.errors import PortlineError
from portline.dsl import groups
from portline.dsl.annotations import as_port, class_fields, declared, hints_of
from portline.dsl.docstrings import parts
from portline.dsl.variables import called
from portline.entities import building
from portline.entities.component import Component, nearest
from portline.entities.definition import Definition, named, outputs_of
from portline.entities.job import PipelineJob
from portline.entities.node import Node, plain, type_of
from portline.entities.ports import Input, Output
from portline.entities.values import PipelineInput

Function = Callable[..., Any]


class PipelineFunction:
    """A pipeline that is called like its function: a job, or within another pipeline a node."""

    def __init__(
        self,
        function: Function,
        *,
        name: str | None,
        version: str | None,
        display_name: str | None,
        description: str | None,
        experiment_name: str | None,
        tags: Mapping[str, str] | None,
        settings: Mapping[str, Any],
        non_pipeline_inputs: Sequence[str],
    ) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.signature = inspect.signature(function)
        self.name = name or _component_name(function.__name__)
        text, self._inputs, self._outputs = parts(function.__doc__)
        self.version, self.display_name = version, display_name or name or function.__name__
        self.description = description if description is not None else text
        self.experiment_name, self.tags = experiment_name, dict(tags or {})
        self.settings = {key: value for key, value in settings.items() if value is not None}
        self.raw = frozenset(non_pipeline_inputs)
        self._components: dict[Any, Component] = {}
        for parameter in self.signature.parameters.values():
            if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
                raise PortlineError(
                    f"The pipeline {function.__name__} takes `{parameter}`: name each of its inputs.", code="usage"
                )
        for each in self.raw:
            if each not in self.signature.parameters:
                message = f"non_pipeline_inputs names `{each}`, which is no parameter{nearest(each, self._names())}"
                raise PortlineError(message, code="usage")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """A PipelineJob with these values of its inputs; within another pipeline, a node. Raises PortlineError."""
        given = self._given(args, kwargs)
        raw = {name: value for name, value in given.items() if name in self.raw}
        values = {name: value for name, value in self._flat(given).items() if value is not None}
        values = self._data() | values
        if not building.is_building():
            definition = self._definition(values, raw)
            return PipelineJob(
                definition, values, settings=self.settings, experiment_name=self.experiment_name, tags=self.tags
            )
        values = {name: plain(value) for name, value in values.items()}
        return Node(self._component(values, raw), values)

    def _data(self) -> dict[str, Any]:
        """Data that stands as the default of an input."""
        defaults = {name: parameter.default for name, parameter in self.signature.parameters.items()}
        return {name: each for name, each in defaults.items() if isinstance(each, Input) and each.path is not None}

    def component(self) -> Component:
        """The pipeline as a component, to be registered; types that annotations and defaults do not say are text."""
        return self._component({}, {})

    def _names(self) -> list[str]:
        return list(self.signature.parameters)

    def _given(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        for name in kwargs:
            if name not in self.signature.parameters:
                raise PortlineError(
                    f"The pipeline `{self.name}` has no input `{name}`{nearest(name, self._names())}", code="usage"
                )
        try:
            bound = self.signature.bind_partial(*args, **kwargs)
        except TypeError as error:
            raise PortlineError(f"The pipeline `{self.name}`: {error}.", code="usage") from None
        for name, parameter in self.signature.parameters.items():
            needed = parameter.default is inspect.Parameter.empty and name in self.raw
            if needed and name not in bound.arguments:
                raise PortlineError(f"The pipeline `{self.name}` needs `{name}`.", code="usage")
        if self.raw:
            bound.apply_defaults()
        return {
            name: value
            for name, value in bound.arguments.items()
            if name in kwargs or name in self.raw or value is not self.signature.parameters[name].default
        }

    def _flat(self, given: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in given.items():
            if name not in self.raw:
                found |= groups.flat(name, value)
        return found

    def _component(self, values: Mapping[str, Any], raw: Mapping[str, Any]) -> Component:
        """The pipeline component; calls that declare the same share one."""
        key = (repr(self._declared(values)), repr(sorted(raw.items())))
        if key not in self._components:
            definition = self._definition(values, raw)
            content: dict[str, Any] = {
                "name": self.name,
                "version": self.version,
                "display_name": self.display_name,
                "description": self.description or None,
                "tags": self.tags or None,
                "type": "pipeline",
                "inputs": definition.inputs,
                "outputs": {
                    name: {"type": output.type}
                    | ({"description": self._outputs[name]} if self._outputs.get(name) else {})
                    for name, output in definition.outputs.items()
                },
            }
            content = {key: value for key, value in content.items() if value is not None and value != {}}
            self._components[key] = Component(content, definition=definition)
        return self._components[key]

    def _definition(self, values: Mapping[str, Any], raw: Mapping[str, Any]) -> Definition:
        inputs = self._declared(values)
        arguments: dict[str, Any] = dict(raw)
        for name in self.signature.parameters:
            if name not in self.raw:
                arguments[name] = _placeholder(name, inputs)
        with building.building() as steps:
            returned, variables = called(self.function, **arguments)
            outputs = outputs_of(returned, self.function.__name__)
        found = named(steps, variables)
        for name, output in outputs.items():
            if all(output.node is not step for step in steps):
                raise PortlineError(f"The output `{name}` comes from a node of another pipeline.", code="usage")
        return Definition(
            self.name,
            found,
            inputs,
            outputs,
            output_hints=self._outputs,
            display_name=self.display_name,
            description=self.description,
            data={name: value for name, value in variables.items() if isinstance(value, Input)},
        )

    def _declared(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The inputs as the YAML of a component has them; what the function does not say is as it is given."""
        hints = hints_of(self.function)
        found: dict[str, dict[str, Any]] = {}
        for name, parameter in self.signature.parameters.items():
            if name in self.raw:
                continue
            annotation, default = hints.get(name, parameter.empty), parameter.default
            if groups.is_group(annotation):
                found |= self._group(name, annotation, default)
                continue
            said = declared(name, annotation, default)
            if isinstance(said, Output):
                raise PortlineError(f"`{name}` is an Output: a pipeline returns its outputs.", code="usage")
            if said is None:
                said = Input(type=type_of(plain(values[name])) if name in values else "string")
                said.optional = True if default is None else None
            found[name] = as_port(said, self._inputs, name)
        return found

    def _group(self, name: str, annotation: type, default: Any) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for field, each in (class_fields(annotation) or {}).items():
            value = getattr(default if groups.is_group(type(default)) else annotation, field, inspect.Parameter.empty)
            dotted = f"{name}.{field}"
            if groups.is_group(each):
                found |= self._group(dotted, each, value)
                continue
            said = declared(dotted, each, value)
            if isinstance(said, Input):
                found[dotted] = as_port(said, self._inputs, dotted)
        return found


def _placeholder(name: str, inputs: Mapping[str, dict[str, Any]]) -> Any:
    if name in inputs:
        return PipelineInput(name, inputs[name])
    fields = dict.fromkeys(
        dotted.removeprefix(f"{name}.").partition(".")[0] for dotted in inputs if dotted.startswith(f"{name}.")
    )
    return groups.Grouped({field: _placeholder(f"{name}.{field}", inputs) for field in fields})


def _component_name(name: str) -> str:
    name = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return name if name and name[0].isalpha() else f"pipeline_{name}"


@overload
def pipeline(function: Function) -> PipelineFunction: ...


@overload
def pipeline(
    function: None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, str] | None = None,
    default_compute: str | None = None,
    compute: str | None = None,
    default_datastore: str | None = None,
    continue_on_step_failure: bool | None = None,
    force_rerun: bool | None = None,
    on_init: str | None = None,
    on_finalize: str | None = None,
    non_pipeline_inputs: Sequence[str] = (),
) -> Callable[[Function], PipelineFunction]: ...


def pipeline(
    function: Function | None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, str] | None = None,
    default_compute: str | None = None,
    compute: str | None = None,
    default_datastore: str | None = None,
    continue_on_step_failure: bool | None = None,
    force_rerun: bool | None = None,
    on_init: str | None = None,
    on_finalize: str | None = None,
    non_pipeline_inputs: Sequence[str] = (),
) -> PipelineFunction | Callable[[Function], PipelineFunction]:
    """Make a function a pipeline.

    Its parameters are the pipeline's inputs: types from annotations and defaults, descriptions from the docstring's
    `Args:`. The dictionary that it returns are the outputs. Nodes are called after the variables that hold them.
    Parameters in `non_pipeline_inputs` are plain Python values. `on_init` and `on_finalize` name nodes that run before
    and after all others; settings of a pipeline that is used in another have no effect. Raises PortlineError for *args.
    """

    def made(function: Function) -> PipelineFunction:
        settings = {
            "default_compute": default_compute or compute,
            "default_datastore": default_datastore,
            "continue_on_step_failure": continue_on_step_failure,
            "force_rerun": force_rerun,
            "on_init": on_init,
            "on_finalize": on_finalize,
        }
        return PipelineFunction(
            function,
            name=name,
            version=version,
            display_name=display_name,
            description=description,
            experiment_name=experiment_name,
            tags=tags,
            settings=settings,
            non_pipeline_inputs=non_pipeline_inputs,
        )

    return made(function) if function is not None else made
