from pathlib import Path

from columns import required_columns
from step import UserError, run
from tables import read_table, write_table


def select_columns(table: Path, columns: str, mode: str, result: Path) -> None:
    """Keep the named columns, in the order given, or drop them."""
    frame = read_table(table)
    names = required_columns(frame.columns, columns, f"to {mode}")
    if mode == "drop" and len(names) == frame.width:
        raise UserError("All columns would be dropped; leave at least one.")
    write_table(frame.select(names) if mode == "keep" else frame.drop(names), result)


if __name__ == "__main__":
    run(select_columns)
