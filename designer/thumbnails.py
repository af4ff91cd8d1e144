"""Small pictures of a graph, drawn by Pillow from the same geometry as the canvas."""

import math
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple

from PIL import Image, ImageColor, ImageDraw

from designer.graph.annotations import NOTES
from designer.graph.document import INPUTS, Catalog, Document, part_at
from designer.graph.geometry import Box, OrderAnchors, box_of, node_box, order_anchors
from designer.graph.ports import input_ports, output_ports
from registry.spec.types import is_data

SIZE = (640, 360)
MARGIN = 28
# Drawn larger and scaled down once, for smooth edges.
OVERSAMPLING = 2
DOTS = 20 * OVERSAMPLING


Point = tuple[float, float]


class Palette(NamedTuple):
    canvas: str
    dots: str
    card: str
    border: str
    ink: str
    wires: dict[str, str]


_LIGHT = Palette(
    "#f6f7f9", "#e3e6eb", "#ffffff", "#aab1bd", "#5c6470",
    {"mltable": "#2f7f95", "file": "#7d7426", "model": "#aa4499", "scalar": "#332288"},
)  # fmt: skip
_DARK = Palette(
    "#0f1115", "#1f232b", "#1d212a", "#465063", "#9aa3b2",
    {"mltable": "#88ccee", "file": "#ddcc77", "model": "#d98acb", "scalar": "#b0a6ec"},
)  # fmt: skip


class _Placed(NamedTuple):
    x: float
    y: float
    box: Box
    inputs: list[str]
    outputs: list[str]
    output_types: list[str]
    anchors: OrderAnchors
    loop: bool = False
    pipeline: bool = False


def thumbnail(document: Document, catalog: Catalog, *, dark: bool = False) -> bytes:
    """A WebP picture of the whole graph, 640 x 360 px; a bare canvas for an empty graph."""
    palette = _DARK if dark else _LIGHT
    size = (SIZE[0] * OVERSAMPLING, SIZE[1] * OVERSAMPLING)
    image = Image.new("RGB", size, palette.canvas)
    draw = ImageDraw.Draw(image)
    for x in range(DOTS // 2, size[0], DOTS):
        for y in range(DOTS // 2, size[1], DOTS):
            draw.ellipse((x - 2, y - 2, x + 2, y + 2), palette.dots)
    placed = _place(document, catalog)
    if placed or document.get("notes"):
        _draw(draw, document, placed, palette, size)
    file = BytesIO()
    image.resize(SIZE, Image.Resampling.LANCZOS).save(file, "WEBP", quality=82)
    return file.getvalue()


def _place(document: Document, catalog: Catalog) -> dict[str, _Placed]:
    placed = {id: _placed(node, catalog) for id, node in document["nodes"].items()}
    for name, input_ in document["inputs"].items():
        if is_data(input_["type"]):
            box = node_box(name, [], ["Data"])
            types = [input_["type"]]
            placed[f"{INPUTS}.{name}"] = _Placed(input_["x"], input_["y"], box, [], [name], types, order_anchors(box))
    return placed


def _placed(node: dict[str, Any], catalog: Catalog) -> _Placed:
    inputs, outputs = input_ports(node, catalog), output_ports(node, catalog)
    interface = catalog.interface(node["component"]) if node["kind"] == "component" else None
    box = box_of(node, catalog)
    return _Placed(
        node["x"],
        node["y"],
        box,
        [port["name"] for port in inputs],
        [port["name"] for port in outputs],
        [port["type"] for port in outputs],
        order_anchors(box, branch=node["kind"] == "branch"),
        loop="loop" in node,
        pipeline=interface is not None and interface.get("pipeline", False),
    )


class _Area(NamedTuple):
    """A note, or a group around its members."""

    corners: tuple[float, float, float, float]
    color: str
    note: bool


_TINTS = {
    "yellow": "#c9a227", "blue": "#4a78d0", "green": "#3d9a6a", "pink": "#c2568f",
    "violet": "#7d5fc7", "gray": "#7a828f",
}  # fmt: skip
_AROUND, _HEAD = 24, 36


def _beneath(document: Document, placed: dict[str, _Placed]) -> list[_Area]:
    """Groups, then notes, with their corners on the canvas; as `static/src/designer/sections/boxes.ts` has them."""
    notes = {
        f"{NOTES}.{id}": (note["x"], note["y"], note["x"] + note["width"], note["y"] + note["height"])
        for id, note in document.get("notes", {}).items()
    }
    boxes = {id: (node.x, node.y, node.x + node.box.width, node.y + node.box.height) for id, node in placed.items()}
    members: dict[str, list[tuple[float, float, float, float]]] = {}
    for id, box in (boxes | notes).items():
        table, key = part_at(id)
        section = document[table][key].get("section")  # type: ignore[literal-required]
        if section is not None:
            members.setdefault(section, []).append(box)
    areas = []
    for id, section in document.get("sections", {}).items():
        if found := members.get(id):
            left, top = min(box[0] for box in found) - _AROUND, min(box[1] for box in found) - _AROUND - _HEAD
            right, bottom = max(box[2] for box in found) + _AROUND, max(box[3] for box in found) + _AROUND
            areas.append(_Area((left, top, right, bottom), section["color"], note=False))
    return areas + [
        _Area(notes[f"{NOTES}.{id}"], note["color"], note=True) for id, note in document.get("notes", {}).items()
    ]


def _draw(
    draw: ImageDraw.ImageDraw, document: Document, placed: dict[str, _Placed], palette: Palette, size: tuple[int, int]
) -> None:
    beneath = _beneath(document, placed)
    corners = [(node.x, node.y, node.x + node.box.width, node.y + node.box.height) for node in placed.values()]
    corners += [area.corners for area in beneath]
    left, top = min(x for x, _, _, _ in corners), min(y for _, y, _, _ in corners)
    width = max(x for _, _, x, _ in corners) - left
    height = max(y for _, _, _, y in corners) - top
    margin = MARGIN * OVERSAMPLING
    scale = min((size[0] - 2 * margin) / width, (size[1] - 2 * margin) / height, 1.1 * OVERSAMPLING)
    # A long pipeline would be a thin line: its rows may be up to twice as far apart as its columns.
    tall = min((size[1] - 2 * margin) / height, 2 * scale, 1.1 * OVERSAMPLING)
    dx = (size[0] - width * scale) / 2 - left * scale
    dy = (size[1] - height * tall) / 2 - top * tall

    def at(x: float, y: float) -> tuple[float, float]:
        return x * scale + dx, y * tall + dy

    for area in beneath:
        x, y, right, bottom = area.corners
        fill = ImageColor.getrgb(palette.canvas)
        tint = ImageColor.getrgb(_TINTS[area.color])
        mixed = tuple(round(a + (b - a) * (0.22 if area.note else 0.1)) for a, b in zip(fill, tint, strict=True))
        line = max(1, round(scale))
        draw.rounded_rectangle((*at(x, y), *at(right, bottom)), 10 * scale, mixed, _TINTS[area.color], width=line)
    for edge in document["edges"].values():
        source_id = f"{INPUTS}.{edge['output']}" if edge["source"] == INPUTS else edge["source"]
        source, target = placed.get(source_id), placed.get(edge["target"])
        if source is None or target is None:
            continue
        if edge["output"] not in source.outputs or edge["input"] not in target.inputs:
            continue
        index = source.outputs.index(edge["output"])
        start = at(source.x + source.box.width, source.y + source.box.outputs[index])
        end = at(target.x, target.y + target.box.inputs[target.inputs.index(edge["input"])])
        colour = palette.wires[_family(source.output_types[index])]
        draw.line(_bezier(start, end), fill=colour, width=max(3, round(2.2 * scale)), joint="curve")
    for order in document["order"].values():
        source, target = placed[order["source"]], placed[order["target"]]
        left_at = (source.anchors.ways or {}).get(order["condition"], source.anchors.out)
        start = at(source.x + left_at[0], source.y + left_at[1])
        end = at(target.x + target.anchors.into[0], target.y + target.anchors.into[1])
        _dashes(draw, _falling(start, end, sideways=source.anchors.ways is not None), palette.ink, max(2, round(scale)))
    for node in placed.values():
        _draw_node(draw, node, at, palette, scale)


def _draw_node(
    draw: ImageDraw.ImageDraw, node: _Placed, at: Callable[[float, float], Point], palette: Palette, scale: float
) -> None:
    """A card with its tile and title: a stack of cards for a loop, a frame around it for a pipeline component."""
    line, radius = max(2, round(1.2 * scale)), max(4.0, 8 * scale)
    right, bottom = node.x + node.box.width, node.y + node.box.height
    if node.pipeline:
        frame = (*at(node.x - 5, node.y - 5), *at(right + 5, bottom + 5))
        draw.rounded_rectangle(frame, radius + 5 * scale, palette.canvas, palette.border, width=line)
    for offset in (8, 4, 0) if node.loop else (0,):
        card = (*at(node.x + offset, node.y + offset), *at(right + offset, bottom + offset))
        draw.rounded_rectangle(card, radius, palette.card, palette.border, width=line)
    bar = at(node.x + 36, node.y + 14), at(node.x + node.box.width * 0.75, node.y + 22)
    tile = at(node.x + 8, node.y + 8), at(node.x + 28, node.y + 28)
    draw.rounded_rectangle((*tile[0], *tile[1]), max(1.0, 4 * scale), palette.border)
    draw.rounded_rectangle((*bar[0], *bar[1]), max(1.0, 4 * scale), palette.ink)


@lru_cache(maxsize=64)
def _steps(count: int) -> tuple[float, ...]:
    return tuple(step / count for step in range(count + 1))


def _bezier(start: Point, end: Point) -> list[Point]:
    """The canvas' wire: a cubic whose handles reach half of the way, and out to the side when it runs backwards."""
    reach = max(abs(end[0] - start[0]) / 2, 40.0)
    return _cubic(start, (start[0] + reach, start[1]), (end[0] - reach, end[1]), end)


def _cubic(*points: Point) -> list[Point]:
    return [
        tuple(
            (1 - t) ** 3 * points[0][axis]
            + 3 * (1 - t) ** 2 * t * points[1][axis]
            + 3 * (1 - t) * t**2 * points[2][axis]
            + t**3 * points[3][axis]
            for axis in (0, 1)
        )  # type: ignore[misc]
        for t in _steps(24)
    ]


def _falling(start: Point, end: Point, *, sideways: bool) -> list[Point]:
    """An order edge: it leaves downwards (a branch's sideways) and comes in from above."""
    reach = max(abs(end[1] - start[1]) / 2, 30.0)
    first = (start[0] + reach, start[1]) if sideways else (start[0], start[1] + reach)
    return _cubic(start, first, (end[0], end[1] - reach), end)


def _dashes(draw: ImageDraw.ImageDraw, points: list[Point], colour: str, width: int) -> None:
    """A line of dashes of one length, three times as long as it is wide, however long its pieces are."""
    travelled = 0.0
    for start, end in pairwise(points):
        length = math.dist(start, end)
        pieces = max(1, round(length / width))
        ends = [
            (start[0] + (end[0] - start[0]) * k / pieces, start[1] + (end[1] - start[1]) * k / pieces)
            for k in range(pieces + 1)
        ]
        for piece in pairwise(ends):
            if (travelled // (3 * width)) % 2 == 0:
                draw.line(piece, fill=colour, width=width)
            travelled += length / pieces


def _family(type_: str) -> str:
    if type_ == "mltable":
        return "mltable"
    if type_.endswith("_model"):
        return "model"
    return "file" if is_data(type_) else "scalar"
