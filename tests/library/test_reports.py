"""Reports, and the rules that all charts keep."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from .harness import Step

Dataset = Callable[[str], pl.DataFrame]


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def _report(step: Step, **inputs: Any) -> _Page:
    return _Page(step("write_report", **inputs).outputs["report"].read_text())


@pytest.fixture
def evaluated(step: Step, dataset: Dataset) -> dict[str, Path]:
    table = step("split_data", table=dataset("breast_cancer"))
    model = step("train_decision_tree", table=table.table("train"), target="diagnosis").outputs["model"]
    scored = step("score_model", model=model, table=table.table("test")).table()
    return step("evaluate_classification", table=scored, actual="diagnosis").outputs


def test_a_report_shows_all_that_is_linked(step: Step, dataset: Dataset, evaluated: dict[str, Path], tmp_path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "sheet", "PNG")
    page = _report(
        step,
        title="Tumours",
        text="It **works**.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        metrics1=evaluated["metrics"],
        chart1=evaluated["confusion_matrix"],
        chart2=evaluated["roc_curve"],
        table1=dataset("iris"),
        picture=tmp_path / "sheet",
        max_rows=7,
    )
    assert page.tags.count("img") == 3
    assert all(link.startswith("data:image/") for link in page.links)
    for words in ("Tumours", "works", "accuracy", "Confusion matrix", "ROC curve", "150 rows", "the first 7"):
        assert words in page.text
    assert "strong" in page.tags


def test_a_report_escapes_everything(step: Step, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    (tmp_path / "metrics").write_text(json.dumps({evil: 1.0}))
    chart = {"title": evil, "data": {"values": [{evil: evil}]}, "mark": "arc", "encoding": {"x": {"field": "a"}}}
    (tmp_path / "chart").write_text(json.dumps(chart))
    page = _report(
        step,
        title=evil,
        text=f"{evil} [x](javascript:alert(1)) ![y](https://x.org/a.png)",
        metrics1=tmp_path / "metrics",
        chart1=tmp_path / "chart",
        table1=pl.DataFrame({evil: [evil]}),
    )
    assert "script" not in page.tags
    assert page.text.count(evil) >= 7
    assert not any(link.startswith("javascript:") for link in page.links)
    assert "cannot be drawn on a page without scripts" in page.text


def test_a_report_takes_names_as_they_are(step: Step, tmp_path: Path) -> None:
    rows = [{"metric": "price ($)", "value": 1.0}, {"metric": r"$\\frac{", "value": None}]
    encoding = {"y": {"field": "metric"}, "x": {"field": "value", "title": "$ or €"}}
    (tmp_path / "chart").write_text(json.dumps({"data": {"values": rows}, "mark": "bar", "encoding": encoding}))
    page = _report(step, chart1=tmp_path / "chart")
    assert page.tags.count("img") == 1


def test_a_report_says_what_is_wrong(step: Step, tmp_path: Path) -> None:
    assert step.error("write_report").startswith("The report is empty")
    (tmp_path / "x").write_text("no JSON")
    assert step.error("write_report", chart1=tmp_path / "x").startswith("“x” is no chart")
    assert step.error("write_report", picture=tmp_path / "x") == "“x” is no PNG, JPEG, WebP or GIF picture."


def _charts(step: Step, dataset: Dataset, evaluated: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Every chart that the built-in steps make."""
    wine, diabetes = dataset("wine"), dataset("diabetes")
    model = step("train_logistic_regression", table=wine, target="cultivar").outputs["model"]
    guessed = diabetes.with_columns(prediction=pl.col("progression") * 0.9 + 10)
    clustered = step("train_kmeans", table=wine).table()
    for name in ("one", "two"):
        (folder / name).write_text('{"r2": 0.5, "rmse": 3}')
    made = [
        evaluated,
        step("evaluate_regression", table=guessed, actual="progression").outputs,
        step("evaluate_clustering", table=clustered).outputs,
        step("pca", table=wine, color="cultivar").outputs,
        step("pca", table=wine, color="proline", components=1).outputs,
        step("summarise_data", table=wine).outputs,
        step("feature_importance", model=model, table=wine, repeats=1).outputs,
        step("cross_validate", model=model, table=wine, cv_folds=2).outputs,
        step("compare_models", metrics1=folder / "one", metrics2=folder / "two").outputs,
        step("tune_hyperparameters", table=wine, target="cultivar", estimator="linear", cv_folds=2).outputs,
    ]
    ends = ("chart", "_curve", "matrix")
    found = [path for outputs in made for name, path in outputs.items() if name.endswith(ends)]
    return {f"{path.parent.parent.name}/{path.name}": path for path in found}


def test_all_charts_keep_the_rules_and_can_be_drawn(step, dataset, evaluated, tmp_path: Path) -> None:
    charts = _charts(step, dataset, evaluated, tmp_path)
    assert len(charts) == 15
    for name, path in charts.items():
        spec = json.loads(path.read_text())
        assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v6.json", name
        assert spec["width"] == "container", name
        assert spec["title"], name
        assert 0 < len(spec["data"]["values"]) <= 2000, name
    pages = [list(charts.values())[start : start + 3] for start in range(0, 15, 3)]
    for one, two, three in pages:
        page = _report(step, chart1=one, chart2=two, chart3=three)
        assert "cannot be drawn" not in page.text
        assert page.tags.count("img") == 3
