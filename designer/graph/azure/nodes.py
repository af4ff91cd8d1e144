"""From jobs to nodes: component, values, settings, and what is kept (`shared/azureml.md` 2.3)."""

from typing import Any

from designer.graph.azure.bindings import Given, bounds, in_own_words, whole
from designer.graph.azure.components import BODIES, component_of, is_inline
from designer.graph.azure.context import Context, near, shown
from designer.graph.azure.ends import output_settings
from designer.graph.azure.hints import hints_of
from designer.graph.azure.settings import kept_of, node_settings
from designer.graph.azure.sweep import Unsearchable, sweep
from designer.graph.document import NODE_ID
from designer.graph.finding import check
from registry.spec.interface import InputPort, Interface
from registry.spec.types import is_data
from registry.spec.values import has_binding

CONTROL = ("if_else", "do_while", "parallel_for")
"""The types of jobs that run others."""


def read_jobs(c: Context, jobs: Any) -> None:
    """Take up the jobs that can be read: their names, and of what kind they are."""
    for written, job in c.mapping(jobs, ("jobs",), "`jobs`").items():
        id = written if NODE_ID.match(written) else written.lower()
        if not NODE_ID.match(id):
            c.fault(("jobs", written), f"`{written}` is no name for a job: use small letters, digits and _")
        elif not isinstance(job, dict):
            c.fault(("jobs", written), f"a job is a mapping with a `component` and its `inputs`, not {shown(job)}")
        elif id in c.jobs:
            c.fault(("jobs", written), f"there is a job `{id}` already; capitals do not count")
        else:
            if id != written:
                c.warn(("jobs", written), f"the job `{written}` is called `{id}`: names have small letters")
            c.jobs[id], c.written_as[id] = job, written
            c.kinds[id] = str(job.get("type") or "command").lower()
            if isinstance(job.get("type"), str) and c.kinds[id] not in (job["type"], job["type"].lower()):
                c.kinds[id] = job["type"]


def read_nodes(c: Context) -> None:
    """A node for each job that runs something."""
    ids = [id for id in c.jobs if c.kinds[id] not in CONTROL]
    # Jobs without components of their own take their types from those that have them.
    for id in sorted(ids, key=lambda id: not isinstance(c.jobs[id].get("component") or c.jobs[id].get("trial"), str)):
        interface = component_of(c, id)
        if interface is not None:
            c.interfaces[id] = interface
    for id in ids:
        if id in c.interfaces:
            _node(c, id, c.interfaces[id])


def shown_as(job: dict[str, Any], title: str) -> dict[str, Any]:
    """What people see of a node, and where."""
    position = hints_of(job).get("position")
    x, y = position if isinstance(position, list) and len(position) == 2 else (0, 0)
    return {
        "title": str(job.get("display_name") or hints_of(job).get("title") or title)[:200],
        "comment": str(job.get("comment") or hints_of(job).get("comment") or ""),
        "x": x,
        "y": y,
    }


def _node(c: Context, id: str, interface: Interface) -> None:
    job, kind = c.jobs[id], c.kinds[id]
    inline = is_inline(job, kind)
    params, exposed = _parameters(c, id, interface)
    node = {
        "id": id,
        "component": interface["ref"],
        **shown_as(job, id if inline else interface["title"]),
        "params": params,
        "exposed": exposed,
        "settings": node_settings(c, id, sweep=kind == "sweep", inline=inline),
        "outputs": _outputs(c, id, interface),
        "kept": {}
        if "cannot_run" in interface
        else kept_of(c, id, BODIES.get(kind, ()) if inline else (), sweep=kind == "sweep"),
    }
    for key in BODIES.get(kind, ()) if not inline else ():
        if job.get(key) is not None and "cannot_run" not in interface:
            c.warn(c.place(id, key), f"`{key}` has no effect beside a `component`: what that says of it counts")
    if kind == "sweep" and "cannot_run" not in interface:
        try:
            node["loop"] = sweep(c, id)
        except Unsearchable as error:
            c.fault(c.place(id, *error.path), str(error))
    c.apply(c.place(id), {"op": "add_node", "node": node})


def _parameters(c: Context, id: str, interface: Interface) -> tuple[dict[str, Any], list[str]]:
    """The literal inputs that have values, and those that other jobs give."""
    ports = {port["name"]: port for port in interface["inputs"]}
    params: dict[str, Any] = {}
    exposed: list[str] = []
    for name, each in c.inputs_of(id).items():
        place = c.place(id, "inputs", name)
        if name not in ports:
            otherwise = f"; its inputs are {', '.join(ports)}" if ports else ""
            c.fault(place, f"`{interface['name']}` has no input `{name}`{near(name, ports, otherwise)}")
        elif is_data(ports[name]["type"]) or each.nothing:
            continue
        elif each.bound and each.bound.kind == "job_output":
            exposed.append(name)
        elif (value := _value(c, id, ports[name], each)) is not None:
            params[name] = value
    return params, exposed


def _value(c: Context, id: str, port: InputPort, each: Given) -> Any:
    """The literal of a parameter, as far as Azure ML would read it so."""
    place = c.place(id, "inputs", port["name"])
    if each.bound is not None:
        return in_own_words("${{" + each.bound.expression + "}}")
    if each.path is not None:
        if bounds(each.path):
            return in_own_words(each.path)
        c.fault(place, f"`{port['name']}` takes a value of type {port['type']}, but is given data")
        return None
    value = in_own_words(each.literal)
    if not isinstance(value, str | int | float | bool):
        c.fault(place, f"an input is one value, and this is {shown(value)}: write lists as JSON in quotes")
        return None
    if port["type"] == "integer" and not has_binding(value) and not isinstance(value, bool):
        try:
            cut = int(float(value))
        except (ValueError, OverflowError):
            return value
        if cut != float(value):
            c.warn(place, f"`{port['name']}` is a whole number: {value} is cut to {cut}, as Azure ML does it")
            return cut
    if not has_binding(value) and (fault := check(port, value)):
        c.warn(place, fault)
    return value


def _outputs(c: Context, id: str, interface: Interface) -> dict[str, dict[str, str]]:
    """What becomes of the outputs: those that say something of it."""
    known = {port["name"] for port in interface["outputs"]}
    found = {}
    for name, value in c.mapping(c.jobs[id].get("outputs"), c.place(id, "outputs"), "`outputs`").items():
        place = c.place(id, "outputs", name)
        if name not in known:
            c.fault(place, f"`{interface['name']}` has no output `{name}`{near(name, known)}")
        elif settings := output_settings(value):
            if (bound := whole(value)) and bound.kind == "output":
                settings.pop("path", None)
            found[name] = settings
    return {name: settings for name, settings in found.items() if settings}
