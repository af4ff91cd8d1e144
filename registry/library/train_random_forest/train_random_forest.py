from pathlib import Path

from models import fit_and_save, read_training
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from step import run


def train_random_forest(
    table: Path,
    target: str,
    model: Path,
    features: str = "",
    task: str = "auto",
    trees: int = 200,
    max_depth: int | None = None,
    min_leaf: int = 1,
    seed: int = 0,
) -> None:
    """Train a forest of decision trees, each on a random part of rows and columns."""
    training = read_training(table, target, features, task)
    forest = RandomForestClassifier if training.task == "classification" else RandomForestRegressor
    estimator = forest(n_estimators=trees, max_depth=max_depth, min_samples_leaf=min_leaf, random_state=seed, n_jobs=-1)
    fit_and_save(estimator, training, model)


if __name__ == "__main__":
    run(train_random_forest)
