"""Previews of text: JSON of its several kinds, HTML, plain text."""

import json
import math
from pathlib import Path
from typing import Any

TEXT_LIMIT = 64 * 1024
JSON_LIMIT = 150 * 1024
READ_LIMIT = 5 * 1024 * 1024
VEGA_LITE = "vega.github.io/schema/vega-lite/"


def of_json(path: Path, head: bytes) -> dict[str, Any] | None:
    """A chart, metrics, or other JSON."""
    if head.lstrip()[:1] not in (b"{", b"[") or path.stat().st_size > READ_LIMIT:
        return None
    text = path.read_text(encoding="utf-8")
    value = json.loads(text, parse_constant=lambda _: None)
    size = len(text.encode())
    if isinstance(value, dict) and VEGA_LITE in str(value.get("$schema", "")) and size <= JSON_LIMIT:
        return {"kind": "chart", "spec": value}
    if isinstance(value, dict) and (numbers := _numbers(value)):
        detail = {key: other for key, other in value.items() if key not in numbers}
        if size <= JSON_LIMIT:
            return {"kind": "metrics", "values": numbers, "detail": detail}
        return {"kind": "metrics", "values": dict(list(numbers.items())[:500]), "detail": {}}
    if size <= JSON_LIMIT:
        return {"kind": "json", "value": value}
    return {"kind": "json", "text": text[:TEXT_LIMIT]}


def of_model(path: Path) -> dict[str, Any] | None:
    """A model's folder, by its `model.json`."""
    if path.stat().st_size > JSON_LIMIT:
        return None
    summary = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    return {"kind": "model", "summary": summary} if isinstance(summary, dict) else None


def of_html(head: bytes, name: str) -> dict[str, Any] | None:
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return {"kind": "html", "path": name}
    return None


def of_text(path: Path, head: bytes) -> dict[str, Any] | None:
    if b"\0" in head:
        return None
    with path.open("rb") as file:
        data = file.read(TEXT_LIMIT + 1)
    truncated = len(data) > TEXT_LIMIT
    data = data[:TEXT_LIMIT]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        if not (truncated and error.start > len(data) - 4):
            return None
        text = data[: error.start].decode()
    return {"kind": "text", "text": text, "truncated": truncated}


def _numbers(value: dict[str, Any]) -> dict[str, float]:
    """The numbers at the top. Nothing else but containers may stand there: `{"name": "x", "n": 1}` is no metrics."""
    numbers = {}
    for key, found in value.items():
        if isinstance(found, int | float) and not isinstance(found, bool):
            if math.isfinite(found):
                numbers[key] = found
        elif not isinstance(found, dict | list) and found is not None:
            return {}
    return numbers
