from pathlib import Path

from models import fit_and_save, read_training
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from step import run


def train_linear_regression(
    table: Path, target: str, model: Path, features: str = "", method: str = "ordinary", strength: float = 1.0
) -> None:
    """Train a linear model of a number, ordinary or held back by ridge or lasso."""
    training = read_training(table, target, features, "regression")
    estimators = {
        "ordinary": LinearRegression(),
        "ridge": Ridge(alpha=strength),
        "lasso": Lasso(alpha=strength, max_iter=10_000),
    }
    fit_and_save(estimators[method], training, model, scale=True)


if __name__ == "__main__":
    run(train_linear_regression)
