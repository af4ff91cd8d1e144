from pathlib import Path

import numpy as np
import polars as pl
from charts import bars, write_chart
from models import load_model
from scoring import measure_for, scorers
from sklearn.inspection import permutation_importance
from step import run
from tables import read_table, write_table

MOST_BARS = 30


def feature_importance(
    model: Path,
    table: Path,
    result: Path,
    chart: Path,
    measure: str = "auto",
    repeats: int = 5,
    max_rows: int = 5000,
    seed: int = 0,
) -> None:
    """Shuffle one feature after another and see how much worse the model gets."""
    trained = load_model(model)
    frame = read_table(table)
    if frame.height > max_rows:
        frame = frame[np.sort(np.random.default_rng(seed).choice(frame.height, max_rows, replace=False))]
    rows = trained.learn_from(frame)
    measure = measure_for(rows.task, measure)
    found = permutation_importance(
        trained.pipeline,
        rows.features,
        rows.values,
        scoring=scorers(rows.task, [measure])[measure],
        n_repeats=repeats,
        random_state=seed,
    )
    ranked = pl.DataFrame(
        {"feature": list(rows.kinds), "importance": found.importances_mean, "std": found.importances_std}
    ).sort("importance", descending=True, maintain_order=True)
    for feature, importance, _ in ranked.head(5).iter_rows():
        print(f"{feature}: {importance:.4f}")
    write_table(ranked, result, "the importances")
    title = f"How much worse {measure} gets without a feature"
    write_chart(chart, title, ranked.head(MOST_BARS).to_dicts(), bars("feature", "importance", "Importance"))


if __name__ == "__main__":
    run(feature_importance)
