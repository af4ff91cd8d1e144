"""The columns of the table that a data asset holds. Read once: an asset never changes."""

import csv
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from registry import store
from registry.highlight import shown_text
from registry.models import DataAsset, Workspace
from registry.previews import DELIMITED, HEAD

Columns = dict[str, str]
"""Name -> type, "any" where the file does not say."""


def columns_of_assets(workspace: Workspace, refs: Collection[str]) -> dict[str, Columns]:
    """By ref; those that are no tables, or cannot be read now, are left out. One query."""
    if not refs:
        return {}
    names, versions = zip(*(ref.rpartition(":")[::2] for ref in refs), strict=True)
    assets = DataAsset.objects.filter(workspace=workspace, name__in=set(names), version__in=set(versions))
    found = {}
    for name, version, type_, location in assets.values_list("name", "version", "type", "location"):
        if f"{name}:{version}" in refs and (columns := _known(type_, location)):
            found[f"{name}:{version}"] = columns
    return found


def _known(type_: str, location: str) -> Columns | None:
    try:
        return _read(type_, location)
    except Exception:  # Whatever is wrong with a file is said where it is used; here its columns are not known.
        return None


@lru_cache(maxsize=1024)
def _read(type_: str, location: str) -> Columns | None:
    if type_ == "mltable":
        # As the built-in components write tables; other MLTable files are read by a step only.
        file = next((name for name in store.list_files(location) if name.endswith(".parquet")), None)
        return _parquet(f"{location}/{file}") if file else None
    if type_ != "uri_file":
        return None
    if location.lower().endswith((".parquet", ".pq")):
        return _parquet(location)
    suffix = "." + location.lower().rpartition(".")[2]
    return _delimited(location, DELIMITED[suffix]) if suffix in DELIMITED else None


def _delimited(location: str, delimiter: str) -> Columns | None:
    with store.open_file(location) as file:
        text = shown_text(file.read(HEAD))
    lines = (text or "").removeprefix("\ufeff").splitlines()
    if not lines:
        return None
    if delimiter == "," and lines[0].count(";") > lines[0].count(","):
        delimiter = ";"
    names = next(csv.reader(lines[:1], delimiter=delimiter), [])
    return dict.fromkeys((name.strip() for name in names), "any")


def _parquet(location: str) -> Columns:
    import pyarrow.parquet

    with store.open_file(location) as file:
        schema = pyarrow.parquet.ParquetFile(file).schema_arrow
    return {field.name: _word(field.type) for field in schema}


def _word(type_: Any) -> str:
    import pyarrow.types as is_

    tests = {
        "integer": is_.is_integer,
        "number": lambda t: is_.is_floating(t) or is_.is_decimal(t),
        "text": lambda t: is_.is_string(t) or is_.is_large_string(t) or str(t) == "string_view",
        "boolean": is_.is_boolean,
        "date": is_.is_date,
        "datetime": is_.is_timestamp,
        "time": is_.is_time,
    }
    return next((word for word, test in tests.items() if test(type_)), "any")
