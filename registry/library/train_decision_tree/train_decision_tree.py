from pathlib import Path

from models import fit_and_save, read_training
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, export_text
from step import run


def train_decision_tree(
    table: Path,
    target: str,
    model: Path,
    rules: Path,
    features: str = "",
    task: str = "auto",
    max_depth: int = 5,
    min_leaf: int = 5,
    seed: int = 0,
) -> None:
    """Train one tree of yes-or-no questions, and write it down as text."""
    training = read_training(table, target, features, task)
    tree = DecisionTreeClassifier if training.task == "classification" else DecisionTreeRegressor
    estimator = tree(max_depth=max_depth, min_samples_leaf=min_leaf, random_state=seed)
    pipeline = fit_and_save(estimator, training, model)
    names = pipeline.named_steps["prepare"].get_feature_names_out().tolist()
    rules.write_text(export_text(estimator, feature_names=names, max_depth=max_depth), encoding="utf-8")
    print(f"The tree has {estimator.get_n_leaves()} leaves and is {estimator.get_depth()} questions deep.")


if __name__ == "__main__":
    run(train_decision_tree)
