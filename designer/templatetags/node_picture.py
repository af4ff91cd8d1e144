"""A component's node as SVG, drawn by the server with the geometry of the canvas."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from designer.graph.geometry import HEADER, Box, node_box
from registry.categories import hue
from registry.glyphs import PORT_GLYPHS
from registry.spec.interface import data_inputs

register = template.Library()
MARGIN = 8


@register.simple_tag
def node_picture(interface: dict[str, Any], glyphs_only: bool = False) -> SafeString:
    """The node as it stands on the canvas; `glyphs_only` is the small one of lists, without words."""
    inputs, outputs = data_inputs(interface["inputs"]), interface["outputs"]
    left = [_label(port) for port in inputs]
    right = [port["label"] for port in outputs]
    if glyphs_only:
        return _small(interface, inputs, outputs)
    box = node_box(interface["title"], left, right)
    ports = [_port(0, y, port, text, "start") for y, port, text in zip(box.inputs, inputs, left, strict=True)]
    ports += [_port(box.width, y, port, text, "end") for y, port, text in zip(box.outputs, outputs, right, strict=True)]
    return format_html(
        '<svg class="node-picture" width="{w}" height="{h}" viewBox="{x} {x} {w} {h}" role="img" aria-label="{label}" '
        'style="--tile: {hue}">'
        '{frame}<rect class="node-body" width="{bw}" height="{bh}" rx="8"/>'
        '<path class="node-rule" d="M0 {header}H{bw}"/>'
        '<rect class="node-tile" x="8" y="8" width="20" height="20" rx="4"/>'
        '<svg class="node-icon" x="11" y="11" width="14" height="14"><use href="{sprite}#{icon}"/></svg>'
        '<text class="node-title" x="36" y="22.5">{title}</text>{ports}</svg>',
        w=box.width + 2 * MARGIN,
        h=box.height + 2 * MARGIN,
        x=-MARGIN,
        bw=box.width,
        bh=box.height,
        header=HEADER,
        sprite=static("icons.svg"),
        icon=interface["icon"],
        title=interface["title"],
        hue=hue(interface["category"]),
        label=_sentence(interface, inputs, outputs),
        frame=_frame(box) if interface.get("pipeline") else "",
        ports=format_html_join("", "{}", ((port,) for port in ports)),
    )


def _frame(box: Box) -> SafeString:
    """A pipeline's node has a second outline: there is more inside."""
    return format_html(
        '<rect class="node-body" x="-4" y="-4" width="{}" height="{}" rx="12"/>', box.width + 8, box.height + 8
    )


def _label(port: dict[str, Any]) -> str:
    return str(port["label"])


def _port(x: int, y: int, port: dict[str, Any], text: str, anchor: str) -> SafeString:
    return format_html(
        '<g transform="translate({} {})"><g class="{}">{}</g><text class="node-port" x="{}" y="4" text-anchor="{}">'
        "{}</text></g>",
        x,
        y,
        _classes(port),
        mark_safe(PORT_GLYPHS.get(port["type"], PORT_GLYPHS["string"])[1]),
        12 if anchor == "start" else -12,
        anchor,
        text,
    )


def _small(interface: dict[str, Any], inputs: list[Any], outputs: list[Any]) -> SafeString:
    """Ports as glyphs on a little card: enough to see what goes in and what comes out."""
    rows = max(len(inputs), len(outputs), 1)
    width, height = 56, 12 + 14 * rows
    ports = [(0, 13 + 14 * index, port) for index, port in enumerate(inputs)]
    ports += [(width, 13 + 14 * index, port) for index, port in enumerate(outputs)]
    return format_html(
        '<svg class="node-picture small" width="{}" height="{}" viewBox="-8 0 {} {}" role="img" aria-label="{}">'
        '<rect class="node-body" y="1" width="{}" height="{}" rx="5"/>{}</svg>',
        width + 16,
        height + 2,
        width + 16,
        height + 2,
        _sentence(interface, inputs, outputs),
        width,
        height,
        format_html_join(
            "",
            '<g transform="translate({} {})" class="{}">{}</g>',
            (
                (x, y, _classes(port), mark_safe(PORT_GLYPHS.get(port["type"], PORT_GLYPHS["string"])[1]))
                for x, y, port in ports
            ),
        ),
    )


def _classes(port: dict[str, Any]) -> str:
    family = PORT_GLYPHS.get(port["type"], PORT_GLYPHS["string"])[0]
    return f"port-shape port-{family}{' is-optional' if port.get('optional') else ''}"


def _sentence(interface: dict[str, Any], inputs: list[Any], outputs: list[Any]) -> str:
    def names(ports: list[Any]) -> str:
        return ", ".join(port["label"] for port in ports) or "nothing"

    return f"{interface['title']}: takes {names(inputs)}; gives {names(outputs)}"
