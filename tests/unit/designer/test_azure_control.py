"""Azure ML's control flow, sweeps, pipeline components and pipeline outputs, read into documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from designer.graph.azure.around import Nothing
from designer.graph.azure.reading import read_pipeline, read_pipeline_component
from designer.graph.control import handed_on
from designer.graph.document import Document
from designer.graph.problems import has_errors, problems_of
from registry.spec.document import read_document
from registry.spec.faults import SpecError
from registry.spec.interface import Interface
from tests.unit.designer.documents import MemoryCatalog
from tests.unit.designer.test_control_problems import FIT, output

FIXTURE = json.loads((Path(__file__).parents[2] / "fixtures" / "ops" / "connect.json").read_text())
CHECK = {**FIT, "ref": "check:1", "name": "check", "inputs": [], "outputs": [output("good", "boolean")]}
KNOWN = [*FIXTURE["catalog"], FIT, CHECK]


class Catalog(MemoryCatalog):
    def latest(self, name: str) -> Interface | None:
        return next((each for each in KNOWN if each["name"] == name), None)  # type: ignore[return-value]

    def names(self) -> list[str]:
        return [each["name"] for each in KNOWN]


CATALOG = Catalog(KNOWN, FIXTURE["assets"])  # type: ignore[arg-type]


def read(jobs: str, head: str = "") -> Document:
    document = read_pipeline(f"type: pipeline\n{head}jobs:\n{jobs}", "pipeline.yml", CATALOG)
    assert not has_errors(problems_of(document, CATALOG))
    return document


def faults(jobs: str, head: str = "") -> list[str]:
    with pytest.raises(SpecError) as error:
        read_pipeline(f"type: pipeline\n{head}jobs:\n{jobs}", "pipeline.yml", CATALOG)
    return [fault.message for fault in error.value.faults]


JOBS = """\
  decide: {component: "azureml:check@latest"}
  good: {component: "azureml:load@latest"}
  bad: {component: "azureml:load@latest"}
  also: {component: "azureml:load@latest"}
"""
BRANCH = """\
  branch:
    type: if_else
    display_name: Is it good?
    condition: ${{parent.jobs.decide.outputs.good}}
    true_block: ${{parent.jobs.good}}
    false_block: ["${{parent.jobs.bad}}", "${{parent.jobs.also}}"]
"""


def test_an_if_else_is_a_branch_with_order_edges_to_its_blocks() -> None:
    document = read(JOBS + BRANCH)
    branch = document["nodes"]["branch"]
    assert (branch["kind"], branch["title"], branch["params"]) == ("branch", "Is it good?", {})
    assert branch["branch"] == {"operator": "is_true", "operand": None}
    assert document["edges"] == {
        "branch.value": {"source": "decide", "output": "good", "target": "branch", "input": "value"}
    }
    assert document["order"] == {
        f"{target}<branch": {"source": "branch", "target": target, "condition": way}
        for target, way in (("good", "true"), ("bad", "false"), ("also", "false"))
    }
    # Without positions in the file each is right of what it comes after.
    assert [document["nodes"][id]["x"] for id in ("decide", "branch", "good")] == [0, 320, 640]


@pytest.mark.parametrize(
    ("condition", "params"),
    [("true", {"value": True}), ("${{parent.inputs.sure}}", {"value": "${{parent.inputs.sure}}"}), ("${{inputs.sure}}", {"value": "${{parent.inputs.sure}}"})],
)  # fmt: skip
def test_an_if_else_may_decide_by_a_literal_or_an_input(condition: str, params: dict[str, Any]) -> None:
    jobs = JOBS + BRANCH.replace("${{parent.jobs.decide.outputs.good}}", condition)
    assert read(jobs, "inputs: {sure: true}\n")["nodes"]["branch"]["params"] == params


@pytest.mark.parametrize(
    ("line", "replacement", "fault"),
    [
        ("    true_block: ${{parent.jobs.good}}\n    false_block: [\"${{parent.jobs.bad}}\", \"${{parent.jobs.also}}\"]\n", "", "an if_else has a `true_block`, a `false_block`, or both"),
        ("${{parent.jobs.bad}}", "${{parent.jobs.good}}", "`good` stands in both blocks"),
        ("${{parent.jobs.bad}}", "${{parent.jobs.goood}}", "there is no job `goood`; did you mean `good`?"),
        ("    condition: ${{parent.jobs.decide.outputs.good}}\n", "", "an if_else needs a `condition`: an output of a job, an input, or true or false"),
    ],
)  # fmt: skip
def test_an_if_else_that_decides_nothing_is_a_fault(line: str, replacement: str, fault: str) -> None:
    assert faults(JOBS + BRANCH.replace(line, replacement, 1)) == [fault]


FITTING = """\
  fit:
    component: azureml:fit@latest
    inputs: {depth: 3}
"""


def test_a_do_while_may_hand_one_output_to_several_inputs_and_writes_them_so() -> None:
    mapping = "{depth_next: [depth, '${{parent.jobs.fit.inputs.rate}}']}"
    again = "{type: do_while, body: fit, limits: {max_iteration_count: 5}, mapping: MAPPING}".replace(
        "MAPPING", mapping
    )
    loop = read(f"{FITTING}  again: {again}\n")["nodes"]["fit"]["loop"]
    assert loop["mapping"] == {"depth_next": ["depth", "rate"]}
    assert list(handed_on(loop["mapping"])) == [("depth_next", "depth"), ("depth_next", "rate")]


@pytest.mark.parametrize("condition", ["more", "${{parent.jobs.fit.outputs.more}}"])
@pytest.mark.parametrize(
    "input_", ["depth", "${{parent.jobs.fit.inputs.depth}}", '["${{parent.jobs.fit.inputs.depth}}"]']
)
def test_a_do_while_is_a_loop_of_its_body(condition: str, input_: str) -> None:
    document = read(
        f"""{FITTING}
  again:
    type: do_while
    body: ${{{{parent.jobs.fit}}}}
    condition: {condition}
    mapping: {{depth_next: {input_ if input_.startswith("[") else repr(input_)}}}
    limits: {{max_iteration_count: 5}}
  score:
    component: azureml:score@latest
    inputs: {{model: "${{{{parent.jobs.fit.outputs.model}}}}", data: "${{{{parent.jobs.load.outputs.table}}}}"}}
  load: {{component: "azureml:load@latest"}}
"""
    )
    assert set(document["nodes"]) == {"fit", "score", "load"}
    assert document["nodes"]["fit"]["loop"] == {
        "type": "do_while", "condition": "more", "mapping": {"depth_next": "depth"}, "max_iteration_count": 5,
    }  # fmt: skip


@pytest.mark.parametrize("condition", ["", "    condition: true\n"])
def test_a_do_while_without_a_condition_runs_to_its_limit(condition: str) -> None:
    loop = f"{FITTING}  again:\n    type: do_while\n    body: ${{{{parent.jobs.fit}}}}\n{condition}    limits: {{max_iteration_count: 5}}\n"
    assert read(loop)["nodes"]["fit"]["loop"]["condition"] == ""


def parallel(items: str, head: str = "") -> Document:
    return read(
        f"{FITTING}  each:\n    type: parallel_for\n    body: ${{{{parent.jobs.fit}}}}\n    max_concurrency: 2\n    items: {items}\n",
        head,
    )


@pytest.mark.parametrize(
    "items",
    ["[{depth: 1}, {depth: 2}]", '\'[{"depth": 1}, {"depth": 2}]\'', "{first: {depth: 1}, second: {depth: 2}}"],
)
def test_a_parallel_for_is_a_loop_over_items(items: str) -> None:
    assert parallel(items)["nodes"]["fit"]["loop"] == {
        "type": "parallel_for", "over": "items", "items": [{"depth": 1}, {"depth": 2}], "input": None, "max_concurrency": 2,
    }  # fmt: skip


def test_items_may_be_those_of_a_pipeline_input() -> None:
    document = parallel("${{parent.inputs.list}}", "inputs: {list: '[{\"depth\": 1}]'}\n")
    assert document["nodes"]["fit"]["loop"]["items"] == "${{parent.inputs.list}}"


def test_what_a_parallel_for_gives_is_read_by_its_own_name_and_its_body_s() -> None:
    document = read(
        f"""{FITTING}
  each:
    type: parallel_for
    body: ${{{{parent.jobs.fit}}}}
    items: [{{depth: 1}}]
    outputs: {{model: "${{{{parent.outputs.models}}}}"}}
  score:
    component: azureml:score@latest
    inputs: {{model: "${{{{parent.jobs.each.outputs.model}}}}", data: "${{{{parent.jobs.load.outputs.table}}}}"}}
  load: {{component: "azureml:load@latest"}}
""",
        "outputs: {models: {type: uri_folder, description: All of them}}\n",
    )
    assert document["edges"]["score.model"] == {"source": "fit", "output": "model", "target": "score", "input": "model"}
    assert document["outputs"] == {
        "models": {"type": "uri_folder", "source": "fit", "output": "model", "description": "All of them"}
    }


@pytest.mark.parametrize(
    ("loop", "fault"),
    [
        ("{type: parallel_for, body: fit}", "a parallel_for needs a list of items, each with values for inputs of its body"),
        ("{type: parallel_for, body: fit, items: '[1'}", "the items are no JSON: Expecting ',' delimiter: line 1 column 3 (char 2)"),
        ("{type: parallel_for, body: fit, items: [1]}", "an item is a mapping of inputs of the body to values"),
        ("{type: parallel_for, body: fit, items: [{extra: {path: x}}]}", "an item gives values, not data or lists"),
        ("{type: parallel_for, body: fit, items: \"${{parent.jobs.fit.outputs.more}}\"}", "the items must be known when a run starts: list them, or name an input"),
        ("{type: parallel_for, body: fi, items: [{depth: 1}]}", "there is no job `fi`; did you mean `fit`?"),
        ("{type: parallel_for, items: [{depth: 1}]}", "name a job here, as in `${{parent.jobs.train}}`"),
        ("{type: do_while, body: fit}", "a do_while says in `limits` how often it may run: `max_iteration_count`"),
        ("{type: do_while, body: fit, limits: {max_iteration_count: 5000}}", "The operation cannot be read: changes.loop.max_iteration_count: Input should be less than or equal to 1000."),
        ("{type: do_while, body: fit, limits: {max_iteration_count: 5}, condition: \"${{parent.jobs.other.outputs.more}}\"}", "name a port of the body, `fit`, not of `other`"),
    ],
)  # fmt: skip
def test_loops_that_cannot_be_read_say_why(loop: str, fault: str) -> None:
    assert faults(f"{FITTING}  again: {loop}\n") == [fault]


def test_one_job_has_one_loop() -> None:
    loop = "{type: do_while, body: fit, limits: {max_iteration_count: 5}}"
    assert faults(f"{FITTING}  again: {loop}\n  more: {loop}\n") == [
        "`fit` runs in a loop already: put that into a pipeline component, and loop over it"
    ]


SWEEP = """\
  sweep:
    type: sweep
    trial: azureml:fit@latest
    inputs: {kernel: rbf}
    search_space:
      depth: {type: choice, values: [1, 2]}
      rate: {type: loguniform, min_value: -3, max_value: 0}
    sampling_algorithm: random
    objective: {goal: Maximize, primary_metric: accuracy}
    limits: {max_total_trials: 12, max_concurrent_trials: 3, timeout: 7200, trial_timeout: 60}
    early_termination: {type: bandit, slack_factor: 0.1, evaluation_interval: 2}
"""


def test_a_sweep_is_a_loop_of_its_trial() -> None:
    node = read(SWEEP)["nodes"]["sweep"]
    assert (node["component"], node["params"], node["settings"]) == ("fit:1", {"kernel": "rbf"}, {"timeout": 60})
    assert node["loop"] == {
        "type": "sweep",
        "sampling_algorithm": "random",
        "seed": None,
        "search_space": {
            "depth": {"type": "choice", "values": [1, 2]},
            "rate": {"type": "loguniform", "min_value": -3, "max_value": 0},
        },
        "objective": {"goal": "maximize", "primary_metric": "accuracy"},
        "limits": {"max_total_trials": 12, "max_concurrent_trials": 3},
        "early_termination": {
            "type": "bandit", "slack_factor": 0.1, "slack_amount": None, "evaluation_interval": 2, "delay_evaluation": 0,
        },
    }  # fmt: skip


def test_a_sweep_s_sampling_may_have_a_seed() -> None:
    jobs = SWEEP.replace("sampling_algorithm: random", "sampling_algorithm: {type: Random, seed: 7, rule: sobol}")
    loop = read(jobs)["nodes"]["sweep"]["loop"]
    assert (loop["sampling_algorithm"], loop["seed"]) == ("random", 7)


@pytest.mark.parametrize(
    ("line", "replacement", "fault"),
    [
        ("sampling_algorithm: random", "sampling_algorithm: sobol", "`sobol` is no sampling: take `random` or `grid`"),
        ("min_value: -3, ", "", "The operation cannot be read: node.loop.search_space.rate.min_value: Field required."),
        ("trial: azureml:fit@latest", "trial: azureml:fitt@latest", "there is no component `fitt` here; did you mean `fit`? Register it, or replace this step"),
    ],
)  # fmt: skip
def test_sweeps_that_cannot_be_read_say_why(line: str, replacement: str, fault: str) -> None:
    assert faults(SWEEP.replace(line, replacement)) == [fault]


def test_on_finalize_is_a_final_step_and_on_init_comes_first() -> None:
    settings = "settings: {on_finalize: clean, on_init: '${{parent.jobs.begin}}'}\n"
    steps = "".join(f'  {id}: {{component: "azureml:load@latest"}}\n' for id in ("a", "b", "begin", "clean"))
    steps += (
        '  c: {component: "azureml:split@latest", inputs: {data: "${{parent.jobs.a.outputs.table}}", mode: random}}\n'
    )
    document = read(steps, settings)
    assert document["nodes"]["clean"]["settings"] == {"final": True}
    assert document["order"] == {
        f"{id}<begin": {"source": "begin", "target": id, "condition": "succeeded"} for id in ("a", "b")
    }
    assert faults(steps, "settings: {on_finalize: cleen}\n") == ["there is no job `cleen`; did you mean `clean`?"]


LOADING = '  load: {component: "azureml:load@latest", outputs: %s}\n'


@pytest.mark.parametrize("bound", ['"${{parent.outputs.rows}}"', '{path: "${{parent.outputs.rows}}", mode: upload}'])
@pytest.mark.parametrize("declared", ["", "{mode: upload}", "{type: mltable}"])
def test_outputs_of_jobs_become_those_of_the_pipeline(bound: str, declared: str) -> None:
    document = read(LOADING % f"{{table: {bound}, count: null}}", f"outputs: {{rows: {declared}}}\n")
    output = {"type": "mltable", "source": "load", "output": "table", "description": ""}
    assert document["outputs"] == {"rows": output | ({"settings": {"mode": "upload"}} if "mode" in declared else {})}
    assert document["nodes"]["load"].get("outputs") == ({"table": {"mode": "upload"}} if "mode" in bound else None)


def test_an_output_that_only_a_job_knows_is_a_fault() -> None:
    assert faults(LOADING % '{table: "${{parent.outputs.rows}}"}') == [
        "the pipeline has no output `rows`: name it in `outputs`"
    ]


def test_a_job_may_take_the_input_of_another() -> None:
    jobs = FITTING + '  twin: {component: "azureml:fit@latest", inputs: {depth: "${{parent.jobs.fit.inputs.depth}}"}}\n'
    assert read(jobs)["nodes"]["twin"]["params"] == {"depth": 3}


def test_what_a_job_gives_cannot_stand_within_text() -> None:
    jobs = '  load: {component: "azureml:load@latest"}\n  read:\n    component: azureml:fit@latest\n    inputs: {depth: 1, kernel: "k${{parent.jobs.load.outputs.count}}"}\n'
    assert faults(jobs) == ["what a job gives cannot stand within text: give it an input of its own"]


COMPONENT = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
type: pipeline
name: prepare
version: 3
display_name: Prepare
inputs:
  rows: {type: integer, default: 5, min: 1, description: How many}
  extra: {type: mltable, optional: true}
outputs:
  train: {type: mltable}
jobs:
  load: {component: "azureml:load@latest", inputs: {rows: "${{parent.inputs.rows}}"}}
  split:
    type: command
    component: ./split.yml
    inputs: {data: "${{parent.jobs.load.outputs.table}}", mode: random}
    outputs: {train: "${{parent.outputs.train}}"}
"""


class Beside(Nothing):
    def component(self, path: str) -> Interface:
        if path != "./split.yml":
            raise ValueError(f"there is no file `{path}`")
        return CATALOG.latest("split")  # type: ignore[return-value]


def test_a_pipeline_component_is_a_spec_and_a_document() -> None:
    spec, read = read_pipeline_component(read_document(COMPONENT, "component.yml"), CATALOG, Beside())
    document = read.document
    assert (spec.type, spec.name, spec.version, spec.title) == ("pipeline", "prepare", "3", "Prepare")
    assert spec.inputs["rows"].min == 1
    assert document["inputs"]["rows"] == {
        "type": "integer", "default": 5, "description": "How many", "optional": False, "min": 1, "x": 0, "y": 0,
    }  # fmt: skip
    assert document["inputs"]["extra"]["optional"] is True
    assert document["nodes"]["split"]["component"] == "split:1.0.0"
    assert document["outputs"]["train"]["source"] == "split"
    assert problems_of(document, CATALOG) == {}


@pytest.mark.parametrize(
    ("line", "replacement", "fault"),
    [
        ("./split.yml", "./spilt.yml", "there is no file `./spilt.yml`"),
        ("name: prepare\n", "", "`name` is missing"),
        ("type: integer", "type: int", "`inputs.rows.type`: `int` is no port type; the types are uri_file, uri_folder, mltable, mlflow_model, custom_model, triton_model, string, integer, number, boolean"),
        ("version: 3", "version: 3\ncommand: ls", "`command` is not for components of type pipeline"),
        ("version: 3", "version: 3\ncolour: red", "`colour` is not known; the keys are"),
    ],
)  # fmt: skip
def test_faults_of_pipeline_components_have_their_place(line: str, replacement: str, fault: str) -> None:
    with pytest.raises(SpecError) as error:
        read_pipeline_component(read_document(COMPONENT.replace(line, replacement), "x.yml"), CATALOG, Beside())
    assert error.value.faults[0].message.startswith(fault)
