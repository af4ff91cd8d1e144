"""Named environments: registered once a version, never changed."""

import io
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from ruamel.yaml import YAML

from registry.models import Environment, User, Workspace
from registry.services.components import VersionStands
from registry.spec.document import read_document
from registry.spec.environment import EnvironmentSpec
from registry.spec.environment_reading import inlined, read_environment
from registry.spec.faults import SpecError
from registry.versions import next_version, version_key

SCHEMA = "https://azuremlschemas.azureedge.net/latest/environment.schema.json"
# How faults name what was typed into a form.
CONDA, PACKAGES = "conda.yml", "packages.txt"


@dataclass(frozen=True)
class RegisteredEnvironment:
    """A version, and whether it is new: registering the same content again changes nothing."""

    environment: Environment
    created: bool


def environment_from_yaml(*, workspace: Workspace, yaml: str, user: User | None) -> RegisteredEnvironment:
    """Register what Azure's environment YAML says. Raises SpecError and VersionStands."""
    return environment_register(workspace=workspace, spec=read_environment(yaml), yaml=yaml, user=user)


def environment_from_list(
    *,
    workspace: Workspace,
    user: User | None,
    name: str,
    packages: str,
    version: str = "",
    description: str = "",
    python: str = "",
    conda: bool | None = None,
) -> RegisteredEnvironment:
    """Register a list of packages, one a line, or the text of a conda file. Raises SpecError and VersionStands.

    Which of the two it is, is seen by `packages` itself where `conda` does not say it.
    """
    conda = _is_conda(packages) if conda is None else conda
    yaml = _yaml(name, packages, version, description, python, conda)
    return environment_from_yaml(workspace=workspace, yaml=yaml, user=user)


@transaction.atomic
def environment_register(
    *, workspace: Workspace, spec: EnvironmentSpec, yaml: str, user: User | None
) -> RegisteredEnvironment:
    """Register one version. Without a version it gets the next one, unless the latest is the same.

    The same content again is the version that stands, back from the archive if it was there. Raises VersionStands.
    """
    # The workspace's row is locked: two of one name at the same moment get two versions.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    standing = {found.version: found for found in Environment.objects.filter(workspace=workspace, name=spec.name)}
    if spec.version is None:
        same = standing[max(standing, key=version_key)] if standing else None
        version = next_version(list(standing))
    else:
        same, version = standing.get(spec.version), spec.version
    if same is not None and _content(same.spec_data) == _content(spec.model_dump(mode="json")):
        if same.archived_at:
            environment_restore(environment=same)
        return RegisteredEnvironment(same, False)
    if spec.version in standing:
        raise VersionStands(
            f"{spec.name}:{spec.version} is registered already with other content, and a version never changes: "
            f"raise `version`, for example to {next_version(list(standing))}."
        )
    made = Environment.objects.create(
        workspace=workspace,
        name=spec.name,
        version=version,
        description=spec.description,
        spec_data=spec.model_copy(update={"version": version}).model_dump(mode="json"),
        digest=spec.digest,
        yaml=yaml,
        created_by=user,
    )
    return RegisteredEnvironment(made, True)


def environment_archive(*, environment: Environment) -> None:
    """Take it out of lists. Components that name this version keep working."""
    environment.archived_at = timezone.now()
    environment.save(update_fields=["archived_at"])


def environment_restore(*, environment: Environment) -> None:
    environment.archived_at = None
    environment.save(update_fields=["archived_at"])


def environment_describe(*, environment: Environment, description: str) -> None:
    """Say anew what it is; what it installs never changes."""
    environment.description = description
    environment.save(update_fields=["description"])


def _yaml(name: str, packages: str, version: str, description: str, python: str, conda: bool) -> str:
    """Azure's YAML for what was typed into a form. Raises SpecError with places in the list or in the conda file."""
    given: dict[str, Any] = {"$schema": SCHEMA, "name": name}
    given |= {"version": version} if version else {}
    given |= {"description": description} if description else {}
    given |= {"python": python} if python else {}
    if packages.strip():
        given["conda_file" if conda else "pip"] = CONDA if conda else PACKAGES
    found = read_environment(_dumped(given), "environment.yml", lambda path: (packages, path))
    full = inlined(given, lambda path: (packages, path))
    if not conda and (found.python or found.packages):
        # What is Portline's own way of saying it is told in the way that Azure reads too.
        pip = [*found.options, *found.packages]
        version_of_python = f"python{_conda_versions(found.python)}" if found.python else ""
        dependencies: list[Any] = [*([version_of_python] if version_of_python else []), "pip"]
        full = {key: value for key, value in full.items() if key not in ("python", "pip")}
        full["conda_file"] = {"dependencies": [*dependencies, *([{"pip": pip}] if pip else [])]}
    return _dumped(full)


def _content(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "version"}


def _is_conda(text: str) -> bool:
    """Whether a text is a conda file rather than a list of packages."""
    try:
        data = read_document(text, CONDA).data
    except SpecError:
        # Faulty YAML: what it was meant to be, so that the faults are of that.
        return text.lstrip().startswith(("name:", "channels:", "dependencies:"))
    return isinstance(data, dict)


def _conda_versions(python: str) -> str:
    return python if python.startswith(("<", ">", "=", "!", "~")) else f"={python}"


def _dumped(data: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(data, text)
    return text.getvalue()
