from pathlib import Path

import polars as pl
from columns import check_columns
from step import UserError, run
from tables import kind_of, read_table, write_table


def clean_missing_values(
    table: Path,
    result: Path,
    method: str = "auto",
    columns: str = "",
    value: str = "",
    max_missing: float = 0.0,
) -> None:
    """Drop or fill missing values (NaN counts as missing) in the named columns, or in all."""
    frame = read_table(table).with_columns(pl.selectors.float().fill_nan(None))
    named = check_columns(frame.columns, columns)
    chosen = named or frame.columns
    missing = {name: frame[name].null_count() for name in chosen if frame[name].null_count()}
    for name, count in missing.items():
        print(f"{name}: {count:,} of {frame.height:,} values are missing.")
    if not missing:
        print("No values are missing.")
    write_table(_clean(frame, missing, method, value, max_missing, strict=bool(named)), result)


def _clean(
    frame: pl.DataFrame, missing: dict[str, int], method: str, value: str, max_missing: float, strict: bool
) -> pl.DataFrame:
    if method == "drop_rows":
        return frame.drop_nulls(list(missing)) if missing else frame
    if method == "drop_columns":
        return frame.drop([name for name, count in missing.items() if count / frame.height > max_missing])
    return frame.with_columns(_filled(frame[name], method, value, strict) for name in missing)


def _filled(series: pl.Series, method: str, value: str, strict: bool) -> pl.Series:
    numeric = series.dtype.is_numeric()
    if method == "auto":
        method = "median" if numeric else "most_frequent"
    if method == "constant":
        return series.fill_null(_constant(series, value))
    if method == "previous":
        return series.fill_null(strategy="forward")
    if method == "most_frequent":
        modes = series.drop_nulls().mode().sort()
        return series.fill_null(modes[0]) if len(modes) else series
    if numeric:
        filling = series.mean() if method == "mean" else series.median()
        return series.cast(pl.Float64).fill_null(filling)
    if strict:
        raise UserError(f"The column `{series.name}` holds {kind_of(series.dtype)}, so it has no {method}.")
    print(f"{series.name}: left as it is; it holds {kind_of(series.dtype)}, so it has no {method}.")
    return series


def _constant(series: pl.Series, value: str) -> object:
    if not value:
        raise UserError("The method is `constant`, but no value to fill in is given.")
    kind = pl.String if series.dtype == pl.Null else series.dtype
    try:
        return pl.Series([value]).cast(kind)[0]
    except pl.exceptions.PolarsError:
        raise UserError(f"`{value}` cannot fill the column `{series.name}`, which holds {kind_of(kind)}.") from None


if __name__ == "__main__":
    run(clean_missing_values)
