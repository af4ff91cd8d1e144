"""Small components and pipelines to export, all in the standard library so that their scripts run anywhere."""

from typing import Any

from designer.graph.document import Document
from designer.graph.export.flat import Environment, Findings, Flat
from designer.graph.export.steps import Part, flat
from registry.spec.component import ComponentSpec
from tests.unit.designer.documents import whole

LOAD = b"""
import pathlib, sys
rows, text, out = sys.argv[1:]
for number in range(int(rows)):
    (pathlib.Path(out) / f"{number}.txt").write_text(text)
"""
COUNT = b"""
import pathlib, sys
folder, out = sys.argv[1:]
pathlib.Path(out).write_text(f"{len(list(pathlib.Path(folder).iterdir()))}\\n")
"""


def part(name: str, inputs: dict[str, Any], outputs: dict[str, Any], command: str, code: bytes = b"") -> Part:
    spec = ComponentSpec.model_validate(
        {
            "name": name,
            "version": "1",
            "inputs": {key: given if isinstance(given, dict) else {"type": given} for key, given in inputs.items()},
            "outputs": {key: {"type": type_} for key, type_ in outputs.items()},
            "command": command,
        }
    )
    return Part(spec, code={"run.py": code} if code else {})


PARTS: dict[str, Part] = {
    "load:1": part(
        "load",
        {"rows": {"type": "integer", "default": 2}, "text": {"type": "string", "default": "x"}},
        {"table": "uri_folder"},
        'python run.py ${{inputs.rows}} "${{inputs.text}}" "${{outputs.table}}"',
        LOAD,
    ),
    "count:1": part(
        "count",
        {"data": "uri_folder", "more": {"type": "uri_folder", "optional": True}},
        {"n": "integer"},
        "python run.py ${{inputs.data}} ${{outputs.n}}",
        COUNT,
    ),
    "say:1": part(
        "say",
        {"text": {"type": "string", "optional": True}, "loud": {"type": "boolean", "default": False}},
        {"said": "uri_file"},
        'echo "text=$[[ ${{inputs.text}}]]" loud=${{inputs.loud}} > ${{outputs.said}}',
    ),
}
INNER = whole(
    {
        "inputs": {"rows": {"type": "integer", "default": 4}},
        "nodes": {"load": {"component": "load:1", "params": {"rows": "${{parent.inputs.rows}}"}}},
        "edges": {},
        "order": {},
        "outputs": {"table": {"type": "uri_folder", "source": "load", "output": "table"}},
    }
)
PARTS["inner:1"] = Part(
    ComponentSpec.model_validate(
        {
            "name": "inner",
            "version": "1",
            "type": "pipeline",
            "inputs": {"rows": {"type": "integer", "default": 4}},
            "outputs": {"table": {"type": "uri_folder"}},
        }
    ),
    graph=INNER,
)


def document(nodes: dict[str, Any], *joins: str, inputs: dict[str, Any] | None = None, **more: Any) -> Document:
    """A document. A join is a wire, `load.table -> count.data`, or an order edge, `load -> say: failed`."""
    edges, order = {}, {}
    for join in joins:
        source, _, target = join.partition(" -> ")
        if ": " in target:
            target, _, condition = target.partition(": ")
            order[f"{target}<{source}"] = {"source": source, "target": target, "condition": condition}
        else:
            node, _, output = source.partition(".")
            to, _, input = target.partition(".")
            edges[target] = {"source": node, "output": output, "target": to, "input": input}
    fields = {"name": "Small pipeline", "inputs": inputs or {}, "nodes": nodes, "edges": edges, "order": order}
    return whole(fields | {"outputs": {}} | more)


def opened(document: Document, findings: Findings | None = None, environment: Environment | None = None) -> Flat:
    return flat(document, PARTS, lambda given: environment or Environment(), findings or Findings())


def everything() -> Document:
    """Wires, values, a pipeline component, a branch, a loop, retries, a timeout and a last step."""
    return document(
        {
            "prepare": {"component": "inner:1", "params": {"rows": "${{parent.inputs.rows}}"}},
            "count": {"component": "count:1", "settings": {"retries": 2, "retry_delay": 5, "timeout": 60}},
            "many": {"kind": "branch", "branch": {"operator": "ge", "operand": 3}, "title": "Many?"},
            "big": {"component": "say:1", "params": {"text": "more than ${{parent.inputs.word}}"}},
            "small": {"component": "say:1", "params": {"text": "few"}},
            "each": {
                "component": "say:1",
                "loop": {
                    "type": "parallel_for",
                    "over": "items",
                    "items": [{"text": "one", "loud": True}, {"text": "two", "loud": False}],
                    "max_concurrency": 2,
                },
            },
            "last": {"component": "say:1", "params": {"text": "done"}, "settings": {"final": True}},
        },
        "prepare.table -> count.data",
        "count.n -> many.value",
        "many -> big: true",
        "many -> small: false",
        "count -> each: succeeded",
        inputs={"rows": {"type": "integer", "default": 5}, "word": {"type": "string", "default": "a {{few}}"}},
    )
