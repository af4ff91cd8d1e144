from pathlib import Path

from models import fit_and_save, read_training
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from step import run


def train_gradient_boosting(
    table: Path,
    target: str,
    model: Path,
    features: str = "",
    task: str = "auto",
    rounds: int = 100,
    learning_rate: float = 0.1,
    max_leaves: int = 31,
    seed: int = 0,
) -> None:
    """Train small trees one after another, each on the errors of those before it."""
    training = read_training(table, target, features, task)
    classify = training.task == "classification"
    boosting = HistGradientBoostingClassifier if classify else HistGradientBoostingRegressor
    estimator = boosting(max_iter=rounds, learning_rate=learning_rate, max_leaf_nodes=max_leaves, random_state=seed)
    fit_and_save(estimator, training, model)


if __name__ == "__main__":
    run(train_gradient_boosting)
