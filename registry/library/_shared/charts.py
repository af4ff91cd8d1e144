"""Charts between steps: a Vega-Lite specification with its data inside; the viewer's theme colours it."""

import json
from pathlib import Path
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MOST_POINTS = 2_000
# Grey that can be seen on light and on dark.
GREY = "#888888"
FAINT = {"strokeDash": [4, 4], "color": GREY}

Row = dict[str, Any]
Encoding = dict[str, Any]


def write_chart(path: Path, title: str, rows: list[Row], view: dict[str, Any]) -> None:
    """Write a chart: `view` holds mark and encoding, or layers of them, over the rows."""
    spec = {
        "$schema": SCHEMA,
        "title": title,
        "width": "container",
        "height": 300,
        "data": {"values": [{key: _short(value) for key, value in row.items()} for row in rows]},
        **view,
    }
    path.write_text(json.dumps(spec, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    print(f"Wrote the chart: {title}.")


def thin(rows: list[Row], most: int = MOST_POINTS) -> list[Row]:
    """At most so many rows, spread evenly."""
    if len(rows) <= most:
        return rows
    return [rows[index * (len(rows) - 1) // (most - 1)] for index in range(most)]


def number(field: str, title: str, **more: Any) -> Encoding:
    """A channel of numbers; its axis need not begin at zero."""
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": False}, **more}


def category(field: str, title: str | None, **more: Any) -> Encoding:
    """A channel of names, in the order of the rows."""
    return {"field": field, "type": "nominal", "title": title, "sort": None, **more}


def tips(*channels: Encoding) -> list[Encoding]:
    """What to tell of a mark under the pointer: the same fields, without axes and scales."""
    kept = ("field", "type", "title", "format")
    return [{key: channel[key] for key in kept if key in channel} for channel in channels]


def bars(label: str, amount: str, amount_title: str, group: str | None = None) -> dict[str, Any]:
    """Horizontal bars, one a row, or side by side within each label by a group."""
    encoding: Encoding = {
        "y": category(label, None, axis={"labelLimit": 200}),
        "x": number(amount, amount_title, scale={"zero": True}),
        "tooltip": tips(category(label, label), number(amount, amount_title)),
    }
    if group:
        encoding |= {"yOffset": {"field": group, "sort": None}, "color": category(group, None)}
        encoding["tooltip"] += tips(category(group, group))
    return {"mark": {"type": "bar"}, "encoding": encoding, "height": {"step": 14 if group else 20}}


def points(x: Encoding, y: Encoding, color: Encoding | None = None) -> dict[str, Any]:
    """A scatter of points."""
    encoding: Encoding = {"x": x, "y": y, "tooltip": tips(x, y, *([color] if color else []))}
    if color:
        encoding["color"] = color
    return {"mark": {"type": "point", "filled": True, "opacity": 0.65}, "encoding": encoding}


def guide(rows: list[Row], x: str, y: str) -> dict[str, Any]:
    """A faint dashed line through the rows, to compare with."""
    return {
        "data": {"values": [{key: _short(value) for key, value in row.items()} for row in rows]},
        "mark": {"type": "line", **FAINT},
        "encoding": {"x": {"field": x, "type": "quantitative"}, "y": {"field": y, "type": "quantitative"}},
    }


def _short(value: Any) -> Any:
    """A value as JSON can hold it, to six digits."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if value - value == 0 else None
    return value
