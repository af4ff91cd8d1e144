"""A pipeline as Python source for Portline's SDK (`sdk/portline`): run, it gives the same graph.

Components are those registered, by name and version; nodes are variables called as they are. Places on the canvas do
not go along: a pipeline written in Python is laid out anew.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from designer.graph.document import INPUTS, Catalog, Document
from designer.graph.export.flat import Findings, slug
from designer.graph.export.python_signature import Signature
from designer.graph.export.python_text import INDENT, Code, Names, call, literal, member
from registry.spec.values import BINDING

_SPACES = {
    "choice": "Choice", "uniform": "Uniform", "loguniform": "LogUniform", "quniform": "QUniform",
    "qloguniform": "QLogUniform", "normal": "Normal", "lognormal": "LogNormal", "qnormal": "QNormal",
    "qlognormal": "QLogNormal", "randint": "Randint",
}  # fmt: skip
_POLICIES = {
    "bandit": "BanditPolicy",
    "median_stopping": "MedianStoppingPolicy",
    "truncation_selection": "TruncationSelectionPolicy",
}
_ATTRIBUTES = (
    "compute", "environment", "environment_variables", "distribution", "force_rerun", "final", "labels",
)  # fmt: skip
_KEPT = ("description", "tags", "identity", "services", "queue_settings", "properties", "resources", "limits")
_KEPT_OF_PIPELINE = ("experiment_name", "tags")
_OWN = ("client", "job", "module")
_INPUT = re.compile(r"(?:parent\.)?inputs\.([\w.]+)")


def write_python(document: Document, catalog: Catalog, findings: Findings | None = None) -> str:
    """The source of a module with the pipeline as a function. What it cannot say is told to `findings`."""
    return _Module(document, catalog, findings if findings is not None else Findings()).source()


class _Module:
    def __init__(self, document: Document, catalog: Catalog, findings: Findings) -> None:
        self.document, self.catalog, self.findings = document, catalog, findings
        self.imports = {"MLClient", "pipeline"}
        self.function = slug(document["name"])
        self.signature = Signature(document, self.imports, findings)
        inputs = [name for name in document["inputs"] if "." not in name]
        own = {"dsl", "Input", "Output", "load_component", *_OWN, *_SPACES.values(), *_POLICIES.values()}
        self.names = Names({*own, "pipeline", "MLClient", *inputs, *self.signature.groups})
        self.variables = {id: self.names.free(id) for id in self._order()}
        self.loops = {id: self._loop_name(id, node) for id, node in document["nodes"].items() if self._is_job(node)}
        self.function = self.names.free(self.function)
        self.components = {node["component"]: "" for node in document["nodes"].values() if node["kind"] == "component"}
        for ref in self.components:
            self.components[ref] = self.names.free(ref.partition(":")[0])

    def source(self) -> str:
        body = "\n".join(self._body())
        head = self.signature.head(self.function)
        parts = [f'"""{_one_line(self.document["name"])}: a pipeline, as Portline wrote it."""', "", ""]
        if self.components:
            self.imports.add("load_component")
        defined = "\n".join(self._components())
        typing = f"from typing import {', '.join(sorted(self.signature.typing))}\n\n" if self.signature.typing else ""
        imported = ", ".join(sorted(self.imports, key=lambda name: (name[0].islower(), name)))
        line = f"from portline import {imported}"
        if len(line) > 110:
            line = "from portline import (\n" + "".join(f"    {name},\n" for name in imported.split(", ")) + ")"
        parts[1:] = ["", f"{typing}{line}", "", "client = MLClient()"]
        parts += [defined] if defined else []
        parts += ["", "", *self.signature.classes(), self._decorator(), head]
        parts += [body, "", "", f"job = {self.function}()", *self._of_job(), "", 'if __name__ == "__main__":']
        parts += [f"{INDENT}print(client.jobs.create_or_update(job).name)", ""]
        return "\n".join(parts)

    def _components(self) -> Iterator[str]:
        for ref, variable in self.components.items():
            name, _, version = ref.partition(":")
            arguments = [("client", Code("client")), ("name", name), ("version", version)]
            yield call("load_component", arguments, 0, f"{variable} = ")

    def _decorator(self) -> str:
        document, kept = self.document, self.document.get("kept", {})
        arguments: list[tuple[str, Any]] = [("display_name", document["name"])]
        if document["description"] and not self.signature.has_description:
            arguments.append(("description", document["description"]))
        arguments += [(key, kept[key]) for key in _KEPT_OF_PIPELINE if kept.get(key)]
        settings = document["settings"]
        for key, name in (
            ("compute", "default_compute"),
            ("continue_on_step_failure", "continue_on_step_failure"),
            ("force_rerun", "force_rerun"),
        ):
            if settings.get(key) is not None:
                arguments.append((name, settings[key]))
        for key in kept:
            if key not in _KEPT_OF_PIPELINE:
                self.findings.warn(f"`{key}` of the pipeline's YAML has no place in Python, and is left out.")
        return call("@pipeline", arguments, 0)

    def _of_job(self) -> Iterator[str]:
        """What is said of the job, not of the pipeline."""
        for name, output in self.document["outputs"].items():
            if settings := output.get("settings"):
                self.imports.add("Output")
                yield call(
                    "Output", {"type": output["type"], **settings}.items(), 0, f"{member('job.outputs', name)} = "
                )
        if labels := self.document["settings"].get("labels"):
            yield f"job.labels = {literal(labels)}"

    # The function

    def _body(self) -> Iterator[str]:
        yield from self.signature.docstring()
        ids = list(self._order())
        for id in ids:
            node = self.document["nodes"][id]
            if node["kind"] == "data":
                self.imports.add("Input")
                arguments = [("type", node["type"]), ("path", f"azureml:{node['asset']}")]
                yield call("Input", arguments, 1, f"{self.variables[id]} = ")
            elif node["kind"] == "branch":
                yield from self._branch(id, node)
            else:
                yield from self._node(id, node)
                yield from self._around(id, node)
        outputs = {
            name: Code(self._source(output["source"], output["output"]))
            for name, output in self.document["outputs"].items()
        }
        if outputs:
            lines = "".join(f"{INDENT * 2}{literal(name)}: {value},\n" for name, value in outputs.items())
            yield f"{INDENT}return {{\n{lines}{INDENT}}}"
        elif not ids:
            yield f"{INDENT}pass"

    def _node(self, id: str, node: Mapping[str, Any]) -> Iterator[str]:
        variable, loop = self.variables[id], node.get("loop") or {}
        inputs: dict[str, Any] = {}
        for edge in self.document["edges"].values():
            if edge["target"] == id:
                inputs[edge["input"]] = Code(self._source(edge["source"], edge["output"]))
        spaces = {name: Code(self._space(space)) for name, space in loop.get("search_space", {}).items()}
        for name, value in node["params"].items():
            if name not in inputs and name not in spaces:
                inputs[name] = self._value(value)
        component = self.components[node["component"]]
        yield call(component, self._in_order(node["component"], inputs | spaces), 1, f"{variable} = ")
        if variable != id:
            yield f"{INDENT}{variable}.name = {literal(id)}"
        if loop.get("type") == "sweep":
            yield from self._sweep(variable, node, loop)
        yield from self._settings(variable, node)
        for source, condition in self._after(id):
            arguments: list[tuple[str, Any]] = [("", Code(self.variables[source]))]
            arguments += [("condition", condition)] if condition != "succeeded" else []
            yield call(f"{variable}.after", arguments, 1)

    def _settings(self, variable: str, node: Mapping[str, Any]) -> Iterator[str]:
        settings, kept = node["settings"], dict(node.get("kept", {}))
        interface = self.catalog.interface(node["component"])
        if node["title"] and (interface is None or node["title"] != interface["title"]):
            yield f"{INDENT}{variable}.display_name = {literal(node['title'])}"
        if node["comment"]:
            yield f"{INDENT}{variable}.comment = {literal(node['comment'])}"
        unwired = [name for name in node["exposed"] if f"{node['id']}.{name}" not in self.document["edges"]]
        if unwired:
            yield f"{INDENT}{variable}.exposed = {literal(unwired)}"
        for key in _KEPT:
            if kept.get(key) and key not in ("resources", "limits"):
                yield f"{INDENT}{variable}.{key} = {literal(kept[key])}"
        for key in _ATTRIBUTES:
            if settings.get(key) is not None:
                yield f"{INDENT}{variable}.{key} = {literal(settings[key])}"
        needs = {**kept.get("resources", {}), **settings.get("resources", {})}
        if settings.get("instance_count"):
            needs["instance_count"] = settings["instance_count"]
        if needs:
            yield call(f"{variable}.set_resources", needs.items(), 1)
        limits = dict(kept.get("limits", {}))
        if settings.get("timeout"):
            limits["trial_timeout" if (node.get("loop") or {}).get("type") == "sweep" else "timeout"] = settings[
                "timeout"
            ]
        if limits:
            yield call(f"{variable}.set_limits", limits.items(), 1)
        for key in ("retries", "retry_delay", "retry_backoff"):
            if settings.get(key) is not None:
                yield f"{INDENT}{variable}.{key} = {literal(settings[key])}"
        for name, output in node.get("outputs", {}).items():
            self.imports.add("Output")
            type_ = next(
                (port["type"] for port in (interface or {"outputs": []})["outputs"] if port["name"] == name), None
            )
            said = {"type": type_, **output} if type_ else output
            yield call("Output", said.items(), 1, f"{member(f'{variable}.outputs', name)} = ")
        for key in kept:
            if key not in (*_KEPT, "loop"):
                self.findings.warn(f"`{key}` of “{node['title']}” has no place in Python, and is left out.")

    def _sweep(self, variable: str, node: Mapping[str, Any], loop: Mapping[str, Any]) -> Iterator[str]:
        if not loop["search_space"]:
            self.findings.lose(f"“{node['title']}” searches nothing: give it a search space.")
        arguments: list[tuple[str, Any]] = [(key, loop["objective"][key]) for key in ("primary_metric", "goal")]
        arguments.append(("sampling_algorithm", loop["sampling_algorithm"]))
        arguments += [("seed", loop["seed"])] if loop["seed"] is not None else []
        arguments += [(key, value) for key, value in loop["limits"].items() if value is not None]
        yield call(f"{variable}.sweep", arguments, 1)
        if policy := loop["early_termination"]:
            name = _POLICIES[policy["type"]]
            self.imports.add(name)
            given = {key: value for key, value in policy.items() if key != "type" and value is not None}
            yield call(name, given.items(), 1, f"{variable}.early_termination = ")

    def _space(self, space: Mapping[str, Any]) -> str:
        name = _SPACES[space["type"]]
        self.imports.add(name)
        return call(name, ((key, value) for key, value in space.items() if key != "type"), 0)

    def _around(self, id: str, node: Mapping[str, Any]) -> Iterator[str]:
        """The loop that runs a node."""
        loop = node.get("loop") or {}
        body, name = self.variables[id], self.loops.get(id, "")
        if loop.get("over") == "files":
            self.imports.add("dsl")
            arguments: list[tuple[str, Any]] = [
                ("", Code(body)),
                ("", loop["input"]),
                ("batch_size", loop["batch_size"]),
            ]
            arguments += [("max_concurrency", loop["max_concurrency"])] if loop["max_concurrency"] else []
            yield call("dsl.for_each_file", arguments, 1)
        elif loop.get("type") == "parallel_for":
            self.imports.add("dsl")
            items = loop["items"]
            if isinstance(items, list):
                items = [item if isinstance(item, dict) else {loop["input"] or "item": item} for item in items]
            arguments = [("body", Code(body)), ("items", self._value(items) if isinstance(items, str) else items)]
            arguments += [("max_concurrency", loop["max_concurrency"])] if loop["max_concurrency"] else []
            if not items:
                self.findings.lose(f"“{node['title']}” has no items to go through.")
            yield call("dsl.parallel_for", arguments, 1, f"{name} = ")
        elif loop.get("type") == "do_while":
            self.imports.add("dsl")
            arguments = [("", Code(body))]
            arguments += [("", loop["mapping"])] if loop["mapping"] else []
            arguments += [("condition", loop["condition"])] if loop["condition"] else []
            arguments.append(("max_iteration_count", loop["max_iteration_count"]))
            yield call("dsl.do_while", arguments, 1, f"{name} = ")

    def _branch(self, id: str, node: Mapping[str, Any]) -> Iterator[str]:
        self.imports.add("dsl")
        edge = self.document["edges"].get(f"{id}.value")
        value = Code(self._source(edge["source"], edge["output"])) if edge else self._value(node["params"].get("value"))
        arguments: list[tuple[str, Any]] = [("", value)]
        for way in ("true", "false"):
            targets = [self._runner(each["target"]) for each in self._order_edges(id) if each["condition"] == way]
            if targets:
                block = targets[0] if len(targets) == 1 else f"[{', '.join(targets)}]"
                arguments.append((f"{way}_block", Code(block)))
        if len(arguments) == 1 or value is None:
            self.findings.lose(f"“{node['title']}” decides nothing: join it to what decides, and to what it runs.")
        rule = node["branch"]
        if rule["operator"] != "is_true":
            arguments += [("operator", rule["operator"]), ("operand", rule["operand"])]
        variable = self.variables[id]
        yield call("dsl.if_else", arguments, 1, f"{variable} = ")
        if variable != id:
            yield f"{INDENT}{variable}.name = {literal(id)}"
        if node["title"] and node["title"] != id:
            yield f"{INDENT}{variable}.display_name = {literal(node['title'])}"
        if node["comment"]:
            yield f"{INDENT}{variable}.comment = {literal(node['comment'])}"
        for source, condition in self._after(id):
            yield call(f"{variable}.after", [("", Code(self.variables[source])), ("condition", condition)], 1)

    # Values

    def _source(self, source: str, output: str) -> str:
        if source == INPUTS:
            return output
        node = self.document["nodes"][source]
        if node["kind"] == "data":
            return self.variables[source]
        loop = node.get("loop") or {}
        over_items = loop.get("type") == "parallel_for" and loop.get("over") == "items"
        return member(f"{self.loops[source] if over_items else self.variables[source]}.outputs", output)

    def _value(self, value: Any) -> Any:
        """A literal, or the parameter of the function that it names as a whole."""
        whole = BINDING.fullmatch(value.strip()) if isinstance(value, str) else None
        found = _INPUT.fullmatch(whole[1]) if whole else None
        if found and found[1] in self.document["inputs"]:
            return Code(found[1])
        return value

    def _in_order(self, ref: str, inputs: Mapping[str, Any]) -> list[tuple[str, Any]]:
        interface = self.catalog.interface(ref)
        known = [port["name"] for port in interface["inputs"]] if interface else []
        return [(name, inputs[name]) for name in dict.fromkeys([*known, *inputs]) if name in inputs]

    # Order

    def _is_job(self, node: Mapping[str, Any]) -> bool:
        loop = node.get("loop") or {}
        return loop.get("type") == "do_while" or (loop.get("type") == "parallel_for" and loop["over"] == "items")

    def _loop_name(self, id: str, node: Mapping[str, Any]) -> str:
        suffix = "while" if node["loop"]["type"] == "do_while" else "each"
        return self.names.free(str(node.get("kept", {}).get("loop", {}).get("name") or f"{id}_{suffix}"))

    def _runner(self, id: str) -> str:
        return self.loops.get(id) or self.variables[id]

    def _order_edges(self, source: str) -> list[Any]:
        return [edge for edge in self.document["order"].values() if edge["source"] == source]

    def _after(self, id: str) -> list[tuple[str, str]]:
        """What a node runs after, but for branches: their blocks say that."""
        edges = [edge for edge in self.document["order"].values() if edge["target"] == id]
        nodes = self.document["nodes"]
        return [(edge["source"], edge["condition"]) for edge in edges if nodes[edge["source"]]["kind"] != "branch"]

    def _order(self) -> Iterator[str]:
        """The nodes, each behind all that its lines name: a branch behind what it runs."""
        nodes = self.document["nodes"]
        before: dict[str, list[str]] = {id: [] for id in nodes}
        for edge in self.document["edges"].values():
            if edge["source"] != INPUTS:
                before[edge["target"]].append(edge["source"])
        for order in self.document["order"].values():
            source, target = order["source"], order["target"]
            if nodes[source]["kind"] == "branch":
                before[source].append(target)
            else:
                before[target].append(source)
        done: dict[str, None] = {}
        waiting = list(nodes)
        while waiting:
            ready = [id for id in waiting if all(each in done for each in before[id])]
            # Whatever a circle of branches would be: in the document's own order.
            chosen = ready[0] if ready else waiting[0]
            done[chosen] = None
            waiting.remove(chosen)
        yield from done


def _one_line(text: str) -> str:
    return " ".join(text.replace("\\", " ").replace('"', "'").split())
