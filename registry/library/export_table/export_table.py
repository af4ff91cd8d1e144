from collections.abc import Callable
from pathlib import Path

from polars.exceptions import PolarsError
from step import UserError, run
from tables import first_line, read_table


def export_table(table: Path, file: Path, format: str = "csv", header: bool = True) -> None:
    """Write a table as one CSV, TSV, Parquet or JSON lines file."""
    frame = read_table(table)
    writers: dict[str, Callable[[], object]] = {
        "csv": lambda: frame.write_csv(file, include_header=header),
        "tsv": lambda: frame.write_csv(file, include_header=header, separator="\t"),
        "parquet": lambda: frame.write_parquet(file),
        "jsonl": lambda: frame.write_ndjson(file),
    }
    try:
        writers[format]()
    except PolarsError as error:
        raise UserError(f"The table cannot be written as {format}: {first_line(error)}.") from None
    print(f"Wrote {frame.height:,} rows as {format}: {file.stat().st_size:,} bytes.")


if __name__ == "__main__":
    run(export_table)
