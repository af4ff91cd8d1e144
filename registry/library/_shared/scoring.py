"""Judging models by cross-validation: measures by plain names, and folds that fit the data."""

from typing import Any

import numpy as np
from models import Training
from sklearn.model_selection import KFold, StratifiedKFold, cross_validate
from sklearn.pipeline import Pipeline
from step import UserError

# Plain name -> scikit-learn's scorer; those beginning with neg_ are better when smaller.
SCORERS = {
    "classification": {
        "accuracy": "accuracy",
        "balanced_accuracy": "balanced_accuracy",
        "f1": "f1_macro",
        "roc_auc": "roc_auc_ovr",
        "log_loss": "neg_log_loss",
    },
    "regression": {
        "r2": "r2",
        "rmse": "neg_root_mean_squared_error",
        "mae": "neg_mean_absolute_error",
    },
}


def measure_for(task: str, name: str) -> str:
    """The measure, or the task's usual one for `auto`. Raises UserError for one of the other task."""
    known = SCORERS[task]
    if name == "auto":
        return next(iter(known))
    if name not in known:
        raise UserError(f"`{name}` does not measure {task}; choose one of {', '.join(known)}.")
    return name


def scorers(task: str, names: list[str]) -> dict[str, str]:
    """scikit-learn's scorers by plain name."""
    return {name: SCORERS[task][name] for name in names}


def smaller_is_better(task: str, name: str) -> bool:
    return SCORERS[task][name].startswith("neg_")


def folds(training: Training, count: int, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The rows to train on and to test on, `count` times; classes keep their proportions."""
    rows = len(training.features)
    if training.task == "classification":
        values, counts = np.unique(training.values, return_counts=True)
        if counts.min() < count:
            rare = values[counts.argmin()]
            raise UserError(
                f"The class `{rare}` has only {counts.min()} rows, too few for {count} folds; "
                "use fewer folds or leave the class out."
            )
        splitter: Any = StratifiedKFold(count, shuffle=True, random_state=seed)
    else:
        if rows < 2 * count:
            raise UserError(f"{rows} rows are too few for {count} folds.")
        splitter = KFold(count, shuffle=True, random_state=seed)
    return list(splitter.split(training.features, training.values))


def score_fold(
    pipeline: Pipeline, training: Training, fold: tuple[np.ndarray, np.ndarray], names: list[str]
) -> dict[str, float]:
    """Train a copy on one part and measure it on the other; errors come as positive numbers."""
    wanted = scorers(training.task, names)
    result = cross_validate(
        pipeline, training.features, training.values, cv=[fold], scoring=wanted, error_score="raise"
    )
    return {
        name: float(-result[f"test_{name}"][0] if scorer.startswith("neg_") else result[f"test_{name}"][0])
        for name, scorer in wanted.items()
    }
