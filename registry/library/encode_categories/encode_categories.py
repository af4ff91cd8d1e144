from pathlib import Path

import polars as pl
from columns import check_columns, new_column
from step import UserError, run
from tables import kind_of, read_table, write_table

OTHER = "other"


def encode_categories(
    table: Path, result: Path, method: str = "one_hot", columns: str = "", max_categories: int = 50
) -> None:
    """Turn text into numbers: one column of 0 and 1 for each value, or one column of ranks."""
    frame = read_table(table)
    names = check_columns(frame.columns, columns) or [
        name for name, kind in frame.schema.items() if kind_of(kind) == "text"
    ]
    if not names:
        raise UserError("The table has no column of text to encode; name the columns to encode.")
    for name in names:
        values = frame[name].cast(pl.String)
        if method == "ordinal":
            frame = frame.with_columns(_ranks(values))
        else:
            frame = _replace(frame, name, _indicators(values, max_categories))
    write_table(frame, result)


def _ranks(values: pl.Series) -> pl.Series:
    """0 for the first value in order of the alphabet, 1 for the next."""
    order = values.drop_nulls().unique().sort().to_list()
    print(f"{values.name}: " + ", ".join(f"{value} = {rank}" for rank, value in enumerate(order[:20])))
    return values.replace_strict(order, list(range(len(order))), default=None, return_dtype=pl.Int64)


def _indicators(values: pl.Series, most: int) -> list[pl.Series]:
    """A column for each of the most frequent values, and one for all others if there are too many."""
    counts = values.drop_nulls().value_counts().sort(["count", values.name], descending=[True, False])
    ranked = counts[values.name].to_list()
    kept = ranked if len(ranked) <= most else ranked[: most - 1]
    found = [(values == value).fill_null(False).cast(pl.Int8).alias(f"{values.name}_{value}") for value in sorted(kept)]
    if len(kept) < len(ranked):
        rest = values.is_in(ranked[len(kept) :]).fill_null(False).cast(pl.Int8)
        found.append(rest.alias(f"{values.name}_{OTHER}"))
    print(f"{values.name}: {len(ranked):,} values in {len(found):,} columns.")
    return found


def _replace(frame: pl.DataFrame, name: str, columns: list[pl.Series]) -> pl.DataFrame:
    place, taken = frame.get_column_index(name), set(frame.columns)
    for column in columns:
        taken.add(new_column(taken, column.name))
    before, after = frame.columns[:place], frame.columns[place + 1 :]
    return pl.DataFrame([*frame.select(before), *columns, *frame.select(after)])


if __name__ == "__main__":
    run(encode_categories)
