from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from charts import category, number, tips, write_chart
from metrics import write_metrics
from step import UserError, run
from tables import kind_of, plain, read_table, write_table

BINS = 24
MOST_COLUMNS = 40
NUMBERS = ("mean", "std", "min", "q25", "median", "q75", "max")


def summarise_data(table: Path, profile: Path, summary: Path, chart: Path) -> None:
    """Describe each column: type, missing and distinct values, distribution."""
    frame = read_table(table)
    if not frame.width:
        raise UserError("The table has no columns to summarise.")
    described = [_describe(frame[name]) for name in frame.columns]
    schema = dict.fromkeys(NUMBERS, pl.Float64) | {"most_frequent": pl.String, "distinct": pl.Int64}
    write_table(pl.DataFrame(described, schema_overrides=schema, infer_schema_length=None), profile, "the profile")
    missing = sum(row["missing"] for row in described)
    counts = {
        "rows": frame.height,
        "columns": frame.width,
        "missing_values": missing,
        "missing_share": missing / max(1, frame.height * frame.width),
    }
    plain_rows = [{key: plain(value) for key, value in row.items()} for row in described]
    write_metrics(summary, counts, {"by_column": plain_rows})
    _chart(frame, chart)


def _describe(series: pl.Series) -> dict[str, Any]:
    if series.dtype.is_float():
        series = series.fill_nan(None)
    missing = series.null_count()
    known = series.drop_nulls()
    row: dict[str, Any] = {
        "column": series.name,
        "type": str(series.dtype),
        "holds": kind_of(series.dtype),
        "missing": missing,
        "missing_share": missing / max(1, len(series)),
        "distinct": None if series.dtype.is_nested() else known.n_unique(),
    }
    return row | dict.fromkeys(NUMBERS) | _numbers(known) | _mode(known)


def _numbers(known: pl.Series) -> dict[str, float | None]:
    if not known.dtype.is_numeric() or known.is_empty():
        return {}
    values = known.cast(pl.Float64)
    quartiles = {name: values.quantile(q, "linear") for name, q in (("q25", 0.25), ("q75", 0.75))}
    simple = {name: getattr(values, name)() for name in NUMBERS if name not in quartiles}
    return simple | quartiles


def _mode(known: pl.Series) -> dict[str, Any]:
    if known.dtype.is_nested() or known.is_empty():
        return {"most_frequent": None, "most_frequent_rows": None}
    counts = known.alias("value").value_counts(name="rows")
    value, rows = counts.sort("rows", "value", descending=[True, False]).row(0)
    return {"most_frequent": str(value), "most_frequent_rows": rows}


def _chart(frame: pl.DataFrame, path: Path) -> None:
    """A strip for each column of numbers: how its values lie between the least and the greatest."""
    rows = [row for name in frame.columns if frame.schema[name].is_numeric() for row in _strip(frame[name])]
    if not rows:
        write_chart(path, "The table has no columns of numbers", [{}], {"mark": "point", "height": 40})
        return
    share = {"field": "share", "type": "quantitative", "title": "Share of rows", "legend": {"format": "%"}}
    x = {"field": "from", "type": "quantitative", "bin": {"binned": True}, "title": "Least to greatest value"}
    told = (category("column", "Column"), number("least", "From"), number("greatest", "To"))
    encoding = {
        "y": category("column", None),
        "x": {**x, "axis": {"format": "%"}},
        "x2": {"field": "to"},
        "color": {**share, "scale": {"scheme": "blues"}},
        "tooltip": tips(*told, {**share, "format": ".1%"}),
    }
    view = {"mark": "rect", "encoding": encoding, "height": {"step": 22}}
    write_chart(path, "How the values are distributed", rows[: MOST_COLUMNS * BINS], view)


def _strip(series: pl.Series) -> list[dict[str, Any]]:
    values = series.drop_nulls().cast(pl.Float64).to_numpy()
    values = values[np.isfinite(values)]
    if not len(values) or values.min() == values.max():
        return []
    counts, edges = np.histogram(values, BINS)
    return [
        {
            "column": series.name,
            "from": i / BINS,
            "to": (i + 1) / BINS,
            "least": float(edges[i]),
            "greatest": float(edges[i + 1]),
            "share": float(counts[i] / len(values)),
        }
        for i in range(BINS)
    ]


if __name__ == "__main__":
    run(summarise_data)
