"""Tables from elsewhere: what an Azure ML `MLTable` file says, for data files that lie beside it."""

from pathlib import Path
from typing import Any

import polars as pl
import yaml
from step import UserError

READERS = {"read_parquet": "parquet", "read_delimited": "csv", "read_json_lines": "jsonl"}
HEADERS = {"all_files_same_headers": True, "all_files_different_headers": True, "from_first_file": True}
TYPES: dict[str, type[pl.DataType]] = {
    "int": pl.Int64, "long": pl.Int64, "float": pl.Float64, "double": pl.Float64, "string": pl.String,
}  # fmt: skip
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "\\t": "\t"}


def read_mltable(folder: Path) -> pl.DataFrame:
    """The rows that a folder's MLTable file describes. Raises UserError for what needs Azure."""
    try:
        document = yaml.safe_load((folder / "MLTable").read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"The MLTable file is not valid YAML: {str(error).splitlines()[0]}.") from None
    if not isinstance(document, dict) or not document.get("paths"):
        raise UserError("The MLTable file names no `paths`.")
    reader, options, rest = _steps(document.get("transformations") or [])
    files = [file for entry in document["paths"] for file in _files(folder, entry)]
    if not files:
        raise UserError("The paths of the MLTable file match no files.")
    converted = [name for step, said in rest if step == "convert_column_types" for name in _columns(said)]
    frame = pl.concat([_untyped(_read(file, reader, options, converted)) for file in files], how="diagonal_relaxed")
    for name, value in rest:
        frame = _transform(frame, name, value)
    return frame


def _steps(transformations: list[Any]) -> tuple[str, dict[str, Any], list[tuple[str, Any]]]:
    """The reader, its options, and the other transformations in order."""
    steps = [next(iter(step.items())) if isinstance(step, dict) else (str(step), None) for step in transformations]
    readers = [(name, value) for name, value in steps if name in READERS]
    if len(readers) != 1:
        raise UserError(f"The MLTable file must have one of {', '.join(READERS)} under `transformations`.")
    name, options = readers[0]
    return name, options or {}, [step for step in steps if step[0] not in READERS]


def _files(folder: Path, entry: dict[str, str]) -> list[Path]:
    kind, path = next(iter(entry.items()))
    if kind not in ("file", "folder", "pattern"):
        raise UserError(f"`{kind}` under `paths` of the MLTable file is none of file, folder, pattern.")
    if "://" in path or path.startswith("azureml:"):
        raise UserError(f"The MLTable file names {path}, but only files beside it can be read.")
    pattern = path.removeprefix("./")
    if kind == "folder":
        pattern = f"{pattern.rstrip('/')}/**/*"
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise UserError(f"The MLTable file names {path}, which lies outside of the table's folder.")
    root = folder.resolve()
    found = sorted(file for file in folder.glob(pattern) if file.is_file() and file.name != "MLTable")
    if kind == "file" and not found:
        raise UserError(f"The MLTable file names {path}, which does not exist.")
    if any(not file.resolve().is_relative_to(root) for file in found):
        raise UserError(f"The MLTable file names {path}, which leads outside of the table's folder.")
    return found


def _read(file: Path, reader: str, options: dict[str, Any], as_text: list[str]) -> pl.DataFrame:
    from tables import read_file

    if reader != "read_delimited":
        return read_file(file, READERS[reader])
    delimiter = str(options.get("delimiter", ","))
    header = HEADERS.get(str(options.get("header", "all_files_same_headers")), False)
    encoding = str(options.get("encoding", "utf8"))
    return read_file(file, "csv", DELIMITERS.get(delimiter, delimiter), header, encoding, as_text)


def _untyped(frame: pl.DataFrame) -> pl.DataFrame:
    """Columns without any value lose their type, so that they take the one that they have in another file."""
    empty = [name for name in frame.columns if frame[name].null_count() == frame.height]
    return frame.with_columns(pl.col(empty).cast(pl.Null))


def _transform(frame: pl.DataFrame, name: str, value: Any) -> pl.DataFrame:
    from columns import check_column

    if name in ("keep_columns", "drop_columns"):
        chosen = [check_column(frame.columns, column) for column in ([value] if isinstance(value, str) else value)]
        return frame.select(chosen) if name == "keep_columns" else frame.drop(chosen)
    if name == "take":
        return frame.head(int(value))
    if name == "skip":
        return frame.slice(int(value))
    if name == "take_random_sample":
        return _sample(frame, value if isinstance(value, dict) else {"probability": value})
    if name == "convert_column_types":
        for each in value if isinstance(value, list) else [value]:
            frame = _convert(frame, each)
        return frame
    raise UserError(f"The MLTable file uses `{name}`, which cannot be done here; use a step of the pipeline instead.")


def _sample(frame: pl.DataFrame, said: dict[str, Any]) -> pl.DataFrame:
    """Each row with a probability; the same rows again, as steps are to be reused."""
    import random

    draw, probability = random.Random(said.get("seed") or 0), float(said.get("probability") or 0)
    return frame.filter(pl.Series([draw.random() < probability for _ in range(frame.height)], dtype=pl.Boolean))


def _convert(frame: pl.DataFrame, said: Any) -> pl.DataFrame:
    """Columns as another type, as `columns` and `column_type` say: a name, or a mapping of it with its options."""
    from columns import check_column

    if not isinstance(said, dict) or not said.get("columns") or not said.get("column_type"):
        raise UserError("Under `convert_column_types` the MLTable file needs `columns` and their `column_type`.")
    names = [str(name) for name in (said["columns"] if isinstance(said["columns"], list) else [said["columns"]])]
    wanted = said["column_type"]
    kind, options = next(iter(wanted.items())) if isinstance(wanted, dict) else (str(wanted), {})
    columns = [pl.col(check_column(frame.columns, name)) for name in names]
    try:
        return frame.with_columns(_as(column, frame, kind, options or {}) for column in columns)
    except pl.exceptions.PolarsError as error:
        from tables import first_line

        raise UserError(f"The MLTable file makes {', '.join(names)} {kind}: {first_line(error)}.") from None


def _columns(said: Any) -> list[str]:
    """The columns that are converted: their text is read as it stands, not as what it looks like."""
    parts = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, dict)]
    names = [each.get("columns") for each in parts]
    return [str(name) for each in names for name in (each if isinstance(each, list) else [each])]


def _as(column: pl.Expr, frame: pl.DataFrame, kind: str, options: dict[str, Any]) -> pl.Expr:
    if kind in TYPES:
        return column.cast(TYPES[kind])
    if kind == "boolean":
        words = {str(word).lower(): True for word in options.get("true_values") or ("true", "1")}
        words |= {str(word).lower(): False for word in options.get("false_values") or ("false", "0")}
        return column.cast(pl.String).str.to_lowercase().replace_strict(words, return_dtype=pl.Boolean)
    if kind == "datetime":
        if frame.schema[column.meta.output_name()].is_temporal():
            return column.cast(pl.Datetime)
        formats = [options["formats"]] if isinstance(options.get("formats"), str) else options.get("formats")
        text = column.cast(pl.String)
        if not formats:
            return text.str.to_datetime()
        return pl.coalesce([text.str.to_datetime(each, strict=False) for each in formats])
    raise UserError(f"The MLTable file makes a column `{kind}`; known are {', '.join(TYPES)}, boolean and datetime.")
