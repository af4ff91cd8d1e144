"""A pipeline written as an Azure ML v2 pipeline job, read into a document.

Source of the format: `pipelineJob.schema.json` (`shared/azureml.md` 2.3). Read here: nodes of registered components,
their bindings and literals, pipeline inputs and settings. Positions lie under `properties.portline.position`, which
Azure keeps and ignores.
"""

import difflib
import re
from typing import Any, Protocol

from designer.graph.document import INPUTS, NODE_ID, Catalog, Document, empty
from designer.graph.draft import apply_batch
from designer.graph.operations import Refused
from registry.spec.document import Document as YamlDocument
from registry.spec.document import Path, read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.interface import Interface
from registry.spec.types import is_data
from registry.spec.values import BINDING

_JOB_OUTPUT = re.compile(r"parent\.jobs\.(\w+)\.outputs\.(\w+)")
_COMPONENT = re.compile(r"azureml:([a-z][a-z\d_]*)(?::([^@]+)|@(latest))?")
COLUMN, ROW = 320, 144
_LITERAL_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


class NamedCatalog(Catalog, Protocol):
    """A catalog that also knows the newest version of a name."""

    def latest(self, name: str) -> Interface | None:
        """The interface of a component's latest version, or None if there is no such component."""

    def names(self) -> list[str]:
        """All component names, to suggest the nearest."""


def read_pipeline(text: str, file: str, catalog: NamedCatalog) -> Document:
    """The document that a pipeline job describes. Raises SpecError with every fault found, each at its place."""
    reader = _Reader(read_document(text, file), catalog)
    document = reader.document()
    if reader.faults:
        raise SpecError(reader.faults)
    return document


class _Reader:
    """Reads one file; what is wrong is collected in `faults`."""

    def __init__(self, source: YamlDocument, catalog: NamedCatalog) -> None:
        self.source = source
        self.catalog = catalog
        self.faults: list[Fault] = []
        self._document: Document = empty("Pipeline")

    def document(self) -> Document:
        data = self.source.data
        if not isinstance(data, dict) or data.get("type") != "pipeline":
            self._fault(("type",), "a pipeline job begins with `type: pipeline`")
            return self._document
        self._document = empty(str(data.get("display_name") or data.get("name") or "Pipeline"))
        self._document["description"] = str(data.get("description") or "")
        settings = data.get("settings") or {}
        kept = {key: settings[key] for key in ("continue_on_step_failure", "force_rerun") if key in settings}
        self._apply(("settings",), {"op": "update_pipeline", "changes": {"settings": kept}})
        for name, value in (data.get("inputs") or {}).items():
            self._apply(("inputs", name), {"op": "set_input", "name": name, "input": self._input(value)})
        jobs = data.get("jobs") or {}
        for index, (id, job) in enumerate(jobs.items()):
            self._node(id, job, index)
        for id, job in jobs.items():
            self._wires(id, job, jobs)
        return self._document

    def _input(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            if "value" in value:
                return self._input(value["value"])
            path = str(value.get("path") or "")
            default = {"asset": path.removeprefix("azureml:")} if path.startswith("azureml:") else None
            return {"type": value.get("type", "uri_folder"), "default": default}
        return {"type": _LITERAL_TYPES.get(type(value), "string"), "default": value}

    def _node(self, id: str, job: Any, index: int) -> None:
        place: Path = ("jobs", id)
        if not NODE_ID.match(id):
            self._fault(place, f"`{id}` is no name for a job: use small letters, digits and _")
            return
        component = self._component((*place, "component"), job.get("component") if isinstance(job, dict) else None)
        if component is None:
            return
        ports = {port["name"]: port for port in component["inputs"]}
        params = {}
        for name, value in (job.get("inputs") or {}).items():
            if name not in ports:
                near = difflib.get_close_matches(name, ports, n=1)
                hint = f"; did you mean `{near[0]}`?" if near else f"; its inputs are {', '.join(ports)}"
                self._fault((*place, "inputs", name), f"`{component['name']}` has no input `{name}`{hint}")
            elif not is_data(ports[name]["type"]) and not _names_a_job(value):
                params[name] = value["path"] if isinstance(value, dict) and "path" in value else value
        hints = (job.get("properties") or {}).get("portline") or {}
        x, y = hints.get("position") or (COLUMN * (index % 4), ROW * (index // 4))
        exposed = [
            name for name, value in (job.get("inputs") or {}).items()
            if name in ports and not is_data(ports[name]["type"]) and _names_a_job(value)
        ]  # fmt: skip
        node = {
            "id": id,
            "component": component["ref"],
            "title": str(job.get("display_name") or component["title"]),
            "x": x,
            "y": y,
            "params": params,
            "exposed": exposed,
            "comment": str(job.get("comment") or ""),
            "settings": (hints.get("settings") or {}) | (job.get("limits") or {}),
        }
        self._apply(place, {"op": "add_node", "node": node})

    def _component(self, place: Path, reference: Any) -> Interface | None:
        match = _COMPONENT.fullmatch(reference) if isinstance(reference, str) else None
        if match is None:
            self._fault(place, "name a registered component here, as in `azureml:split_data@latest`")
            return None
        name, version = match[1], match[2]
        found = self.catalog.interface(f"{name}:{version}") if version else self.catalog.latest(name)
        if found is None:
            near = difflib.get_close_matches(name, self.catalog.names(), n=1)
            self._fault(
                place, f"there is no component `{name}` here" + (f"; did you mean `{near[0]}`?" if near else "")
            )
        return found

    def _wires(self, id: str, job: Any, jobs: dict[str, Any]) -> None:
        if id not in self._document["nodes"]:
            return
        for name, value in (job.get("inputs") or {}).items():
            place: Path = ("jobs", id, "inputs", name)
            text = value.get("path") if isinstance(value, dict) else value
            expressions = BINDING.findall(text) if isinstance(text, str) else []
            for expression in expressions:
                wired = _JOB_OUTPUT.fullmatch(expression)
                if wired and wired[1] not in jobs:
                    self._fault(place, f"there is no job `{wired[1]}`")
                elif wired and wired[1] in self._document["nodes"]:
                    self._connect(place, wired[1], wired[2], id, name)
                elif not wired and self._carries_data(expression):
                    self._connect(place, INPUTS, expression.removeprefix("parent.inputs."), id, name)

    def _carries_data(self, expression: str) -> bool:
        bound = self._document["inputs"].get(expression.removeprefix("parent.inputs."))
        return bound is not None and is_data(bound["type"])

    def _connect(self, place: Path, source: str, output: str, target: str, input: str) -> None:
        wire = {"op": "connect", "source": source, "output": output, "target": target, "input": input}
        self._apply(place, wire)

    def _apply(self, place: Path, operation: dict[str, Any]) -> None:
        try:
            self._document, _ = apply_batch(self._document, [operation], self.catalog)
        except Refused as refused:
            self._fault(place, str(refused))

    def _fault(self, place: Path, message: str) -> None:
        self.faults.append(self.source.fault(place, message))


def _names_a_job(value: Any) -> bool:
    text = value.get("path") if isinstance(value, dict) else value
    return isinstance(text, str) and any(_JOB_OUTPUT.fullmatch(found) for found in BINDING.findall(text))
