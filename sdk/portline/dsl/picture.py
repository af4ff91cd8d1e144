"""A pipeline as SVG, from what its YAML says: boxes in columns from left to right, as the canvas shows them.

Sizes are the canvas' own (`docs/reference/protocol.md`, geometry): px at zoom 1. Works in light and dark.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

HEADER, ROW, PADDING, GRID = 36, 24, 8, 8
NARROWEST, WIDEST = 176, 320
COLUMN_GAP, ROW_GAP, MARGIN = 72, 32, 16
INPUTS = "$inputs"
_OUTPUT = re.compile(r"\$\{\{\s*(?:parent\.)?jobs\.(\w+)\.outputs\.([\w.]+)\s*\}\}")
_INPUT = re.compile(r"\$\{\{\s*(?:parent\.)?inputs\.([\w.]+)\s*\}\}")
_JOB = re.compile(r"\$\{\{\s*(?:parent\.)?jobs\.(\w+)\s*\}\}")
_LOOPS = ("do_while", "parallel_for")
STYLE = """
.pl{font:12px Inter,system-ui,sans-serif;--card:#fff;--border:#aab1bd;--ink:#1c2230;--soft:#5c6470;--wire:#7d8797;
--canvas:#f6f7f9}
@media (prefers-color-scheme:dark){.pl{--card:#1d212a;--border:#465063;--ink:#e7eaf0;--soft:#9aa3b2;--wire:#7d8797;
--canvas:#0f1115}}
.pl .canvas{fill:var(--canvas)}.pl .card{fill:var(--card);stroke:var(--border)}
.pl .title{fill:var(--ink);font-weight:600}.pl .port{fill:var(--soft);font-size:11px}
.pl .wire{fill:none;stroke:var(--wire);stroke-width:1.5}.pl .order{stroke-dasharray:4 4}
.pl .dot{fill:var(--card);stroke:var(--wire);stroke-width:1.5}.pl .Completed{stroke:#1a7f4b;stroke-width:2}
.pl .Failed{stroke:#c0352b;stroke-width:2}.pl .Running{stroke:#2563eb;stroke-width:2}
""".replace("\n", "")


@dataclass
class _Node:
    title: str
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    note: str = ""
    x: float = 0
    y: float = 0

    @property
    def width(self) -> int:
        rows = [
            len(self.inputs[i] if i < len(self.inputs) else "") + len(self.outputs[i] if i < len(self.outputs) else "")
            for i in range(self.rows)
        ]
        wanted = max([84 + 7.25 * len(self.title), *(48 + 6.5 * length for length in rows)])
        return int(min(WIDEST, max(NARROWEST, GRID * -(-wanted // GRID))))

    @property
    def rows(self) -> int:
        return max(len(self.inputs), len(self.outputs))

    @property
    def height(self) -> int:
        return HEADER + ROW * self.rows + PADDING + (ROW if self.note else 0)

    def port(self, name: str, side: str) -> tuple[float, float]:
        names = self.inputs if side == "in" else self.outputs
        y = HEADER + ROW * names.index(name) + ROW // 2 if name in names else HEADER // 2
        return (self.x if side == "in" else self.x + self.width), self.y + y


@dataclass(frozen=True)
class _Wire:
    source: str
    output: str
    target: str
    input: str
    order: bool = False


def svg(content: Mapping[str, Any], states: Mapping[str, str] | None = None) -> str:
    """The picture of a pipeline job's or component's YAML. `states` are words for nodes, as a run has them."""
    nodes, wires = _graph(content)
    if not nodes:
        nodes = {"": _Node(str(content.get("display_name") or content.get("name") or "Empty pipeline"))}
    for id, state in (states or {}).items():
        if id in nodes:
            nodes[id].note = state
    _lay_out(nodes, wires)
    width = max(node.x + node.width for node in nodes.values()) + MARGIN
    height = max(node.y + node.height for node in nodes.values()) + MARGIN
    title = escape(str(content.get("display_name") or "Pipeline"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pl" role="img" aria-label="{title}" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"><style>{STYLE}</style>',
        f'<rect class="canvas" width="{width:.0f}" height="{height:.0f}" rx="8"/>',
    ]
    parts += [_path(nodes, wire) for wire in wires]
    parts += [_box(node) for node in nodes.values()]
    return "".join(parts) + "</svg>"


def _graph(content: Mapping[str, Any]) -> tuple[dict[str, _Node], list[_Wire]]:
    jobs = {str(id): job for id, job in (content.get("jobs") or {}).items() if isinstance(job, Mapping)}
    loops = {id: _named(job.get("body")) for id, job in jobs.items() if job.get("type") in _LOOPS}
    nodes: dict[str, _Node] = {}
    wires: list[_Wire] = []
    for id, job in jobs.items():
        if id not in loops:
            component = job.get("component") or job.get("trial")
            name = component.get("display_name") or component.get("name") if isinstance(component, Mapping) else ""
            node = nodes[id] = _Node(str(job.get("display_name") or name or id)[:60])
            if isinstance(component, Mapping):
                node.outputs = [str(port) for port in component.get("outputs") or {}]
            if job.get("type") in ("sweep", "if_else"):
                node.note = {"sweep": "Sweep", "if_else": "If"}[job["type"]]
    for id, job in jobs.items():
        if id in loops and loops[id] in nodes:
            nodes[loops[id]].note = {"do_while": "Repeats", "parallel_for": "For each"}[job["type"]]
    for id, job in jobs.items():
        if id in nodes:
            wires += _wires(content, id, job, nodes, loops)
    return nodes, wires


def _wires(
    content: Mapping[str, Any], id: str, job: Mapping[str, Any], nodes: dict[str, _Node], loops: Mapping[str, str]
) -> Iterator[_Wire]:
    given = dict(job.get("inputs") or {})
    if "condition" in job:
        given["condition"] = job["condition"]
    for name, value in given.items():
        text = value.get("path") if isinstance(value, Mapping) else value
        for source, output in _OUTPUT.findall(text) if isinstance(text, str) else ():
            source = loops.get(source, source)
            if source in nodes:
                _add(nodes[id].inputs, str(name))
                _add(nodes[source].outputs, output)
                yield _Wire(source, output, id, str(name))
        for pipeline_input in _INPUT.findall(text) if isinstance(text, str) else ():
            declared = (content.get("inputs") or {}).get(pipeline_input)
            kind = declared.get("type", "uri_folder") if isinstance(declared, Mapping) else "string"
            if kind not in ("string", "integer", "number", "boolean"):
                source = f"{INPUTS}.{pipeline_input}"
                nodes.setdefault(source, _Node(pipeline_input, outputs=["Data"]))
                _add(nodes[id].inputs, str(name))
                yield _Wire(source, "Data", id, str(name))
    for way in ("true", "false"):
        block = job.get(f"{way}_block")
        for each in block if isinstance(block, list) else [block]:
            target = loops.get(_named(each), _named(each))
            if target in nodes:
                _add(nodes[id].outputs, way.capitalize())
                yield _Wire(id, way.capitalize(), target, "", order=True)
    for source in _after(job):
        if source in nodes:
            yield _Wire(source, "", id, "", order=True)


def _after(job: Mapping[str, Any]) -> list[str]:
    hints = (job.get("properties") or {}).get("portline")
    if isinstance(hints, str):
        try:
            hints = json.loads(hints)
        except ValueError:
            return []
    return list((hints or {}).get("after") or {}) if isinstance(hints, Mapping) else []


def _named(value: Any) -> str:
    found = _JOB.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else str(value or "")


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)


def _lay_out(nodes: dict[str, _Node], wires: list[_Wire]) -> None:
    """Columns by the longest way to each node; within a column by the middle of what leads there, to cross less."""
    column = dict.fromkeys(nodes, 0)
    for _ in nodes:  # as many rounds as the longest way can have; a circle ends there too
        moved = False
        for wire in wires:
            if column[wire.target] <= column[wire.source] < len(nodes):
                column[wire.target], moved = column[wire.source] + 1, True
        if not moved:
            break
    for id in nodes:
        if id.startswith(INPUTS):  # beside what takes it first
            column[id] = max(0, min(column[wire.target] for wire in wires if wire.source == id) - 1)
    columns: dict[int, list[str]] = {}
    for id in nodes:
        columns.setdefault(column[id], []).append(id)
    place = {id: float(index) for ids in columns.values() for index, id in enumerate(ids)}
    for _ in range(4):
        for number in sorted(columns):
            before = {id: [place[wire.source] for wire in wires if wire.target == id] for id in columns[number]}
            middle = {id: sum(those) / len(those) if those else place[id] for id, those in before.items()}
            columns[number].sort(key=lambda id: middle[id])
            place |= {id: float(index) for index, id in enumerate(columns[number])}
    tallest = max(_height(nodes, ids) for ids in columns.values())
    x = float(MARGIN)
    for number in sorted(columns):
        y = MARGIN + (tallest - _height(nodes, columns[number])) / 2
        for id in columns[number]:
            nodes[id].x, nodes[id].y = x, y
            y += nodes[id].height + ROW_GAP
        x += max(nodes[id].width for id in columns[number]) + COLUMN_GAP


def _height(nodes: dict[str, _Node], ids: list[str]) -> float:
    return sum(nodes[id].height for id in ids) + ROW_GAP * (len(ids) - 1)


def _path(nodes: dict[str, _Node], wire: _Wire) -> str:
    (x1, y1), (x2, y2) = nodes[wire.source].port(wire.output, "out"), nodes[wire.target].port(wire.input, "in")
    bend = max(32.0, abs(x2 - x1) / 2)
    kind = "wire order" if wire.order else "wire"
    d = f"M{x1:.0f},{y1:.0f}C{x1 + bend:.0f},{y1:.0f} {x2 - bend:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"
    return f'<path class="{kind}" d="{d}"/>'


def _box(node: _Node) -> str:
    state = escape(node.note.partition(" ")[0])
    parts = [
        f'<g transform="translate({node.x:.0f},{node.y:.0f})">'
        f'<rect class="card {state}" width="{node.width}" height="{node.height}" rx="6"/>'
        f'<text class="title" x="12" y="23">{escape(_cut(node.title, node.width))}</text>'
    ]
    for index, name in enumerate(node.inputs):
        y = HEADER + ROW * index + ROW // 2
        parts.append(f'<circle class="dot" cy="{y}" r="4"/><text class="port" x="10" y="{y + 4}">{escape(name)}</text>')
    for index, name in enumerate(node.outputs):
        y, x = HEADER + ROW * index + ROW // 2, node.width
        parts.append(
            f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>'
            f'<text class="port" x="{x - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>'
        )
    if node.note:
        parts.append(f'<text class="port" x="12" y="{node.height - 10}">{escape(node.note)}</text>')
    return "".join(parts) + "</g>"


def _cut(title: str, width: int) -> str:
    most = int((width - 24) / 7.25)
    return title if len(title) <= most else f"{title[: most - 1]}…"
