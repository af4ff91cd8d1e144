"""`Input` and `Output`: what a component or a job takes and gives, as people declare it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError

DATA_TYPES = ("uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model")
LITERAL_TYPES = ("string", "integer", "number", "boolean")
LITERAL_OF: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
"""Python's types of literals -> those of Azure ML."""
Literal = str | int | float | bool


def is_data(type_: str) -> bool:
    """Whether what has this type is a file or a folder, and no value."""
    return type_ not in LITERAL_TYPES


def checked_type(type_: str) -> str:
    """A type of ports, `path` being an old word for one. Raises PortlineError for what is none."""
    if type_ == "path":
        return "uri_folder"
    if type_ not in (*DATA_TYPES, *LITERAL_TYPES):
        known = ", ".join((*DATA_TYPES, *LITERAL_TYPES))
        raise PortlineError(f"`{type_}` is no type of an input or output; the types are {known}.", code="usage")
    return type_


class Input:
    """An input: as an annotation or a default it declares one, and with a `path` it is data that is given to one.

    `type` is one of Azure ML's; `path` a local file or folder, a registered asset (`azureml:name:version`) or an
    address. `min` and `max` are for numbers, `enum` is for text. Raises PortlineError for an unknown type.
    """

    def __init__(
        self,
        *,
        type: str = "uri_folder",
        path: str | os.PathLike[str] | None = None,
        mode: str | None = None,
        optional: bool | None = None,
        default: Literal | None = None,
        min: float | None = None,
        max: float | None = None,
        enum: Sequence[str] | None = None,
        description: str | None = None,
    ) -> None:
        self.type = checked_type(type)
        self.path = None if path is None else os.fspath(path)
        self.folder = Path.cwd()
        self.mode, self.optional, self.default = mode, optional, default
        self.min, self.max, self.enum, self.description = min, max, list(enum) if enum else None, description

    def declared(self) -> dict[str, Any]:
        """As a component's YAML has it."""
        keys = ("type", "mode", "optional", "default", "min", "max", "enum", "description")
        return {key: getattr(self, key) for key in keys if getattr(self, key) not in (None, False)} | (
            {} if self.default is None else {"default": self.default}
        )

    def given(self) -> dict[str, Any]:
        """As a job's YAML has it, the path as it was given."""
        found = {"type": self.type, "path": self.path, "mode": self.mode}
        return {key: value for key, value in found.items() if value is not None}

    def __repr__(self) -> str:
        return f"Input({', '.join(f'{key}={value!r}' for key, value in (self.declared() | self.given()).items())})"


class Output:
    """An output: as an annotation it declares one; given to a node it says where and under which name it is kept.

    With `name` the output is registered as a data asset of this name when the job has ended.
    """

    def __init__(
        self,
        *,
        type: str = "uri_folder",
        path: str | None = None,
        mode: str | None = None,
        name: str | None = None,
        version: str | None = None,
        description: str | None = None,
    ) -> None:
        self.type = checked_type(type)
        self.path, self.mode, self.name, self.version, self.description = path, mode, name, version, description

    def declared(self) -> dict[str, Any]:
        """As a component's YAML has it."""
        return {key: getattr(self, key) for key in ("type", "mode", "description") if getattr(self, key) is not None}

    def settings(self) -> dict[str, Any]:
        """What becomes of it, as a job's YAML has it; empty where nothing is said."""
        return {key: getattr(self, key) for key in OUTPUT_SETTINGS if getattr(self, key) is not None}

    def __repr__(self) -> str:
        return f"Output({', '.join(f'{key}={value!r}' for key, value in (self.declared() | self.settings()).items())})"


OUTPUT_SETTINGS = ("mode", "path", "name", "version")
