from collections.abc import Callable
from pathlib import Path

import polars as pl
from columns import check_columns, new_column, one_of, split_names
from step import UserError, run
from tables import need_numeric, numeric_columns, read_table, write_table

FUNCTIONS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "sum": pl.Expr.sum,
    "mean": pl.Expr.mean,
    "median": pl.Expr.median,
    "std": pl.Expr.std,
    "min": pl.Expr.min,
    "max": pl.Expr.max,
    "count": pl.Expr.count,
    "distinct": pl.Expr.n_unique,
    "first": pl.Expr.first,
    "last": pl.Expr.last,
}
ON_NUMBERS = ("sum", "mean", "median", "std")


def group_and_aggregate(table: Path, result: Path, by: str = "", columns: str = "", functions: str = "mean") -> None:
    """One row for each group: how many rows it has, and each function of each column."""
    frame = read_table(table)
    groups = check_columns(frame.columns, by)
    chosen = [one_of(FUNCTIONS, name, "function") for name in dict.fromkeys(split_names(functions))]
    if not chosen:
        raise UserError(f"No function is named; choose from {', '.join(FUNCTIONS)}.")
    names = check_columns(frame.columns, columns)
    names = names or [name for name in numeric_columns(frame) if name not in groups]
    for function in chosen:
        if function in ON_NUMBERS:
            need_numeric(frame, names, f"the function `{function}`")
    wanted = [FUNCTIONS[f](pl.col(name)).alias(f"{name}_{f}") for name in names for f in chosen]
    wanted.insert(0, pl.len().alias(new_column(groups, "rows")))
    grouped = frame.group_by(groups, maintain_order=True).agg(wanted) if groups else frame.select(wanted)
    print(f"Found {grouped.height:,} groups.")
    write_table(grouped.sort(groups) if groups else grouped, result)


if __name__ == "__main__":
    run(group_and_aggregate)
