from pathlib import Path

from columns import new_column
from sql import compute
from step import UserError, run
from tables import read_table, write_table


def add_column(table: Path, name: str, expression: str, result: Path, replace: bool = False) -> None:
    """Add a column that is computed from the others by an expression in DuckDB's SQL."""
    frame = read_table(table)
    if not expression.strip():
        raise UserError("The expression is empty; write for example: price * amount.")
    if not replace:
        new_column(frame.columns, name)
    write_table(frame.with_columns(compute(frame, expression).alias(name)), result)


if __name__ == "__main__":
    run(add_column)
