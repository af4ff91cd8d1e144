"""A document as an Azure ML v2 pipeline job or pipeline component: the counterpart of reading.

Source of the format: `pipelineJob.schema.json` and `pipelineComponent.schema.json` (`shared/azureml.md` 2.3 and 2.4).
What Azure has no word for lies under `properties.portline`, which it keeps and ignores; reading finds it there again.
Each such thing that would change what Azure does is a sentence in `losses`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.graph.azure.hints import HINTS, hints_text
from designer.graph.azure.writing_control import Loops, loop_job, sweep_keys, written_blocks
from designer.graph.document import INPUTS, Catalog, Document, edge_key, is_final
from designer.graph.ports import input_ports, output_ports, parameters
from registry.spec.component import ComponentSpec
from registry.spec.interface import Interface
from registry.spec.types import is_data

SCHEMAS = "https://azuremlschemas.azureedge.net/latest"
SERVERLESS = "serverless"
"""Azure ML refuses a job without compute; this one is everywhere."""
_NODE_HINTS = ("retries", "retry_delay", "retry_backoff", "force_rerun", "final", "labels")
_NODE_KEYS = ("environment", "environment_variables", "distribution")
_LOST = {
    "retries": "Azure ML does not try a command again, so the retries of “{}” do not count there.",
    "labels": "Azure ML does not choose compute by labels, so those of “{}” do not count there.",
}
_LOST_ORDER = "Azure ML has no order edges, so “{}” does not wait there for what it only runs after."
_PREVIEW = (
    "Azure ML runs loops and branches only with its private preview (AZURE_ML_CLI_PRIVATE_FEATURES_ENABLED=true)."
)


@dataclass(frozen=True)
class Names:
    """What stands for a component (`name:version`) and for a data asset in the YAML."""

    component: Callable[[str], Any] = lambda ref: f"azureml:{ref}"
    asset: Callable[[str], str] = lambda ref: f"azureml:{ref}"


@dataclass
class Written:
    """The YAML's data in the order in which people write it, and what Azure ML does otherwise or not at all."""

    data: dict[str, Any] = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)


def write_job(document: Document, catalog: Catalog, names: Names = Names()) -> Written:
    """The pipeline job that a document describes."""
    return _Writer(document, catalog, names).job()


def write_component(spec: ComponentSpec, document: Document, catalog: Catalog, names: Names = Names()) -> Written:
    """The pipeline component that a spec and its document describe."""
    return _Writer(document, catalog, names).component(spec)


class _Writer:
    def __init__(self, document: Document, catalog: Catalog, names: Names) -> None:
        self.document, self.catalog, self.names = document, catalog, names
        self.kept: Mapping[str, Any] = document.get("kept", {})
        self.losses: list[str] = []
        self.loops = Loops(document)
        # Node and output -> the pipeline output that it is; Azure takes one for each.
        self.promoted: dict[tuple[str, str], str] = {}
        for name, output in document["outputs"].items():
            self.promoted.setdefault((output["source"], output["output"]), name)

    def job(self) -> Written:
        document = self.document
        data: dict[str, Any] = {"$schema": f"{SCHEMAS}/pipelineJob.schema.json", "type": "pipeline"}
        data["display_name"] = document["name"]
        if document["description"]:
            data["description"] = document["description"]
        if settings := self._settings():
            data["settings"] = settings
        if document["inputs"]:
            data["inputs"] = {name: self._input(input_) for name, input_ in document["inputs"].items()}
        return self._finished(data, self._hints(), typed=False)

    def component(self, spec: ComponentSpec) -> Written:
        data: dict[str, Any] = {"$schema": f"{SCHEMAS}/pipelineComponent.schema.json", "type": "pipeline"}
        data |= {"name": spec.name, "version": spec.version, "display_name": spec.title}
        data |= {key: getattr(spec, key) for key in ("description", "tags") if getattr(spec, key)}
        if spec.inputs:
            data["inputs"] = {
                name: port.model_dump(mode="json", exclude_defaults=True) for name, port in spec.inputs.items()
            }
        return self._finished(
            data, {"inputs": self._input_hints(places_only=True)} | spec.properties.get("portline", {}), typed=True
        )

    def _finished(self, data: dict[str, Any], hints: dict[str, Any], typed: bool) -> Written:
        outputs = {name: output for name, output in self.document["outputs"].items() if self._is_given(name, output)}
        if outputs:
            data["outputs"] = {name: self._output(output, typed) for name, output in outputs.items()}
        data["jobs"] = self._jobs()
        hints = {key: value for key, value in (hints | self._more_hints()).items() if value}
        if hints:
            data["properties"] = {HINTS: hints_text(hints)}
        if any("loop" in node or node["kind"] == "branch" for node in self.document["nodes"].values()):
            self.losses.append(_PREVIEW)
        return Written(_with_kept(data, self.kept), self.losses)

    # The pipeline

    def _settings(self) -> dict[str, Any]:
        settings = self.document["settings"]
        found: dict[str, Any] = {
            key: settings[key] for key in ("continue_on_step_failure", "force_rerun") if key in settings
        }
        found = {"default_compute": _compute(settings.get("compute") or SERVERLESS)} | found
        if at_the_end := self._on_finalize():
            found["on_finalize"] = at_the_end
        return found

    def _on_finalize(self) -> str:
        """Azure's one step that runs at the end: it stands alone."""
        final = [id for id, node in self.document["nodes"].items() if is_final(node)]
        joined = {edge[end] for edge in self.document["edges"].values() for end in ("source", "target")}
        if len(final) == 1 and final[0] not in joined and "loop" not in self.document["nodes"][final[0]]:
            return final[0]
        return ""

    def _input(self, input_: Mapping[str, Any]) -> Any:
        default = input_["default"]
        if isinstance(default, dict):
            return {"type": input_["type"], "path": self.names.asset(default["asset"])}
        if default is None:
            return {"type": input_["type"]}
        # A whole number in YAML is an integer.
        return float(default) if input_["type"] == "number" else default

    def _output(self, output: Mapping[str, Any], typed: bool) -> dict[str, Any] | None:
        """An output of the pipeline. Azure ML takes no types of values in a job, only in a component."""
        found = {"type": output["type"]} if typed or is_data(output["type"]) else {}
        found |= output.get("settings", {})
        return found | ({"description": output["description"]} if output["description"] else {}) or None

    def _hints(self) -> dict[str, Any]:
        """What a job's YAML has no key for."""
        settings = {key: value for key, value in self.document["settings"].items() if key == "labels"}
        return {"inputs": self._input_hints(), "settings": settings}

    def _input_hints(self, places_only: bool = False) -> dict[str, Any]:
        found = {}
        for name, input_ in self.document["inputs"].items():
            hints: dict[str, Any] = {}
            if not places_only:
                hints = {
                    key: input_[key] for key in ("description", "optional", "enum", "min", "max") if input_.get(key)
                }
                if input_["type"] not in ("number", _type_of(input_["default"], input_["type"])):
                    hints["type"] = input_["type"]
            if input_["x"] or input_["y"]:
                hints["position"] = [input_["x"], input_["y"]]
            if "section" in input_:
                hints["section"] = input_["section"]
            if hints:
                found[name] = hints
        return found

    def _more_hints(self) -> dict[str, Any]:
        """Data nodes, which are inputs of jobs there, and outputs that stand twice."""
        data = {}
        for id, node in self.document["nodes"].items():
            if node["kind"] == "data":
                wires = [edge for edge in self.document["edges"].values() if edge["source"] == id]
                data[id] = {
                    "asset": node["asset"],
                    "title": node["title"],
                    "position": [node["x"], node["y"]],
                    "to": [f"{edge['target']}.{edge['input']}" for edge in wires],
                } | {key: node[key] for key in ("comment", "section") if node.get(key)}
        again = {
            name: {"type": output["type"], "source": output["source"], "output": output["output"]}
            for name, output in self.document["outputs"].items()
            if self.promoted[output["source"], output["output"]] != name
        }
        for name in again:
            self.losses.append(
                f"Azure ML gives an output of a step once, so the pipeline output `{name}` is empty there."
            )
        notes, sections = self.document.get("notes", {}), self.document.get("sections", {})
        return {"data": data, "outputs": again, "notes": _without_ids(notes), "sections": _without_ids(sections)}

    def _is_given(self, name: str, output: Mapping[str, Any]) -> bool:
        return self.promoted[output["source"], output["output"]] == name

    # Nodes

    def _jobs(self) -> dict[str, Any]:
        jobs: dict[str, Any] = {}
        for id, node in self.document["nodes"].items():
            if node["kind"] == "component":
                jobs[id] = self._node(id, node)
                if loop := loop_job(self.loops, id, node):
                    jobs[self.loops.name_of(id)] = loop
            elif node["kind"] == "branch":
                jobs[id] = self._branch(id, node)
        return jobs

    def _node(self, id: str, node: Mapping[str, Any]) -> dict[str, Any]:
        settings, loop = node["settings"], node.get("loop") or {}
        sweeps = loop.get("type") == "sweep"
        job: dict[str, Any] = {}
        if sweeps:
            job |= {"type": "sweep", "trial": self.names.component(node["component"]), **sweep_keys(loop)}
        else:
            interface = self.catalog.interface(node["component"])
            job["type"] = _kind(interface)
            job["component"] = self.names.component(node["component"])
        job["display_name"] = node["title"]
        if node["comment"]:
            job["comment"] = node["comment"]
        if inputs := self._inputs(id, node, frozenset(loop.get("search_space", ()))):
            job["inputs"] = inputs
        if outputs := self._outputs(id, node):
            job["outputs"] = outputs
        if settings.get("compute"):
            job["compute"] = _compute(settings["compute"])
        job |= {key: settings[key] for key in _NODE_KEYS if settings.get(key)}
        if settings.get("instance_count"):
            job["resources"] = {"instance_count": settings["instance_count"]}
        if settings.get("timeout"):
            job.setdefault("limits", {})["trial_timeout" if sweeps else "timeout"] = settings["timeout"]
        return _with_kept(job | self._node_properties(id, node), _without_loop(node.get("kept", {})))

    def _node_properties(self, id: str, node: Mapping[str, Any]) -> dict[str, Any]:
        title, settings, loop = node["title"], node["settings"], node.get("loop") or {}
        hints: dict[str, Any] = {"position": [node["x"], node["y"]]}
        at_the_end = "on_finalize" in self._settings()
        kept = {
            key: settings[key]
            for key in (*_NODE_HINTS, "resources")
            if key in settings and not (key == "final" and at_the_end)
        }
        self.losses += [lost.format(title) for key, lost in _LOST.items() if kept.get(key)]
        if kept.get("final"):
            self.losses.append(
                f"Azure ML runs one step at the end that stands alone, so “{title}” may not be last there."
            )
        if kept:
            hints["settings"] = kept
        unwired = [name for name in node["exposed"] if edge_key(id, name) not in self.document["edges"]]
        if unwired:
            hints["exposed"] = unwired
        hints |= {key: node[key] for key in ("mode", "section") if key in node}
        if "mode" in node:
            self.losses.append(f"Azure ML runs every step: “{title}” is {node['mode']} here, and not there.")
        if after := self._after(id):
            hints["after"] = after
            self.losses.append(_LOST_ORDER.format(title))
        if loop.get("over") == "files":
            hints["loop"] = loop
            self.losses.append(f"Azure ML's loops do not go through files, so “{title}” runs once there.")
        return {"properties": {HINTS: hints_text(hints)}}

    def _after(self, id: str) -> dict[str, str]:
        """What a node runs after, but for branches: their blocks say that."""
        edges = [edge for edge in self.document["order"].values() if edge["target"] == id]
        return {
            edge["source"]: edge["condition"]
            for edge in edges
            if self.document["nodes"][edge["source"]]["kind"] != "branch"
        }

    def _inputs(self, id: str, node: Mapping[str, Any], searched: frozenset[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        wired = [port["name"] for port in input_ports(dict(node), self.catalog)]
        literals = [port["name"] for port in parameters(dict(node), self.catalog)]
        for name in dict.fromkeys([*wired, *literals]):
            edge = self.document["edges"].get(edge_key(id, name))
            if edge is not None:
                found[name] = self._source(edge["source"], edge["output"])
            elif name in node["params"] and name not in searched:
                found[name] = node["params"][name]
        return found

    def _source(self, source: str, output: str) -> Any:
        """What a wire brings."""
        if source == INPUTS:
            return "${{parent.inputs." + output + "}}"
        node = self.document["nodes"][source]
        if node["kind"] == "data":
            return {"type": node["type"], "path": self.names.asset(node["asset"])}
        return "${{parent.jobs." + self.loops.giver(source) + ".outputs." + output + "}}"

    def _outputs(self, id: str, node: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        types = {port["name"]: port["type"] for port in output_ports(dict(node), self.catalog)}
        for name, type_ in types.items():
            settings: Mapping[str, Any] = node.get("outputs", {}).get(name, {})
            pipeline_output = self.promoted.get((id, name))
            if pipeline_output is not None:
                binding = "${{parent.outputs." + pipeline_output + "}}"
                found[name] = {"type": type_, **settings, "path": binding} if settings else binding
            elif settings:
                found[name] = {**({"type": type_} if is_data(type_) else {}), **settings}
        return found

    def _branch(self, id: str, node: Mapping[str, Any]) -> dict[str, Any]:
        edge = self.document["edges"].get(edge_key(id, "value"))
        condition = self._source(edge["source"], edge["output"]) if edge else node["params"].get("value")
        job: dict[str, Any] = {"type": "if_else"} | ({} if condition is None else {"condition": condition})
        job |= written_blocks(self.document, self.loops, id)
        hints: dict[str, Any] = {"position": [node["x"], node["y"]], "title": node["title"]}
        hints |= {key: node[key] for key in ("comment", "section") if node.get(key)}
        if node["branch"]["operator"] != "is_true":
            hints["branch"] = node["branch"]
            self.losses.append(f"Azure ML's if_else takes true or false, so “{node['title']}” decides otherwise there.")
        if after := self._after(id):
            hints["after"] = after
            self.losses.append(_LOST_ORDER.format(node["title"]))
        return _with_kept(job | {"properties": {HINTS: hints_text(hints)}}, node.get("kept", {}))


def _without_ids(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {id: {key: value for key, value in part.items() if key != "id"} for id, part in parts.items()}


def _kind(interface: Interface | None) -> str:
    if interface is None:
        return "command"
    return interface.get("kind") or ("pipeline" if interface["pipeline"] else "command")


def _compute(name: str) -> str:
    return name if name.startswith("${{") else f"azureml:{name}"


def _type_of(default: Any, named: str) -> str:
    """The type that reading takes a written default for; the YAML names it where there is none, or data."""
    return {bool: "boolean", int: "integer", float: "number", str: "string"}.get(type(default), named)


def _without_loop(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if key != "loop"}


def _with_kept(data: dict[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """With what was read and is not acted on; where both say something, what the document says counts."""
    for key, value in kept.items():
        ours = data.get(key)
        if key not in data:
            data[key] = value
        elif isinstance(ours, dict) and isinstance(value, Mapping):
            _with_kept(ours, value)
        elif isinstance(ours, str) and isinstance(value, Mapping):
            data[key] = {"path": ours, **value}  # an input or output with a mode
    return data
