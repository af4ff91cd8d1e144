"""What a command answers, as `-o` asks for it and `--query` narrows it; the formats are those of `az`."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from portline.client.errors import PortlineError

FORMATS = ("json", "jsonc", "table", "tsv", "yaml", "yamlc", "none")
Columns = Sequence[tuple[str, str]]
"""Heading and dotted place of each column of a table."""


def emit(data: Any, output: str, query: str | None, columns: Columns, out: TextIO | None = None) -> None:
    """Write it to standard output. Raises PortlineError for a query that is none."""
    out = out or sys.stdout
    if query:
        data, columns = queried(data, query), ()
    if data is None or output == "none":
        return
    if output == "table":
        _table(data, columns, out)
    elif output == "tsv":
        out.write(tsv(data))
    elif output in ("yaml", "yamlc"):
        from portline.client.yaml import dump

        _colored(dump(plain(data)), "yaml", output == "yamlc", out)
    else:
        text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
        _colored(f"{text}\n", "json", output == "jsonc", out)


def queried(data: Any, query: str) -> Any:
    """What a JMESPath expression finds."""
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        return jmespath.search(query, data)
    except JMESPathError as error:
        why = str(error).splitlines()[0]
        raise PortlineError(f"--query `{query}` cannot be used: {why}", code="usage") from None


def plain(data: Any) -> Any:
    """Without our own kinds of dictionaries and lists."""
    if isinstance(data, Mapping):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [plain(value) for value in data]
    return data


def tsv(data: Any) -> str:
    """A row for each item of a list, else one; cells by tabs, no heading. Lists within are told by their length."""
    rows = data if isinstance(data, list) else [data]
    return "".join("\t".join(map(_cell, _values(row))) + "\n" for row in rows)


def is_terminal(stream: TextIO) -> bool:
    """Whether people look at it; NO_COLOR and TERM=dumb say that it is to be plain."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def colors(stream: TextIO) -> bool:
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def _values(row: Any) -> list[Any]:
    if isinstance(row, Mapping):
        return list(row.values())
    return row if isinstance(row, list) else [row]


def _cell(value: Any) -> str:
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(len(value)) if isinstance(value, list) else str(value)


def _table(data: Any, columns: Columns, out: TextIO) -> None:
    from rich.cells import cell_len

    rows: list[Any] = data if isinstance(data, list) else [data]
    if not rows:
        return
    if columns:
        headings = [heading for heading, _ in columns]
        cells = [[_cell(_at(row, place)) for _, place in columns] for row in rows]
    elif isinstance(rows[0], Mapping):
        names = [name for name, value in rows[0].items() if not isinstance(value, (Mapping, list))]
        headings, cells = names, [[_cell(row.get(name)) for name in names] for row in rows]
    else:
        cells = [[_cell(value) for value in _values(row)] for row in rows]
        headings = ["Result"] if len(cells[0]) == 1 else [f"Column{number}" for number in range(1, len(cells[0]) + 1)]
    cells = [[" ".join(cell.split()) for cell in row] for row in cells]
    widths = [max(cell_len(row[number]) for row in [headings, *cells]) for number in range(len(headings))]
    for row in [headings, ["-" * width for width in widths], *cells]:
        padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        out.write("  ".join(padded).rstrip() + "\n")


def _at(row: Any, place: str) -> Any:
    for part in place.split("."):
        row = row.get(part) if isinstance(row, Mapping) else None
    return row


def _colored(text: str, language: str, wanted: bool, out: TextIO) -> None:
    if not (wanted or colors(out)):
        out.write(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax

    console = Console(file=out, force_terminal=True)
    # Printed as text: a Syntax itself would be padded to the width of the terminal.
    shown = Syntax("", language, theme="ansi_dark", background_color="default").highlight(text)
    console.print(shown, end="", soft_wrap=True)
