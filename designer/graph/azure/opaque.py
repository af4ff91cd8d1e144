"""What cannot run here, and why: a node that keeps what its file says, and that can be replaced."""

from designer.graph.azure.context import Context
from designer.graph.azure.references import Named
from registry.spec.interface import Interface
from registry.spec.reading import OLD_TYPES
from registry.spec.types import DATA_TYPES, LITERAL_TYPES

_REPLACE = "Replace it by a component that does this; its wires stay."
_KINDS = {
    "automl": "AutoML jobs choose and train models within Azure, and cannot run here.",
    "import": "Import jobs read from a connection of an Azure workspace, and cannot run here.",
    "data_transfer": "Data transfer jobs move data between stores of an Azure workspace, and cannot run here.",
    "finetuning": "Fine-tuning jobs train models within Azure, and cannot run here.",
    "flow_parallel": "Prompt flows run within Azure, and cannot run here.",
    "component_job": "This is Azure ML's old syntax (type: component_job), which cannot run; write it as a v2 job.",
}


def of_kind(kind: str) -> tuple[str, str]:
    """A kind that is not known here, and why it cannot run."""
    sentence = _KINDS.get(kind)
    if sentence is None and kind.lower() in {old.lower() for old in OLD_TYPES}:
        sentence = (
            f"This is Azure ML's old v1.5 format (type: {kind}), which cannot run here; write it as a v2 component."
        )
    return kind, sentence or f"Jobs of type `{kind}` are not known here, and cannot run."


def of_name(named: Named, hint: str) -> tuple[str, str]:
    """A component that is not registered, and why it cannot run."""
    which = f"{named.name}:{named.version}" if named.version else named.name
    place = f"of the registry `{named.registry}` " if named.registry else ""
    todo = f"{hint} Register it" if hint else ": register it"
    return "missing", f"There is no component `{which}` {place}here{todo}, or replace this step."


def made(c: Context, id: str, kind: str, sentence: str) -> Interface | None:
    """The component that stands for a job which cannot run; its ports are what the file wires."""
    from designer.graph.azure import components

    job = c.jobs[id]
    inputs = {name: {**port, "optional": True} for name, port in components.ports_in(c, id).items()}
    outputs = job.get("outputs") if isinstance(job.get("outputs"), dict) else {}
    names = dict.fromkeys((*(outputs or {}), *components.read_from(c, id)))
    name = job["component"] if isinstance(job.get("component"), str) else id
    data = {
        "name": name.removeprefix("azureml:").partition(":")[0].rpartition("/")[2].partition("@")[0] or id,
        "type": kind,
        "cannot_run": sentence if sentence.endswith("stay.") else f"{sentence} {_REPLACE}",
        "inputs": inputs,
        "outputs": {each: {"type": _output_type(c, id, each)} for each in names},
        "body": {key: value for key, value in job.items() if key not in ("inputs", "outputs")},
    }
    if kind == "missing":
        data["cannot_run"] = sentence
    return components.written(c, id, data)


def _output_type(c: Context, id: str, name: str) -> str:
    """As the file says it, or as the port is that it is wired to."""
    from designer.graph.azure import components

    outputs = c.jobs[id].get("outputs")
    value = outputs.get(name) if isinstance(outputs, dict) else None
    if isinstance(value, dict) and value.get("type") in (*DATA_TYPES, *LITERAL_TYPES):
        return str(value["type"])
    for other in c.jobs:
        for port, each in c.inputs_of(other).items():
            to = each.bound
            if to is None or to.kind != "job_output" or (c.node_name(to.job), to.name) != (id, name):
                continue
            taker = components.known(c, other)
            for input_ in taker["inputs"] if taker else ():
                if input_["name"] == port:
                    return input_["type"]
    return "uri_folder"
