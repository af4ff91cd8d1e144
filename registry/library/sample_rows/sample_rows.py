from pathlib import Path

import numpy as np
import polars as pl
from step import run
from tables import read_table, write_table


def sample_rows(
    table: Path, result: Path, method: str = "share", share: float = 0.1, count: int = 100, seed: int = 0
) -> None:
    """Keep a random part of the rows in their order, or the first or last ones."""
    frame = read_table(table)
    if method in ("first", "last"):
        kept = frame.head(count) if method == "first" else frame.tail(count)
    else:
        wanted = round(frame.height * share) if method == "share" else min(count, frame.height)
        kept = _random(frame, wanted, seed)
    print(f"Kept {kept.height:,} of {frame.height:,} rows.")
    write_table(kept, result)


def _random(frame: pl.DataFrame, count: int, seed: int) -> pl.DataFrame:
    chosen = np.random.default_rng(seed).choice(frame.height, size=count, replace=False)
    return frame[np.sort(chosen)]


if __name__ == "__main__":
    run(sample_rows)
