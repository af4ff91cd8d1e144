import base64
import html
import json
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from metrics import read_metrics
from step import UserError, run

STYLE = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: #fff; color: #1b1f24;
  font: 16px/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #d5d9de; padding-bottom: .3rem; }
table { border-collapse: collapse; font-size: .9rem; } .wide { overflow-x: auto; }
th, td { border: 1px solid #d5d9de; padding: .3rem .6rem; text-align: left; }
th { background: #f3f5f7; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
img { max-width: 100%; height: auto; } .note { color: #57606a; } pre { background: #f3f5f7; padding: .8rem; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp", b"GIF8": "gif"}
MOST_PICTURE_BYTES = 20 << 20


def write_report(
    report: Path,
    title: str = "Report",
    text: str = "",
    metrics1: Path | None = None,
    metrics2: Path | None = None,
    chart1: Path | None = None,
    chart2: Path | None = None,
    chart3: Path | None = None,
    table1: Path | None = None,
    table2: Path | None = None,
    picture: Path | None = None,
    max_rows: int = 50,
) -> None:
    """Put text, metrics, charts, tables and a picture on one page that needs nothing else."""
    parts = [_markdown(text)] if text.strip() else []
    parts += [_metrics(path) for path in (metrics1, metrics2) if path]
    parts += [_chart(path) for path in (chart1, chart2, chart3) if path]
    parts += [_table(path, max_rows) for path in (table1, table2) if path]
    parts += [_picture(picture)] if picture else []
    if not parts:
        raise UserError("The report is empty: link metrics, charts, tables or a picture, or write a text.")
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
{"".join(parts)}
</body>
</html>
"""
    report.write_text(page, encoding="utf-8")
    print(f"Wrote a report of {len(parts)} parts, {len(page) // 1024:,} KB.")


def _markdown(text: str) -> str:
    """Markdown as HTML; HTML within it is shown as text, and unsafe links are left out."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").render(text)


def _metrics(path: Path) -> str:
    rows = [[name, value] for name, value in read_metrics(path).items()]
    return f"<h2>Metrics</h2>{_grid(['Metric', 'Value'], rows)}"


def _chart(path: Path) -> str:
    from drawing import NotDrawable, draw

    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
        rows = [row for row in spec["data"]["values"] if isinstance(row, dict)]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"“{path.name}” is no chart: it should be Vega-Lite JSON with its data.") from None
    title = spec.get("title")
    title = html.escape(str(title.get("text", "") if isinstance(title, dict) else title or "Chart"))
    try:
        image = _image("svg+xml", draw(spec).encode(), title)
    except NotDrawable:
        names = list(rows[0]) if rows else []
        grid = _grid(names, [[row.get(name) for name in names] for row in rows[:50]])
        image = f'<p class="note">This kind of chart cannot be drawn on a page without scripts; its data:</p>{grid}'
    return f"<h2>{title}</h2>{image}"


def _table(path: Path, max_rows: int) -> str:
    from tables import read_table, size

    frame = read_table(path)
    more = f", the first {max_rows:,} of them below" if frame.height > max_rows else ""
    note = f'<p class="note">{size(frame)}{more}.</p>'
    return f"<h2>Table</h2>{note}{_grid(frame.columns, frame.head(max_rows).rows())}"


def _picture(path: Path) -> str:
    content = path.read_bytes() if path.is_file() else b""
    kind = next((name for start, name in PICTURES.items() if content.startswith(start)), None)
    if kind is None:
        raise UserError(f"“{path.name}” is no PNG, JPEG, WebP or GIF picture.")
    if len(content) > MOST_PICTURE_BYTES:
        raise UserError(f"The picture is larger than {MOST_PICTURE_BYTES >> 20} MB; make it smaller first.")
    return f"<h2>Picture</h2>{_image(kind, content, 'Picture')}"


def _image(kind: str, content: bytes, alt: str) -> str:
    return f'<img alt="{alt}" src="data:image/{kind};base64,{base64.b64encode(content).decode()}">'


def _grid(names: list[str], rows: list[Any]) -> str:
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in names)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (
            f'<td class="number">{value:,}</td>' if isinstance(value, int) else f'<td class="number">{value:.6g}</td>'
        )
    return f"<td>{'' if value is None else html.escape(str(value))}</td>"


if __name__ == "__main__":
    run(write_report)
