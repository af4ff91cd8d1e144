"""Training, tuning and using models."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from .harness import Outcome, Step

Dataset = Callable[[str], pl.DataFrame]
CLASSIFIERS = {
    "train_logistic_regression": 0.95,
    "train_random_forest": 0.93,
    "train_decision_tree": 0.88,
    "train_gradient_boosting": 0.93,
    "train_knn": 0.93,
}
REGRESSORS = {
    "train_linear_regression": 0.35,
    "train_random_forest": 0.30,
    "train_decision_tree": 0.15,
    "train_gradient_boosting": 0.25,
    "train_knn": 0.25,
}
TREES = {"train_random_forest": {"trees": 50}}


def _summary(model: Path) -> dict[str, object]:
    return json.loads((model / "model.json").read_text())


@pytest.fixture
def halves(step: Step, dataset: Dataset) -> Callable[..., tuple[pl.DataFrame, pl.DataFrame]]:
    def split(name: str, **inputs: object) -> tuple[pl.DataFrame, pl.DataFrame]:
        outcome = step("split_data", table=dataset(name), train_share=0.7, **inputs)
        return outcome.table("train"), outcome.table("test")

    return split


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_predicts_unseen_rows(name: str, step: Step, halves) -> None:
    train, test = halves("breast_cancer", stratify="diagnosis")
    model = step(name, table=train, target="diagnosis", **TREES.get(name, {})).outputs["model"]
    summary = _summary(model)
    assert summary["task"] == "classification"
    assert summary["classes"] == ["benign", "malignant"]
    assert summary["training_rows"] == train.height
    assert len(summary["features"]) == 30
    scored = step("score_model", model=model, table=test).table()
    assert (scored["prediction"] == scored["diagnosis"]).mean() > CLASSIFIERS[name]
    chances = scored["probability_benign"] + scored["probability_malignant"]
    assert (chances - 1).abs().max() < 1e-9


@pytest.mark.parametrize("name", REGRESSORS)
def test_a_regressor_predicts_unseen_rows(name: str, step: Step, halves) -> None:
    train, test = halves("diabetes")
    inputs = {} if name == "train_linear_regression" else {"task": "regression", **TREES.get(name, {})}
    model = step(name, table=train, target="progression", **inputs).outputs["model"]
    assert _summary(model)["task"] == "regression"
    scored = step("score_model", model=model, table=test).table()
    metrics = step("evaluate_regression", table=scored, actual="progression").json("metrics")
    assert metrics["r2"] > REGRESSORS[name]


@pytest.mark.parametrize("name", [*CLASSIFIERS, "train_linear_regression"])
def test_a_trainer_names_a_target_that_does_not_exist(name: str, step: Step, dataset: Dataset) -> None:
    error = step.error(name, table=dataset("iris"), target="spezies")
    assert error.startswith("There is no column `spezies`; did you mean `species`?")


MIXED = pl.DataFrame(
    {
        "city": ["Oslo", None, "Lima", "Oslo", "Lima", "Rome"] * 10,
        "member": [True, False, None, True, False, True] * 10,
        "since": [date(2020, 1, 1 + day) for day in range(6)] * 10,
        "age": [30.0, None, 41.5, float("nan"), 28.0, 50.0] * 10,
        "buys": ["yes", "no", "no", "yes", None, "no"] * 10,
    }
)


def test_a_model_takes_text_dates_and_gaps(step: Step) -> None:
    trained = step("train_logistic_regression", table=MIXED, target="buys")
    assert "Left out 10 rows whose `buys` is missing." in trained.stdout
    model = trained.outputs["model"]
    assert _summary(model)["columns"] == {"city": "category", "member": "number", "since": "number", "age": "number"}
    strange = MIXED.head(3).with_columns(pl.lit("Atlantis").alias("city"), pl.lit(None).alias("age"))
    assert step("score_model", model=model, table=strange).table()["prediction"].null_count() == 0


def test_a_model_says_which_column_it_lacks(step: Step) -> None:
    model = step("train_logistic_regression", table=MIXED, target="buys").outputs["model"]
    error = step.error("score_model", model=model, table=MIXED.rename({"city": "citi"}))
    assert error.startswith("There is no column `city`; did you mean `citi`?")
    error = step.error("score_model", model=model, table=MIXED.with_columns(pl.lit("old").alias("age")))
    assert error == "The model expects numbers in `age`, but found text."


def test_scoring_can_give_predictions_alone(step: Step, dataset: Dataset) -> None:
    model = step("train_knn", table=dataset("iris"), target="species").outputs["model"]
    scored = step("score_model", model=model, table=dataset("iris"), keep=False, probabilities=False).table()
    assert scored.columns == ["prediction"]


def test_scoring_needs_a_model_and_rows(step: Step, dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "is no model" in step.error("score_model", model=tmp_path / "empty", table=dataset("iris"))
    model = step("train_knn", table=dataset("iris"), target="species").outputs["model"]
    assert "no rows to predict" in step.error("score_model", model=model, table=dataset("iris").clear())


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"target": "species", "task": "regression"}, "holds text, but regression predicts numbers"),
        ({"target": "petal_width_cm", "task": "classification"}, "choose regression"),
        ({"target": "species", "features": "sepal"}, "There is no column `sepal`"),
        ({"target": "species", "features": "species"}, "no column besides the target"),
    ],
)
def test_a_trainer_explains_what_does_not_suit(inputs: dict[str, str], sentence: str, step: Step, dataset) -> None:
    assert sentence in step.error("train_knn", table=dataset("iris"), **inputs)


def test_a_trainer_needs_two_classes(step: Step, dataset: Dataset) -> None:
    error = step.error("train_logistic_regression", table=dataset("iris").head(50), target="species")
    assert error == "The target `species` has only one value, 'setosa': there is nothing to tell apart."


def test_a_seed_makes_training_repeatable(step: Step, dataset: Dataset) -> None:
    models = [
        step("train_random_forest", table=dataset("iris"), target="species", trees=5, seed=seed).outputs["model"]
        for seed in (1, 1, 2)
    ]
    one, same, other = ((model / "model.joblib").read_bytes() for model in models)
    assert one == same
    assert one != other


def test_linear_regression_by_lasso_leaves_features_out(step: Step, dataset: Dataset) -> None:
    inputs = {"table": dataset("diabetes"), "target": "progression"}
    plain = step("train_linear_regression", **inputs).stdout
    lasso = step("train_linear_regression", **inputs, method="lasso", strength=1000).stdout
    assert "R² on the training rows: 0.5177" in plain
    assert "R² on the training rows: 0.0000" in lasso


def test_a_decision_tree_is_written_as_text(step: Step, dataset: Dataset) -> None:
    outcome = step("train_decision_tree", table=dataset("iris"), target="species", max_depth=2)
    rules = outcome.outputs["rules"].read_text()
    assert rules.startswith("|--- petal_")
    assert "class: setosa" in rules


def test_nearest_neighbours_need_enough_rows(step: Step, dataset: Dataset) -> None:
    error = step.error("train_knn", table=dataset("linnerud"), target="weight", neighbours=21)
    assert error == "21 neighbours are more than the 20 rows to learn from."


def test_kmeans_finds_the_species_of_iris(step: Step, dataset: Dataset) -> None:
    columns = "petal_length_cm, petal_width_cm"
    outcome = step("train_kmeans", table=dataset("iris"), columns=columns)
    frame = outcome.table()
    setosa = frame.filter(pl.col("species") == "setosa")["cluster"]
    assert setosa.n_unique() == 1
    assert sorted(frame["cluster"].value_counts()["count"]) == [48, 50, 52]
    scored = step("score_model", model=outcome.outputs["model"], table=dataset("iris")).table()
    assert scored["prediction"].equals(frame["cluster"])


def test_kmeans_needs_more_rows_than_clusters(step: Step, dataset: Dataset) -> None:
    error = step.error("train_kmeans", table=dataset("iris").head(2))
    assert error == "2 rows cannot be sorted into 3 clusters."


def _tuned(step: Step, table: pl.DataFrame, **inputs: object) -> Outcome:
    return step("tune_hyperparameters", table=table, **inputs)


def test_tuning_trains_the_best_settings(step: Step, dataset: Dataset) -> None:
    outcome = _tuned(step, dataset("wine"), target="cultivar", estimator="linear", method="grid", cv_folds=3)
    trials = outcome.table("trials_table")
    assert trials.height == 6
    assert trials["score"].is_sorted(descending=True)
    metrics = outcome.json("metrics")
    assert metrics["accuracy"] == trials["score"][0] > 0.95
    assert _summary(outcome.outputs["model"])["parameters"]["C"] == metrics["best_parameters"]["C"]
    assert "::progress 1.00::" in outcome.stdout


def test_tuning_takes_a_search_space_and_a_measure(step: Step, dataset: Dataset) -> None:
    outcome = _tuned(
        step,
        dataset("diabetes"),
        target="progression",
        task="regression",
        estimator="decision_tree",
        space='{"max_depth": [1, 3, null], "min_samples_leaf": [10]}',
        measure="rmse",
        cv_folds=3,
    )
    assert outcome.json("metrics")["trials"] == 3
    assert outcome.table("trials_table")["score"].is_sorted()
    assert 50 < outcome.json("metrics")["rmse"] < 70


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"space": "{max_depth: 3}"}, "is not valid JSON"),
        ({"space": '{"max_deph": [3]}'}, "did you mean `max_depth`?"),
        ({"space": '{"max_depth": 3}'}, "needs a list of values"),
        ({"measure": "rmse"}, "`rmse` does not measure classification"),
        ({"cv_folds": 50, "features": "alcohol"}, "too few for 50 folds"),
    ],
)
def test_tuning_explains_mistakes(inputs: dict[str, object], sentence: str, step: Step, dataset: Dataset) -> None:
    assert sentence in step.error("tune_hyperparameters", table=dataset("wine"), target="cultivar", **inputs)


def test_pca_keeps_most_of_the_variance(step: Step, dataset: Dataset) -> None:
    outcome = step("pca", table=dataset("iris"), color="species", scale=False)
    assert outcome.table().columns == ["species", "pc1", "pc2"]
    assert outcome.table("loadings").shape == (4, 3)
    shares = [row["share"] for row in outcome.json("variance_chart")["data"]["values"]]
    assert shares == pytest.approx([0.9246, 0.0531], abs=0.001)
    assert {row["color"] for row in outcome.json("scatter_chart")["data"]["values"]} == set(dataset("iris")["species"])


def test_pca_cannot_make_more_components_than_columns(step: Step, dataset: Dataset) -> None:
    error = step.error("pca", table=dataset("iris"), components=5)
    assert error == "5 components cannot be made of 150 rows and 4 columns."


REVIEWS = pl.DataFrame(
    {"id": [1, 2, 3], "review": ["The delivery was slow", "Fast delivery, good tea", "Good tea and good cake"]}
)


def test_text_becomes_columns_of_weights(step: Step) -> None:
    outcome = step("text_tfidf", table=REVIEWS, column="review", phrases=2)
    frame = outcome.table()
    assert {"id", "tfidf_delivery", "tfidf_good tea"} <= set(frame.columns)
    assert "tfidf_the" not in frame.columns
    assert frame["tfidf_delivery"].to_list()[2] == 0
    terms = dict(outcome.table("terms").select("term", "rows").iter_rows())
    assert terms["delivery"] == terms["tea"] == 2


def test_text_must_be_text_with_words(step: Step) -> None:
    assert step.error("text_tfidf", table=REVIEWS, column="id") == "The column `id` holds numbers, not text."
    empty = pl.DataFrame({"review": ["the", "a"]})
    assert "has no words left" in step.error("text_tfidf", table=empty, column="review")
