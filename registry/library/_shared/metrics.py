"""Metrics between steps: a JSON file with name -> number at its top, and detail below."""

import json
from pathlib import Path
from typing import Any

from step import UserError


def write_metrics(path: Path, metrics: dict[str, float | int], detail: dict[str, Any] | None = None) -> None:
    """Write metrics and print each."""
    shown = {name: _finite(value) for name, value in metrics.items()}
    for name, value in shown.items():
        print(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}")
    document = shown | (detail or {})
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_metrics(path: Path) -> dict[str, float]:
    """The numbers at the top of a metrics file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        raise UserError(f"“{path.name}” is not a JSON file of metrics.") from None
    if not isinstance(document, dict):
        raise UserError(f"“{path.name}” holds no metrics: it should map names to numbers.")
    numbers = {
        str(name): value
        for name, value in document.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    if not numbers:
        raise UserError(f"“{path.name}” holds no metrics: it should map names to numbers.")
    return numbers


def _finite(value: float | int) -> float | int | None:
    return value if value - value == 0 else None
