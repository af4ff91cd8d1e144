"""Which environment each step of a run gets, frozen when it is submitted."""

import difflib
import json
import os
import shutil
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from django.conf import settings

from designer.graph.problems import Problem
from registry.curated import curated
from registry.models import Environment, Workspace
from registry.spec.environment import EnvironmentRef, EnvironmentSpec, reference
from registry.spec.environment_reading import environment_of
from registry.spec.faults import SpecError
from registry.spec.packages import name_of
from registry.versions import version_key
from runner.environments.uv import own_minor
from runner.services.versions import spec_of

Frozen = dict[str, Any]
Asked = str | dict[str, Any] | None


class _Unknown(ValueError):
    """An environment that cannot be had; the message is for people."""


def environments_freeze(
    workspace: Workspace, nodes: Mapping[str, tuple[int, Asked]]
) -> tuple[dict[str, Frozen], dict[str, list[Problem]]]:
    """What goes into `Step.environment`, by node, and a problem at each node whose environment cannot be had.

    `nodes` has the id of each node's component version, and the environment that the node names instead of the
    component's. Costs a query where any names an environment, and one for each that is named.
    """
    named = _Named(workspace)
    by_version: dict[int, Frozen | str] = {}
    frozen: dict[str, Frozen] = {}
    problems: dict[str, list[Problem]] = {}
    for node, (version, instead) in nodes.items():
        found = _found(instead, named) if instead else by_version.get(version)
        if found is None:
            found = by_version[version] = _found(spec_of(version).environment, named)
        if spec_of(version).spark is not None and not isinstance(found, str):
            found = _with_spark(found)
        if isinstance(found, str):
            problems[node] = [
                {"node": node, "field": "", "code": "unknown_environment", "severity": "error", "message": found}
            ]
        else:
            frozen[node] = found
    return frozen, problems


def environment_frozen(spec: EnvironmentSpec, ref: str = "") -> Frozen:
    """What a step must know of one. Where it asks for no version of Python, it is the server's own as of now."""
    fixed = spec.model_copy(update={"python": spec.python or own_minor()})
    return {
        "ref": ref,
        "python": fixed.python,
        "packages": list(fixed.packages),
        "options": list(fixed.options),
        "digest": fixed.digest,
    }


class _Named:
    """The environments of a workspace by name, looked up when the first is asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, dict[str, tuple[bool, int]]] | None = None
        self._specs: dict[int, EnvironmentSpec] = {}

    def get(self, ref: EnvironmentRef) -> tuple[str, EnvironmentSpec]:
        """An environment's `name:version` and spec; without a version the highest that is not archived."""
        if self._known is None:
            self._known = {}
            rows = Environment.objects.filter(workspace=self._workspace)
            for name, version, archived, pk in rows.values_list("name", "version", "archived_at", "pk"):
                self._known.setdefault(name, {})[version] = (archived is None, pk)
        versions = self._known.get(ref.name)
        if versions is None and (stands_in := curated(ref.name)) is not None:
            return str(ref), stands_in
        if versions is None:
            raise _Unknown(
                f"There is no environment `{ref.name}` in this workspace{_nearest(ref.name, list(self._known))}"
            )
        chosen = ref.version or max(versions, key=lambda version: (versions[version][0], version_key(version)))
        if chosen not in versions:
            highest = max(versions, key=version_key)
            raise _Unknown(f"There is no environment `{ref}` in this workspace; its highest version is {highest}.")
        pk = versions[chosen][1]
        if pk not in self._specs:
            self._specs[pk] = EnvironmentSpec.model_validate(Environment.objects.get(pk=pk).spec_data)
        return f"{ref.name}:{chosen}", self._specs[pk]


def _found(given: Asked, named: _Named) -> Frozen | str:
    """An environment, or the sentence that says why it cannot be had."""
    try:
        return _frozen(given, named)
    except _Unknown as error:
        return str(error)


def _with_spark(environment: Frozen) -> Frozen | str:
    """What a Spark step needs: Java on the machine, and pyspark, which is added where the environment lacks it."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        return "It is a Spark step, and there is no Java on this machine: install a Java runtime (17 or newer)."
    packages = environment.get("packages", [])
    if any(name_of(line) == "pyspark" for line in packages):
        return environment
    options = tuple(environment.get("options", ()))
    spec = EnvironmentSpec(python=environment.get("python", ""), packages=(*packages, "pyspark>=3.5"), options=options)
    return environment_frozen(spec, environment.get("ref", ""))


def _frozen(given: Asked, named: _Named) -> Frozen:
    ref = ""
    if isinstance(given, dict):
        try:
            spec = environment_of(given)
        except SpecError as error:  # registered before it was looked at
            raise _Unknown(f"Its environment cannot be made: {error.faults[0].message}.") from None
    else:
        try:
            asked = reference(given or "")
        except ValueError as error:
            raise _Unknown(f"Its environment: {error}.") from None
        if asked is None:
            return {}
        ref, spec = named.get(asked)
    if spec.installs:
        return environment_frozen(spec, ref)
    return _of_image(spec, ref, named)


def _of_image(spec: EnvironmentSpec, ref: str, named: _Named) -> Frozen:
    """What stands in for a container image, as there is no container engine: the settings say it."""
    subject = f"Its environment {ref}" if ref else "Its environment"
    if not spec.image:
        raise _Unknown(
            f"{subject} is built from a Dockerfile, and no container engine is configured on this server: "
            "say in a `conda_file` what it installs."
        )
    for pattern, target in settings.ENVIRONMENT_IMAGES.items():
        if fnmatchcase(spec.image, pattern):
            asked = reference(str(target))
            if asked is None:
                return {}
            found, stands_in = named.get(asked)
            if stands_in.installs:
                return environment_frozen(stands_in, found)
            raise _Unknown(
                f"{subject} is the image {spec.image}, for which the setting ENVIRONMENT_IMAGES names {found}, "
                "but that says nothing to install either."
            )
    example = json.dumps({spec.image: "local"})
    raise _Unknown(
        f"{subject} is the image {spec.image}, and no container engine is configured on this server: "
        f"say in the setting ENVIRONMENT_IMAGES what stands in for it, such as {example} "
        "or a registered environment, or give the component a `conda_file`."
    )


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"; did you mean `{near[0]}`?"
    return "; register it under Environments, or name another."
