"""Judging models."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from .harness import Step

Dataset = Callable[[str], pl.DataFrame]
JUDGED = pl.DataFrame(
    {
        "truth": ["cat", "cat", "cat", "dog", "dog", None],
        "prediction": ["cat", "cat", "dog", "dog", "dog", "cat"],
        "probability_cat": [0.9, 0.8, 0.4, 0.3, 0.1, 0.9],
        "probability_dog": [0.1, 0.2, 0.6, 0.7, 0.9, 0.1],
    }
)


def test_classification_metrics_of_two_classes(step: Step) -> None:
    outcome = step("evaluate_classification", table=JUDGED, actual="truth", positive="cat")
    metrics = outcome.json("metrics")
    assert metrics["rows"] == 5
    assert metrics["accuracy"] == 0.8
    assert metrics["precision"] == 1.0
    assert metrics["recall"] == pytest.approx(2 / 3)
    assert metrics["roc_auc"] == 1.0
    cells = {(row["actual"], row["predicted"]): row["rows"] for row in _rows(outcome.json("confusion_matrix"))}
    assert cells == {("cat", "cat"): 2, ("cat", "dog"): 1, ("dog", "cat"): 0, ("dog", "dog"): 2}
    assert _rows(outcome.json("roc_curve"))[-1] == {"class": "cat", "order": 3, "x": 1, "y": 1}


def _rows(chart: dict[str, dict[str, list[dict[str, object]]]]) -> list[dict[str, object]]:
    return chart["data"]["values"]


def test_classification_of_many_classes_draws_a_curve_for_each(step: Step, dataset: Dataset) -> None:
    model = step("train_logistic_regression", table=dataset("digits").head(900), target="digit").outputs["model"]
    scored = step("score_model", model=model, table=dataset("digits").tail(897)).table()
    outcome = step("evaluate_classification", table=scored, actual="digit")
    assert outcome.json("metrics")["accuracy"] > 0.85
    for name in ("roc_curve", "precision_recall_curve"):
        rows = _rows(outcome.json(name))
        assert len(rows) <= 2000
        assert [*dict.fromkeys(row["class"] for row in rows)] == list("0123456789")


def test_classification_without_probabilities_has_no_curves(step: Step) -> None:
    outcome = step("evaluate_classification", table=JUDGED.select("truth", "prediction"), actual="truth")
    assert "roc_auc" not in outcome.json("metrics")
    assert "no columns probability_" in outcome.json("roc_curve")["title"]


def test_a_class_is_the_same_as_a_float_and_an_integer(step: Step) -> None:
    table = pl.DataFrame({"truth": [0.0, 1.0, 1.0], "prediction": [0, 1, 0], "probability_1": [0.1, 0.9, 0.4]})
    metrics = step("evaluate_classification", table=table, actual="truth").json("metrics")
    assert metrics["accuracy"] == pytest.approx(2 / 3)
    assert metrics["roc_auc"] == 1


def test_classification_explains_mistakes(step: Step, dataset: Dataset) -> None:
    error = step.error("evaluate_classification", table=JUDGED, actual="truth", positive="cats")
    assert error == "There is no class `cats`; did you mean `cat`? The classes are `cat`, `dog`."
    numbers = dataset("diabetes").with_columns(prediction=pl.col("progression"))
    assert "too many for classes" in step.error("evaluate_classification", table=numbers, actual="progression")


def test_regression_metrics_and_charts(step: Step) -> None:
    table = pl.DataFrame({"y": [1.0, 2.0, 3.0, None], "prediction": [1.0, 2.0, 5.0, 1.0]})
    outcome = step("evaluate_regression", table=table, actual="y")
    metrics = outcome.json("metrics")
    assert metrics["rows"] == 3
    assert metrics["mae"] == pytest.approx(2 / 3)
    assert metrics["r2"] == pytest.approx(-1)
    assert _rows(outcome.json("residual_chart"))[2] == {"actual": 3, "predicted": 5, "residual": -2}
    assert outcome.json("predicted_actual_chart")["width"] == "container"


def test_regression_needs_numbers(step: Step) -> None:
    error = step.error("evaluate_regression", table=JUDGED, actual="truth")
    assert error == "The column `truth` holds text, but evaluating regression needs numbers."


def test_large_tables_give_small_charts(step: Step) -> None:
    table = pl.DataFrame({"y": range(5000), "prediction": range(5000)})
    outcome = step("evaluate_regression", table=table, actual="y")
    assert len(_rows(outcome.json("residual_chart"))) == 2000


def test_clusters_that_lie_apart_score_high(step: Step, dataset: Dataset) -> None:
    outcome = step("evaluate_clustering", table=dataset("iris"), cluster="species")
    metrics = outcome.json("metrics")
    assert metrics["clusters"] == 3
    assert metrics["silhouette"] == pytest.approx(0.38, abs=0.02)
    assert outcome.table("profile")["rows"].to_list() == [50, 50, 50]
    assert len(_rows(outcome.json("chart"))) == 150


def test_one_cluster_cannot_be_judged(step: Step, dataset: Dataset) -> None:
    error = step.error("evaluate_clustering", table=dataset("iris").head(50), cluster="species")
    assert error.startswith("1 clusters of 50 rows cannot be judged")


@pytest.fixture
def wine_model(step: Step, dataset: Dataset) -> Path:
    return step("train_logistic_regression", table=dataset("wine"), target="cultivar").outputs["model"]


def test_cross_validation_measures_each_fold(step: Step, dataset: Dataset, wine_model: Path) -> None:
    outcome = step("cross_validate", model=wine_model, table=dataset("wine"), cv_folds=4)
    assert outcome.table().height == 4
    metrics = outcome.json("metrics")
    assert metrics["accuracy"] == pytest.approx(outcome.table()["accuracy"].mean())
    assert metrics["accuracy"] > 0.95
    assert metrics["roc_auc"] > 0.99
    assert "accuracy_std" in metrics


def test_cross_validation_needs_the_target(step: Step, dataset: Dataset, wine_model: Path) -> None:
    table = dataset("wine").drop("cultivar")
    assert step.error("cross_validate", model=wine_model, table=table).startswith("There is no column `cultivar`")


def test_importance_finds_the_feature_that_decides(step: Step, dataset: Dataset) -> None:
    iris = dataset("iris").with_columns(noise=pl.int_range(150))
    iris = iris.sample(fraction=1, shuffle=True, seed=1)
    model = step("train_random_forest", table=iris.head(100), target="species", trees=30).outputs["model"]
    outcome = step("feature_importance", model=model, table=iris.tail(50), max_rows=40)
    ranked = outcome.table()
    assert set(ranked["feature"]) == set(iris.columns) - {"species"}
    assert ranked["importance"].is_sorted(descending=True)
    assert _rows(outcome.json("chart"))[0]["feature"] == ranked["feature"][0] != "sepal_width_cm"


def test_importance_needs_a_model_with_a_target(step: Step, dataset: Dataset) -> None:
    model = step("train_kmeans", table=dataset("iris")).outputs["model"]
    error = step.error("feature_importance", model=model, table=dataset("iris"))
    assert error == "This model (KMeans) predicts no target, so it cannot be judged by one."


def _metrics(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_models_are_compared_metric_by_metric(step: Step, tmp_path: Path) -> None:
    one = _metrics(tmp_path, "one", '{"accuracy": 0.9, "log_loss": 0.5, "rows": 10, "note": "x"}')
    two = _metrics(tmp_path, "two", '{"accuracy": 0.8, "log_loss": 0.4, "rows": 10, "roc_auc": 0.7}')
    outcome = step("compare_models", metrics1=one, metrics2=two, name1="Linear", name2="Forest")
    assert outcome.table().to_dicts() == [
        {"metric": "accuracy", "Linear": 0.9, "Forest": 0.8, "best": "Linear"},
        {"metric": "log_loss", "Linear": 0.5, "Forest": 0.4, "best": "Forest"},
        {"metric": "roc_auc", "Linear": None, "Forest": 0.7, "best": "Forest"},
    ]
    assert len(_rows(outcome.json("chart"))) == 6


def test_models_need_metrics_and_names_to_be_compared(step: Step, tmp_path: Path) -> None:
    good = _metrics(tmp_path, "good", '{"r2": 0.5}')
    bad = _metrics(tmp_path, "bad", "not JSON")
    assert step.error("compare_models", metrics1=good, metrics2=bad) == "“bad” is not a JSON file of metrics."
    error = step.error("compare_models", metrics1=good, metrics2=good, name2="Model 1")
    assert error == "Each model needs a name of its own."
    error = step.error("compare_models", metrics1=good, metrics2=good, only="r3")
    assert error.startswith("There is no metric `r3`")
