from pathlib import Path

import numpy as np
import polars as pl
from charts import guide, number, points, thin, write_chart
from columns import check_column
from metrics import write_metrics
from sklearn import metrics as score
from step import UserError, run
from tables import need_numeric, read_table


def evaluate_regression(
    table: Path,
    actual: str,
    metrics: Path,
    predicted_actual_chart: Path,
    residual_chart: Path,
    predicted: str = "prediction",
) -> None:
    """Compare predicted with true numbers: metrics and two charts."""
    frame = read_table(table)
    names = [check_column(frame.columns, actual), check_column(frame.columns, predicted)]
    need_numeric(frame, names, "evaluating regression")
    known = frame.select(pl.col(names).cast(pl.Float64).fill_nan(None)).drop_nulls()
    if known.height < 2:
        raise UserError(f"Only {known.height} rows have both `{actual}` and `{predicted}`; two are needed.")
    true, guess = known[actual].to_numpy(), known[predicted].to_numpy()
    write_metrics(metrics, _metrics(true, guess))
    rows = [
        {"actual": float(a), "predicted": float(p), "residual": float(a - p)} for a, p in zip(true, guess, strict=True)
    ]
    _charts(thin(rows), actual, predicted_actual_chart, residual_chart)


def _metrics(true: np.ndarray, guess: np.ndarray) -> dict[str, float | int]:
    found = {
        "r2": score.r2_score(true, guess),
        "rmse": score.root_mean_squared_error(true, guess),
        "mae": score.mean_absolute_error(true, guess),
        "median_absolute_error": score.median_absolute_error(true, guess),
        "max_error": score.max_error(true, guess),
        "mean_error": (guess - true).mean(),
    }
    if (true != 0).all():
        found["mape"] = score.mean_absolute_percentage_error(true, guess)
    return {name: float(value) for name, value in found.items()} | {"rows": len(true)}


def _charts(rows: list[dict[str, float]], target: str, compared: Path, residuals: Path) -> None:
    x, y = number("actual", f"Actual {target}"), number("predicted", f"Predicted {target}")
    ends = [min(row["actual"] for row in rows), max(row["actual"] for row in rows)]
    diagonal = guide([{"actual": end, "predicted": end} for end in ends], "actual", "predicted")
    write_chart(compared, "Predicted against actual values", rows, {"layer": [points(x, y), diagonal]})
    guesses = [min(row["predicted"] for row in rows), max(row["predicted"] for row in rows)]
    zero = guide([{"predicted": guess, "residual": 0} for guess in guesses], "predicted", "residual")
    spread = points(y, number("residual", "Actual less predicted"))
    write_chart(residuals, "Residuals against predicted values", rows, {"layer": [spread, zero]})


if __name__ == "__main__":
    run(evaluate_regression)
