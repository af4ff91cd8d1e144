"""Entities as Azure ML v2 YAML: the one writer. A job becomes `pipeline.yml` with its components, code and data beside.

Source of the format: `pipelineJob.schema.json`, `pipelineComponent.schema.json`, `commandComponent.schema.json`.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml.scalarstring import LiteralScalarString

from portline.client import yaml
from portline.client.errors import PortlineError
from portline.client.uploads import LIST_KEYS, PATH_KEYS, YAML_ENDS, folder_files
from portline.entities import hints
from portline.entities.assets import Environment
from portline.entities.component import Component
from portline.entities.control import DoWhile, IfElse, ParallelFor
from portline.entities.definition import Definition
from portline.entities.job import PipelineJob, job_value
from portline.entities.loading import FileJob, load_component, load_job
from portline.entities.node import AZURE_KEYS, Node, Step
from portline.entities.ports import Input, is_data
from portline.entities.schedule import JobSchedule
from portline.entities.sweep import is_space
from portline.entities.values import NodeOutput, PipelineInput

SCHEMAS = "https://azuremlschemas.azureedge.net/latest"
SERVERLESS = "azureml:serverless"
"""Azure ML refuses a job without compute; this one is everywhere, and means nothing in particular here."""


class Places(Protocol):
    """Where a YAML's components and files are."""

    def component(self, component: Component) -> Any:
        """What stands for a component."""

    def local(self, path: Path, key: str) -> str:
        """What stands for a file or folder that is there, named under a key."""

    def job(self, content: dict[str, Any]) -> Any:
        """What stands for a job within a schedule."""


class Inline:
    """Everything within one text: components as mappings, files by their whole paths."""

    def component(self, component: Component) -> Any:
        return f"azureml:{component.ref}" if component.ref else component_content(component, self)

    def local(self, path: Path, key: str) -> str:
        return path.as_posix()

    def job(self, content: dict[str, Any]) -> Any:
        return content


class Files:
    """A job in a temporary folder with links to what it needs: large data is not copied. Gone with this object."""

    def __init__(self, job: Any) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="portline-", ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name).resolve()
        places = Folder(self.folder, self.folder, copies=False)
        self.content = content_of(job, places)
        if isinstance(job, Component):
            places.put_code(job)


class Folder:
    """Components and files in a folder beside the YAML that names them, which lies in `at` within `root`."""

    def __init__(self, root: Path, at: Path, *, copies: bool, known: "dict[int, tuple[Component, Path]] | None" = None):
        self.root, self.at, self.copies = root, at, copies
        self._components = {} if known is None else known
        self._sources: dict[Path, Path] = {}

    def component(self, component: Component) -> Any:
        if component.ref:
            return f"azureml:{component.ref}"
        if id(component) not in self._components:
            self._components[id(component)] = (component, self._write(component))
        file = self._components[id(component)][1]
        path = Path(os.path.relpath(file, self.at)).as_posix()
        return path if path.startswith(".") else f"./{path}"

    def _write(self, component: Component) -> Path:
        folder = self._free(self.root / "components", component.name)
        folder.mkdir(parents=True)
        within = Folder(self.root, folder, copies=self.copies, known=self._components)
        content = component_content(component, within)
        within.put_code(component)
        file = folder / "component.yml"
        file.write_text(text(content), encoding="utf-8", newline="\n")
        return file

    def put_code(self, component: Component) -> None:
        """The files of a component that are made, in `code` beside its YAML."""
        for name, what in (component.code or {}).items():
            place = self.at / "code" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(what, Path):
                self._put(what, place)
            else:
                place.write_text(what, encoding="utf-8", newline="\n")

    def local(self, path: Path, key: str) -> str:
        below = self.at / ("includes" if key in LIST_KEYS else "data" if key == "path" else ".")
        name = path.resolve().name or "data"
        for place, source in self._sources.items():
            if source == path and place.parent == below:
                return f"./{place.relative_to(self.at).as_posix()}"
        place = below / name if key in LIST_KEYS else self._free(below, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._put(path, place)
        self._sources[place] = path
        return f"./{place.relative_to(self.at).as_posix()}"

    def job(self, content: dict[str, Any]) -> Any:
        (self.at / "job.yml").write_text(text(content), encoding="utf-8", newline="\n")
        return "./job.yml"

    def _free(self, folder: Path, name: str) -> Path:
        place, number = folder / name, 0
        while os.path.lexists(place):
            number += 1
            stem, dot, end = name.partition(".")
            place = folder / f"{stem}_{number}{dot}{end}"
        return place

    def _put(self, source: Path, place: Path) -> None:
        if not self.copies:
            try:
                place.symlink_to(source, target_is_directory=source.is_dir())
                return
            except OSError:
                pass  # where links are not allowed, it is copied
        if source.is_file():
            shutil.copyfile(source, place)
            return
        for file in folder_files(source):
            target = place / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def write(job: Any, folder: Path) -> Path:
    """A job into a folder as `pipeline.yml`, with copies of all that it needs; what was written before goes.

    Raises PortlineError where the folder holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise PortlineError(f"{folder} is no folder.", code="usage")
    others = [each.name for each in folder.iterdir()] if folder.exists() else []
    if others and "pipeline.yml" not in others:
        raise PortlineError(f"{folder} holds other files: write into a folder of its own.", code="usage")
    for name in ("components", "data"):
        shutil.rmtree(folder / name, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    file = folder / "pipeline.yml"
    file.write_text(text(content_of(job, Folder(folder, folder, copies=True))), encoding="utf-8", newline="\n")
    return file


def inline(entity: Any) -> dict[str, Any]:
    """An entity as one mapping."""
    return content_of(entity, Inline())


def text(content: Mapping[str, Any]) -> str:
    """As YAML; texts of several lines as blocks."""
    return yaml.dump(_styled(content))


def content_of(entity: Any, places: Places) -> dict[str, Any]:
    """What the YAML of a job, a node or a component says."""
    if isinstance(entity, Component):
        return component_content(entity, places)
    if isinstance(entity, PipelineJob):
        return job_content(entity, places)
    if isinstance(entity, Node):
        return job_content(_alone(entity), places)
    if isinstance(entity, JobSchedule):
        job = entity.create_job
        if isinstance(job, (str, os.PathLike)) and not os.fspath(job).startswith("azureml:"):
            job = load_job(entity.folder / job)
        if isinstance(job, (PipelineJob, Node, FileJob)):
            return {**entity.plain(), "create_job": places.job(content_of(job, places))}
        return {**entity.plain(), "create_job": located(job, entity.folder, places)}
    return dict(located(entity.content, entity.folder, places))


def job_content(job: PipelineJob, places: Places) -> dict[str, Any]:
    """A pipeline job. Raises PortlineError where an input that has no value needs one."""
    definition = job.definition
    values: dict[str, Any] = {}
    for name, port in definition.inputs.items():
        value = job.inputs.get(name)
        values[name] = port.get("default") if value is None else job_value(value, port)
    settings = {"default_compute": SERVERLESS} | job.settings.plain()
    settings["default_compute"] = compute(settings["default_compute"])
    outputs, again = _promoted(definition)
    said = hints.of_pipeline(definition, again, values=values)
    said |= {"settings": {"labels": job.labels}} if job.labels else {}
    data: dict[str, Any] = {
        "$schema": f"{SCHEMAS}/pipelineJob.schema.json",
        "type": "pipeline",
        "name": job.name,
        "display_name": job.display_name,
        "experiment_name": job.experiment_name,
        "description": job.description or None,
        "tags": job.tags or None,
        "identity": job.identity,
        "settings": settings,
        "inputs": {name: _job_input(values[name], port, places) for name, port in definition.inputs.items()},
        "outputs": {name: _job_output(job, name) for name in outputs.values()},
        "jobs": _jobs(definition, outputs, places),
        "properties": hints.properties(job.properties, said),
    }
    return {key: value for key, value in data.items() if value is not None and value != {}}


def component_content(component: Component, places: Places) -> dict[str, Any]:
    """A component, with the jobs of one that was written in Python."""
    kind = component.type
    schema = {"$schema": f"{SCHEMAS}/{kind}Component.schema.json"} if kind in ("command", "pipeline") else {}
    content: dict[str, Any] = schema | dict(component.content)
    definition = component.definition
    if definition is not None:
        promoted, again = _promoted(definition)
        content["jobs"] = _jobs(definition, promoted, places)
        said = hints.properties(content.get("properties"), hints.of_pipeline(definition, again, values=None))
        content |= {"properties": said} if said else {}
    elif component.code is not None:
        # The files that are made have their place already.
        return dict(located({**content, "code": None}, component.folder, places)) | {"code": "./code"}
    return dict(located(content, component.folder, places))


def located(value: Any, folder: Path, places: Places, key: str = "") -> Any:
    """Content with the files that it names put into their places; `folder` is where its paths begin."""
    if isinstance(value, Environment):
        return value.reference() or located(value.content, value.folder, places, key)
    if isinstance(value, Input):
        return located(value.given(), value.folder, places)
    if isinstance(value, Mapping):
        return {name: located(inner, folder, places, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [located(inner, folder, places, key) for inner in value]
    if isinstance(value, (PipelineInput, NodeOutput)):
        return binding(value)
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or key not in PATH_KEYS | LIST_KEYS:
        return value
    plain = value.removeprefix("azureml:").removeprefix("file:")
    if not plain or "${{" in plain or "://" in plain or "\n" in plain:
        return value
    path = Path(os.path.normpath(folder / plain))
    if path.name.endswith(YAML_ENDS) and path.is_file():
        if key in ("component", "trial"):
            return places.component(load_component(path))
        if key == "environment":
            return located(dict(yaml.read(path)), path.parent, places)
    if path.exists() and (key != "environment" and key not in ("component", "trial")):
        return places.local(path, key)
    if key == "path" and not value.startswith("azureml:"):
        raise PortlineError(f"There is no file or folder {path}.", code="no_file")
    return value


def binding(value: PipelineInput | NodeOutput) -> str:
    """As YAML names it. Raises PortlineError for an output of a node of another pipeline."""
    if isinstance(value, PipelineInput):
        return str(value)
    return "${{parent.jobs." + f"{_name(value.node)}.outputs.{value.port}" + "}}"


def compute(name: str) -> str:
    """The name of a compute target as Azure ML wants it."""
    return name if name.startswith(("${{", "azureml:", "/")) else f"azureml:{name}"


def _name(step: Step) -> str:
    if step.name is None:
        raise PortlineError(f"{step.shown} is no part of this pipeline: make it within its function.", code="usage")
    return step.name


def _alone(node: Node) -> PipelineJob:
    """A node as a pipeline of its own."""
    name = node.name or node.base_name
    definition = Definition(name, {name: node}, display_name=node.display_name or node.component.display_name)
    definition.description = node.description or node.component.description
    definition.outputs = {port: node.outputs[port] for port in node.ports_out}
    for value in node.values.values():
        if isinstance(value, (PipelineInput, NodeOutput)):
            raise PortlineError(f"{node.shown} takes {value!r}: it runs only within its pipeline.", code="usage")
    node.name = name
    return PipelineJob(definition, {}, tags=node.tags)


def _job_input(value: Any, port: Mapping[str, Any], places: Places) -> Any:
    if value is None:
        return {"type": port["type"]}
    if isinstance(value, Input):
        return located(value, value.folder, places)
    # A whole number in YAML is an integer.
    return float(value) if port["type"] == "number" else value


def _job_output(job: PipelineJob, name: str) -> dict[str, Any] | None:
    if not is_data(job.definition.outputs[name].type):
        return None  # Azure ML's jobs have no word for a value that they give
    found: dict[str, Any] = {"type": job.definition.outputs[name].type}
    if name in job.outputs:
        found |= job.outputs[name].settings()
    if description := job.definition.output_hints.get(name):
        found["description"] = description
    return found


def _promoted(definition: Definition) -> tuple[dict[tuple[int, str], str], dict[str, Any]]:
    """Output of a step -> the pipeline's output that it is; and those that are one under another name again."""
    found: dict[tuple[int, str], str] = {}
    again: dict[str, Any] = {}
    for name, output in definition.outputs.items():
        first = found.setdefault((id(output.node), output.port), name)
        if first != name:
            source = output.node.body if isinstance(output.node, (ParallelFor, DoWhile)) else output.node
            again[name] = {"type": output.type, "source": _name(source), "output": output.port}
    return found, again


def _jobs(definition: Definition, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    return {name: _job(step, promoted, places) for name, step in definition.steps.items()}


def _job(step: Step, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    if isinstance(step, Node):
        job = _node(step, promoted, places)
    elif isinstance(step, IfElse):
        job = {"type": "if_else", "condition": _value(step.condition, step, places)}
        for way, steps in step.blocks.items():
            blocks = [_whole(each) for each in steps]
            job |= {f"{way}_block": blocks[0] if len(blocks) == 1 else blocks} if blocks else {}
    elif isinstance(step, DoWhile):
        job = {"type": "do_while", "body": _whole(step.body)}
        body = _name(step.body)
        if step.condition:
            job["condition"] = "${{parent.jobs." + f"{body}.outputs.{step.condition}" + "}}"
        if step.mapping:
            mapped = {
                output: ["${{parent.jobs." + f"{body}.inputs.{each}" + "}}" for each in inputs]
                for output, inputs in step.mapping.items()
            }
            job["mapping"] = {output: each[0] if len(each) == 1 else each for output, each in mapped.items()}
        job["limits"] = {"max_iteration_count": step.max_iteration_count}
    elif isinstance(step, ParallelFor):
        job = {"type": "parallel_for", "body": _whole(step.body), "items": _value(step.items, step, places)}
        if step.max_concurrency:
            job["max_concurrency"] = step.max_concurrency
        if outputs := _outputs(step, promoted):
            job["outputs"] = outputs
    else:
        raise PortlineError(f"{step.shown} cannot be written.", code="usage")
    if step.comment:
        job["comment"] = step.comment
    given = step.properties if isinstance(step, Node) else None
    if said := hints.properties(given, hints.of_step(step)):
        job["properties"] = said
    return job


def _node(node: Node, promoted: Mapping[tuple[int, str], str], places: Places) -> dict[str, Any]:
    component = places.component(node.component)
    job: dict[str, Any] = {"type": node.type}
    job |= {"trial": component, **node.loop.plain()} if node.loop else {"component": component}
    if node.display_name:
        job["display_name"] = node.display_name
    inputs = {name: _value(value, node, places) for name, value in node.values.items()}
    if inputs:
        job["inputs"] = inputs
    if outputs := _outputs(node, promoted):
        job["outputs"] = outputs
    for key in AZURE_KEYS:
        value = getattr(node, key)
        if key == "limits" and node.loop:
            job["limits"] = {**job["limits"], **_trial(value or {})}
        elif key == "compute" and value is not None:
            job[key] = compute(str(value))
        elif value is not None and key != "properties":
            job[key] = located(value, Path.cwd(), places, key)
    return job


def _trial(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Limits of a node that became a sweep: what one trial may take."""
    return {"trial_timeout" if key == "timeout" else key: value for key, value in limits.items()}


def _outputs(step: Any, promoted: Mapping[tuple[int, str], str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for port in step.ports_out:
        output = step.outputs[port]
        name = promoted.get((id(step), port))
        settings = output.settings()
        bound = "${{parent.outputs." + name + "}}" if name else ""
        if bound and settings:
            found[port] = {"type": output.type, **settings, "path": bound}
        elif bound or settings:
            found[port] = bound or {**({"type": output.type} if is_data(output.type) else {}), **settings}
    return found


def _value(value: Any, step: Step, places: Places) -> Any:
    if isinstance(value, (PipelineInput, NodeOutput)):
        return binding(value)
    if is_space(value):
        raise PortlineError(f"{step.shown} is given {value!r}: call .sweep() to search it.", code="usage")
    if isinstance(value, Input):
        return located(value, value.folder, places)
    return value


def _whole(step: Step) -> str:
    return "${{parent.jobs." + _name(step) + "}}"


def _styled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _styled(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_styled(inner) for inner in value]
    return LiteralScalarString(value) if isinstance(value, str) and _is_block(value) else value


def _is_block(text: str) -> bool:
    """Whether a text of several lines can stand as a block."""
    lines = text.split("\n")
    return "\n" in text.strip() and text.lstrip() == text and not any(line != line.rstrip() for line in lines)
