"""A pipeline written as an Azure ML v2 pipeline job or pipeline component, read into a document.

Source of the format: `pipelineJob.schema.json` and `pipelineComponent.schema.json` (`shared/azureml.md` 2.3, 2.4, 2.5
and 2.8). Read here: nodes of components, their bindings and literals, sweeps and control flow, the pipeline's inputs,
outputs and settings. Positions lie under `properties.portline.position`, which Azure keeps and ignores.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from designer.graph import azure_control as control
from designer.graph.azure.hints import hints_of
from designer.graph.azure_control import Unreadable, expression_of
from designer.graph.document import INPUTS, NODE_ID, Catalog, Document, empty, is_final
from designer.graph.draft import apply_batch
from designer.graph.layers import placed
from designer.graph.operations import Refused
from designer.graph.ports import output_ports
from registry.spec.component import ComponentSpec
from registry.spec.document import Document as YamlDocument
from registry.spec.document import Path, read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.interface import Interface
from registry.spec.reading import spec_from
from registry.spec.types import fit, is_data
from registry.spec.values import BINDING

_JOB_OUTPUT = re.compile(r"(?:parent\.)?jobs\.(\w+)\.outputs\.(\w+)")
_JOB_INPUT = re.compile(r"(?:parent\.)?jobs\.(\w+)\.inputs\.(\w+)")
_PIPELINE_INPUT = re.compile(r"(?:parent\.)?inputs\.(\w+)")
_PIPELINE_OUTPUT = re.compile(r"(?:parent\.)?outputs\.(\w+)")
_COMPONENT = re.compile(r"azureml:([a-z][a-z\d_]*)(?::([^@]+)|@(latest))?")
_FILE = re.compile(r"(?:file:)?(?!azureml:)\S.*\.ya?ml", re.IGNORECASE)
_LITERAL_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


class NamedCatalog(Catalog, Protocol):
    """A catalog that also knows the newest version of a name."""

    def latest(self, name: str) -> Interface | None:
        """The interface of a component's latest version, or None if there is no such component."""

    def names(self) -> list[str]:
        """All component names, to suggest the nearest."""


Files = Callable[[str], Interface]
"""The component in a YAML file beside the pipeline's, by its path as written. Raises ValueError with a sentence."""


def read_pipeline(text: str, file: str, catalog: NamedCatalog, files: Files | None = None) -> Document:
    """The document that a pipeline job describes. Raises SpecError with every fault found, each at its place."""
    reader = _Reader(read_document(text, file), catalog, files)
    reader.read_job()
    return reader.result()


def read_pipeline_component(
    source: YamlDocument, catalog: NamedCatalog, files: Files | None = None
) -> tuple[ComponentSpec, Document]:
    """A pipeline component: its spec, and the document of its jobs. Raises SpecError as `read_pipeline`."""
    data = {key: value for key, value in source.data.items() if key not in ("jobs", "settings", "compute")}
    spec = spec_from(source, data)
    reader = _Reader(source, catalog, files)
    reader.read_component(spec)
    return spec, reader.result()


class _Reader:
    """Reads one file; what is wrong is collected in `faults`."""

    def __init__(self, source: YamlDocument, catalog: NamedCatalog, files: Files | None) -> None:
        self.source = source
        self.catalog = catalog
        self.files = files
        self.faults: list[Fault] = []
        self.declared: Mapping[str, Any] = {}
        """The pipeline's outputs as they are declared."""
        self.jobs: dict[str, Any] = {}
        self.loops: dict[str, str] = {}
        """Loop jobs, which are no nodes here -> the node that they run."""
        self._document: Document = empty("Pipeline")

    def result(self) -> Document:
        if self.faults:
            raise SpecError(self.faults)
        return self._document

    def read_job(self) -> None:
        data = self.source.data
        if not isinstance(data, dict) or data.get("type") != "pipeline":
            self._fault(("type",), "a pipeline job begins with `type: pipeline`")
            return
        self._begin(data)
        settings = data.get("settings") or {}
        kept = {key: settings[key] for key in ("continue_on_step_failure", "force_rerun") if key in settings}
        self._apply(("settings",), {"op": "update_pipeline", "changes": {"settings": kept}})
        for name, value in (data.get("inputs") or {}).items():
            self._apply(("inputs", name), {"op": "set_input", "name": name, "input": self._input(value)})
        self.declared = data.get("outputs") or {}
        self._read_jobs(data, settings)

    def read_component(self, spec: ComponentSpec) -> None:
        self._begin(self.source.data)
        for name, port in spec.inputs.items():
            given = {"type": port.type, "default": port.default, "optional": port.optional}
            given["description"] = port.description
            self._apply(("inputs", name), {"op": "set_input", "name": name, "input": given})
        self.declared = self.source.data.get("outputs") or {}
        self._read_jobs(self.source.data, {})

    def _begin(self, data: dict[str, Any]) -> None:
        self._document = empty(str(data.get("display_name") or data.get("name") or "Pipeline"))
        self._document["description"] = str(data.get("description") or "")

    def _read_jobs(self, data: dict[str, Any], settings: dict[str, Any]) -> None:
        jobs = data.get("jobs") or {}
        self.jobs = {id: job for id, job in jobs.items() if self._is_readable(id, job)}
        kinds = {id: str(job.get("type") or "command").lower() for id, job in self.jobs.items()}
        for id, job in self.jobs.items():
            if kinds[id] == "if_else":
                node = {"id": id, "kind": "branch", **self._shown(job, id), "params": self._branch_params(job)}
                self._apply(("jobs", id), {"op": "add_node", "node": node})
            elif kinds[id] not in control.CONTROL:
                self._node(id, job, sweep=kinds[id] == "sweep")
        for id, job in self.jobs.items():
            if kinds[id] in ("do_while", "parallel_for"):
                self._loop(id, job, kinds[id])
        for id, job in self.jobs.items():
            if kinds[id] == "if_else":
                self._branch(id, job)
            elif kinds[id] not in control.CONTROL:
                self._wires(id, job)
            self._outputs(id, job)
        for name in self.declared:
            if name not in self._document["outputs"] and not self.faults:
                self._fault(("outputs", name), f"no job gives the output `{name}`")
        self._at_the_ends(settings)
        self._place()

    def _is_readable(self, id: str, job: Any) -> bool:
        if not NODE_ID.match(id):
            self._fault(("jobs", id), f"`{id}` is no name for a job: use small letters, digits and _")
            return False
        if not isinstance(job, dict):
            self._fault(("jobs", id), "a job is a mapping with a `component` and its `inputs`")
            return False
        return True

    def _input(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            if "value" in value:
                return self._input(value["value"])
            path = str(value.get("path") or "")
            default = {"asset": path.removeprefix("azureml:")} if path.startswith("azureml:") else None
            return {"type": value.get("type", "uri_folder"), "default": default}
        return {"type": _LITERAL_TYPES.get(type(value), "string"), "default": value}

    # Nodes

    def _node(self, id: str, job: dict[str, Any], *, sweep: bool) -> None:
        place: Path = ("jobs", id)
        key = "trial" if sweep else "component"
        component = self._component((*place, key), job.get(key))
        if component is None:
            return
        ports = {port["name"]: port for port in component["inputs"]}
        params, exposed = {}, []
        for name, value in self._inputs_of(id).items():
            if name not in ports:
                near = difflib.get_close_matches(name, ports, n=1)
                hint = f"; did you mean `{near[0]}`?" if near else f"; its inputs are {', '.join(ports)}"
                self._fault((*place, "inputs", name), f"`{component['name']}` has no input `{name}`{hint}")
            elif is_data(ports[name]["type"]):
                continue
            elif _JOB_OUTPUT.fullmatch(expression_of(value)):
                exposed.append(name)
            else:
                params[name] = _bound(value["path"] if isinstance(value, dict) and "path" in value else value)
        hints = hints_of(job)
        limits = job.get("limits") or {}
        timeout = limits.get("trial_timeout" if sweep else "timeout")
        node = {
            "id": id,
            "component": component["ref"],
            **self._shown(job, component["title"]),
            "params": params,
            "exposed": exposed,
            "settings": (hints.get("settings") or {}) | ({"timeout": timeout} if timeout else {}),
        }
        if sweep:
            try:
                node["loop"] = control.sweep(job)
            except Unreadable as error:
                self._fault((*place, *error.path), str(error))
        self._apply(place, {"op": "add_node", "node": node})

    def _shown(self, job: dict[str, Any], title: str) -> dict[str, Any]:
        hints = hints_of(job)
        x, y = hints.get("position") or (0, 0)
        return {
            "title": str(job.get("display_name") or title),
            "comment": str(job.get("comment") or ""),
            "x": x,
            "y": y,
        }

    def _inputs_of(self, id: str, seen: frozenset[str] = frozenset()) -> dict[str, Any]:
        """The inputs of a job; one that names the input of another job is what that one gets."""
        found = {}
        for name, value in (self.jobs[id].get("inputs") or {}).items():
            other = _JOB_INPUT.fullmatch(expression_of(value))
            if other and other[1] in self.jobs and other[1] not in seen:
                value = self._inputs_of(other[1], seen | {id}).get(other[2])
            if value is not None:
                found[name] = value
        return found

    def _component(self, place: Path, reference: Any) -> Interface | None:
        if self.files is not None and isinstance(reference, str) and _FILE.fullmatch(reference):
            try:
                return self.files(reference.removeprefix("file:"))
            except ValueError as error:
                self._fault(place, str(error))
                return None
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

    # Control flow

    def _loop(self, id: str, job: dict[str, Any], kind: str) -> None:
        place: Path = ("jobs", id)
        try:
            body = self._node_of(control.job_name(job.get("body"), ("body",)), ("body",))
            loop = control.parallel_for(job) if kind == "parallel_for" else control.do_while(job, body)
        except Unreadable as error:
            self._fault((*place, *error.path), str(error))
            return
        self.loops[id] = body
        node = self._document["nodes"].get(body)
        if node is not None and "loop" in node:
            message = f"`{body}` runs in a loop already: put that into a pipeline component, and loop over it"
            self._fault((*place, "body"), message)
        elif node is not None:
            self._apply(place, {"op": "update_node", "id": body, "changes": {"loop": loop}})

    def _branch_params(self, job: dict[str, Any]) -> dict[str, Any]:
        condition = job.get("condition")
        wired = condition is None or _JOB_OUTPUT.fullmatch(expression_of(condition))
        return {} if wired else {"value": _bound(condition)}

    def _branch(self, id: str, job: dict[str, Any]) -> None:
        place: Path = ("jobs", id)
        if "condition" not in job:
            self._fault(place, "an if_else needs a `condition`: an output of a job, an input, or true or false")
        self._wire((*place, "condition"), job.get("condition"), id, "value")
        try:
            ways = control.blocks(job)
        except Unreadable as error:
            self._fault((*place, *error.path), str(error))
            return
        for way, jobs in ways.items():
            for path, name in jobs:
                try:
                    target = self._node_of(name, path)
                except Unreadable as error:
                    self._fault((*place, *error.path), str(error))
                    continue
                edge = {"op": "connect_order", "source": id, "target": target, "condition": way}
                if f"{target}<{id}" in self._document["order"]:
                    self._fault((*place, *path), f"`{name}` stands in both blocks")
                else:
                    self._apply((*place, *path), edge)

    def _at_the_ends(self, settings: dict[str, Any]) -> None:
        """`on_finalize` is a final step; what would be first without `on_init` comes after it."""
        for key in ("on_finalize", "on_init"):
            if settings.get(key) is None:
                continue
            place: Path = ("settings", key)
            try:
                id = self._node_of(control.job_name(settings[key], ()), ())
            except Unreadable as error:
                self._fault(place, str(error))
                continue
            if id not in self._document["nodes"]:
                continue
            if key == "on_finalize":
                final = self._document["nodes"][id]["settings"] | {"final": True}
                self._apply(place, {"op": "update_node", "id": id, "changes": {"settings": final}})
                continue
            edges = (*self._document["edges"].values(), *self._document["order"].values())
            waiting = {edge["target"] for edge in edges if edge["source"] != INPUTS}
            for target, node in self._document["nodes"].items():
                if target not in waiting and target != id and not is_final(node):
                    edge = {"op": "connect_order", "source": id, "target": target, "condition": "succeeded"}
                    self._apply(place, edge)

    def _node_of(self, name: str, path: Path) -> str:
        """The node that stands for a job: itself, or what a loop runs."""
        if name in self.loops:
            return self.loops[name]
        if name not in self.jobs:
            near = difflib.get_close_matches(name, self.jobs, n=1)
            raise Unreadable(path, f"there is no job `{name}`" + (f"; did you mean `{near[0]}`?" if near else ""))
        return name

    # Wires

    def _wires(self, id: str, job: dict[str, Any]) -> None:
        if id in self._document["nodes"]:
            for name, value in self._inputs_of(id).items():
                self._wire(("jobs", id, "inputs", name), value, id, name)

    def _wire(self, place: Path, value: Any, id: str, input: str) -> None:
        text = value.get("path") if isinstance(value, dict) else value
        expressions = BINDING.findall(text) if isinstance(text, str) else []
        for expression in expressions:
            wired = _JOB_OUTPUT.fullmatch(expression)
            if wired and expression_of(value) != expression:
                self._fault(place, "what a job gives cannot stand within text: give it an input of its own")
            elif wired:
                self._wire_job(place, wired[1], wired[2], id, input)
            elif (bound := _PIPELINE_INPUT.fullmatch(expression)) and self._carries_data(bound[1]):
                self._connect(place, INPUTS, bound[1], id, input)

    def _wire_job(self, place: Path, job: str, output: str, id: str, input: str) -> None:
        try:
            source = self._node_of(job, ())
        except Unreadable as error:
            self._fault(place, str(error))
            return
        if source in self._document["nodes"]:
            self._connect(place, source, output, id, input)

    def _carries_data(self, name: str) -> bool:
        bound = self._document["inputs"].get(name)
        return bound is not None and is_data(bound["type"])

    def _connect(self, place: Path, source: str, output: str, target: str, input: str) -> None:
        wire = {"op": "connect", "source": source, "output": output, "target": target, "input": input}
        self._apply(place, wire)

    def _outputs(self, id: str, job: dict[str, Any]) -> None:
        """The job's outputs that are the pipeline's."""
        source = self.loops.get(id, id)
        if source not in self._document["nodes"]:
            return
        ports = {port["name"]: port["type"] for port in output_ports(self._document["nodes"][source], self.catalog)}
        for output, value in (job.get("outputs") or {}).items():
            bound = _PIPELINE_OUTPUT.fullmatch(expression_of(value))
            if bound is None:
                continue
            place: Path = ("jobs", id, "outputs", output)
            if bound[1] not in self.declared:
                self._fault(place, f"the pipeline has no output `{bound[1]}`: name it in `outputs`")
                continue
            declared = self.declared[bound[1]] or {}
            type_ = declared.get("type") or ports.get(output, "uri_folder")
            if output in ports and fit(ports[output], type_).verdict == "no":
                type_ = ports[output]  # what is given counts, as for Azure ML's inputs
            given = {"type": type_, "source": source, "output": output}
            given["description"] = str(declared.get("description") or "")
            self._apply(place, {"op": "set_output", "name": bound[1], "output": given})

    def _place(self) -> None:
        """Places for the nodes, where the file says none."""

        def says(id: str) -> bool:
            return "position" in hints_of(self.jobs[id])

        places = placed(self._document, [id for id in self._document["nodes"] if not says(id)])
        if places:
            self._apply((), {"op": "move", "positions": places})

    def _apply(self, place: Path, operation: dict[str, Any]) -> None:
        try:
            self._document, _ = apply_batch(self._document, [operation], self.catalog)
        except Refused as refused:
            self._fault(place, str(refused))

    def _fault(self, place: Path, message: str) -> None:
        self.faults.append(self.source.fault(place, message))


def _bound(value: Any) -> Any:
    """A literal as a node holds it: Azure's older `${{inputs.X}}` names the pipeline's input too."""
    if not isinstance(value, str):
        return value
    return BINDING.sub(lambda found: "${{" + _PIPELINE_INPUT.sub(r"parent.inputs.\1", found[1]) + "}}", value)
