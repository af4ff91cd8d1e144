from pathlib import Path

import pandas as pd
import polars as pl
from models import Model, load_model
from step import UserError, run
from tables import read_table, write_table


def score_model(model: Path, table: Path, result: Path, probabilities: bool = True, keep: bool = True) -> None:
    """Predict every row of a table with a trained model."""
    trained = load_model(model)
    frame = read_table(table)
    if frame.is_empty():
        raise UserError("The table has no rows to predict.")
    scores = pl.DataFrame(_scores(trained, trained.features_of(frame), probabilities))
    kept = frame.drop(scores.columns, strict=False) if keep else frame.select([])
    write_table(pl.concat([kept, scores], how="horizontal"), result, "the predictions")


def _scores(model: Model, features: pd.DataFrame, probabilities: bool) -> dict[str, list[object]]:
    columns = {"prediction": model.pipeline.predict(features).tolist()}
    if probabilities and model.task == "classification" and hasattr(model.pipeline, "predict_proba"):
        chances = model.pipeline.predict_proba(features)
        for index, name in enumerate(model.pipeline.classes_):
            columns[f"probability_{name}"] = chances[:, index].tolist()
    return columns


if __name__ == "__main__":
    run(score_model)
