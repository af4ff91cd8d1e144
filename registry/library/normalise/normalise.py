from pathlib import Path

import polars as pl
from columns import check_columns
from step import UserError, run
from tables import need_numeric, numeric_columns, read_table, write_table


def normalise(table: Path, result: Path, method: str = "z_score", columns: str = "") -> None:
    """Bring columns of numbers to one scale."""
    frame = read_table(table)
    names = check_columns(frame.columns, columns) or numeric_columns(frame)
    if not names:
        raise UserError("The table has no column of numbers to normalise.")
    need_numeric(frame, names, "normalising")
    write_table(frame.with_columns(_scaled(frame[name].cast(pl.Float64), method) for name in names), result)


def _scaled(series: pl.Series, method: str) -> pl.Series:
    if method == "z_score":
        centre, spread = series.mean(), series.std(ddof=0)
    elif method == "min_max":
        centre, spread = series.min(), (series.max() or 0) - (series.min() or 0)
    else:
        centre, spread = series.median(), (series.quantile(0.75) or 0) - (series.quantile(0.25) or 0)
    if centre is None:
        print(f"{series.name}: left as it is, since it has no values.")
        return series
    print(f"{series.name}: less {centre:.6g}, divided by {spread:.6g}.")
    return (series - centre) / (spread or 1.0)


if __name__ == "__main__":
    run(normalise)
