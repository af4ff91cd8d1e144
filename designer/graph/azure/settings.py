"""How a pipeline and its steps are treated: `settings`, `limits`, `resources`, and what nothing here acts on."""

from typing import Any

from designer.graph.azure.bindings import bounds, in_own_words
from designer.graph.azure.context import Context, near
from designer.graph.azure.hints import HINTS, hints_of
from registry.spec.document import Path

_OF_PIPELINE = ("continue_on_step_failure", "force_rerun")
_OF_DOCUMENT = ("$schema", "type", "display_name", "description", "settings", "inputs", "outputs", "jobs", "component")
_KNOWN = (
    "name", "experiment_name", "tags", "properties", "compute", "identity", "services", "creation_context", "id",
    "status", "log_files", "parent_job_name", "resource_group", "notification_settings", "queue_settings",
)  # fmt: skip
"""Keys of a pipeline job that nothing here acts on but as what a run is called."""
_OF_NODE = (
    "$schema", "type", "component", "trial", "inputs", "outputs", "display_name", "comment", "environment",
    "environment_variables", "distribution", "limits", "resources", "properties",
)  # fmt: skip
SERVERLESS = "serverless"
ENDS = ("on_init", "on_finalize")


def read_settings(c: Context, data: dict[str, Any]) -> dict[str, Any]:
    """The settings of a pipeline job; answers them as the file has them."""
    settings = c.mapping(data.get("settings"), ("settings",), "`settings`")
    given = {key: settings[key] for key in _OF_PIPELINE if settings.get(key) is not None}
    where: Path = ("settings", "default_compute") if settings.get("default_compute") else ("compute",)
    if name := _target(c, where, settings.get("default_compute") or data.get("compute")):
        given["compute"] = name
    kept = {key: value for key, value in data.items() if key not in _OF_DOCUMENT and value is not None}
    for key in kept:
        if key not in _KNOWN:
            c.warn((key,), f"a pipeline job has no key `{key}`{near(key, (*_OF_DOCUMENT, *_KNOWN))}")
    properties = {key: value for key, value in (kept.pop("properties", None) or {}).items() if key != HINTS}
    kept |= {"properties": properties} if properties else {}
    rest = {key: value for key, value in settings.items() if key not in (*_OF_PIPELINE, *ENDS)}
    if rest.get("default_compute") == f"azureml:{SERVERLESS}":
        del rest["default_compute"]  # it means nothing in particular, and is written where nothing is said
    kept |= {"settings": rest} if rest else {}
    hints = hints_of(data)
    own = hints["settings"] if isinstance(hints.get("settings"), dict) else {}
    changes: dict[str, Any] = {"settings": {**own, **given}}
    changes |= {"kept": kept} if kept else {}
    c.apply(("settings",), {"op": "update_pipeline", "changes": changes})
    for key in rest:
        hint = near(key, (*_OF_PIPELINE, *ENDS, "default_compute", "default_datastore"))
        if key not in ("default_compute", "default_datastore", "_azureml"):
            c.warn(("settings", key), f"the setting `{key}` has no effect{hint}")
    return settings


def node_settings(c: Context, id: str, *, sweep: bool, inline: bool) -> dict[str, Any]:
    """How a step is treated, by what its job says; what is no part of that is left to `kept_of`."""
    job, hints = c.jobs[id], hints_of(c.jobs[id])
    found = dict(hints["settings"]) if isinstance(hints.get("settings"), dict) else {}
    limits = c.mapping(job.get("limits"), c.place(id, "limits"), "`limits`")
    timeout = limits.get("trial_timeout" if sweep else "timeout")
    if isinstance(timeout, int | float) and timeout > 0:
        found["timeout"] = timeout
    if job.get("environment") is not None and not inline:
        try:
            found["environment"] = c.around.environment(c.source, c.place(id, "environment"))
        except ValueError as error:
            c.failed(c.place(id, "environment"), error)
    variables = c.mapping(job.get("environment_variables"), c.place(id, "environment_variables"), "it")
    if variables:
        found["environment_variables"] = {
            str(key): str(in_own_words(value)) for key, value in variables.items() if value is not None
        }
    distribution = c.mapping(job.get("distribution"), c.place(id, "distribution"), "`distribution`")
    if distribution:
        type_ = str(distribution.get("type") or "").lower()
        found["distribution"] = {**distribution, "type": type_ or distribution.get("type")}
    if (count := _count(c, id)) is not None:
        found["instance_count"] = count
    if name := _target(c, c.place(id, "compute"), job.get("compute")):
        found["compute"] = name
    return found


def _target(c: Context, place: Path, compute: Any) -> str | None:
    """The compute target that is named, where there is one; where not, the default takes its steps, which is told."""
    name = compute.removeprefix("azureml:").removeprefix("/").rpartition("/")[2] if isinstance(compute, str) else ""
    if name and c.around.compute_named(name):
        return name
    if name and not bounds(compute) and name.lower() not in (SERVERLESS, "local") and name not in c.computes_missed:
        c.computes_missed.add(name)
        c.warn(
            place,
            f"there is no compute target `{name}` here: what is for it runs where this workspace runs all else; "
            "make a target of that name to change this, or choose another in the designer",
        )
    return None


def kept_of(c: Context, id: str, body: tuple[str, ...], *, sweep: bool) -> dict[str, Any]:
    """What a job says that nothing here acts on. `body` are the keys that are its component's."""
    job = c.jobs[id]
    kept = {key: value for key, value in job.items() if key not in (*_OF_NODE, *body) and value is not None}
    resources = _dict(job, "resources")
    acted = ("instance_count",) if _count(c, id, quiet=True) is not None else ()
    if rest := {key: value for key, value in resources.items() if key not in acted}:
        kept["resources"] = rest
    timeouts = ("trial_timeout", "max_total_trials", "max_concurrent_trials") if sweep else ("timeout",)
    limits = _dict(job, "limits")
    if rest := {key: value for key, value in limits.items() if key not in timeouts and value is not None}:
        kept["limits"] = rest
    properties = _dict(job, "properties")
    if rest := {key: value for key, value in properties.items() if key != HINTS}:
        kept["properties"] = rest
    if inputs := {name: each.rest for name, each in c.inputs_of(id).items() if each.rest}:
        kept["inputs"] = inputs
    return kept


def _dict(job: dict[str, Any], key: str) -> dict[str, Any]:
    found = job.get(key)
    return found if isinstance(found, dict) else {}


def _count(c: Context, id: str, *, quiet: bool = False) -> int | None:
    """How many machines a step is for, where that is known before a run."""
    resources = c.jobs[id].get("resources")
    count = resources.get("instance_count") if isinstance(resources, dict) else None
    bound = bounds(count)
    if bound and bound[0].kind == "input" and bound[0].name in c.document["inputs"]:
        count = c.document["inputs"][bound[0].name].get("default")
    try:
        number = int(float(count)) if count is not None else None
    except (TypeError, ValueError):
        number = None
        if not quiet:
            c.warn(
                c.place(id, "resources", "instance_count"), f"`instance_count` is a number, not `{count}`: it is 1 here"
            )
    return number if number and 1 <= number <= 1000 else None
