"""Previews of tables: the first rows, and what is in each column."""

import csv
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ROWS = 100
# Statistics of larger tables are those of their first rows; the number of rows is always right.
STATISTICS_ROWS = 1_000_000
COLUMNS = 300
BINS = 20
TOP = 5
CELL = 200
SIZE = 180 * 1024
LIBRARY = Path(__file__).resolve().parents[2] / "registry" / "library" / "_shared"


def of_table(path: Path) -> dict[str, Any]:
    """A folder with an MLTable file, read as the built-in components read it."""
    if str(LIBRARY) not in sys.path:
        sys.path.append(str(LIBRARY))
    from tables import DATA_FILE, MLTABLE, read_table  # type: ignore[import-not-found]

    if (path / "MLTable").read_text(encoding="utf-8") == MLTABLE:
        return of_parquet(path / DATA_FILE)
    frame = read_table(path)
    return _preview(frame.head(STATISTICS_ROWS), frame.height)


def of_parquet(path: Path) -> dict[str, Any]:
    import polars as pl

    frame = pl.scan_parquet(path, glob=False)
    count = frame.select(pl.len()).collect().item()
    return _preview(frame.head(STATISTICS_ROWS).collect(), count)


def of_delimited(path: Path, head: bytes) -> dict[str, Any] | None:
    """Text that is a table beyond doubt: every one of its first lines has as many fields, and there are several."""
    text = head.decode(errors="replace")
    lines = text.splitlines()
    lines = lines[:-1] if len(head) == 4096 else lines
    if len(lines) < 2 or b"\0" in head:
        return None
    for delimiter in (",", "\t", ";"):
        widths = {len(row) for row in csv.reader(lines[:50], delimiter=delimiter) if row}
        if len(widths) == 1 and widths.pop() > 1:
            import polars as pl

            frame = pl.read_csv(path, separator=delimiter, infer_schema_length=10_000, try_parse_dates=True, glob=False)
            return _preview(frame.head(STATISTICS_ROWS), frame.height)
    return None


def _preview(frame: "pl.DataFrame", count: int) -> dict[str, Any]:
    shown = frame.select(frame.columns[:COLUMNS])
    columns = [_column(shown[name]) for name in shown.columns]
    rows = [[_plain(value) for value in row] for row in shown.head(ROWS).iter_rows()]
    # A wide table of long text would be too large to keep: show fewer of its rows.
    size = sum(len(str(value)) + 4 for row in rows for value in row) or 1
    rows = rows[: max(1, min(len(rows), len(rows) * SIZE // size))] if rows else rows
    return {"kind": "table", "row_count": count, "columns": columns, "rows": rows}


def _column(values: "pl.Series") -> dict[str, Any]:
    import polars as pl

    type_ = _type(values.dtype)
    found: dict[str, Any] = {
        "name": values.name,
        "type": type_,
        "missing": values.null_count() + (_nan_count(values) if type_ == "number" else 0),
        "distinct": None,
        "min": None,
        "max": None,
        "mean": None,
        "histogram": None,
        "top": None,
    }
    known = values.drop_nulls()
    known = known.drop_nans() if known.dtype.is_float() else known
    if type_ == "other" or known.is_empty():
        return found
    found["distinct"] = known.n_unique()
    if type_ in ("integer", "number"):
        numbers = known.cast(pl.Float64)
        numbers = numbers.filter(numbers.is_finite())
        if numbers.is_empty():
            return found
        low, high = numbers.min(), numbers.max()
        found |= {"min": _plain(known.min()) if type_ == "integer" else low, "mean": numbers.mean()}
        found["max"] = _plain(known.max()) if type_ == "integer" else high
        found["histogram"] = _histogram(numbers, float(low), float(high))  # type: ignore[arg-type]
        return found
    if type_ in ("date", "datetime", "time"):
        found |= {"min": _plain(known.min()), "max": _plain(known.max())}
        stamps = known.to_physical().cast(pl.Float64)
        found["histogram"] = _histogram(stamps, float(stamps.min()), float(stamps.max()))  # type: ignore[arg-type]
        return found
    counts = known.value_counts(sort=True, name="__count").head(TOP)
    found["top"] = [[_plain(value), times] for value, times in counts.iter_rows()]
    if type_ == "text":
        found |= {"min": _plain(known.cast(pl.String).min()), "max": _plain(known.cast(pl.String).max())}
    return found


def _histogram(numbers: "pl.Series", low: float, high: float) -> list[int]:
    if low == high:
        return [len(numbers)]
    width = (high - low) / BINS
    bins = ((numbers - low) / width).floor().clip(0, BINS - 1).cast(int)
    counts = dict(bins.value_counts().iter_rows())
    return [int(counts.get(index, 0)) for index in range(BINS)]


def _nan_count(values: "pl.Series") -> int:
    return int(values.is_nan().sum()) if values.dtype.is_float() else 0


def _type(dtype: "pl.DataType") -> str:
    import polars as pl

    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    if dtype == pl.Boolean:
        return "boolean"
    names = {pl.Date: "date", pl.Datetime: "datetime", pl.Time: "time"}
    return next((name for kind, name in names.items() if dtype == kind), "other")


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, shortened."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)  # browsers' numbers hold no more
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"
