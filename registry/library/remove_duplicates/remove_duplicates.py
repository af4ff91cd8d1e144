from pathlib import Path

from columns import check_columns
from step import run
from tables import read_table, write_table


def remove_duplicates(table: Path, result: Path, columns: str = "", keep: str = "first") -> None:
    """Keep one row of those that are equal in the named columns, or in all."""
    frame = read_table(table)
    names = check_columns(frame.columns, columns) or None
    kept = frame.unique(subset=names, keep=keep, maintain_order=True)
    print(f"Removed {frame.height - kept.height:,} of {frame.height:,} rows.")
    write_table(kept, result)


if __name__ == "__main__":
    run(remove_duplicates)
