from pathlib import Path

import polars as pl
from columns import required_columns
from polars.exceptions import PolarsError
from step import UserError, run
from tables import kind_of, read_table, write_table

YES = ["true", "yes", "y", "t", "1", "1.0"]
NO = ["false", "no", "n", "f", "0", "0.0"]
NAMES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "yes or no",
    "date": "a date",
    "datetime": "a date and time",
}


def convert_types(table: Path, columns: str, to: str, result: Path, format: str = "", invalid: str = "error") -> None:
    """Change what the named columns hold; a value that cannot be changed is an error or becomes missing."""
    frame = read_table(table)
    converted = []
    for name in required_columns(frame.columns, columns, "to convert"):
        series = _convert(frame[name], to, format or None)
        _report(frame[name], series, to, invalid)
        converted.append(series)
    write_table(frame.with_columns(converted), result)


def _convert(series: pl.Series, to: str, format: str | None) -> pl.Series:
    try:
        if to == "text":
            dated = format and series.dtype.is_temporal()
            return series.dt.strftime(format) if dated else series.cast(pl.String)
        if to in ("date", "datetime"):
            return _dated(series, to, format)
        if to == "boolean":
            return _yes_or_no(series)
        return _number(series, whole=to == "integer")
    except PolarsError:
        held = kind_of(series.dtype)
        raise UserError(f"The column `{series.name}` holds {held}, which cannot become {NAMES[to]}.") from None


def _number(series: pl.Series, whole: bool) -> pl.Series:
    text = series.cast(pl.String).str.strip_chars() if series.dtype in (pl.Categorical, pl.Enum) else series
    text = text.str.strip_chars() if text.dtype == pl.String else text
    numbers = text.cast(pl.Float64, strict=False)
    if not whole:
        return numbers
    # Straight to integers first: floats cannot hold those of more than 15 digits.
    exact = text.cast(pl.Int64, strict=False) if not text.dtype.is_float() else None
    rounded = pl.select(pl.when(numbers == numbers.round(0)).then(numbers).otherwise(None)).to_series()
    from_floats = rounded.cast(pl.Int64, strict=False).alias(series.name)
    return from_floats if exact is None else exact.fill_null(from_floats)


def _yes_or_no(series: pl.Series) -> pl.Series:
    words = series.cast(pl.String).str.strip_chars().str.to_lowercase()
    return words.replace_strict(dict.fromkeys(YES, True) | dict.fromkeys(NO, False), default=None)


def _dated(series: pl.Series, to: str, format: str | None) -> pl.Series:
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        raise UserError(
            f"The column `{series.name}` holds {kind_of(series.dtype)}, which cannot become {NAMES[to]}; "
            "“Add column” can count from a day: DATE '1970-01-01' + days."
        )
    if series.dtype != pl.String:
        return series.cast(pl.Date if to == "date" else pl.Datetime("us"))
    if to == "date":
        return series.str.to_date(format, strict=False)
    return series.str.to_datetime(format, time_unit="us", strict=False)


def _report(before: pl.Series, after: pl.Series, to: str, invalid: str) -> None:
    failed = (before.is_not_null() & after.is_null()).arg_true()
    if not len(failed):
        print(f"{before.name}: all values are now {NAMES.get(to, to)}.")
        return
    if invalid == "error":
        row = failed[0]
        raise UserError(
            f"`{before[row]}` in row {row + 1} of the column `{before.name}` is not {NAMES[to]} "
            f"({len(failed):,} such values); choose to make them missing if that is fine."
        )
    print(f"{before.name}: {len(failed):,} values were not {NAMES[to]} and are now missing.")


if __name__ == "__main__":
    run(convert_types)
