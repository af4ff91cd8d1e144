"""What Portline exports is read, and for Airflow run, by the engines themselves."""

import json
from pathlib import Path
from typing import Any

from designer.graph.azure.patching import written
from designer.graph.document import Document
from designer.graph.export.airflow import airflow
from designer.graph.export.argo import argo
from designer.graph.export.flat import Environment, Findings
from designer.graph.export.kfp import kfp
from tests.oracle.conftest import Check
from tests.unit.designer.exporting import document, everything, opened


def with_data() -> Document:
    """Registered data, an environment with packages, needs of the machine, and values over a wire."""
    return document(
        {
            "rows": {"kind": "data", "asset": "iris:2", "type": "uri_folder"},
            "count": {"component": "count:1", "settings": {"resources": {"cpu": 2, "memory": "4GB", "gpus": 1}}},
            "say": {"component": "say:1", "exposed": ["text"], "settings": {"environment_variables": {"A": "b {{c}}"}}},
        },
        "rows.data -> count.data",
        "count.n -> say.text",
    )


def order() -> Document:
    """Order edges with every condition."""
    nodes = {name: {"component": "say:1"} for name in ("a", "b", "c", "d", "e")}
    return document(nodes, "a -> b: failed", "a -> c: completed", "b -> d: skipped", "c -> e: succeeded")


def yaml_files(write: Any, folder: Path, *documents: Document) -> list[Path]:
    """The documents as files; all that the engine cannot express of them would be a fault here."""
    paths = []
    for index, graph in enumerate(documents):
        findings = Findings()
        steps = opened(graph, findings, Environment(python="3.11", packages=("polars==1.0",)))
        path = folder / f"{index}.yaml"
        path.write_text(written(write(steps, findings)), encoding="utf-8")
        assert findings.losses == []
        paths.append(path)
    return paths


def test_kfp_reads_what_is_exported_for_kubeflow(check: Check, tmp_path: Path) -> None:
    read = check("kfp", "kfp_reads.py", *yaml_files(kfp, tmp_path, everything(), with_data()))
    assert read.splitlines()[-2:] == ["rows word", "data_iris_v2"]


def test_argo_knows_every_key_of_what_is_exported_for_it(check: Check, tmp_path: Path) -> None:
    read = check("kfp", "argo_reads.py", *yaml_files(argo, tmp_path, everything(), with_data(), order()))
    assert read.splitlines() == ["prepare-load count many each big small last", "count say", "a b c d e"]


def test_airflow_runs_what_is_exported_for_it(check: Check, tmp_path: Path) -> None:
    """Branches, loops, values and the last step, by Airflow itself; a path stands for data that was registered."""
    files = airflow(opened(everything()), Findings())
    for path, content in files.items():
        (tmp_path / "dags" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dags" / path).write_bytes(content)
    home = {"AIRFLOW_HOME": str(tmp_path / "airflow"), "PORTLINE_HOME": str(tmp_path / "portline")}
    said = check("airflow", "airflow_runs.py", tmp_path / "dags", json.dumps({"rows": 6}), env=home)
    result = json.loads(said.splitlines()[-1])
    ran = dict.fromkeys(["prepare.load", "count", "many", "each.0", "each.1", "big", "last"], "success")
    assert result == {"run": "success", "tasks": {**ran, "small": "skipped", "any_failed": "skipped"}}
    [run] = (tmp_path / "portline" / "runs").iterdir()
    assert (run / "count/out/n").read_text() == "6"
    assert (run / "big/out/said").read_text() == "text= more than a {{few}} loud=False\n"
    assert (run / "each/items/0/out/said").read_text() == "text= one loud=True\n"
