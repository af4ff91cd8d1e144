"""Data, models and environments: what is registered beside components."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portline.entities.ports import Input, checked_type


class _Asset:
    """What the YAML of an asset says, with the folder that its paths begin in."""

    def __init__(self, content: Mapping[str, Any], folder: Path | None = None) -> None:
        self.content = {key: value for key, value in content.items() if value is not None}
        self.folder = folder or Path.cwd()

    @property
    def name(self) -> str | None:
        return self.content.get("name")

    @property
    def version(self) -> str | None:
        version = self.content.get("version")
        return None if version is None else str(version)

    @property
    def base_path(self) -> Path:
        """Where paths in it begin."""
        return self.folder

    def _to_dict(self) -> dict[str, Any]:
        from portline.entities.locating import located
        from portline.entities.yaml import Inline

        return dict(located(self.content, self.folder, Inline()))

    def __str__(self) -> str:
        from portline.entities.yaml import text

        return text(self._to_dict())


class _Files(_Asset):
    def __init__(
        self,
        *,
        path: str | os.PathLike[str],
        name: str | None = None,
        version: str | None = None,
        type: str | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        type_ = checked_type(type or self.default_type)
        asset = {"name": name, "version": version, "type": type_, "description": description}
        super().__init__({**asset, "path": os.fspath(path), "tags": dict(tags) if tags else None}, folder)

    default_type = "uri_folder"

    @property
    def type(self) -> str:
        return str(self.content["type"])

    @property
    def path(self) -> str:
        return str(self.content["path"])

    def as_input(self) -> Input:
        """To be given to a node: what is registered under its name and version, or the files themselves."""
        if self.name and self.version:
            return Input(type=self.type, path=f"azureml:{self.name}:{self.version}")
        made = Input(type=self.type, path=self.path)
        made.folder = self.folder
        return made


class Data(_Files):
    """A data asset. `path` is a file, a folder or an address. Raises PortlineError for an unknown type."""


class Model(_Files):
    """A model. `path` is a file or a folder, or an output of a job."""

    default_type = "custom_model"


class Environment(_Asset):
    """What a step needs installed: a conda file (a path or its content), or an image that has all.

    Where only `name` is given, with a version or not, it is the registered environment of that name.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        version: str | None = None,
        image: str | None = None,
        conda_file: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        build: Mapping[str, Any] | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        conda = os.fspath(conda_file) if isinstance(conda_file, os.PathLike) else conda_file
        content = {"name": name, "version": version, "image": image, "conda_file": conda, "build": build}
        super().__init__({**content, "description": description, "tags": dict(tags) if tags else None}, folder)

    def reference(self) -> str:
        """How a step names it where it is registered; empty where it is written out."""
        if not self.name or any(self.content.get(key) for key in ("image", "conda_file", "build")):
            return ""
        return f"azureml:{self.name}" + (f":{self.version}" if self.version else "@latest")
