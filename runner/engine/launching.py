"""What a node says of how its step starts and of what becomes of its outputs: `Step.launch`.

`{environment_variables, distribution, instance_count, outputs}`, each only where there is something; in Azure ML's
words (`shared/azureml.md` 2.2 and 2.3). `outputs` has, by port, the data assets `{name, version}` that it is
registered as when the step has ended.
"""

from collections.abc import Callable, Mapping
from typing import Any

from registry.spec.values import text

STARTS = ("environment_variables", "distribution", "instance_count")
"""What may change what a step makes, and so is part of its reuse key."""


def filled_in(settings: Mapping[str, Any], fill: Callable[[Any, str], Any]) -> dict[str, Any]:
    """A node's settings with the bindings in those that may have some filled in, by `fill(value, setting)`."""
    found = dict(settings)
    if variables := settings.get("environment_variables"):
        values = {name: fill(value, name) for name, value in variables.items()}
        found["environment_variables"] = {name: text(value) for name, value in values.items() if value is not None}
    if distribution := settings.get("distribution"):
        found["distribution"] = {key: fill(value, "distribution") for key, value in distribution.items()}
    return found


def launch_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """How a step starts, by settings that are filled in."""
    return {key: settings[key] for key in STARTS if settings.get(key)}


def asset_of(output: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The data asset that an output's settings ask for."""
    return {"name": output["name"], "version": output.get("version")} if output and output.get("name") else None
