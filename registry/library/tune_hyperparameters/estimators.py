"""The models that can be tuned, and where to look for good settings of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

Space = dict[str, list[Any]]
STRENGTHS = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]
TREE: Space = {"max_depth": [2, 3, 5, 8, None], "min_samples_leaf": [1, 2, 5, 10, 20]}
FOREST: Space = {"n_estimators": [100], "max_depth": [3, 6, None], "max_features": ["sqrt", 0.5, 1.0]}
BOOSTING: Space = {
    "max_iter": [50, 100, 200],
    "learning_rate": [0.03, 0.1, 0.3],
    "max_leaf_nodes": [7, 15, 31],
}
NEAREST: Space = {"n_neighbors": [1, 3, 5, 10, 20, 40], "weights": ["uniform", "distance"], "p": [1, 2]}


@dataclass(frozen=True)
class Choice:
    """One kind of model: how to make it, whether features must be scaled, and its usual search space."""

    make: Callable[..., Any]
    scale: bool
    space: Space


CHOICES: dict[str, dict[str, Choice]] = {
    "classification": {
        "linear": Choice(lambda: LogisticRegression(max_iter=2000), True, {"C": STRENGTHS}),
        "decision_tree": Choice(DecisionTreeClassifier, False, TREE),
        "random_forest": Choice(RandomForestClassifier, False, FOREST),
        "gradient_boosting": Choice(HistGradientBoostingClassifier, False, BOOSTING),
        "knn": Choice(KNeighborsClassifier, True, NEAREST),
    },
    "regression": {
        "linear": Choice(Ridge, True, {"alpha": STRENGTHS}),
        "decision_tree": Choice(DecisionTreeRegressor, False, TREE),
        "random_forest": Choice(RandomForestRegressor, False, FOREST),
        "gradient_boosting": Choice(HistGradientBoostingRegressor, False, BOOSTING),
        "knn": Choice(KNeighborsRegressor, True, NEAREST),
    },
}
