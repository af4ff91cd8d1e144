from pathlib import Path

import polars as pl
from charts import bars, write_chart
from metrics import write_metrics
from models import load_model
from scoring import SCORERS, folds, score_fold
from step import progress, run
from tables import read_table, write_table


def cross_validate(
    model: Path, table: Path, metrics: Path, result: Path, chart: Path, cv_folds: int = 5, seed: int = 0
) -> None:
    """Train copies of a model on parts of a table and measure each on the rows that it has not seen."""
    trained = load_model(model)
    training = trained.learn_from(read_table(table))
    names = [name for name in SCORERS[training.task] if _possible(name, trained.pipeline)]
    rows = []
    for number, part in enumerate(folds(training, cv_folds, seed), start=1):
        scores = score_fold(trained.pipeline, training, part, names)
        print(f"Fold {number}: " + ", ".join(f"{name} {value:.4f}" for name, value in scores.items()))
        progress(number, cv_folds)
        rows.append({"fold": number, **scores})
    frame = pl.DataFrame(rows)
    write_table(frame, result, "the scores")
    means = {name: float(frame[name].mean()) for name in names}
    spreads = {f"{name}_std": float(frame[name].std(ddof=0)) for name in names}
    write_metrics(metrics, means | spreads | {"folds": cv_folds, "rows": len(training.features)})
    bars_of = [{"fold": f"Fold {row['fold']}", "score": row[names[0]]} for row in rows]
    write_chart(chart, f"{names[0]} on each fold", bars_of, bars("fold", "score", names[0]))


def _possible(name: str, pipeline: object) -> bool:
    """Whether the model gives the probabilities that a measure needs."""
    return name not in ("roc_auc", "log_loss") or hasattr(pipeline, "predict_proba")


if __name__ == "__main__":
    run(cross_validate)
