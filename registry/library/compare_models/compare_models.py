from pathlib import Path

import polars as pl
from charts import bars, write_chart
from columns import one_of, split_names
from metrics import read_metrics
from step import UserError, run
from tables import write_table

# Words in a metric's name that say that smaller is better, and names that say nothing of quality.
SMALLER = ("error", "loss", "rmse", "mse", "mae", "mape", "davies_bouldin", "_std")
COUNTS = ("rows", "clusters", "folds", "trials")


def compare_models(
    metrics1: Path,
    metrics2: Path,
    result: Path,
    chart: Path,
    metrics3: Path | None = None,
    name1: str = "Model 1",
    name2: str = "Model 2",
    name3: str = "Model 3",
    only: str = "",
) -> None:
    """Put the metrics of two or three models beside each other and say which is best at each."""
    files = {name1: metrics1, name2: metrics2} | ({name3: metrics3} if metrics3 else {})
    if len(files) < 2 + bool(metrics3):
        raise UserError("Each model needs a name of its own.")
    read = {name: read_metrics(path) for name, path in files.items()}
    known = list(dict.fromkeys(metric for found in read.values() for metric in found))
    wanted = [one_of(known, metric, "metric") for metric in split_names(only)]
    rows = [_row(metric, read) for metric in wanted or known if wanted or metric not in COUNTS]
    for row in rows:
        print(f"{row['metric']}: best is {row['best']}")
    write_table(pl.DataFrame(rows, infer_schema_length=None), result, "the comparison")
    _chart(rows, list(files), chart)


def _row(metric: str, read: dict[str, dict[str, float]]) -> dict[str, str | float | None]:
    values = {name: found.get(metric) for name, found in read.items()}
    known = {name: value for name, value in values.items() if value is not None}
    best = (min if any(word in metric for word in SMALLER) else max)(known.values())
    winners = [name for name, value in known.items() if value == best]
    return {"metric": metric, **values, "best": " and ".join(winners)}


def _chart(rows: list[dict[str, str | float | None]], models: list[str], path: Path) -> None:
    """Bars of what lies between 0 and 1, such as accuracy or R²; of the first metric if nothing does."""
    fractions = [row for row in rows if all(0 <= (row[model] or 0) <= 1 for model in models)]
    shown = [
        {"metric": row["metric"], "model": model, "value": row[model]}
        for row in fractions or rows[:1]
        for model in models
    ]
    write_chart(path, "Metrics of the models", shown, bars("metric", "value", "Value", group="model"))


if __name__ == "__main__":
    run(compare_models)
