from pathlib import Path

import polars as pl
from step import UserError, run
from tables import first_line, read_table, write_table


def append_rows(table1: Path, table2: Path, result: Path, table3: Path | None = None, columns: str = "all") -> None:
    """Put the rows of two or three tables under each other, columns of the same name together."""
    frames = [read_table(path, f"table {i}") for i, path in enumerate((table1, table2, table3), 1) if path]
    if columns == "common":
        common = [name for name in frames[0].columns if all(name in frame.columns for frame in frames)]
        if not common:
            raise UserError("The tables have no column in common.")
        frames = [frame.select(common) for frame in frames]
    elif columns == "same":
        _check_same(frames)
    try:
        write_table(pl.concat(frames, how="diagonal_relaxed"), result)
    except pl.exceptions.PolarsError as error:
        raise UserError(f"The tables do not fit under each other: {first_line(error)}.") from None


def _check_same(frames: list[pl.DataFrame]) -> None:
    for number, frame in enumerate(frames[1:], start=2):
        if odd := set(frames[0].columns) ^ set(frame.columns):
            names = ", ".join(f"`{name}`" for name in sorted(odd))
            raise UserError(f"Table 1 and table {number} do not both have {names}.")


if __name__ == "__main__":
    run(append_rows)
