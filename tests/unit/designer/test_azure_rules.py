"""The rules of Azure ML's YAML that reading keeps, one by one (`shared/azureml.md` section 2)."""

from typing import Any

import pytest

from designer.graph.azure.around import Asset, Nothing
from designer.graph.azure.bindings import bound, given, in_own_words
from designer.graph.azure.reading import Read, read_job
from designer.graph.azure.references import Address, Beside, Named, reference
from designer.graph.problems import problems_of
from registry.spec.document import Document as YamlDocument
from registry.spec.document import read_document
from registry.spec.faults import SpecError
from registry.spec.interface import Interface, interface
from registry.spec.reading import read_component, spec_from
from tests.unit.designer.documents import MemoryCatalog

STEP = """\
name: step
version: 1
display_name: A step
inputs:
  data: {type: uri_folder, optional: true}
  count: {type: integer, default: 3}
  text: {type: string, optional: true}
  group.rate: {type: number, optional: true}
outputs:
  result: {type: uri_folder}
  score: {type: number}
command: echo
environment: azureml:x@latest
"""
TABLE = """\
name: table
version: 1
inputs:
  rows: {type: mltable}
  more: {type: mltable, optional: true}
command: echo
environment: azureml:x@latest
"""


class Catalog(MemoryCatalog):
    def latest(self, name: str) -> Interface | None:
        return self.interface(f"{name}:1")

    def names(self) -> list[str]:
        return ["step"]


class Around(Nothing):
    """Knows one folder of data and takes what is written into the file."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.asked: list[tuple[str, str | None]] = []

    def written(self, source: YamlDocument) -> Interface:
        spec = spec_from(source, {**source.data, "version": "anon-1"})
        self.catalog._interfaces[f"{spec.name}:anon-1"] = found = interface(spec)
        return found

    def data(self, path: str, type: str | None) -> Asset:
        self.asked.append((path, type))
        self.catalog._assets["rows:1"] = "uri_folder"
        return Asset("rows:1", "uri_folder")

    def compute_named(self, name: str) -> bool:
        return name == "here"


def read(text: str) -> Read:
    catalog = Catalog([interface(read_component(STEP))])
    return read_job(read_document(text, "p.yml"), catalog, Around(catalog))


def job(jobs: str, head: str = "") -> Read:
    return read(f"type: pipeline\n{head}jobs:\n{jobs}")


def step(inputs: str = "", head: str = "", more: str = "") -> tuple[dict[str, Any], Read]:
    found = job(f"  a:\n    component: azureml:step:1\n    inputs: {{{inputs}}}\n{more}", head)
    return found.document["nodes"]["a"], found


def faults(text: str) -> list[str]:
    with pytest.raises(SpecError) as error:
        read(text)
    return [f"{fault.line}: {fault.message}" for fault in error.value.faults]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("azureml:a:1", Named("a", "1")),
        ("azureml:a@latest", Named("a", None, "latest")),
        ("azureml:a", Named("a")),
        ("azureml://registries/azureml/components/a/versions/2", Named("a", "2", None, "azureml")),
        ("azureml://registries/r/data/a/labels/latest", Named("a", None, "latest", "r")),
        ("azureml:/subscriptions/s/resourceGroups/g/workspaces/w/data/a/versions/3", Named("a", "3")),
        ("./a.yml", Beside("./a.yml")),
        ("a.yml", Beside("a.yml")),
        ("file:./a.yml", Beside("./a.yml")),
        ("azureml:./data/", Beside("./data/")),
        ("azureml:wasbs://c@a.blob.core.windows.net/x", Address("wasbs://c@a.blob.core.windows.net/x")),
        ("azureml://datastores/d/paths/p", Address("azureml://datastores/d/paths/p")),
        ("https://a/b.csv", Address("https://a/b.csv")),
    ],
)
def test_references_in_all_forms(text: str, found: object) -> None:
    assert reference(text) == found


@pytest.mark.parametrize(
    ("expression", "kind", "job", "name"),
    [
        ("parent.inputs.x", "input", "", "x"),
        ("inputs.x", "input", "", "x"),
        ("parent.inputs.g.x", "input", "", "g.x"),
        ("parent.outputs.x", "output", "", "x"),
        ("parent.jobs.a.outputs.x", "job_output", "a", "x"),
        ("jobs.a.outputs.x", "job_output", "a", "x"),
        ("parent.jobs.a.inputs.x", "job_input", "a", "x"),
        ("parent.jobs.a", "job", "a", ""),
        ("search_space.x", "other", "", ""),
    ],
)
def test_bindings_in_all_forms(expression: str, kind: str, job: str, name: str) -> None:
    found = bound(expression)
    assert (found.kind, found.job, found.name) == (kind, job, name)
    assert given("${{ " + expression + " }}").bound == found
    assert given({"path": "${{" + expression + "}}", "mode": "download"}).bound == found


def test_plain_braces_are_the_authors_text() -> None:
    assert in_own_words("{{x}} ${y.z} ${{inputs.a}}") == "{{x}} ${y.z} ${{parent.inputs.a}}"


@pytest.mark.parametrize(
    ("written", "type_", "default"),
    [
        ("3", "integer", 3),
        ("3.5", "number", 3.5),
        ("true", "boolean", True),
        ('"03"', "string", "03"),
        ("{value: 3}", "integer", 3),
        ("{type: number, value: 3}", "number", 3),
        ("{type: integer}", "integer", None),
        ("{type: mltable}", "mltable", None),
        ("{type: path}", "uri_folder", None),
        ("{type: uri_folder, path: ./rows}", "uri_folder", {"asset": "rows:1"}),
        ("{path: ./rows, mode: download}", "uri_folder", {"asset": "rows:1"}),
        ('{type: uri_file, path: "azureml:gone:3"}', "uri_file", {"asset": "gone:3"}),
    ],
)
def test_inputs_of_a_pipeline_in_all_forms(written: str, type_: str, default: Any) -> None:
    found = step("", f"inputs: {{x: {written}}}\n")[1].document["inputs"]["x"]
    assert (found["type"], found["default"]) == (type_, default)
    assert found.get("kept", {}) == ({"mode": "download"} if "mode" in written else {})


def test_an_input_of_a_job_has_no_default_and_is_no_list() -> None:
    text = "type: pipeline\ninputs:\n  x: {type: string, default: a}\n  y: [1]\n  z:\njobs: {a: {component: 'azureml:step:1'}}\n"
    assert [fault[:30] for fault in faults(text)] == [
        "3: an input of a job has no `d", "4: an input is one value, and ", "5: an input of a job has a val",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "param"),
    [
        ("count: 5", 5),
        ("count: 3.7", 3),
        ('count: "4.0"', "4.0"),
        ('count: "${{parent.inputs.x}}"', "${{parent.inputs.x}}"),
        ('count: {path: "${{parent.inputs.x}}"}', "${{parent.inputs.x}}"),
        ('count: "${{inputs.x}}"', "${{parent.inputs.x}}"),
    ],
)
def test_values_of_a_node(written: str, param: Any) -> None:
    node, found = step(written, "inputs: {x: 3}\n")
    assert node["params"] == {"count": param}
    assert bool(found.warnings) == ("3.7" in written)


def test_text_may_mix_what_pipeline_inputs_are() -> None:
    node, _ = step('text: "a=${{parent.inputs.x}};b=${{parent.inputs.y}}"', "inputs: {x: 1, y: 2}\n")
    assert node["params"]["text"] == "a=${{parent.inputs.x}};b=${{parent.inputs.y}}"


def test_a_group_of_inputs_is_bound_as_one() -> None:
    node, _ = step('group: "${{parent.inputs.all}}"', "inputs: {all.rate: 0.5}\n")
    assert node["params"] == {"group.rate": "${{parent.inputs.all.rate}}"}


def test_data_is_a_node_once_however_many_inputs_take_it() -> None:
    more = "  b: {component: 'azureml:step:1', inputs: {data: {path: ./rows, type: uri_folder}}}\n"
    _, found = step("data: ./rows", more=more)
    assert {edge["source"] for edge in found.document["edges"].values()} == {"rows"}
    assert len(found.document["nodes"]) == 3


def test_node_settings_and_what_is_kept() -> None:
    text = """\
  a:
    component: azureml:step:1
    compute: azureml:here
    environment: azureml:other:2
    environment_variables: {A: 1, B: "${{inputs.x}}"}
    distribution: {type: PyTorch, process_count_per_instance: 2}
    resources: {instance_count: "2", instance_type: big}
    limits: {timeout: 60}
    services: {mine: {type: ssh}}
    strange: {deep: [1]}
    outputs:
      result: {type: uri_folder, name: made, version: 1, path: "azureml://datastores/d/paths/x"}
"""
    node = job(text, "inputs: {x: 1}\n").document["nodes"]["a"]
    assert node["settings"] == {
        "timeout": 60,
        "compute": "here",
        "environment": "azureml:other:2",
        "environment_variables": {"A": "1", "B": "${{parent.inputs.x}}"},
        "distribution": {"type": "pytorch", "process_count_per_instance": 2},
        "instance_count": 2,
    }
    assert node["outputs"] == {"result": {"name": "made", "version": "1", "path": "azureml://datastores/d/paths/x"}}
    assert node["kept"] == {
        "compute": "azureml:here",
        "resources": {"instance_type": "big"},
        "services": {"mine": {"type": "ssh"}},
        "strange": {"deep": [1]},
    }


def test_settings_that_are_not_known_are_kept_with_a_warning() -> None:
    _, found = step("", "settings: {default_datestore: x, force_rerun: true}\n")
    assert found.document["settings"] == {"force_rerun": True}
    assert found.document.get("kept") == {"settings": {"default_datestore": "x"}}
    assert [warning.message for warning in found.warnings] == [
        "the setting `default_datestore` has no effect; did you mean `default_datastore`?"
    ]


def test_an_inline_job_is_a_component_typed_by_what_it_gets() -> None:
    text = """\
  first:
    command: echo ${{inputs.x}} > ${{outputs.made}}/a
    environment: azureml:x@latest
    inputs: {x: 1, text: "n=${{parent.inputs.n}}", rows: {type: uri_folder, path: ./rows}, flag: false}
    outputs: {made: , one: {type: uri_file}}
  then:
    command: ls ${{inputs.made}} ${{inputs.other}}/outputs
    environment: azureml:x@latest
    inputs: {made: "${{parent.jobs.first.outputs.one}}", other: "${{parent.jobs.first.outputs.artifacts}}"}
"""
    found = job(text, "inputs: {n: 2}\n").document
    assert found["nodes"]["first"]["component"] == "first:anon-1"
    assert found["nodes"]["first"]["params"] == {"x": 1, "text": "n=${{parent.inputs.n}}", "flag": False}
    assert set(found["edges"]) == {"first.rows", "then.made", "then.other"}


def test_a_job_alone_is_a_pipeline_of_one_step() -> None:
    text = "$schema: x/commandJob.schema.json\ncommand: echo ${{inputs.x}}\nenvironment: azureml:x@latest\nexperiment_name: e\ninputs: {x: 1}\n"
    found = read(text).document
    assert list(found["nodes"]) == ["command"]
    assert found["kept"] == {"experiment_name": "e"}
    broken = faults(text.replace("inputs.x}}", "inputs.y}}"))
    assert broken[0].startswith("1: ") or broken[0].startswith("2: ")


def test_a_sweep_alone_names_its_space_in_other_words() -> None:
    text = """\
type: sweep
trial: {command: 'echo ${{search_space.rate}} ${{inputs.n}}', environment: 'azureml:x@latest'}
inputs: {n: 3}
search_space: {rate: {type: uniform, min_value: 0, max_value: 1}}
sampling_algorithm: bayesian
objective: {goal: Maximize, primary_metric: acc}
limits: {max_total_trials: 4, timeout: 100, trial_timeout: 10}
"""
    found = read(text)
    node = found.document["nodes"]["sweep"]
    assert node["loop"]["sampling_algorithm"] == "random"
    assert node["loop"]["objective"] == {"goal": "maximize", "primary_metric": "acc"}
    assert (node["settings"]["timeout"], node["kept"]["limits"]) == (10, {"timeout": 100})
    assert "bayesian" in found.warnings[0].message


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ('a: {component: "azureml:step:1", inputs: {dat: 1}}', "3: `step` has no input `dat`; did you mean `data`?"),
        ('a: {component: "azureml:step:1", outputs: {resul: }}', "3: `step` has no output `resul`; did you mean `result`?"),
        ('a: {component: "azureml:step:1", inputs: {count: "${{parent.inputs.x}}"}}', "3: the pipeline has no input `x`"),
        ('a: {component: "azureml:step:1", inputs: {text: [1, 2]}}', "3: an input is one value, and this is [1, 2]: write lists as JSON in quotes"),
        ('a: {command: "echo ${{inputs.x}}", environment: "azureml:x:1"}', "3: the command names ${{inputs.x}}, but there is no such input or output"),
        ("a-b: {}", "3: `a-b` is no name for a job: use small letters, digits and _"),
        ("a: {type: command}", "3: a command job names a `component`, or has a `command` of its own"),
    ],
)  # fmt: skip
def test_faults_say_what_was_found_and_what_is_near(jobs: str, message: str) -> None:
    assert faults(f"type: pipeline\njobs:\n  {jobs}\n") == [message]


def test_capitals_in_names_of_jobs_count_for_nothing() -> None:
    text = "  Load: {component: 'azureml:step:1'}\n  b: {component: 'azureml:step:1', inputs: {data: '${{parent.jobs.Load.outputs.result}}'}}\n"
    found = job(text)
    assert found.document["edges"]["b.data"]["source"] == "load"
    assert "called `load`" in found.warnings[0].message


def test_an_output_that_no_job_gives_is_a_warning() -> None:
    _, found = step("", "outputs: {lost: {type: uri_folder}}\n")
    assert [warning.message for warning in found.warnings] == ["no job gives the output `lost`: it is left out"]


def test_old_formats_are_refused_with_a_sentence() -> None:
    (fault,) = faults("type: PipelineComponent\nname: a\n")
    assert "old v1.5 format" in fault


def test_data_of_another_type_than_the_input_takes_is_given_with_a_warning() -> None:
    text = """\
  a: {component: 'azureml:step:1'}
  b:
    component: azureml:table:1
    inputs: {rows: "${{parent.inputs.file}}", more: "${{parent.jobs.a.outputs.result}}"}
"""
    catalog = Catalog([interface(read_component(STEP)), interface(read_component(TABLE))])
    source = read_document(f"type: pipeline\ninputs: {{file: {{type: uri_file}}}}\njobs:\n{text}", "p.yml")
    found = read_job(source, catalog, Around(catalog))
    assert found.document["edges"]["b.rows"].get("anyway") is True
    assert "anyway" not in found.document["edges"]["b.more"]
    assert [warning.message for warning in found.warnings] == [
        "A file cannot feed a table: add “Read data” between them."
    ]
    problems = problems_of(found.document, catalog)
    assert {(each["code"], each["severity"]) for each in problems["b"]} == {("type_warning", "warning")}


def test_a_compute_target_that_is_not_here_is_told_once_and_the_default_takes_its_steps() -> None:
    jobs = "".join(f"  {id}: {{component: 'azureml:step:1', compute: {name}}}\n" for id, name in COMPUTES.items())
    found = job(jobs, "settings: {default_compute: 'azureml:cpu-cluster'}\n")
    assert [warning.message.partition(":")[0] for warning in found.warnings] == [
        "there is no compute target `cpu-cluster` here", "there is no compute target `gpu` here",
    ]  # fmt: skip
    assert found.document["nodes"]["a"]["kept"] == {"compute": "azureml:cpu-cluster"}
    assert [node["settings"].get("compute") for node in found.document["nodes"].values()] == [None] * 4 + ["here"]


COMPUTES = {"a": "azureml:cpu-cluster", "b": "gpu", "c": "azureml:serverless", "d": "local", "e": "azureml:here"}


def test_a_sweep_with_spaces_within_choices_is_drawn_and_says_why_it_cannot_run() -> None:
    text = """\
  tune:
    type: sweep
    trial: {command: 'echo ${{inputs.x}} > ${{outputs.best}}/x', environment: 'azureml:x@latest'}
    search_space: {x: {type: choice, values: [{depth: {type: uniform, min_value: 0, max_value: 1}}, 3]}}
    objective: {goal: minimize, primary_metric: loss}
    limits: {max_total_trials: 2}
    outputs: {best: {type: uri_folder}}
  then: {component: 'azureml:step:1', inputs: {data: '${{parent.jobs.tune.outputs.best}}'}}
"""
    found = job(text)
    assert set(found.document["edges"]) == {"then.data"}
    assert "loop" not in found.document["nodes"]["tune"]


def test_what_a_job_says_anew_of_its_component_is_kept_with_a_warning() -> None:
    found = job("  a: {type: parallel, component: 'azureml:step:1', mini_batch_size: '3'}\n")
    assert found.document["nodes"]["a"]["kept"] == {"mini_batch_size": "3"}
    assert [warning.message for warning in found.warnings] == [
        "`mini_batch_size` has no effect beside a `component`: what that says of it counts"
    ]
