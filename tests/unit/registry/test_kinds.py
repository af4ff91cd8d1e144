"""Parallel and spark components, and what cannot run here."""

import pytest

from registry.spec.component import ComponentSpec
from registry.spec.faults import SpecError
from registry.spec.interface import interface
from registry.spec.reading import read_component

PARALLEL = """\
type: parallel
name: score
version: 1
inputs:
  images: {type: uri_folder}
  job_data_path: {type: uri_folder, optional: true}
outputs:
  rows: {type: uri_file}
input_data: ${{inputs.images}}
mini_batch_size: 10
partition_keys: '["a", "b"]'
max_concurrency_per_instance: 2
retry_settings: {max_retries: 3, timeout: 60}
mini_batch_error_threshold: -1
logging_level: debug
task:
  type: run_function
  code: ./src
  environment: azureml:sklearn@latest
  entry_script: score.py
  program_arguments: --out ${{outputs.rows}}
  append_row_to: ${{outputs.rows}}
"""
SPARK = """\
type: spark
name: clean
version: 1
inputs: {table: {type: uri_file}}
code: ./src
entry: {file: clean.py}
py_files: utils.zip
conf: {spark.driver.cores: 1, spark.executor.memory: 2g}
args: --table ${{inputs.table}}
"""


def test_a_parallel_component_has_its_code_within_its_task():
    spec = read_component(PARALLEL)
    assert (spec.type, spec.code, spec.environment) == ("parallel", "./src", "azureml:sklearn@latest")
    assert spec.parallel is not None
    assert spec.parallel.entry_script == "score.py"
    assert spec.parallel.mini_batch_size == "10"
    assert spec.parallel.partition_keys == ("a", "b")
    assert spec.parallel.retry_settings.max_retries == 3
    assert spec.parallel.logging_level == "DEBUG"
    assert ComponentSpec.model_validate(spec.model_dump(mode="json")) == spec


def test_a_spark_component_says_what_it_starts():
    spec = read_component(SPARK)
    assert spec.spark is not None
    assert spec.spark.entry.file == "clean.py"
    assert spec.spark.py_files == ("utils.zip",)
    assert spec.spark.conf == {"spark.driver.cores": 1, "spark.executor.memory": "2g"}
    assert ComponentSpec.model_validate(spec.model_dump(mode="json")) == spec


@pytest.mark.parametrize(
    ("text", "old", "new", "line", "sentence"),
    [
        (PARALLEL, "mini_batch_size", "mini_batch_sise", 10, "`mini_batch_sise` is not known"),
        (PARALLEL, "entry_script:", "entry_skript:", 20, "did you mean `entry_script`?"),
        (PARALLEL, "${{inputs.images}}", "${{inputs.image}}", 9, "did you mean ${{inputs.images}}?"),
        (PARALLEL, "max_retries: 3", "max_retries: many", 13, "`retry_settings.max_retries`"),
        (PARALLEL, "  entry_script: score.py\n", "", 16, "`entry_script` is missing"),
        (SPARK, "{file: clean.py}", "{script: clean.py}", 6, "`script` is not known in `entry`"),
        (SPARK, "entry: {file: clean.py}\n", "", 1, "`entry` is missing"),
        (SPARK, "${{inputs.table}}", "${{inputs.tables}}", 9, "`args` names"),
        (SPARK, "args:", "command: x\nargs:", 9, "`command` is not for components of type spark"),
    ],
)
def test_a_fault_has_its_line_and_a_sentence(text: str, old: str, new: str, line: int, sentence: str):
    with pytest.raises(SpecError) as raised:
        read_component(text.replace(old, new))
    assert any(fault.line == line and sentence in fault.message for fault in raised.value.faults), raised.value


def test_what_cannot_run_keeps_what_its_file_said():
    spec = ComponentSpec.model_validate(
        {"name": "automl", "version": "anon-1", "type": "automl", "cannot_run": "No.", "body": {"task": "regression"}}
    )
    assert interface(spec).get("cannot_run") == "No."
    assert ComponentSpec.model_validate(spec.model_dump(mode="json")) == spec


def test_a_command_component_says_nothing_of_other_kinds():
    plain = read_component("name: a\ncommand: echo\nenvironment: azureml:x@latest\n").model_dump(mode="json")
    assert not {"parallel", "spark", "cannot_run", "body"} & set(plain)
