import csv
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from step import UserError, run
from tables import read_file, write_table

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
BY_ENDING = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "parquet": "parquet",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
}
MEGABYTE = 1 << 20


def read_data(
    result: Path,
    file: Path | None = None,
    url: str = "",
    format: str = "auto",
    delimiter: str = "auto",
    header: bool = True,
    encoding: str = "utf8",
    max_megabytes: int = 200,
) -> None:
    """Read a CSV, TSV, Parquet or JSON file, given as data or as a URL, into a table."""
    url = url.strip()
    if file and url:
        raise UserError("Both a file and a URL are given: unlink the file or empty the URL.")
    if not file and not url:
        raise UserError("Nothing to read: link a file, or give the URL of one.")
    with tempfile.TemporaryDirectory() as folder:
        path = _single(file) if file else _download(url, Path(folder), max_megabytes)
        if path.stat().st_size == 0:
            raise UserError(f"“{path.name}” is empty.")
        kind = _detect(path) if format == "auto" else {"tsv": "csv"}.get(format, format)
        separator = "\t" if format == "tsv" else _delimiter(path, delimiter, encoding) if kind == "csv" else ","
        print(f"Reading {path.name} as {kind}" + (f", separated by {separator!r}." if kind == "csv" else "."))
        write_table(read_file(path, kind, separator, header, encoding), result)


def _single(path: Path) -> Path:
    """The file itself, or the only one in a folder."""
    if path.is_file():
        return path
    files = sorted(entry for entry in path.iterdir() if entry.is_file())
    if len(files) != 1:
        raise UserError(f"“{path.name}” is a folder with {len(files)} files; link one file.")
    return files[0]


def _download(url: str, folder: Path, max_megabytes: int) -> Path:
    from fetch import fetch

    target = folder / (Path(urlsplit(url).path).name or "download")
    fetch(url, target, max_megabytes * MEGABYTE)
    return target


def _detect(path: Path) -> str:
    """The format by the first bytes, then by the ending."""
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UserError(f"“{path.name}” is a zip or Excel file; save the sheet as CSV first.")
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith((b"{", b"[")):
        return "jsonl" if text.startswith(b"{") else "json"
    return BY_ENDING.get(path.suffix.lstrip(".").lower(), "csv")


def _delimiter(path: Path, name: str, encoding: str) -> str:
    if name != "auto":
        return DELIMITERS[name]
    with path.open(encoding=encoding, errors="replace") as file:
        sample = "".join(line for line, _ in zip(file, range(20), strict=False))
    try:
        return csv.Sniffer().sniff(sample, "".join(DELIMITERS.values()).rstrip(" ")).delimiter
    except csv.Error:
        return ","


if __name__ == "__main__":
    run(read_data)
