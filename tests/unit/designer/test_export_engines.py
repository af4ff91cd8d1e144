"""What each engine's file says of a pipeline, and what it refuses. That the engines read them: tests/oracle."""

from typing import Any

import pytest

from designer.graph.document import Document
from designer.graph.export.airflow import airflow
from designer.graph.export.argo import argo
from designer.graph.export.flat import Environment, Findings
from designer.graph.export.kfp import kfp
from tests.unit.designer.exporting import document, everything, opened


def written(write: Any, graph: Document, environment: Environment | None = None) -> tuple[Any, Findings]:
    findings = Findings()
    steps = opened(graph, findings, environment)
    assert findings.losses == []
    return write(steps, findings), findings


def dag_of(pipeline: Any) -> dict[str, Any]:
    return {task["name"]: task for task in pipeline["spec"]["templates"][0]["dag"]["tasks"]}


def test_argo_waits_as_the_order_edges_say() -> None:
    nodes = {name: {"component": "say:1"} for name in ("a", "b", "c", "d")}
    joins = ("a -> b: failed", "a -> c: completed", "a -> d: skipped", "c -> d: succeeded")
    pipeline, _ = written(argo, document(nodes, *joins))
    tasks = dag_of(pipeline)
    assert tasks["b"]["depends"] == "(a.Failed || a.Errored)"
    assert tasks["c"]["depends"] == "(a.Succeeded || a.Failed || a.Errored)"
    assert tasks["d"]["depends"] == "(a.Skipped || a.Omitted) && c.Succeeded"
    # A step that failed fails the workflow, also where others went on after it.
    assert set(pipeline["spec"]["templates"][0]["dag"]["target"].split()) == {"a", "b", "c", "d"}


def test_argo_has_branches_loops_retries_and_timeouts() -> None:
    pipeline, findings = written(argo, everything())
    tasks = dag_of(pipeline)
    assert tasks["big"]["when"] == "'{{tasks.many.outputs.parameters.way}}' == 'true'"
    assert tasks["each"]["withItems"] == [{"text": "one", "loud": "True"}, {"text": "two", "loud": "False"}]
    count = next(template for template in pipeline["spec"]["templates"] if template["name"] == "count")
    assert count["retryStrategy"] == {"limit": 2, "retryPolicy": "Always", "backoff": {"duration": "5s"}}
    assert count["activeDeadlineSeconds"] == 60
    assert "Argo has no cap for one loop: the items of “each” all run at once." in findings.warnings


def test_kubeflow_runs_a_step_only_where_all_branches_before_it_went_its_way() -> None:
    graph = document(
        {
            "if": {"kind": "branch", "params": {"value": "${{parent.inputs.go}}"}},
            "load": {"component": "load:1"},
            "count": {"component": "count:1"},
        },
        "if -> load: true",
        "load.table -> count.data",
        inputs={"go": {"type": "boolean", "default": True}},
    )
    pipeline, _ = written(kfp, graph)
    count = pipeline["root"]["dag"]["tasks"]["count"]
    assert count["triggerPolicy"] == {"condition": "inputs.parameter_values['way_0'] == 'true'"}
    way = {"taskOutputParameter": {"producerTask": "if", "outputParameterKey": "way"}}
    assert count["inputs"]["parameters"]["way_0"] == way
    assert count["dependentTasks"] == ["load"]


def test_kubeflow_has_everything_before_the_last_step_as_one_task() -> None:
    pipeline, _ = written(kfp, everything())
    tasks = pipeline["root"]["dag"]["tasks"]
    assert set(tasks) == {"exit-handler-1", "last"}
    assert tasks["last"]["triggerPolicy"] == {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    inner = pipeline["components"]["comp-exit-handler-1"]["dag"]["tasks"]
    assert inner["count"]["retryPolicy"]["maxRetryCount"] == 2
    assert inner["each"]["iteratorPolicy"] == {"parallelismLimit": 2}


@pytest.mark.parametrize(
    ("join", "sentence"),
    [
        ("a -> b: failed", "Kubeflow cannot run “b” because another step failed."),
        ("a -> b: skipped", "Kubeflow cannot run “b” because another step was skipped."),
    ],
)
def test_kubeflow_refuses_what_it_has_no_word_for(join: str, sentence: str) -> None:
    _, findings = written(kfp, document({name: {"component": "say:1"} for name in "ab"}, join))
    assert findings.losses == [sentence]


def test_kubeflow_refuses_two_last_steps_and_mixed_waiting() -> None:
    last = {"component": "say:1", "settings": {"final": True}}
    _, findings = written(kfp, document({"a": {"component": "say:1"}, "b": last, "c": last}))
    assert findings.losses == ["Kubeflow runs one step when everything else has ended, not 2: “b”, “c”."]
    nodes = {name: {"component": "say:1"} for name in "abc"}
    _, findings = written(kfp, document(nodes, "a -> c: completed", "b -> c: succeeded"))
    assert len(findings.losses) == 1


def test_kubeflow_imports_data_from_its_address() -> None:
    graph = document(
        {"rows": {"kind": "data", "asset": "iris:2", "type": "uri_folder"}, "count": {"component": "count:1"}},
        "rows.data -> count.data",
    )
    pipeline, _ = written(kfp, graph)
    executors = pipeline["deploymentSpec"]["executors"]
    assert executors["exec-import-data-iris-v2"]["importer"]["artifactUri"] == {"runtimeParameter": "uri"}
    brought = {"producerTask": "import-data-iris-v2", "outputArtifactKey": "artifact"}
    assert pipeline["root"]["dag"]["tasks"]["count"]["inputs"]["artifacts"] == {"data": {"taskOutputArtifact": brought}}


def test_packages_are_installed_and_an_image_is_taken_as_it_is() -> None:
    graph = document({"say": {"component": "say:1"}})
    listed, _ = written(argo, graph, Environment(python="3.11", packages=("polars==1.0",)))
    script = listed["spec"]["templates"][1]["script"]
    assert script["image"] == "python:3.11-slim"
    assert "pip install --quiet --disable-pip-version-check -r <(printf '%s\\n' polars==1.0)" in script["source"]
    own, _ = written(argo, graph, Environment(image="registry.example/mine:2"))
    script = own["spec"]["templates"][1]["script"]
    assert script["image"] == "registry.example/mine:2"
    assert "pip install" not in script["source"]
    _, findings = written(airflow, graph, Environment(image="registry.example/mine:2"))
    assert findings.losses == [
        "“say” needs the container image registry.example/mine:2, which a task of bash does not start."
    ]


def test_airflow_gets_a_file_a_script_each_and_the_code() -> None:
    files, _ = written(airflow, everything())
    dag = files["small_pipeline.py"].decode()
    compile(dag, "small_pipeline.py", "exec")
    assert "tasks['count'] = BashOperator(" in dag
    assert "execution_timeout=timedelta(seconds=60)" in dag
    assert 'trigger_rule="all_done"' in dag
    assert (
        '[ "$(cat "$run/many/out/way" 2>/dev/null)" = true ] || skip' in files["small_pipeline/steps/big.sh"].decode()
    )
    assert {path.rpartition("/")[2] for path in files if "/code/" in path} == {"run.py", "branch.py"}


def test_a_title_cannot_break_out_of_airflows_file() -> None:
    graph = document({"say": {"component": "say:1", "title": "'); import os #"}}, name='""" + "\\')
    files, _ = written(airflow, graph)
    [dag] = [content for path, content in files.items() if path.endswith(".py")]
    compile(dag, "dag.py", "exec")
