from pathlib import Path

import polars as pl
from columns import check_columns, required_columns
from step import UserError, run
from tables import kind_of, read_table, write_table


def join_tables(
    left: Path, right: Path, columns: str, result: Path, right_columns: str = "", how: str = "inner"
) -> None:
    """Put rows of two tables side by side where the named columns have equal values."""
    one, two = read_table(left, "left table"), read_table(right, "right table")
    left_on = required_columns(one.columns, columns, "to join on")
    right_on = check_columns(two.columns, right_columns or columns)
    if len(left_on) != len(right_on):
        raise UserError(f"{len(left_on)} columns of the left table cannot be matched with {len(right_on)}.")
    two = two.with_columns(_as_left(one[a], two[b]) for a, b in zip(left_on, right_on, strict=True))
    order = "right" if how == "right" else "left_right"
    joined = one.join(
        two, left_on=left_on, right_on=right_on, how=how, suffix="_right", coalesce=True, maintain_order=order
    )
    print(f"Joined {one.height:,} and {two.height:,} rows into {joined.height:,}.")
    write_table(joined, result)


def _as_left(left: pl.Series, right: pl.Series) -> pl.Series:
    """The right column in the left one's type, where both are numbers or both are text."""
    if left.dtype == right.dtype:
        return right
    if left.dtype.is_numeric() and right.dtype.is_numeric():
        return right.cast(left.dtype) if left.dtype.is_float() or right.dtype.is_integer() else right
    kinds = kind_of(left.dtype), kind_of(right.dtype)
    if kinds[0] != kinds[1]:
        raise UserError(
            f"`{left.name}` holds {kinds[0]}, but `{right.name}` of the right table holds {kinds[1]}; "
            "make them alike with “Convert types”."
        )
    return right.cast(left.dtype)


if __name__ == "__main__":
    run(join_tables)
