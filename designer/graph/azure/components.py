"""The component of each job: registered, in a file beside, or written into the job itself (`shared/azureml.md` 2.3)."""

from collections.abc import Mapping
from typing import Any

from designer.graph.azure import opaque
from designer.graph.azure.around import CannotRun
from designer.graph.azure.bindings import Given
from designer.graph.azure.context import Context, near, shown
from designer.graph.azure.data import asset_of
from designer.graph.azure.ends import LITERALS
from designer.graph.azure.references import Beside, Named, reference
from designer.graph.azure.sweep import is_nested
from registry.spec.document import Path
from registry.spec.interface import Interface
from registry.spec.types import DATA_TYPES, LITERAL_TYPES

_CODE = ("code", "additional_includes")
BODIES: dict[str, tuple[str, ...]] = {
    "command": (*_CODE, "command"),
    "parallel": (
        "task", "input_data", "mini_batch_size", "partition_keys", "max_concurrency_per_instance", "error_threshold",
        "mini_batch_error_threshold", "retry_settings", "logging_level",
    ),
    "spark": (*_CODE, "entry", "py_files", "jars", "files", "archives", "conf", "args"),
}  # fmt: skip
"""Kind of job -> the keys of it that are its component's where it has no `component`."""
_HEART = {"command": "command", "parallel": "task", "spark": "entry", "pipeline": "jobs"}


def is_inline(job: Mapping[str, Any], kind: str) -> bool:
    """Whether a job is written out where it stands, without a component of its own."""
    return kind in _HEART and "component" not in job and job.get(_HEART[kind]) is not None


def known(c: Context, id: str) -> Interface | None:
    """The component of a job where it is registered, or read already."""
    if id in c.interfaces:
        return c.interfaces[id]
    job = c.jobs.get(id, {})
    text = job.get("component") or job.get("trial")
    found = reference(text) if isinstance(text, str) else None
    return _registered(c, found) if isinstance(found, Named) else None


def component_of(c: Context, id: str) -> Interface | None:
    """The component that a job runs; None where there is a fault."""
    job, kind = c.jobs[id], c.kinds[id]
    key = "trial" if kind == "sweep" else "component"
    value = job.get(key)
    if kind not in (*_HEART, "sweep"):
        return opaque.made(c, id, *opaque.of_kind(kind))
    if kind == "sweep" and is_nested(job.get("search_space")):
        return opaque.made(c, id, "sweep", "Choices that have search spaces of their own cannot be tried here.")
    if isinstance(value, str):
        return _referred(c, id, c.place(id, key), value)
    if kind == "sweep" and isinstance(value, dict):
        return _trial(c, id, value)
    if is_inline(job, kind):
        return _inline(c, id, kind)
    if value is not None:
        c.fault(
            c.place(id, key),
            f"name a component here, as in `azureml:split_data@latest` or `./split.yml`, not {shown(value)}",
        )
    elif kind == "sweep":
        c.fault(c.place(id), "a sweep says in `trial` what it tries: a component, or a command of its own")
    else:
        c.fault(c.place(id), f"a {kind} job names a `component`, or has a `{_HEART[kind]}` of its own")
    return None


def _referred(c: Context, id: str, place: Path, text: str) -> Interface | None:
    found = reference(text)
    try:
        if isinstance(found, Beside):
            return c.around.component(found.path)
        if not isinstance(found, Named):
            c.fault(place, f"`{text}` is no component: name one as in `azureml:split_data@latest` or `./split.yml`")
            return None
        here = _registered(c, found)
        if here is None and not found.registry:
            here = c.around.component_named(found.name)
        if here is not None:
            return here
        return opaque.made(c, id, *opaque.of_name(found, near(found.name, c.catalog.names())))
    except CannotRun as cannot:
        return opaque.made(c, id, cannot.kind, cannot.sentence)
    except ValueError as error:
        c.failed(place, error)
        return None


def _registered(c: Context, named: Named) -> Interface | None:
    return c.catalog.latest(named.name) if named.newest else c.catalog.interface(f"{named.name}:{named.version}")


def _inline(c: Context, id: str, kind: str) -> Interface | None:
    job = c.jobs[id]
    data: dict[str, Any] = {"name": id, "type": kind}
    if kind == "pipeline":
        data |= {key: value for key, value in job.items() if key in ("inputs", "outputs", "jobs", "display_name")}
    else:
        keys = (*BODIES[kind], "environment") if kind != "parallel" else BODIES[kind]
        data |= {key: job[key] for key in keys if job.get(key) is not None}
        data["inputs"] = ports_in(c, id)
        data["outputs"] = ports_out(c, id)
    return written(c, id, data)


def _trial(c: Context, id: str, trial: dict[str, Any]) -> Interface | None:
    """A trial that is written out: its inputs are those of the sweep and what is searched."""
    data = {key: value for key, value in trial.items() if key not in ("resources", "distribution")}
    data = {"name": id, "type": "command"} | data
    if isinstance(data.get("command"), str):
        data["command"] = data["command"].replace("${{search_space.", "${{inputs.")
    spaces = c.jobs[id].get("search_space")
    searched = {name: {"type": _searched(space)} for name, space in spaces.items()} if isinstance(spaces, dict) else {}
    declared = data.get("inputs")
    data["inputs"] = {**ports_in(c, id), **searched, **(declared if isinstance(declared, dict) else {})}
    data["outputs"] = data.get("outputs") or ports_out(c, id)
    return written(c, id, data, "trial")


def written(c: Context, id: str, data: dict[str, Any], *within: str) -> Interface | None:
    """What a component that stands in the file itself becomes; its parts have their places in the file."""
    place = c.place(id, *within)
    source = c.source.within(place)
    source.data = data
    try:
        return c.around.written(source)
    except CannotRun as cannot:
        return opaque.made(c, id, cannot.kind, cannot.sentence)
    except ValueError as error:
        c.failed(c.place(id, "component") if "component" in c.jobs[id] else place, error)
        return None


def ports_in(c: Context, id: str) -> dict[str, dict[str, Any]]:
    """The inputs of a job that says no types, typed by what they are given."""
    ports: dict[str, dict[str, Any]] = {}
    for name, each in c.inputs_of(id).items():
        ports[name] = {"type": given_type(c, c.place(id, "inputs", name), each)}
        if each.nothing:
            ports[name]["optional"] = True
    return ports


def ports_out(c: Context, id: str) -> dict[str, dict[str, Any]]:
    """The outputs of a job that says no types; one that is read by another job is there too."""
    outputs = c.jobs[id].get("outputs")
    names = list(outputs) if isinstance(outputs, dict) else []
    names += [name for name in read_from(c, id) if name == "artifacts" and name not in names]
    return {name: {"type": output_type(c, id, name)} for name in names}


def given_type(c: Context, place: Path, each: Given) -> str:
    """The type of what an input gets."""
    if each.type == "path":
        return "uri_folder"
    if each.type in (*DATA_TYPES, *LITERAL_TYPES) and each.path is None:
        return each.type
    if each.bound is not None:
        bound = each.bound
        if bound.kind == "input":
            return str(c.document["inputs"].get(bound.name, {}).get("type", "string"))
        return output_type(c, c.node_name(bound.job), bound.name) if bound.kind == "job_output" else "string"
    if each.path is not None:
        if each.type in LITERAL_TYPES:
            return each.type
        asset = asset_of(c, place, each.path, each.type)
        return asset.type if asset else each.type or "uri_folder"
    return LITERALS.get(type(each.literal), "string")


def output_type(c: Context, id: str, name: str) -> str:
    """The type of a job's output: of its component's port, as the job says it, or as the pipeline's output has it."""
    if id in c.interfaces:
        return next((port["type"] for port in c.interfaces[id]["outputs"] if port["name"] == name), "uri_folder")
    job = c.jobs.get(id, {})
    outputs = job.get("outputs")
    value = outputs.get(name) if isinstance(outputs, dict) else None
    if isinstance(value, dict) and value.get("type"):
        return "uri_folder" if value["type"] == "path" else str(value["type"]).lower()
    return "uri_folder"


def read_from(c: Context, id: str) -> list[str]:
    """The outputs of a job that other jobs take."""
    found: dict[str, None] = {}
    for other in c.jobs:
        for each in c.inputs_of(other).values():
            if each.bound and each.bound.kind == "job_output" and c.node_name(each.bound.job) == id:
                found[each.bound.name] = None
    return list(found)


def _searched(space: Any) -> str:
    kind = str(space.get("type") or "").lower() if isinstance(space, dict) else ""
    values = space.get("values") if isinstance(space, dict) else None
    if kind == "choice" and isinstance(values, list) and values:
        types = {LITERALS.get(type(value), "string") for value in values}
        return types.pop() if len(types) == 1 else "number" if types == {"integer", "number"} else "string"
    return "integer" if kind == "randint" else "number"
