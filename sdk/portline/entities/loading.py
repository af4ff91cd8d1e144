"""Entities from YAML files, and components from the server."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portline.client import yaml
from portline.client.errors import PortlineError
from portline.client.setting import put
from portline.entities.assets import Data, Environment, Model
from portline.entities.component import Component
from portline.entities.schedule import JobSchedule
from portline.entities.submitting import Submittable

if TYPE_CHECKING:
    from portline.client import MLClient

Place = str | os.PathLike[str]
Overrides = Sequence[Mapping[str, Any]]


def load_component(
    source: Place | None = None,
    *,
    client: "MLClient | None" = None,
    name: str | None = None,
    version: str | None = None,
    label: str | None = None,
    params_override: Overrides | None = None,
) -> Component:
    """A component from its YAML file, or with `client` and `name` one that is registered, the newest by default.

    `params_override` are changes to the YAML, as in [{"display_name": "Mine"}, {"inputs.rate.default": 0.1}].
    Raises PortlineError where there is none, or what is there is no component.
    """
    if source is not None:
        content, folder = _read(source, params_override)
        if not content.get("name"):
            content["name"] = Path(source).stem.replace("-", "_").lower()
        return Component(content, folder)
    if client is None or not name:
        raise PortlineError("Give load_component a YAML file, or a client and the name of a component.", code="usage")
    found = client.components.get(name, version, label)
    content = {key: value for key, value in found.items() if value not in (None, "", {}, [])}
    return Component(content, ref=f"{found['name']}:{found['version']}")


class FileJob(Submittable):
    """A job that is a YAML file. `content` is what it says, and may be changed before it is submitted."""

    def __init__(self, content: dict[str, Any], folder: Path) -> None:
        self.content, self.folder = content, folder

    @property
    def base_path(self) -> Path:
        """Where its paths begin."""
        return self.folder

    def _to_dict(self) -> dict[str, Any]:
        return self.content

    @property
    def type(self) -> str:
        return str(self.content.get("type") or "command")

    @property
    def jobs(self) -> dict[str, Any]:
        """The steps by name, as the file has them."""
        return dict(self.content.get("jobs") or {})

    @property
    def inputs(self) -> dict[str, Any]:
        """The values of its inputs; may be changed."""
        return self._part("inputs")

    @property
    def outputs(self) -> dict[str, Any]:
        return self._part("outputs")

    @property
    def settings(self) -> dict[str, Any]:
        return self._part("settings")

    def _part(self, key: str) -> dict[str, Any]:
        if not isinstance(self.content.get(key), dict):
            self.content[key] = {}
        found: dict[str, Any] = self.content[key]
        return found

    def __repr__(self) -> str:
        return f"<{self.type} job of {self.folder}>"


def load_job(source: Place, *, params_override: Overrides | None = None) -> FileJob:
    """The job of a YAML file. Raises PortlineError where it cannot be read."""
    return FileJob(*_read(source, params_override))


def load_data(source: Place, *, params_override: Overrides | None = None) -> Data:
    """The data asset of a YAML file. Raises PortlineError."""
    content, folder = _read(source, params_override)
    return Data(**_known(content, ("path", "name", "version", "type", "description", "tags")), folder=folder)


def load_model(source: Place, *, params_override: Overrides | None = None) -> Model:
    """The model of a YAML file. Raises PortlineError."""
    content, folder = _read(source, params_override)
    return Model(**_known(content, ("path", "name", "version", "type", "description", "tags")), folder=folder)


def load_environment(source: Place, *, params_override: Overrides | None = None) -> Environment:
    """The environment of a YAML file. Raises PortlineError."""
    content, folder = _read(source, params_override)
    keys = ("name", "version", "image", "conda_file", "build", "description", "tags")
    return Environment(**_known(content, keys), folder=folder)


def load_schedule(source: Place, *, params_override: Overrides | None = None) -> JobSchedule:
    """The schedule of a YAML file. Raises PortlineError."""
    content, folder = _read(source, params_override)
    for key in ("name", "trigger", "create_job"):
        if not content.get(key):
            raise PortlineError(f"{source}: a schedule needs `{key}`.", code="usage")
    keys = ("name", "trigger", "create_job", "display_name", "description", "tags")
    return JobSchedule(**_known(content, keys), folder=folder)


def _read(source: Place, overrides: Overrides | None) -> tuple[dict[str, Any], Path]:
    path = Path(source)
    content = yaml.read(path)
    if not isinstance(content, dict):
        raise PortlineError(f"{path} is no mapping, as the YAML of Azure ML is.", code="usage")
    for change in overrides or ():
        for place, value in change.items():
            put(content, place, value)
    return content, path.resolve().parent


def _known(content: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    if "path" in keys and not content.get("path"):
        raise PortlineError("An asset needs a `path`: a file, a folder, or an address.", code="usage")
    return {key: content[key] for key in keys if content.get(key) is not None}
