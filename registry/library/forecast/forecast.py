from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from charts import GREY, number, tips, write_chart
from columns import check_column
from metrics import write_metrics
from step import UserError, run
from tables import need_numeric, plain, read_table, write_table

YEAR_DAYS = 365.25


def forecast(
    table: Path, time: str, value: str, horizon: int, period: int, result: Path, metrics: Path, chart: Path
) -> None:
    """Trend, period and year by least squares, tested on rows that were held back."""
    frame = read_table(table)
    check_column(frame.columns, time)
    check_column(frame.columns, value)
    need_numeric(frame, [value], "forecast")
    if not frame.schema[time].is_temporal():
        raise UserError(f"The column `{time}` holds no dates or times; “Convert types” makes them of text.")
    frame = frame.select(time, pl.col(value).cast(pl.Float64)).drop_nulls().sort(time)
    needed = horizon + 2 * period + 4
    if frame.height < needed:
        raise UserError(
            f"The series has {frame.height} rows, but to forecast {horizon} with a period of {period} needs {needed}."
        )
    values, times = frame[value].to_numpy(), frame[time]
    step = (times[-1] - times[0]) / (frame.height - 1)
    days = max(step.total_seconds() / 86_400, 1e-9)
    held = _ahead(values[:-horizon], horizon, period, days)
    repeated = values[-horizon - period : -horizon][np.arange(horizon) % period]
    actual = values[-horizon:]
    measured = {
        "rmse": float(np.sqrt(np.mean((held - actual) ** 2))),
        "mae": float(np.mean(np.abs(held - actual))),
        "mae_of_repeating": float(np.mean(np.abs(repeated - actual))),
        "rows_held_back": horizon,
    }
    write_metrics(metrics, measured)
    ahead = _ahead(values, horizon, period, days)
    spread = 1.96 * float(np.std(held - actual, ddof=1 if horizon > 1 else 0))
    coming = pl.DataFrame(
        {
            time: pl.Series([times[-1] + step * (index + 1) for index in range(horizon)]).cast(times.dtype),
            "forecast": ahead,
            "low": ahead - spread,
            "high": ahead + spread,
        }
    )
    write_table(coming, result, "the forecast")
    shown = frame.tail(4 * horizon)
    rows = [{"time": plain(at), "value": number_, "series": value} for at, number_ in shown.iter_rows()]
    rows += [
        {"time": plain(at), "value": middle, "low": low, "high": high, "series": "forecast"}
        for at, middle, low, high in coming.iter_rows()
    ]
    write_chart(chart, f"{value}: the next {horizon}", rows, _view(value))


def _ahead(values: np.ndarray, horizon: int, period: int, days: float) -> np.ndarray:
    """The rows after these."""
    at = np.arange(len(values) + horizon)
    parts = [np.ones_like(at, dtype=float), at / len(values)]
    parts += [(at % period == each).astype(float) for each in range(1, period)]
    if len(values) * days >= 1.5 * YEAR_DAYS:
        year = 2 * np.pi * at * days / YEAR_DAYS
        parts += [wave(turn * year) for turn in (1, 2, 3) for wave in (np.sin, np.cos)]
    matrix = np.column_stack(parts)
    weights, *_ = np.linalg.lstsq(matrix[: len(values)], values, rcond=None)
    # What the last period was off by fades out: a level that moved lately is carried on for a while.
    fitted = matrix @ weights
    off = float(np.mean(values[-period:] - fitted[len(values) - period : len(values)]))
    return fitted[len(values) :] + off * 0.9 ** np.arange(1, horizon + 1)


def _view(value: str) -> dict[str, Any]:
    x = {"field": "time", "type": "temporal", "title": None}
    y = number("value", value)
    color = {"field": "series", "type": "nominal", "title": None, "sort": None}
    band = {
        "mark": {"type": "area", "opacity": 0.2, "color": GREY},
        "encoding": {"x": x, "y": number("low", value), "y2": {"field": "high"}},
    }
    line = {"mark": {"type": "line"}, "encoding": {"x": x, "y": y, "color": color, "tooltip": tips(x, y, color)}}
    return {"layer": [band, line]}


if __name__ == "__main__":
    run(forecast)
