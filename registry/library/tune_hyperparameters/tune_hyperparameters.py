import json
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import polars as pl
from charts import GREY, category, number, tips, write_chart
from columns import one_of
from estimators import CHOICES, Space
from metrics import write_metrics
from models import Training, fit, make_model, read_training, save_model
from scoring import folds, measure_for, score_fold, smaller_is_better
from sklearn.model_selection import ParameterGrid, ParameterSampler
from sklearn.pipeline import Pipeline
from step import UserError, progress, run
from tables import write_table

MOST_TRIALS = 1_000


def tune_hyperparameters(
    table: Path,
    target: str,
    model: Path,
    trials_table: Path,
    metrics: Path,
    chart: Path,
    estimator: str = "random_forest",
    features: str = "",
    task: str = "auto",
    method: str = "random",
    trials: int = 10,
    space: str = "",
    measure: str = "auto",
    cv_folds: int = 5,
    seed: int = 0,
) -> None:
    """Try settings of a model by cross-validation, and train the best one on all rows."""
    training = read_training(table, target, features, task)
    choice = CHOICES[training.task][estimator]
    measure = measure_for(training.task, measure)
    pipeline = make_model(choice.make(), training.kinds, choice.scale)
    if "random_state" in pipeline.named_steps["model"].get_params():
        pipeline.set_params(model__random_state=seed)
    settings = _settings(_read_space(space, pipeline) or choice.space, method, trials, seed)
    print(f"Trying {len(settings)} settings of {estimator} on {cv_folds} folds, measured by {measure}.")
    rows = _try_all(pipeline, training, settings, folds(training, cv_folds, seed), measure)
    smaller = smaller_is_better(training.task, measure)
    best = (min if smaller else max)(rows, key=lambda row: row["score"])
    chosen = settings[best["trial"] - 1]
    print(f"Best: trial {best['trial']}, {measure} {best['score']:.4f}, {_words(chosen)}.")
    save_model(fit(pipeline.set_params(**_inner(chosen)), training), training, model)
    write_table(pl.DataFrame(rows).sort("score", descending=not smaller), trials_table, "the trials")
    figures = {measure: best["score"], f"{measure}_std": best["std"], "trials": len(rows)}
    write_metrics(metrics, figures, {"best_parameters": chosen, "estimator": estimator})
    _chart(rows, measure, chart)


def _read_space(text: str, pipeline: Pipeline) -> Space:
    """The search space that was typed, as JSON lists of values by the names of scikit-learn."""
    if not text.strip():
        return {}
    try:
        space = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"The search space is not valid JSON: {error.msg} in line {error.lineno}.") from None
    if not isinstance(space, dict):
        raise UserError('The search space must look like {"max_depth": [3, 5, null]}.')
    known = sorted(pipeline.named_steps["model"].get_params())
    for name, values in space.items():
        one_of(known, name, "parameter")
        if not isinstance(values, list) or not values:
            raise UserError(f"`{name}` in the search space needs a list of values, such as [1, 2, 3].")
    return space


def _settings(space: Space, method: str, trials: int, seed: int) -> list[dict[str, Any]]:
    grid = ParameterGrid(space)
    if method == "grid":
        if len(grid) > MOST_TRIALS:
            raise UserError(f"The grid has {len(grid):,} settings; use random search or fewer values.")
        return list(grid)
    return list(ParameterSampler(space, min(trials, len(grid)), random_state=seed))


def _try_all(
    pipeline: Pipeline, training: Training, settings: list[dict[str, Any]], parts: list[Any], measure: str
) -> list[dict[str, Any]]:
    rows = []
    for number_, chosen in enumerate(settings, start=1):
        pipeline.set_params(**_inner(chosen))
        scores = [score_fold(pipeline, training, part, [measure])[measure] for part in parts]
        row = {"trial": number_, "score": mean(scores), "std": pstdev(scores), "parameters": _words(chosen)}
        print(f"Trial {number_}: {measure} {row['score']:.4f} with {row['parameters']}")
        progress(number_, len(settings))
        rows.append(row)
    return rows


def _inner(chosen: dict[str, Any]) -> dict[str, Any]:
    return {f"model__{name}": value for name, value in chosen.items()}


def _words(chosen: dict[str, Any]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in sorted(chosen.items()))


def _chart(rows: list[dict[str, Any]], measure: str, path: Path) -> None:
    spread = [row | {"low": row["score"] - row["std"], "high": row["score"] + row["std"]} for row in rows]
    x = number("trial", "Trial", axis={"tickMinStep": 1})
    tooltip = tips(x, number("score", measure), category("parameters", "Settings"))
    view = {
        "layer": [
            {
                "mark": {"type": "rule", "color": GREY},
                "encoding": {"x": x, "y": number("low", measure), "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70},
                "encoding": {"x": x, "y": number("score", measure), "tooltip": tooltip},
            },
        ]
    }
    write_chart(path, f"Mean {measure} of each trial, and its spread over the folds", spread, view)


if __name__ == "__main__":
    run(tune_hyperparameters)
