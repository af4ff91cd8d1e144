from pathlib import Path

import numpy as np
import polars as pl
from columns import check_column
from step import UserError, run
from tables import read_table, write_table


def split_data(
    table: Path, train: Path, test: Path, train_share: float = 0.8, seed: int = 0, stratify: str = ""
) -> None:
    """Divide rows at random into two tables in their old order; `stratify` keeps a column's proportions."""
    frame = read_table(table)
    if frame.height < 2:
        raise UserError(f"A table of {frame.height} rows cannot be split in two.")
    strata = frame[check_column(frame.columns, stratify)] if stratify else None
    chosen = _choose(frame.height, strata, train_share, seed)
    if chosen.all() or not chosen.any():
        raise UserError(f"With a share of {train_share:g}, one of the two tables would get no rows.")
    write_table(frame.filter(chosen), train, "the training table")
    write_table(frame.filter(~chosen), test, "the test table")


def _choose(height: int, strata: pl.Series | None, share: float, seed: int) -> pl.Series:
    """Which rows go into the first table: the same share of each stratum."""
    order = np.random.default_rng(seed).permutation(height)
    shuffled = pl.DataFrame({"row": order})
    first = pl.int_range(pl.len()) < (pl.len() * share).round()
    if strata is not None:
        shuffled = shuffled.with_columns(strata[order].alias("stratum"))
        first = first.over("stratum")
    return shuffled.with_columns(first.alias("first")).sort("row")["first"]


if __name__ == "__main__":
    run(split_data)
