from pathlib import Path

from columns import required_columns
from step import run
from tables import read_table, write_table


def sort_rows(table: Path, columns: str, result: Path, descending: bool = False, missing_last: bool = True) -> None:
    """Order the rows by one column after another; rows that are equal in all of them keep their order."""
    frame = read_table(table)
    names = required_columns(frame.columns, columns, "to sort by")
    ordered = frame.sort(names, descending=descending, nulls_last=missing_last, maintain_order=True)
    write_table(ordered, result)


if __name__ == "__main__":
    run(sort_rows)
