from pathlib import Path

import polars as pl
from columns import check_column
from step import UserError, run
from tables import need_numeric, read_table, write_table


def time_series_features(
    table: Path, time: str, value: str, result: Path, lags: str = "1, 7", windows: str = "", calendar: bool = True
) -> None:
    """Earlier values, averages before, and the calendar, as columns."""
    frame = read_table(table)
    check_column(frame.columns, time)
    check_column(frame.columns, value)
    need_numeric(frame, [value], "look back on")
    if not frame.schema[time].is_temporal():
        raise UserError(f"The column `{time}` holds no dates or times; “Convert types” makes them of text.")
    back, over = whole_numbers(lags, "Earlier rows"), whole_numbers(windows, "Averages over")
    deepest = max([*back, *over], default=0)
    if deepest >= frame.height:
        raise UserError(f"The table has {frame.height} rows, which is too few to look {deepest} rows back.")
    frame = frame.sort(time)
    before = pl.col(value).shift(1)
    added = [pl.col(value).shift(rows).alias(f"{value}_{rows}_before") for rows in back]
    added += [before.rolling_mean(rows).alias(f"{value}_mean_{rows}") for rows in over]
    if calendar:
        at = pl.col(time).dt
        added += [
            at.weekday().alias("weekday"),
            at.ordinal_day().alias("day_of_year"),
            at.month().alias("month"),
            at.year().alias("year"),
        ]
    write_table(frame.with_columns(added).slice(deepest), result)


def whole_numbers(text: str, what: str) -> list[int]:
    """`1, 7` as numbers."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if not word.isdecimal() or not 0 < int(word) <= 10_000:
            raise UserError(f"“{what}” has `{word}`, but takes whole numbers from 1 on, as in 1, 7.")
    return [int(word) for word in words]


if __name__ == "__main__":
    run(time_series_features)
