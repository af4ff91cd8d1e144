from pathlib import Path

from models import fit_and_save, read_training
from sklearn.linear_model import LogisticRegression
from step import run


def train_logistic_regression(
    table: Path,
    target: str,
    model: Path,
    features: str = "",
    strength: float = 1.0,
    balanced: bool = False,
    max_iterations: int = 1000,
) -> None:
    """Train a linear classifier on scaled features; a smaller `strength` (C) means a simpler model."""
    training = read_training(table, target, features, "classification")
    weights = "balanced" if balanced else None
    estimator = LogisticRegression(C=strength, class_weight=weights, max_iter=max_iterations)
    fit_and_save(estimator, training, model, scale=True)


if __name__ == "__main__":
    run(train_logistic_regression)
