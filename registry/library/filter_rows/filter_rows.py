from pathlib import Path

from sql import filter_with
from step import UserError, run
from tables import read_table, write_table


def filter_rows(table: Path, condition: str, result: Path) -> None:
    """Keep the rows for which a condition, written in DuckDB's SQL, is true."""
    frame = read_table(table)
    if not condition.strip():
        raise UserError("The condition is empty; write for example: age >= 18 AND city = 'Oslo'.")
    kept = filter_with(frame, condition)
    print(f"Kept {kept.height:,} of {frame.height:,} rows.")
    write_table(kept, result)


if __name__ == "__main__":
    run(filter_rows)
