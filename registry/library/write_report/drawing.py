"""Draw a Vega-Lite chart as SVG, for pages that may hold no scripts: the marks that the built-in steps use."""

import io
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

Row = dict[str, Any]
Encoding = dict[str, Any]
COLORS = ["#4c78a8", "#f58518", "#54a24b", "#e45756", "#72b7b2", "#eeca3b", "#b279a2", "#ff9da6", "#9d755d", "#79706e"]
WIDTH, HEIGHT = 7.5, 3.6


class NotDrawable(Exception):
    """The chart uses what this page cannot draw."""


def draw(spec: dict[str, Any]) -> str:
    """The chart as SVG text. Raises NotDrawable."""
    # Equal charts give equal bytes, and a $ in a name is a $.
    with mpl.rc_context({"svg.hashsalt": "portline", "text.parse_math": False}):
        return _svg(spec)


def _svg(spec: dict[str, Any]) -> str:
    data = spec.get("data", {}).get("values", [])
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    for layer in spec.get("layer", [spec]):
        rows = layer.get("data", {}).get("values", data)
        encoding = spec.get("encoding", {}) | layer.get("encoding", {})
        mark = layer.get("mark")
        kind = mark.get("type") if isinstance(mark, dict) else mark
        if kind not in MARKS or not encoding:
            raise NotDrawable(str(kind))
        try:
            MARKS[kind](axes, rows, encoding, mark if isinstance(mark, dict) else {})
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise NotDrawable(str(error)) from error
        _label(axes, encoding)
    _resize(figure, axes, HEIGHT if "layer" in spec else 0)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _bar(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    labels = _names(rows, encoding["y"])
    groups = _names(rows, encoding["yOffset"]) if "yOffset" in encoding else [None]
    height = 0.8 / len(groups)
    for number, group in enumerate(groups):
        chosen = [row for row in rows if group is None or row[encoding["yOffset"]["field"]] == group]
        places = [
            labels.index(row[encoding["y"]["field"]]) + (number - (len(groups) - 1) / 2) * height for row in chosen
        ]
        amounts = [row[encoding["x"]["field"]] or 0 for row in chosen]
        axes.barh(places, amounts, height, color=COLORS[number % len(COLORS)], label=group)
    _ticks(axes, "y", labels)
    axes.invert_yaxis()
    if len(groups) > 1:
        axes.legend(frameon=False)


def _line(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    dashed = "strokeDash" in mark
    steps = "steps-post" if mark.get("interpolate") == "step-after" else "default"
    for number, (name, part) in enumerate(_parts(rows, encoding)):
        x, y = _numbers(part, encoding["x"]), _numbers(part, encoding["y"])
        color = "#888888" if dashed else COLORS[number % len(COLORS)]
        axes.plot(x, y, color=color, linestyle="--" if dashed else "-", drawstyle=steps, label=name)
    if "color" in encoding:
        axes.legend(frameon=False, title=encoding["color"].get("title"))


def _point(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    color = encoding.get("color", {})
    if color.get("type") == "quantitative":
        places = axes.scatter(
            _numbers(rows, encoding["x"]), _numbers(rows, encoding["y"]), 12, _numbers(rows, color), alpha=0.7
        )
        axes.figure.colorbar(places, label=color.get("title"))
        return
    for number, (name, part) in enumerate(_parts(rows, encoding)):
        x, y = _numbers(part, encoding["x"]), _numbers(part, encoding["y"])
        axes.scatter(x, y, 12, COLORS[number % len(COLORS)], alpha=0.65, label=name)
    if color:
        axes.legend(frameon=False, title=color.get("title"))


def _rect(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    """Cells of two categories, or strips along an axis of numbers."""
    y = _names(rows, encoding["y"])
    shades = mpl.colormaps["Blues"]
    shares = _numbers(rows, encoding["color"])
    most = max([*shares, 1e-12])
    if "x2" in encoding:
        ends = list(zip(_numbers(rows, encoding["x"]), _numbers(rows, encoding["x2"]), strict=True))
    else:
        x = _names(rows, encoding["x"])
        ends = [(place - 0.5, place + 0.5) for place in (x.index(row[encoding["x"]["field"]]) for row in rows)]
        _ticks(axes, "x", x)
    for row, share, (left, right) in zip(rows, shares, ends, strict=True):
        place = y.index(row[encoding["y"]["field"]])
        axes.barh(place, right - left, 0.96, left, color=shades(share / most))
    _ticks(axes, "y", y)
    axes.invert_yaxis()


def _text(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    x, y = _names(rows, encoding["x"]), _names(rows, encoding["y"])
    for row in rows:
        place = x.index(row[encoding["x"]["field"]]), y.index(row[encoding["y"]["field"]])
        text = axes.text(*place, str(row[encoding["text"]["field"]]), ha="center", va="center")
        text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1.5})


def _rule(axes: Axes, rows: list[Row], encoding: Encoding, mark: Row) -> None:
    axes.vlines(
        _numbers(rows, encoding["x"]),
        _numbers(rows, encoding["y"]),
        _numbers(rows, encoding["y2"]),
        color=COLORS[0],
        alpha=0.5,
    )


MARKS = {"bar": _bar, "line": _line, "point": _point, "rect": _rect, "text": _text, "rule": _rule}


def _parts(rows: list[Row], encoding: Encoding) -> list[tuple[Any, list[Row]]]:
    """The rows of each colour."""
    if "color" not in encoding:
        return [(None, rows)]
    field = encoding["color"]["field"]
    return [(name, [row for row in rows if row[field] == name]) for name in _names(rows, encoding["color"])]


def _names(rows: list[Row], channel: Encoding) -> list[Any]:
    names = list(dict.fromkeys(row[channel["field"]] for row in rows))
    return sorted(names, key=str) if channel.get("sort") == "ascending" else names


def _numbers(rows: list[Row], channel: Encoding) -> list[float]:
    return [float("nan") if row[channel["field"]] is None else float(row[channel["field"]]) for row in rows]


def _ticks(axes: Axes, side: str, names: list[Any]) -> None:
    getattr(axes, f"set_{side}ticks")(range(len(names)), [str(name)[:40] for name in names])


def _label(axes: Axes, encoding: Encoding) -> None:
    for side in ("x", "y"):
        title = encoding.get(side, {}).get("title")
        if title and not getattr(axes, f"get_{side}label")():
            getattr(axes, f"set_{side}label")(title)


def _resize(figure: Figure, axes: Axes, least: float) -> None:
    """As high as the names on the left need."""
    if axes.yaxis_inverted():
        figure.set_size_inches(WIDTH, max(least, 0.3 * len(axes.get_yticklabels()) + 0.8))
