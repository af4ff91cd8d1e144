"""A first look at an uploaded file, without reading more of it than is shown."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from registry import store
from registry.highlight import shown_text
from registry.models import DataAsset

HEAD = 128 * 1024
ROWS = 20
COLUMNS = 40
DELIMITED = {".csv": ",", ".tsv": "\t", ".tab": "\t"}


@dataclass(frozen=True)
class Preview:
    """What can be shown: rows of a table, lines of text, files of a folder, or a sentence why there is nothing."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    more_columns: int = 0
    text: str = ""
    files: list[str] = field(default_factory=list)
    total: int = 0
    note: str = ""


def preview(asset: DataAsset) -> Preview:
    """Never raises for a file that is not what its name says: it says so."""
    try:
        if asset.type != "uri_file":
            files = store.list_files(asset.location)
            return Preview(files=files[:50], total=len(files))
        if asset.location.lower().endswith((".parquet", ".pq")):
            return _parquet(asset)
        with store.open_file(asset.location) as file:
            content = file.read(HEAD)
        text = shown_text(content)
        if text is None:
            return Preview(note="This file is not text; download it to look inside.")
        suffix = "." + asset.location.lower().rpartition(".")[2]
        if suffix in DELIMITED:
            return _delimited(text, DELIMITED[suffix], whole=len(content) < HEAD)
        return Preview(text="\n".join(text.splitlines()[:40])[:8000])
    except FileNotFoundError:
        return Preview(note="The file is no longer in the store.")
    except store.StoreError as error:
        return Preview(note=error.sentence)
    except (ValueError, OSError, csv.Error) as error:
        return Preview(note=f"The beginning of this file cannot be shown: {error}.")


def _delimited(text: str, delimiter: str, *, whole: bool) -> Preview:
    text = text.removeprefix("\ufeff")
    if not whole:
        text = text[: text.rfind("\n") + 1] or text
    first = text.partition("\n")[0]
    if delimiter == "," and first.count(";") > first.count(","):
        delimiter = ";"
    rows = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        rows.append(row)
        if len(rows) > ROWS:
            break
    return _table(rows[0] if rows else [], rows[1:])


def _parquet(asset: DataAsset) -> Preview:
    import pyarrow.parquet

    with store.open_file(asset.location) as file:
        table = pyarrow.parquet.ParquetFile(file)
        batch = next(table.iter_batches(batch_size=ROWS), None)
        rows = [] if batch is None else [list(row.values()) for row in batch.to_pylist()]
        return _table(list(table.schema_arrow.names), rows)


def _table(columns: list[str], rows: list[list[Any]]) -> Preview:
    return Preview(
        columns=columns[:COLUMNS],
        rows=[[_cell(value) for value in row[:COLUMNS]] for row in rows],
        more_columns=max(0, len(columns) - COLUMNS),
    )


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
