"""What exported steps need installed: named environments and the server's own, as images or lists of packages."""

import platform
from functools import cache
from importlib.metadata import version
from typing import Any

from designer.graph.export.flat import Environment as Exported
from registry.models import Environment, Workspace
from registry.spec.environment import EnvironmentSpec, reference
from registry.spec.environment_reading import environment_of
from registry.spec.faults import SpecError
from registry.versions import version_key

# What steps may import without an environment of their own, and what the built-in components import besides.
_OWN = (
    "duckdb",
    "markdown-it-py",
    "matplotlib",
    "mlflow-skinny",
    "pandas",
    "pillow",
    "polars",
    "pyarrow",
    "ruamel.yaml",
    "PyYAML",
    "scikit-learn",
)


class ExportedEnvironments:
    """Finds environments of a workspace; asks for each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._found: dict[str, Exported] = {}

    def __call__(self, given: str | dict[str, Any] | None) -> Exported:
        """The environment that a component or a node names. Raises ValueError with a sentence."""
        key = repr(given)
        if key not in self._found:
            self._found[key] = self._find(given)
        return self._found[key]

    def _find(self, given: str | dict[str, Any] | None) -> Exported:
        if isinstance(given, dict):
            try:
                return _exported(environment_of(given))
            except SpecError as error:
                raise ValueError(f"its environment cannot be read: {error.faults[0].message}.") from None
        named = reference(given or "")
        if named is None:
            return own()
        versions = {row.version: row for row in Environment.objects.filter(workspace=self._workspace, name=named.name)}
        standing = [name for name, row in versions.items() if row.archived_at is None]
        chosen = named.version or max(standing, key=version_key, default="")
        if chosen not in versions:
            raise ValueError(f"there is no environment `{named}` in this workspace.")
        return _exported(EnvironmentSpec.model_validate(versions[chosen].spec_data))


@cache
def own() -> Exported:
    """What the server itself runs steps with, in its own versions."""
    minor = ".".join(platform.python_version_tuple()[:2])
    return Exported(python=minor, packages=tuple(f"{name}=={version(name)}" for name in _OWN))


def _exported(spec: EnvironmentSpec) -> Exported:
    """An image counts where nothing says what to install, as for steps that run here."""
    if not spec.installs and not spec.image:
        raise ValueError("its environment is built from a Dockerfile: say in a `conda_file` what it installs.")
    image = "" if spec.installs else spec.image
    return Exported(image, spec.python, spec.packages, spec.options)
