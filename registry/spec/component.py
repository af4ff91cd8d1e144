"""A component's spec, in the shape of Azure ML's command, pipeline, parallel and spark components.

Source of the format: Azure ML's `commandComponent.schema.json` (`shared/azureml.md` 2.2),
`pipelineComponent.schema.json` (2.4), of which the graph (`jobs`) is kept beside the spec, and
`parallelComponent.schema.json` and `sparkComponent.schema.json` (`registry.spec.kinds`). What Azure has no field for
(category, icon, the widget of an input) lies under `properties.portline`, which Azure keeps and ignores.
"""

import hashlib
import json
import re
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from registry.spec import values
from registry.spec.columns import ColumnStep
from registry.spec.kinds import PARTS, Parallel, Spark, folded
from registry.spec.types import DATA_TYPES, LITERAL_TYPES, is_data

NAME = re.compile(r"^[a-z][a-z\d_]*$")
PORT_NAME = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$")
VERSION = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,63}$")
OPTIONAL_SECTION = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)

Widget = Literal["text", "multiline", "code", "column", "columns", "secret"]


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputHints(_Spec):
    """How an input is shown: `properties.portline.inputs.<name>`."""

    label: str = ""
    group: str = Field("", description="the heading under which the inspector shows it")
    widget: Widget | None = None
    language: Literal["python", "sql", "bash", "json", "text"] | None = None
    columns_of: str | None = Field(None, description="the data input whose columns a column picker offers")


class OutputHints(_Spec):
    """How an output is shown, and which columns its table has: `properties.portline.outputs.<name>`."""

    label: str = ""
    columns: tuple[ColumnStep, ...] | None = None


class Hints(_Spec):
    """What only Portline knows of a component: `properties.portline`."""

    category: str = ""
    icon: str = ""
    inputs: dict[str, InputHints] = {}
    outputs: dict[str, OutputHints] = {}


class Input(_Spec):
    """A typed input: a port that takes an artifact, or a parameter."""

    type: str
    description: str = ""
    optional: bool = False
    default: values.Scalar | None = None
    mode: str | None = None
    enum: tuple[str, ...] | None = None
    min: int | float | None = None
    max: int | float | None = None

    @field_validator("type")
    @classmethod
    def _known_type(cls, type_: str) -> str:
        type_ = "uri_folder" if type_ == "path" else type_
        return _one_of(type_, DATA_TYPES + LITERAL_TYPES)

    @field_validator("enum", mode="before")
    @classmethod
    def _enum_as_text(cls, enum: object) -> object:
        return tuple(str(value) for value in enum) if isinstance(enum, list | tuple) else enum

    @model_validator(mode="after")
    def _rules(self) -> "Input":
        if is_data(self.type):
            for key in ("default", "enum", "min", "max"):
                if getattr(self, key) is not None:
                    raise ValueError(f"`{key}` is for parameters; an input of type {self.type} cannot have it")
            return self
        if self.type not in ("integer", "number") and (self.min is not None or self.max is not None):
            raise ValueError("`min` and `max` are for inputs of type integer or number")
        if self.default is not None:
            values.check(self, self.default)
        return self

    @property
    def required(self) -> bool:
        """Whether a step cannot start unless this input is given."""
        return not self.optional and self.default is None


class Output(_Spec):
    """A typed output. Azure ML has no optional ones."""

    type: str
    description: str = ""
    mode: str | None = None
    is_control: bool | None = None

    @field_validator("type")
    @classmethod
    def _known_type(cls, type_: str) -> str:
        type_ = "uri_folder" if type_ == "path" else type_
        return _one_of(type_, DATA_TYPES + LITERAL_TYPES)


class ComponentSpec(_Spec):
    """A reusable step. Raises pydantic.ValidationError, one entry per fault, with the path to each."""

    name: str
    version: str | None = None
    display_name: str = ""
    description: str = ""
    type: str = Field("command", description="one of `kinds.PARTS`, or any other where `cannot_run` says why")
    tags: dict[str, str] = {}
    is_deterministic: bool = True
    inputs: dict[str, Input] = {}
    outputs: dict[str, Output] = {}
    command: str = Field("", validate_default=True, description="none, for a pipeline")
    code: str | None = None
    additional_includes: tuple[str, ...] = ()
    environment: str | dict[str, Any] | None = None
    resources: dict[str, Any] | None = None
    distribution: dict[str, Any] | None = None
    properties: dict[str, Any] = {}
    parallel: Parallel | None = None
    spark: Spark | None = None
    cannot_run: str = Field("", description="why no step can run it here: a sentence; empty where one can")
    body: dict[str, Any] | None = Field(None, description="of what cannot run here: its YAML, to be written back")

    @model_validator(mode="before")
    @classmethod
    def _folded(cls, data: object) -> object:
        return folded(data) if isinstance(data, dict) else data

    @model_serializer(mode="wrap")
    def _without_what_few_have(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        plain: dict[str, Any] = dump(self)
        return {key: value for key, value in plain.items() if value or key not in _OF_FEW}

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if len(name) > 255 or not NAME.match(name):
            raise ValueError("must begin with a small letter and hold only small letters, digits and _")
        return name

    @field_validator("version", mode="before")
    @classmethod
    def _version(cls, version: object) -> object:
        if isinstance(version, int | float) and not isinstance(version, bool):
            version = str(version)
        if isinstance(version, str) and not VERSION.match(version):
            raise ValueError("may hold letters, digits, dots, - and _, at most 64 of them")
        return version

    @field_validator("tags", mode="before")
    @classmethod
    def _tags(cls, tags: object) -> object:
        return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else tags

    @field_validator("inputs", "outputs")
    @classmethod
    def _port_names(cls, ports: dict[str, Any]) -> dict[str, Any]:
        seen: dict[str, str] = {}
        for name in ports:
            if not PORT_NAME.match(name):
                raise ValueError(f"`{name}` is no name for a port: use letters, digits and _, not a digit first")
            if (first := seen.setdefault(name.lower(), name)) != name:
                one, other = sorted((name, first))
                raise ValueError(f"`{one}` and `{other}` differ only in case")
        return ports

    @field_validator("command")
    @classmethod
    def _command(cls, command: str, info: ValidationInfo) -> str:
        if not command and info.data.get("type") == "command":
            raise ValueError("`command` is missing")
        return command

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> "ComponentSpec":
        if self.type not in PARTS and not self.cannot_run:
            raise ValueError(f"there are no components of type `{self.type}`; the types are {', '.join(PARTS)}")
        has = PARTS.get(self.type, ())
        for key in {part for parts in PARTS.values() for part in parts}:
            if getattr(self, key) and key not in has and not self.cannot_run:
                raise ValueError(f"`{key}` is not for components of type {self.type}")
        for key in ("parallel", "spark"):
            if self.type == key and getattr(self, key) is None:
                raise ValueError(f"a {key} component says what it runs in `{'task' if key == 'parallel' else 'entry'}`")
        return self

    @model_validator(mode="after")
    def _texts_name_ports(self) -> "ComponentSpec":
        for subject, text in self._texts():
            for expression in values.BINDING.findall(text):
                side, _, port = expression.partition(".")
                known = set(self.inputs if side == "inputs" else self.outputs if side == "outputs" else ())
                if port not in known:
                    near = _nearest(side, port, self)
                    raise ValueError(f"{subject} names ${{{{{expression}}}}}, but there is {near}")
        return self

    def _texts(self) -> list[tuple[str, str]]:
        """The texts that values are put into, each with the words for it."""
        texts = [("the command", self.command)]
        if self.parallel is not None:
            texts += [
                ("`program_arguments`", self.parallel.program_arguments),
                ("`input_data`", self.parallel.input_data),
                ("`append_row_to`", self.parallel.append_row_to),
            ]
        if self.spark is not None:
            texts += [("`args`", self.spark.args)]
        return texts

    @model_validator(mode="after")
    def _hints_fit(self) -> "ComponentSpec":
        hints = self.hints
        for side, ports in (("inputs", self.inputs), ("outputs", self.outputs)):
            for name in getattr(hints, side):
                if name not in ports:
                    raise ValueError(f"properties.portline.{side} names `{name}`, which is none of the {side}")
        for name, output in hints.outputs.items():
            for step in output.columns or ():
                self._check_columns(f"properties.portline.outputs.{name}.columns", step)
        return self

    def _check_columns(self, place: str, step: ColumnStep) -> None:
        tables, parameters = step.named()
        for name in sorted(tables | parameters):
            found = self.inputs.get(name)
            if found is None or is_data(found.type) != (name in tables):
                raise ValueError(f"{place} names `{name}`, which is no {'input' if name in tables else 'parameter'}")

    @property
    def hints(self) -> Hints:
        """What `properties.portline` says, or the empty hints."""
        return Hints.model_validate(self.properties.get("portline", {}))

    @property
    def title(self) -> str:
        """What people read on the node."""
        return self.display_name or self.name.replace("_", " ").capitalize()

    def digest(self, code_digest: str) -> str:
        """SHA-256 over what the component does: its titles, description, tags, version and hints do not count.

        `code_digest` stands for its code; for a pipeline, for its graph.
        """
        counted = self.model_dump(
            mode="json",
            exclude={"name", "version", "display_name", "description", "tags", "code", "properties"},
        )
        for port in (*counted["inputs"].values(), *counted["outputs"].values()):
            del port["description"]
        document = json.dumps({"spec": counted, "code": code_digest}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(document.encode()).hexdigest()


_OF_FEW = ("parallel", "spark", "cannot_run", "body")
"""Fields that are left out of the plain form where they say nothing: it stays as short as it is for most."""


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ValueError(f"`{value}` is no port type; the types are {', '.join(allowed)}")
    return value


def _nearest(side: str, port: str, spec: ComponentSpec) -> str:
    import difflib

    every = [f"inputs.{name}" for name in spec.inputs] + [f"outputs.{name}" for name in spec.outputs]
    near = difflib.get_close_matches(f"{side}.{port}", every, n=1)
    return f"no such port; did you mean ${{{{{near[0]}}}}}?" if near else "no such input or output"
