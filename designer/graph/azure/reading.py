"""The door: a pipeline job, a pipeline component or a single job, read into a document, with all of its faults."""

import re
from dataclasses import dataclass
from typing import Any

from designer.graph.azure import control_flow as control
from designer.graph.azure.around import NamedCatalog, Nothing, Surroundings
from designer.graph.azure.context import Context, near
from designer.graph.azure.ends import read_inputs, read_job_outputs, read_ports
from designer.graph.azure.hints import hints_of
from designer.graph.azure.nodes import CONTROL, read_jobs, read_nodes
from designer.graph.azure.restoring import restore_annotations, restore_node, restore_order, restore_outputs
from designer.graph.azure.settings import read_settings
from designer.graph.azure.wires import read_wires
from designer.graph.document import Document
from designer.graph.layers import placed
from registry.spec.component import ComponentSpec
from registry.spec.document import Document as YamlDocument
from registry.spec.document import read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.reading import spec_from

SINGLE = ("command", "sweep", "parallel", "spark", "automl", "data_transfer", "import")
"""Types of jobs that are a pipeline of one step when they stand alone in a file."""


@dataclass(frozen=True)
class Read:
    """What a file became; `warnings` are what Azure ML lets pass, but a person should know."""

    document: Document
    warnings: list[Fault]


def read_pipeline(text: str, file: str, catalog: NamedCatalog, around: Surroundings | None = None) -> Document:
    """The document that a pipeline job describes. Raises SpecError with every fault found, each at its place."""
    return read_job(read_document(text, file), catalog, around or Nothing()).document


def read_job(source: YamlDocument, catalog: NamedCatalog, around: Surroundings) -> Read:
    """A pipeline job, or a single job as a pipeline of one step. Raises SpecError as `read_pipeline`."""
    data = source.data
    kind = str(data.get("type") or "").lower() if isinstance(data, dict) else ""
    if kind in SINGLE or (not kind and isinstance(data, dict) and "command" in data):
        source, data = _as_pipeline(source, kind or "command")
    elif kind != "pipeline":
        found = data.get("type") if isinstance(data, dict) else None
        hint = f", and `{found}` is none" if found else ""
        old = " (this is Azure ML's old v1.5 format)" if found == "PipelineComponent" or "component_job" in kind else ""
        near_ = near(kind, ("pipeline", *SINGLE)) if kind else ""
        raise SpecError([source.fault(("type",), f"a pipeline job begins with `type: pipeline`{hint}{old}{near_}")])
    c = Context(source, catalog, around)
    _begin(c, data)
    settings = read_settings(c, data)
    read_inputs(c, data.get("inputs"))
    c.declared = c.mapping(data.get("outputs"), ("outputs",), "`outputs`")
    if isinstance(data.get("component"), str) and "jobs" not in data:
        data = _around_component(data)
    _read(c, data, settings)
    return _result(c)


def read_pipeline_component(
    source: YamlDocument, catalog: NamedCatalog, around: Surroundings
) -> tuple[ComponentSpec, Read]:
    """A pipeline component: its spec, and the document of its jobs. Raises SpecError as `read_pipeline`."""
    inside = ("jobs", "settings", "compute")
    data = {key: value for key, value in source.data.items() if key not in inside}
    spec = spec_from(source, data)
    c = Context(source, catalog, around)
    _begin(c, source.data)
    for key in ("settings", "compute"):
        if source.data.get(key):
            c.warn((key,), f"`{key}` has no effect in a pipeline component: the pipeline that uses it says that")
    read_ports(c, spec)
    c.declared = source.data.get("outputs") or {}
    _read(c, source.data, {})
    return spec, _result(c)


def _begin(c: Context, data: dict[str, Any]) -> None:
    c.document["name"] = str(data.get("display_name") or data.get("name") or "Pipeline")[:200]
    c.document["description"] = str(data.get("description") or "")


def _read(c: Context, data: dict[str, Any], settings: dict[str, Any]) -> None:
    read_jobs(c, data.get("jobs"))
    if not c.jobs and not c.faults:
        c.warn(("jobs",), "the pipeline has no `jobs` yet")
    read_nodes(c)
    for id, kind in c.kinds.items():
        if kind == "if_else":
            control.add_branch(c, id)
    for id, kind in c.kinds.items():
        if kind in ("do_while", "parallel_for"):
            control.add_loop(c, id)
    for id in c.jobs:
        restore_node(c, id)
    for id, kind in c.kinds.items():
        if kind == "if_else":
            control.join_branch(c, id)
        elif kind not in CONTROL:
            read_wires(c, id)
        read_job_outputs(c, id)
    restore_outputs(c)
    for name in c.declared:
        if name not in c.document["outputs"] and not c.faults:
            c.warn(("outputs", name), f"no job gives the output `{name}`: it is left out")
    control.read_ends(c, settings)
    for id in c.jobs:
        restore_order(c, id)
    restore_annotations(c)
    _place(c)


def _result(c: Context) -> Read:
    if c.faults:
        raise SpecError(list(dict.fromkeys(c.faults)))
    return Read(c.document, list(dict.fromkeys(c.warnings)))


def _place(c: Context) -> None:
    """Places for the nodes, where the file says none."""
    placed_already = {id for id in c.jobs if "position" in hints_of(c.jobs[id])} | c.placed
    places = placed(c.document, [id for id in c.document["nodes"] if id not in placed_already])
    if places:
        c.apply((), {"op": "move", "positions": places})


def _as_pipeline(source: YamlDocument, kind: str) -> tuple[YamlDocument, dict[str, Any]]:
    """A single job as the one job of a pipeline, its parts where they stand in the file."""
    of_pipeline = ("$schema", "name", "experiment_name", "display_name", "description", "tags")
    job = {key: value for key, value in source.data.items() if key not in of_pipeline} | {"type": kind}
    id = _id_of(str(source.data.get("name") or source.data.get("display_name") or kind), kind)
    data = {key: source.data[key] for key in of_pipeline if key in source.data and key != "$schema"}
    data |= {"type": "pipeline", "jobs": {id: job}}
    if kind == "sweep" and isinstance(trial := job.get("trial"), dict):
        job["trial"] = {key: value for key, value in trial.items() if key != "environment_variables"}
    return source.wrapped(("jobs", id), data), data


def _around_component(data: dict[str, Any]) -> dict[str, Any]:
    """A pipeline job that runs one component: as the pipeline that has it as its only step."""
    id = "pipeline"
    inputs = {name: "${{parent.inputs." + name + "}}" for name in data.get("inputs") or {}}
    outputs = {name: "${{parent.outputs." + name + "}}" for name in data.get("outputs") or {}}
    job = {"type": "pipeline", "component": data["component"], "inputs": inputs, "outputs": outputs}
    return {**data, "jobs": {id: job}}


def _id_of(name: str, otherwise: str) -> str:
    id = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return id if id and not id[0].isdigit() else otherwise
