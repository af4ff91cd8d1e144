from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from charts import category, guide, number, thin, tips, write_chart
from columns import check_column, one_of
from metrics import write_metrics
from sklearn import metrics as score
from step import UserError, run
from tables import read_table

PREFIX = "probability_"
MOST_CLASSES = 50
CURVE_POINTS = 2_000


@dataclass(frozen=True)
class Judged:
    """True and predicted classes as text, with the probability of each class where the table has them."""

    actual: np.ndarray
    predicted: np.ndarray
    classes: list[str]
    chances: dict[str, np.ndarray]
    positive: str | None


def evaluate_classification(
    table: Path,
    actual: str,
    metrics: Path,
    confusion_matrix: Path,
    roc_curve: Path,
    precision_recall_curve: Path,
    predicted: str = "prediction",
    positive: str = "",
) -> None:
    """Compare predicted with true classes: metrics, a confusion matrix and, given probabilities, curves."""
    judged = _judge(read_table(table), actual, predicted, positive)
    detail = score.classification_report(judged.actual, judged.predicted, output_dict=True, zero_division=0)
    write_metrics(metrics, _metrics(judged), {"positive": judged.positive, "by_class": _by_class(detail, judged)})
    _confusion_chart(judged, confusion_matrix)
    _curve_chart(judged, roc_curve, "ROC curve", ("False positive rate", "True positive rate"), _roc)
    _curve_chart(judged, precision_recall_curve, "Precision and recall", ("Recall", "Precision"), _precision_recall)


def _judge(frame: pl.DataFrame, actual: str, predicted: str, positive: str) -> Judged:
    names = [check_column(frame.columns, actual), check_column(frame.columns, predicted)]
    known = frame.drop_nulls(names)
    if known.is_empty():
        raise UserError(f"No row has both `{actual}` and `{predicted}`.")
    texts = [_as_text(known[name]) for name in names]
    classes = sorted({*texts[0], *texts[1]}, key=_natural)
    if len(classes) > MOST_CLASSES:
        raise UserError(
            f"`{actual}` and `{predicted}` hold {len(classes):,} different values, "
            "which is too many for classes; use “Evaluate regression” for numbers."
        )
    chances = {name: known[PREFIX + name].to_numpy() for name in classes if PREFIX + name in known.columns}
    if positive:
        one_of(classes, positive, "class")
    elif len(classes) == 2:
        positive = classes[1]
    return Judged(texts[0], texts[1], classes, chances, positive or None)


def _as_text(values: pl.Series) -> np.ndarray:
    """Classes as text; 1.0 and 1 are the same class."""
    if values.dtype.is_float() and (values == values.round(0)).all():
        values = values.cast(pl.Int64)
    return np.array([str(value) for value in values], dtype=object)


def _natural(name: str) -> tuple[bool, float, str]:
    """Numbers by value, then words."""
    return (False, float(name), name) if name.lstrip("-").isdecimal() else (True, 0.0, name)


def _metrics(judged: Judged) -> dict[str, float | int]:
    true, guess = judged.actual, judged.predicted
    average: dict[str, Any] = {"average": "macro", "zero_division": 0}
    if judged.positive:
        average = {"average": "binary", "pos_label": judged.positive, "zero_division": 0}
        if len(judged.classes) > 2:
            true, guess = true == judged.positive, guess == judged.positive
            average["pos_label"] = True
    found: dict[str, float | int] = {
        "accuracy": score.accuracy_score(judged.actual, judged.predicted),
        "balanced_accuracy": _balanced(judged),
        "precision": score.precision_score(true, guess, **average),
        "recall": score.recall_score(true, guess, **average),
        "f1": score.f1_score(true, guess, **average),
        "matthews_correlation": score.matthews_corrcoef(judged.actual, judged.predicted),
    }
    areas = [score.roc_auc_score(judged.actual == name, judged.chances[name]) for name in _curved(judged)]
    if areas:
        found["roc_auc"] = float(np.mean(areas))
    if len(judged.chances) == len(judged.classes):
        chances = np.column_stack([judged.chances[name] for name in judged.classes])
        index = {name: place for place, name in enumerate(judged.classes)}
        picked = chances[np.arange(len(chances)), [index[name] for name in judged.actual]]
        found["log_loss"] = float(-np.log(np.clip(picked, 1e-15, 1)).mean())
    return {name: float(value) for name, value in found.items()} | {"rows": len(judged.actual)}


def _balanced(judged: Judged) -> float:
    """Mean recall over the classes that occur."""
    present = np.unique(judged.actual.astype(str)).tolist()
    return float(score.recall_score(judged.actual, judged.predicted, labels=present, average="macro", zero_division=0))


def _by_class(report: dict[str, Any], judged: Judged) -> dict[str, dict[str, float]]:
    return {
        name: {key: float(value) for key, value in report[name].items()} for name in judged.classes if name in report
    }


def _curved(judged: Judged) -> list[str]:
    """The classes that get a curve: the positive one of two, or each that has both members and others."""
    names = [judged.positive] if judged.positive else judged.classes
    return [name for name in names if name in judged.chances and 0 < (judged.actual == name).mean() < 1]


def _confusion_chart(judged: Judged, path: Path) -> None:
    counts = score.confusion_matrix(judged.actual, judged.predicted, labels=judged.classes)
    rows = [
        {"actual": actual, "predicted": predicted, "rows": int(counts[i, j]), "share": counts[i, j] / sums}
        for i, actual in enumerate(judged.classes)
        for sums in [max(1, counts[i].sum())]
        for j, predicted in enumerate(judged.classes)
    ]
    color = {
        "field": "share",
        "type": "quantitative",
        "title": "Share of the class",
        "scale": {"scheme": "blues", "domain": [0, 1]},
        "legend": {"format": "%"},
    }
    x, y = category("predicted", "Predicted", axis={"labelAngle": 0}), category("actual", "Actual")
    on_cell = {"condition": {"test": "datum.share > 0.5", "value": "white"}, "value": "black"}
    view = {
        "encoding": {
            "x": x,
            "y": y,
            "tooltip": tips(y, x, number("rows", "Rows")),
        },
        "layer": [
            {"mark": "rect", "encoding": {"color": color}},
            {
                "mark": "text",
                "encoding": {"text": {"field": "rows", "type": "quantitative"}, "color": on_cell},
            },
        ],
    }
    write_chart(path, "Confusion matrix", rows, view)


def _curve_chart(judged: Judged, path: Path, title: str, axes: tuple[str, str], curve: Any) -> None:
    names = _curved(judged)
    rows = [row for name in names for row in thin(curve(judged, name), max(20, CURVE_POINTS // len(names)))]
    if not rows:
        write_chart(path, f"{title}: the table has no columns {PREFIX}…", [{}], {"mark": "point", "height": 40})
        return
    x, y = number("x", axes[0], scale={"domain": [0, 1]}), number("y", axes[1], scale={"domain": [0, 1]})
    line = {
        "mark": {"type": "line", "interpolate": "step-after"},
        "encoding": {
            "x": x,
            "y": y,
            "order": {"field": "order", "type": "quantitative"},
            "color": category("class", "Class"),
            "tooltip": tips(category("class", "Class"), x, y),
        },
    }
    diagonal = [guide([{"x": 0, "y": 0}, {"x": 1, "y": 1}], "x", "y")] if curve is _roc else []
    write_chart(path, title, rows, {"layer": [line, *diagonal]})


def _roc(judged: Judged, name: str) -> list[dict[str, Any]]:
    x, y, _ = score.roc_curve(judged.actual == name, judged.chances[name])
    return _rows(name, x, y)


def _precision_recall(judged: Judged, name: str) -> list[dict[str, Any]]:
    y, x, _ = score.precision_recall_curve(judged.actual == name, judged.chances[name])
    return _rows(name, x[::-1], y[::-1])


def _rows(name: str, x: np.ndarray, y: np.ndarray) -> list[dict[str, Any]]:
    return [
        {"class": name, "order": i, "x": float(a), "y": float(b)} for i, (a, b) in enumerate(zip(x, y, strict=True))
    ]


if __name__ == "__main__":
    run(evaluate_classification)
