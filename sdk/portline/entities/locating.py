"""Files and components that a YAML names, put into their places, and values written as bindings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from portline.client import yaml
from portline.client.errors import PortlineError
from portline.client.uploads import LIST_KEYS, PATH_KEYS, YAML_ENDS
from portline.entities.assets import Environment
from portline.entities.component import Component
from portline.entities.loading import load_component
from portline.entities.node import Step
from portline.entities.ports import Input
from portline.entities.values import NodeOutput, PipelineInput


class Places(Protocol):
    """Where a YAML's components and files are."""

    def component(self, component: Component) -> Any:
        """What stands for a component."""

    def local(self, path: Path, key: str) -> str:
        """What stands for a file or folder that is there, named under a key."""

    def job(self, content: dict[str, Any]) -> Any:
        """What stands for a job within a schedule."""


def located(value: Any, folder: Path, places: Places, key: str = "") -> Any:
    """Content with the files that it names put into their places; `folder` is where its paths begin."""
    if isinstance(value, Environment):
        return value.reference() or located(value.content, value.folder, places, key)
    if isinstance(value, Input):
        return located(value.given(), value.folder, places)
    if isinstance(value, Mapping):
        return {name: located(inner, folder, places, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [located(inner, folder, places, key) for inner in value]
    if isinstance(value, (PipelineInput, NodeOutput)):
        return binding(value)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or key not in PATH_KEYS | LIST_KEYS:
        return value
    plain = value.removeprefix("azureml:").removeprefix("file:")
    if not plain or "${{" in plain or "://" in plain or "\n" in plain:
        return value
    path = Path(os.path.normpath(folder / plain))
    if path.name.endswith(YAML_ENDS) and path.is_file():
        if key in ("component", "trial"):
            return places.component(load_component(path))
        if key == "environment":
            return located(dict(yaml.read(path)), path.parent, places)
    if path.exists() and (key != "environment" and key not in ("component", "trial")):
        return places.local(path, key)
    if key == "path" and not value.startswith("azureml:"):
        raise PortlineError(f"There is no file or folder {path}.", code="no_file")
    return value


def binding(value: PipelineInput | NodeOutput) -> str:
    """As YAML names it. Raises PortlineError for an output of a node of another pipeline."""
    if isinstance(value, PipelineInput):
        return str(value)
    return "${{parent.jobs." + f"{name_of(value.node)}.outputs.{value.port}" + "}}"


def name_of(step: Step) -> str:
    if step.name is None:
        raise PortlineError(f"{step.shown} is no part of this pipeline: make it within its function.", code="usage")
    return step.name
