"""Entities as Azure ML v2 YAML: the one writer. A job becomes `pipeline.yml` with its components, code and data beside.

Source of the format: `pipelineJob.schema.json`, `pipelineComponent.schema.json`, `commandComponent.schema.json`.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml.scalarstring import LiteralScalarString

from portline.client import yaml
from portline.client.errors import PortlineError
from portline.client.uploads import LIST_KEYS, folder_files
from portline.entities import hints
from portline.entities.component import Component
from portline.entities.control import DoWhile, ParallelFor
from portline.entities.definition import Definition
from portline.entities.job import PipelineJob, job_value
from portline.entities.loading import FileJob, load_job
from portline.entities.locating import Places, located, name_of
from portline.entities.node import Node
from portline.entities.ports import Input, is_data
from portline.entities.schedule import JobSchedule
from portline.entities.steps import compute, jobs_of
from portline.entities.values import NodeOutput, PipelineInput

SCHEMAS = "https://azuremlschemas.azureedge.net/latest"
SERVERLESS = "azureml:serverless"
"""Azure ML refuses a job without compute; this one is everywhere, and means nothing in particular here."""


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
        "jobs": jobs_of(definition, outputs, places),
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
        content["jobs"] = jobs_of(definition, promoted, places)
        said = hints.properties(content.get("properties"), hints.of_pipeline(definition, again, values=None))
        content |= {"properties": said} if said else {}
    elif component.code is not None:
        # The files that are made have their place already.
        return dict(located({**content, "code": None}, component.folder, places)) | {"code": "./code"}
    return dict(located(content, component.folder, places))


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
            again[name] = {"type": output.type, "source": name_of(source), "output": output.port}
    return found, again


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
