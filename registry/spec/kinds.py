"""The kinds of components, and what a parallel and a spark component say besides what all say.

Source of the formats: Azure ML's `parallelComponent.schema.json` and `sparkComponent.schema.json`
(`shared/azureml.md` 2.6 and 2.7). In a file their keys stand beside `inputs`; here they are one part of the spec.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_CODE = ("code", "additional_includes", "environment", "resources")
PARTS: dict[str, tuple[str, ...]] = {
    "command": ("command", "distribution", *_CODE),
    "pipeline": (),
    "parallel": ("parallel", *_CODE),
    "spark": ("spark", *_CODE),
}
"""Kind of component -> the fields of its spec that only some kinds have. Others cannot run here."""

_OF_TASK = ("type", "entry_script", "program_arguments", "append_row_to", "model")
_OF_PARALLEL = (
    "input_data",
    "mini_batch_size",
    "partition_keys",
    "max_concurrency_per_instance",
    "error_threshold",
    "mini_batch_error_threshold",
    "retry_settings",
    "logging_level",
    "environment_variables",
)
_OF_SPARK = ("entry", "py_files", "jars", "files", "archives", "conf", "args")
TASK = ("code", "environment")
"""What a parallel component says within `task` and every other kind beside it."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RetrySettings(_Part):
    """How often a mini-batch is tried again, and for how many seconds each try may last."""

    max_retries: int | None = Field(None, ge=0)
    timeout: int | None = Field(None, gt=0)


class Parallel(_Part):
    """A script whose `run` is called with one mini-batch after the other."""

    type: str = "run_function"
    entry_script: str = ""
    program_arguments: str = ""
    append_row_to: str = Field("", description="the output that gets all returned rows, as in `${{outputs.rows}}`")
    model: str = Field("", description="kept; the script finds its model among the inputs")
    input_data: str = Field(description="the input that is divided, as in `${{inputs.images}}`")
    mini_batch_size: str | None = Field(None, description="files, as in `5`, or bytes of a table, as in `10kb`")
    partition_keys: tuple[str, ...] = ()
    max_concurrency_per_instance: int | None = Field(None, ge=1)
    error_threshold: int | None = Field(None, ge=-1, description="failed files or rows that are let pass; -1: any")
    mini_batch_error_threshold: int | None = Field(None, ge=-1, description="failed mini-batches, likewise")
    retry_settings: RetrySettings = RetrySettings()
    logging_level: str = "INFO"
    environment_variables: dict[str, str] = {}

    @field_validator("mini_batch_size", mode="before")
    @classmethod
    def _size_as_text(cls, size: object) -> object:
        return str(size) if isinstance(size, int | float) and not isinstance(size, bool) else size

    @field_validator("partition_keys", mode="before")
    @classmethod
    def _keys_from_json(cls, keys: object) -> object:
        """Azure ML's own files have the list as JSON text too."""
        if isinstance(keys, str):
            try:
                keys = json.loads(keys)
            except ValueError:
                raise ValueError("is a list of column names") from None
        return () if keys is None else keys

    @field_validator("logging_level", mode="before")
    @classmethod
    def _level(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("environment_variables", mode="before")
    @classmethod
    def _as_text(cls, variables: object) -> object:
        return {str(key): str(value) for key, value in variables.items()} if isinstance(variables, dict) else variables

    @model_validator(mode="after")
    def _runs_something(self) -> "Parallel":
        if self.type not in ("run_function", "function", "model"):
            raise ValueError(f"`{self.type}` is no type of task: it is `run_function`")
        if not self.entry_script:
            raise ValueError("`entry_script` is missing: the script that has `init` and `run`")
        return self


class Entry(_Part):
    """What Spark starts: a Python file within the code, or a class of a jar."""

    file: str = ""
    class_name: str = ""

    @model_validator(mode="after")
    def _one(self) -> "Entry":
        if bool(self.file) == bool(self.class_name):
            raise ValueError("name one `file`, or one `class_name`")
        return self


class Spark(_Part):
    """A program for Spark, with what is shipped beside it. Paths are relative to the code."""

    entry: Entry
    py_files: tuple[str, ...] = ()
    jars: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    conf: dict[str, str | int | float | bool] = {}
    args: str = ""

    @field_validator("entry", mode="before")
    @classmethod
    def _file(cls, entry: object) -> object:
        return {"file": entry} if isinstance(entry, str) else entry

    @field_validator("py_files", "jars", "files", "archives", mode="before")
    @classmethod
    def _one_is_a_list(cls, paths: object) -> object:
        return () if paths is None else (paths,) if isinstance(paths, str) else paths


def folded(data: Mapping[str, Any]) -> dict[str, Any]:
    """A component as its file has it, with the keys of its kind put into one part. What is folded stays so."""
    kind = data.get("type")
    if kind == "parallel" and "parallel" not in data:
        return _fold(data, "parallel", _OF_PARALLEL)
    if kind == "spark" and "spark" not in data:
        return _fold(data, "spark", _OF_SPARK)
    return dict(data)


def _fold(data: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    part = {key: data[key] for key in keys if data.get(key) is not None}
    rest = {key: value for key, value in data.items() if key not in keys}
    task = rest.pop("task", None) if name == "parallel" else None
    if isinstance(task, Mapping):
        rest |= {key: task[key] for key in TASK if task.get(key) is not None}
        part |= {key: value for key, value in task.items() if key not in TASK and value is not None}
    return rest | ({name: part} if part else {})
