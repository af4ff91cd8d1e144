"""Tables between steps: a folder with `data.parquet` and the MLTable file that names it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError
from step import UserError

DATA_FILE = "data.parquet"
MLTABLE = f"type: mltable\npaths:\n  - file: ./{DATA_FILE}\ntransformations:\n  - read_parquet\n"


def read_table(folder: Path, name: str = "table") -> pl.DataFrame:
    """The rows of a table: one that a step wrote, or any folder whose MLTable file names local data files."""
    if not (folder / "MLTable").is_file():
        raise UserError(f"“{folder.name}” is not a table: it holds no MLTable file. Add “Read data” before this step.")
    if (folder / "MLTable").read_text(encoding="utf-8") == MLTABLE:
        frame = _parquet(folder / DATA_FILE)
    else:
        from mltable import read_mltable

        frame = read_mltable(folder)
    print(f"Read {name}: {size(frame)}.")
    return frame


def write_table(frame: pl.DataFrame, folder: Path, name: str = "table") -> None:
    """Write a table so that equal rows give equal bytes, which lets later steps be reused."""
    for column, kind in frame.schema.items():
        if kind == pl.Object:
            raise UserError(f"The column `{column}` holds Python objects, which a table cannot keep; make it text.")
    folder.mkdir(parents=True, exist_ok=True)
    frame.rechunk().write_parquet(folder / DATA_FILE, compression="zstd", row_group_size=100_000)
    (folder / "MLTable").write_text(MLTABLE, encoding="utf-8")
    print(f"Wrote {name}: {size(frame)}.")


def size(frame: pl.DataFrame) -> str:
    """`150 rows, 5 columns`."""
    rows, columns = frame.shape
    return f"{rows:,} row{'' if rows == 1 else 's'}, {columns:,} column{'' if columns == 1 else 's'}"


def read_file(
    path: Path,
    format: str,
    delimiter: str = ",",
    header: bool = True,
    encoding: str = "utf8",
    as_text: Sequence[str] = (),
) -> pl.DataFrame:
    """One data file as a table; format is csv, parquet, json or jsonl. In csv columns `as_text` stay text."""
    # All rows are looked at before a column's type is chosen: guessing by the first ones fails late in large files.
    readers: dict[str, Callable[[], pl.DataFrame]] = {
        "csv": lambda: pl.read_csv(
            path,
            separator=delimiter,
            has_header=header,
            encoding=encoding,
            infer_schema_length=None,
            schema_overrides=dict.fromkeys(as_text, pl.String),
            try_parse_dates=True,
            glob=False,
        ),
        "json": lambda: pl.read_json(path, infer_schema_length=None),
        "parquet": lambda: pl.read_parquet(path, glob=False),
        "jsonl": lambda: pl.read_ndjson(path, infer_schema_length=None),
    }
    try:
        return readers[format]()
    except PolarsError as error:
        raise UserError(f"“{path.name}” cannot be read as {format}: {first_line(error)}.") from None


def first_line(error: Exception) -> str:
    """The first sentence of a library's message, without its final full stop."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".: ") if lines else type(error).__name__


def numeric_columns(frame: pl.DataFrame) -> list[str]:
    """The columns that hold numbers."""
    return [name for name, kind in frame.schema.items() if kind.is_numeric()]


def need_numeric(frame: pl.DataFrame, names: list[str], purpose: str) -> list[str]:
    """The names, if all of them are columns of numbers."""
    for name in names:
        if not frame.schema[name].is_numeric():
            raise UserError(f"The column `{name}` holds {kind_of(frame.schema[name])}, but {purpose} needs numbers.")
    return names


def kind_of(kind: pl.DataType) -> str:
    """A column's type as a person says it."""
    if kind.is_numeric():
        return "numbers"
    if kind == pl.Boolean:
        return "yes or no"
    if kind.is_temporal():
        return "dates or times"
    if kind in (pl.String, pl.Categorical, pl.Enum):
        return "text"
    return "nothing" if kind == pl.Null else str(kind).lower()


def plain(value: Any) -> Any:
    """A table's value as JSON can hold it."""
    if isinstance(value, float):
        return value if value - value == 0 else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _parquet(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise UserError(f"The table's file {path.name} is missing.")
    return read_file(path, "parquet")
