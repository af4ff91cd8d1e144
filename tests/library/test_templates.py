"""The pipelines of the gallery: they name what exists, their wires fit, and they run as they are."""

from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from designer.graph.geometry import node_box
from registry.spec import values
from registry.spec.document import read_document
from registry.spec.interface import interface
from registry.spec.types import fit, is_data

from .harness import COMPONENTS, Step, component

TEMPLATES = Path(__file__).parents[2] / "designer" / "library"
NAMES = sorted(path.parent.name for path in TEMPLATES.glob("*/pipeline.yml"))
GRID = 24


class Pipeline:
    """A template's YAML, with the bindings taken apart."""

    def __init__(self, name: str) -> None:
        file = TEMPLATES / name / "pipeline.yml"
        self.data: dict[str, Any] = read_document(file.read_text(encoding="utf-8"), str(file)).data
        self.jobs: dict[str, dict[str, Any]] = self.data["jobs"]
        self.inputs: dict[str, Any] = self.data["inputs"]

    def spec(self, job: str) -> Any:
        name = self.jobs[job]["component"].removeprefix("azureml:").removesuffix("@latest")
        assert name in COMPONENTS, f"{job} uses {name}"
        return component(name).spec

    def wires(self, job: str) -> dict[str, tuple[str, str]]:
        """Which job's output feeds which input."""
        found = {}
        for port, value in self.jobs[job].get("inputs", {}).items():
            for expression in values.BINDING.findall(str(value)):
                if expression.startswith("parent.jobs."):
                    source, side, output = expression.removeprefix("parent.jobs.").split(".")
                    assert side == "outputs"
                    found[port] = (source, output)
        return found

    def order(self) -> list[str]:
        return [*TopologicalSorter({job: {s for s, _ in self.wires(job).values()} for job in self.jobs}).static_order()]

    def literal(self, value: Any) -> Any:
        """A literal with the pipeline's inputs put in; a lone binding keeps its type."""
        if not values.has_binding(value):
            return value
        alone = values.BINDING.fullmatch(value)
        known = {f"parent.inputs.{name}": given for name, given in self.inputs.items()}
        return known[alone[1]] if alone else values.BINDING.sub(lambda match: str(known[match[1]]), value)


def test_there_are_templates_of_each_kind() -> None:
    categories = [Pipeline(name).data["tags"]["category"] for name in NAMES]
    assert len(NAMES) >= 12
    assert set(categories) == {
        "Batch scoring",
        "Data preparation",
        "Data quality",
        "Images",
        "Machine learning",
        "Model comparison",
        "Monitoring",
        "Text",
        "Time series",
    }


@pytest.mark.parametrize("name", NAMES)
def test_its_wires_fit_and_nothing_is_missing(name: str) -> None:
    pipeline = Pipeline(name)
    assert pipeline.data["type"] == "pipeline"
    assert pipeline.data["description"].rstrip().endswith(".")
    for job, body in pipeline.jobs.items():
        spec, wires, given = pipeline.spec(job), pipeline.wires(job), body.get("inputs", {})
        assert given.keys() <= spec.inputs.keys(), job
        for port, typed in spec.inputs.items():
            assert port in given or not typed.required, f"{job} needs {port}"
            if port in wires:
                source, output = wires[port]
                assert fit(pipeline.spec(source).outputs[output].type, typed.type).verdict == "yes", f"{job}.{port}"
            elif port in given:
                assert not is_data(typed.type), f"{job}.{port}"
                values.check(typed, pipeline.literal(given[port]))


NEW = [name for name in NAMES if "notes" in (Pipeline(name).data.get("properties") or {}).get("portline", {})]


@pytest.mark.parametrize("name", NEW)
def test_its_notes_cover_no_node(name: str) -> None:
    pipeline = Pipeline(name)
    top = min(body["properties"]["portline"]["position"][1] for body in pipeline.jobs.values())
    for note in pipeline.data["properties"]["portline"]["notes"].values():
        assert note["text"].startswith("## ")
        assert note["y"] + note["height"] < top


@pytest.mark.parametrize("name", NAMES)
def test_every_input_of_the_pipeline_is_used(name: str) -> None:
    pipeline = Pipeline(name)
    used = {word for body in pipeline.jobs.values() for word in values.BINDING.findall(str(body))}
    assert {f"parent.inputs.{given}" for given in pipeline.inputs} <= used


@pytest.mark.parametrize("name", NAMES)
def test_its_nodes_stand_apart_and_wires_run_forward(name: str) -> None:
    pipeline = Pipeline(name)
    boxes = {}
    for job, body in pipeline.jobs.items():
        face = interface(pipeline.spec(job))
        x, y = body["properties"]["portline"]["position"]
        assert (x % GRID, y % GRID) == (0, 0)
        inputs = [port["label"] for port in face["inputs"] if is_data(port["type"])]
        box = node_box(body["display_name"], inputs, [port["label"] for port in face["outputs"]], footer=True)
        boxes[job] = (x, y, x + box.width, y + box.height)
    for (one, a), (two, b) in combinations(boxes.items(), 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1], f"{one} and {two} overlap"
    for job in pipeline.jobs:
        for source, _ in pipeline.wires(job).values():
            assert boxes[source][2] < boxes[job][0], f"{source} -> {job} runs backwards"


def _run(pipeline: Pipeline, step: Step) -> dict[str, Any]:
    """Run every step in order; gives each one's outcome."""
    outcomes: dict[str, Any] = {}
    for job in pipeline.order():
        wires = pipeline.wires(job)
        given = {
            port: outcomes[wires[port][0]].outputs[wires[port][1]] if port in wires else pipeline.literal(value)
            for port, value in pipeline.jobs[job].get("inputs", {}).items()
        }
        outcomes[job] = step(pipeline.spec(job).name, **given)
    return outcomes


def _classifiers(outcomes: dict[str, Any]) -> None:
    assert outcomes["evaluate_linear"].json("metrics")["accuracy"] > 0.95
    assert outcomes["compare"].table().columns == ["metric", "Logistic regression", "Random forest", "best"]


def _number(outcomes: dict[str, Any]) -> None:
    assert outcomes["evaluate_ridge"].json("metrics")["r2"] > 0.35


def _clusters(outcomes: dict[str, Any]) -> None:
    assert outcomes["evaluate"].json("metrics")["silhouette"] > 0.25
    pure = outcomes["check"].table().group_by("cluster").agg(pl.col("rows").max())["rows"].sum()
    assert pure > 0.9 * 178


def _prepared(outcomes: dict[str, Any]) -> None:
    assert outcomes["by_month"].table().head(3).rows() == [
        ("2026-01", "Norway", 2, 51.0),
        ("2026-01", "Peru", 1, 14.0),
        ("2026-02", "Norway", 1, 22.0),
    ]
    assert outcomes["export"].outputs["file"].read_text().startswith("month,country,orders,revenue\n")


def _images(outcomes: dict[str, Any]) -> None:
    assert len(list(outcomes["augment"].outputs["result"].rglob("*.jpg"))) == 48
    assert outcomes["by_class"].table()["folder"].to_list() == ["china", "flower"]


def _tuned(outcomes: dict[str, Any]) -> None:
    assert outcomes["evaluate"].json("metrics")["accuracy"] > 0.9
    assert "Wines told apart" in outcomes["report"].outputs["report"].read_text()


def _forecast(outcomes: dict[str, Any]) -> None:
    errors = outcomes["forecast"].json("metrics")
    assert errors["mae"] < errors["mae_of_repeating"]
    assert outcomes["forecast"].table().height == 28
    assert outcomes["evaluate"].json("metrics")["r2"] > 0.7


def _sorted(outcomes: dict[str, Any]) -> None:
    assert 0.7 < outcomes["evaluate"].json("metrics")["accuracy"] < 0.95


def _batch(outcomes: dict[str, Any]) -> None:
    bad = outcomes["check"].json("metrics")["bad_rows"]
    assert 40 < bad < 200
    lines = outcomes["export"].outputs["file"].read_text().splitlines()
    assert lines[0] == "customer,plan,prediction"
    assert len(lines) == 1 + outcomes["check"].table().height


def _quality(outcomes: dict[str, Any]) -> None:
    assert outcomes["check"].json("metrics")["broken_rules"] == 4
    assert set(outcomes["check"].table()["plan"]) == {"basic", "plus", "pro"}
    assert "each customer once" in outcomes["report"].outputs["report"].read_text()


def _drifted(outcomes: dict[str, Any]) -> None:
    drift = dict(outcomes["drift"].table().select("column", "drift").iter_rows())
    assert drift["age"] > 0.1
    assert drift["region"] < 0.05


def _chosen(outcomes: dict[str, Any]) -> None:
    columns = ["metric", "Logistic regression", "Random forest", "Gradient boosting", "best"]
    assert outcomes["compare"].table().columns == columns


FACTS = {
    "forecast_sales": _forecast,
    "sort_messages": _sorted,
    "score_batches": _batch,
    "check_quality": _quality,
    "watch_drift": _drifted,
    "choose_model": _chosen,
    "compare_classifiers": _classifiers,
    "predict_number": _number,
    "find_clusters": _clusters,
    "prepare_data": _prepared,
    "process_images": _images,
    "tune_and_report": _tuned,
}


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_as_it_is(name: str, step: Step) -> None:
    FACTS[name](_run(Pipeline(name), step))
