"""What a step's code needs installed: a version of Python and a list of packages, as Azure ML's environments say it.

Source of the format: Azure ML's `environment.schema.json` (`shared/azureml.md` 2.2 and 2.10). An `image` or a `build`
is kept; what is installed comes from the conda file, as packages of the Python Package Index.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from registry.spec.component import VERSION

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,254}$")
# Raise it when what is made from the same list changes, so that nothing is mistaken for it.
DIGEST_VERSION = 1
# Names of what the server itself runs with.
OWN = ("local", "portline-default")
_REGISTRY = re.compile(r"//registries/[^/]+/environments/(?P<name>[^/]+)/(?P<kind>versions|labels)/(?P<which>[^/]+)$")
_RESOURCE = re.compile(r"/subscriptions/.+/environments/(?P<name>[^/]+)/(?P<kind>versions|labels)/(?P<which>[^/]+)$")


class EnvironmentSpec(BaseModel):
    """One environment. `packages` and `options` are normalised lines of a pip list (`registry.spec.packages`).

    `python` is a version (3.11 means any 3.11.x), a range, or empty for the server's own. `notes` say what of the
    author's file has no effect here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    version: str | None = None
    description: str = ""
    tags: dict[str, str] = {}
    python: str = ""
    packages: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    image: str = ""
    build: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        if name and not NAME.match(name):
            raise ValueError("may hold letters, digits, dots, - and _, and begins with a letter or a digit")
        if name in OWN:
            raise ValueError(f"`{name}` is what the server itself runs with; choose another name")
        return name

    @field_validator("version")
    @classmethod
    def _version(cls, version: str | None) -> str | None:
        if version is not None and not VERSION.match(version):
            raise ValueError("may hold letters, digits, dots, - and _, at most 64 of them")
        return version

    @property
    def installs(self) -> bool:
        """Whether it says what to install; one of an image or a build alone does not."""
        return bool(self.python or self.packages)

    @property
    def digest(self) -> str:
        """SHA-256 over what it installs, in any order: names, descriptions and images do not count."""
        counted = [DIGEST_VERSION, self.python, sorted(self.packages), list(self.options)]
        return hashlib.sha256(json.dumps(counted, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class EnvironmentRef:
    """A named environment; without a version the newest one."""

    name: str
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.name}:{self.version}" if self.version else self.name


def reference(text: str) -> EnvironmentRef | None:
    """Read `azureml:name:version`, `azureml:name@latest`, `name:version` or Azure's long forms; None: the server's own.

    Raises ValueError with a sentence.
    """
    bare = text.strip().removeprefix("azureml:").strip()
    found = _REGISTRY.search(bare) or _RESOURCE.search(bare)
    if found:
        name, version = found["name"], found["which"]
        label = version if found["kind"] == "labels" else ""
    elif "@" in bare:
        name, _, label = bare.partition("@")
        version = ""
    else:
        name, _, version = bare.partition(":")
        label = ""
    if bare in ("", *OWN) or name in OWN:
        return None
    if not NAME.match(name) or (version and not VERSION.match(version)):
        raise ValueError(f"`{text}` does not name an environment; write `name:version` or `azureml:name@latest`")
    if label and label not in ("latest", "default"):
        raise ValueError(f"the label `{label}` of `{name}` is not known; name a version, or `@latest`")
    return EnvironmentRef(name, None if label else version or None)
