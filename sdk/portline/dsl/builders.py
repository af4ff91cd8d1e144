"""`command`, `spark` and `parallel_run_function`: nodes whose component is written on the spot."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.component import Component
from portline.entities.node import Command, plain, type_of
from portline.entities.ports import Input, Output
from portline.entities.sweep import is_space

Environ = Any
"""A name like azureml:sklearn@latest, an Environment, or a mapping."""


def command(
    *,
    command: str,
    name: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    environment: Environ = None,
    environment_variables: Mapping[str, str] | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    code: str | os.PathLike[str] | None = None,
    compute: str | None = None,
    is_deterministic: bool = True,
    distribution: Mapping[str, Any] | None = None,
    instance_count: int | None = None,
    instance_type: str | None = None,
    timeout: float | None = None,
    additional_includes: Sequence[str] = (),
) -> Command:
    """A step that runs a command, with `${{inputs.x}}` and `${{outputs.y}}` in it. Called, it makes more of its kind.

    Inputs are declared by Input(type=...), or by the values that they get. Raises PortlineError.
    """
    content = {"type": "command", "code": _path(code), "command": command, "environment": environment}
    content |= {"is_deterministic": None if is_deterministic else False}
    content |= {"distribution": dict(distribution) if distribution else None}
    content |= {"additional_includes": list(additional_includes) or None}
    made = _made(content, name, display_name, description, tags, inputs, outputs)
    if environment_variables:
        made.environment_variables = dict(environment_variables)
    made.compute = compute
    if timeout is not None:
        made.set_limits(timeout=timeout)
    if instance_count is not None or instance_type is not None:
        made.set_resources(instance_count=instance_count, instance_type=instance_type)
    return made


def spark(
    *,
    entry: str | Mapping[str, str],
    code: str | os.PathLike[str],
    name: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    args: str | None = None,
    environment: Environ = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    conf: Mapping[str, Any] | None = None,
    py_files: Sequence[str] = (),
    jars: Sequence[str] = (),
    files: Sequence[str] = (),
    archives: Sequence[str] = (),
    resources: Mapping[str, Any] | None = None,
    compute: str | None = None,
    driver_cores: int = 1,
    driver_memory: str = "2g",
    executor_cores: int = 1,
    executor_memory: str = "2g",
    executor_instances: int = 1,
) -> Command:
    """A step that runs a program on Spark: `entry` is its file within `code`. Raises PortlineError."""
    sizes = {
        "spark.driver.cores": driver_cores,
        "spark.driver.memory": driver_memory,
        "spark.executor.cores": executor_cores,
        "spark.executor.memory": executor_memory,
        "spark.executor.instances": executor_instances,
    }
    content: dict[str, Any] = {
        "type": "spark",
        "code": _path(code),
        "entry": {"file": entry} if isinstance(entry, str) else dict(entry),
        "args": args,
        "environment": environment,
        "conf": {**sizes, **(conf or {})},
    }
    for key, value in {"py_files": py_files, "jars": jars, "files": files, "archives": archives}.items():
        content[key] = list(value) or None
    made = _made(content, name, display_name, description, tags, inputs, outputs)
    made.compute, made.resources = compute, dict(resources) if resources else None
    return made


def parallel_run_function(
    *,
    task: Mapping[str, Any],
    input_data: str,
    name: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    mini_batch_size: str | int | None = None,
    partition_keys: Sequence[str] | None = None,
    max_concurrency_per_instance: int | None = None,
    error_threshold: int | None = None,
    mini_batch_error_threshold: int | None = None,
    retry_settings: Mapping[str, Any] | None = None,
    logging_level: str | None = None,
    instance_count: int | None = None,
    compute: str | None = None,
) -> Command:
    """A step that calls the `run` of a script with one batch of files or rows after the other.

    `task` says what: {code, entry_script, program_arguments, environment, append_row_to}, made by `RunFunction`.
    Raises PortlineError.
    """
    content: dict[str, Any] = {
        "type": "parallel",
        "input_data": input_data,
        "task": {**task, "code": _path(task.get("code"))},
        "mini_batch_size": None if mini_batch_size is None else str(mini_batch_size),
        "partition_keys": list(partition_keys) if partition_keys else None,
        "max_concurrency_per_instance": max_concurrency_per_instance,
        "error_threshold": error_threshold,
        "mini_batch_error_threshold": mini_batch_error_threshold,
        "retry_settings": dict(retry_settings) if retry_settings else None,
        "logging_level": logging_level,
    }
    made = _made(content, name, display_name, description, tags, inputs, outputs)
    made.compute = compute
    if instance_count is not None:
        made.set_resources(instance_count=instance_count)
    return made


def RunFunction(
    *,
    entry_script: str,
    code: str | os.PathLike[str] | None = None,
    program_arguments: str | None = None,
    environment: Environ = None,
    append_row_to: str | None = None,
    model: str | None = None,
) -> dict[str, Any]:
    """The `task` of a parallel step: a script with `init` and `run`."""
    task = {"type": "run_function", "code": code, "entry_script": entry_script, "environment": environment}
    task |= {"program_arguments": program_arguments, "append_row_to": append_row_to, "model": model}
    return {key: value for key, value in task.items() if value is not None}


def _path(path: str | os.PathLike[str] | None) -> str | None:
    """A path as seen from here; addresses stay."""
    if path is None:
        return None
    text = os.fspath(path)
    return text if "://" in text or text.startswith("azureml:") else Path(text).resolve().as_posix()


def _made(
    content: Mapping[str, Any],
    name: str | None,
    display_name: str | None,
    description: str | None,
    tags: Mapping[str, str] | None,
    inputs: Mapping[str, Any] | None,
    outputs: Mapping[str, Any] | None,
) -> Command:
    ports: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for port, value in (inputs or {}).items():
        ports[port], given = _input(port, value)
        if given is not None:
            values[port] = given
    made_outputs = {port: _output(port, value) for port, value in (outputs or {}).items()}
    base = re.sub(r"[^a-z0-9_]+", "_", (name or str(content["type"])).lower()).strip("_")
    whole = {
        "name": base if base and base[0].isalpha() else f"step_{base}",
        "display_name": display_name,
        "description": description,
        "tags": dict(tags) if tags else None,
        "inputs": ports,
        "outputs": {port: output.declared() for port, output in made_outputs.items()},
        **content,
    }
    component = Component({key: value for key, value in whole.items() if value is not None and value != {}})
    made = Command(component, values)
    for port, output in made_outputs.items():
        made.outputs[port].put(output)
    return made


def _input(name: str, value: Any) -> tuple[dict[str, Any], Any]:
    if isinstance(value, Input):
        return value.declared(), value if value.path is not None else None
    if is_space(value):
        return {"type": str(value.value_type)}, value
    if isinstance(value, Mapping):
        return _input(name, Input(**value))
    given = plain(value)
    return {"type": type_of(given)}, given


def _output(name: str, value: Any) -> Output:
    if value is None:
        return Output()
    if isinstance(value, Output):
        return value
    if isinstance(value, Mapping):
        return Output(**value)
    if isinstance(value, str):
        return Output(type=value)
    raise PortlineError(f"The output `{name}` is {value!r}: declare it by Output(type=...).", code="usage")
