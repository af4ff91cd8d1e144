import csv
import io
from pathlib import Path

import polars as pl
from step import UserError, run
from tables import write_table


def enter_data(text: str, result: Path) -> None:
    """Make a table from CSV text whose first line names the columns."""
    rows = [row for row in csv.reader(text.strip().splitlines(), skipinitialspace=True) if row]
    if len(rows) < 2:
        raise UserError("Type the names of the columns on the first line and values on the lines below it.")
    names = [name.strip() for name in rows[0]]
    for name in names:
        if not name or names.count(name) > 1:
            raise UserError(f"The column name `{name}` is empty or stands twice on the first line.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(names):
            raise UserError(f"Row {number} has {len(row)} values, but there are {len(names)} columns.")
    clean = io.StringIO()
    csv.writer(clean).writerows([names, *([value.strip() for value in row] for row in rows[1:])])
    # All rows are looked at before a column's type is chosen.
    frame = pl.read_csv(clean.getvalue().encode(), infer_schema_length=None, try_parse_dates=True)
    write_table(frame, result)


if __name__ == "__main__":
    run(enter_data)
