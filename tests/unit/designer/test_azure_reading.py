"""Azure ML pipeline jobs, read into documents."""

import json
from pathlib import Path

import pytest

from designer.graph.azure.reading import read_pipeline
from designer.graph.problems import problems_of
from registry.spec.faults import SpecError
from registry.spec.interface import Interface
from tests.unit.designer.documents import MemoryCatalog

FIXTURE = json.loads((Path(__file__).parents[2] / "fixtures" / "ops" / "connect.json").read_text())


class Catalog(MemoryCatalog):
    def latest(self, name: str) -> Interface | None:
        return self.interface(f"{name}:1.0.0")

    def names(self) -> list[str]:
        return [interface["name"] for interface in FIXTURE["catalog"]]


CATALOG = Catalog(FIXTURE["catalog"], FIXTURE["assets"])
PIPELINE = """\
type: pipeline
display_name: Train
description: Splits and trains
settings: {continue_on_step_failure: false}
inputs:
  depth: 3
  table: {type: mltable, path: azureml:people:1}
jobs:
  training:
    type: command
    component: azureml:train@latest
    display_name: Train it
    inputs:
      data: ${{parent.jobs.halves.outputs.train}}
      depth: ${{parent.inputs.depth}}
    limits: {timeout: 60}
  halves:
    component: azureml:split:1.0.0
    inputs:
      data: {path: "${{parent.inputs.table}}"}
      mode: random
    properties: {portline: {position: [320, 48]}}
"""


def test_nodes_wires_values_and_bindings_are_read_whatever_their_order() -> None:
    document = read_pipeline(PIPELINE, "pipeline.yml", CATALOG)
    assert (document["name"], document["settings"]) == ("Train", {"continue_on_step_failure": False})
    assert document["inputs"]["table"]["default"] == {"asset": "people:1"}
    assert document["nodes"]["training"]["params"] == {"depth": "${{parent.inputs.depth}}"}
    assert document["nodes"]["training"]["settings"] == {"timeout": 60}
    assert (document["nodes"]["halves"]["x"], document["nodes"]["halves"]["y"]) == (320, 48)
    assert document["edges"] == {
        "training.data": {"source": "halves", "output": "train", "target": "training", "input": "data"},
        "halves.data": {"source": "$inputs", "output": "table", "target": "halves", "input": "data"},
    }
    assert problems_of(document, CATALOG) == {}


def test_a_primitive_output_makes_its_target_a_port() -> None:
    document = read_pipeline(
        """\
type: pipeline
jobs:
  load: {component: "azureml:load@latest"}
  train:
    component: azureml:train@latest
    inputs: {data: "${{parent.jobs.load.outputs.table}}", depth: "${{parent.jobs.load.outputs.count}}"}
""",
        "pipeline.yml",
        CATALOG,
    )
    assert document["nodes"]["train"]["exposed"] == ["depth"]
    assert document["edges"]["train.depth"]["output"] == "count"


@pytest.mark.parametrize(
    ("line", "replacement", "fault"),
    [
        ("azureml:train@latest", "azureml:tarin@latest", "11:5: there is no component `tarin` here; did you mean `train`? Register it, or replace this step"),
        ("      mode: random", "      mood: random", "21:7: `split` has no input `mood`; did you mean `mode`?"),
        ("jobs.halves.outputs", "jobs.third.outputs", "14:7: there is no job `third`"),
        ("outputs.train}}", "outputs.trian}}", "14:7: “Split” has no output `trian`; did you mean `train`?"),
        ("type: pipeline", "type: pipelines", "1:1: a pipeline job begins with `type: pipeline`, and `pipelines` is none; did you mean `pipeline`?"),
        ("halves:", "Halves-1:", "17:3: `Halves-1` is no name for a job: use small letters, digits and _"),
    ],
)  # fmt: skip
def test_faults_name_the_place_and_the_nearest_name(line: str, replacement: str, fault: str) -> None:
    with pytest.raises(SpecError) as error:
        read_pipeline(PIPELINE.replace(line, replacement, 1), "pipeline.yml", CATALOG)
    assert f"pipeline.yml:{fault}" in str(error.value).splitlines()
