from pathlib import Path

from models import fit_and_save, read_training
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from step import UserError, run


def train_knn(
    table: Path,
    target: str,
    model: Path,
    features: str = "",
    task: str = "auto",
    neighbours: int = 5,
    weights: str = "uniform",
) -> None:
    """Predict from the most similar rows, by distance between scaled features."""
    training = read_training(table, target, features, task)
    if neighbours > len(training.features):
        raise UserError(f"{neighbours} neighbours are more than the {len(training.features)} rows to learn from.")
    nearest = KNeighborsClassifier if training.task == "classification" else KNeighborsRegressor
    fit_and_save(nearest(n_neighbors=neighbours, weights=weights), training, model, scale=True)


if __name__ == "__main__":
    run(train_knn)
