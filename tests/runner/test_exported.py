"""What is exported computes what Portline computes: the same pipeline run here, and by the scripts of each format."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from designer.models import Pipeline
from designer.services.export_environments import own
from designer.services.exports import FORMATS
from registry import store
from registry.models import ComponentVersion
from runner.models import Artifact
from runner.worker import Worker
from tests.installation import ROOT
from tests.runner.conftest import World, finish, statuses

QUERY = "select name, count(*) as many from t1 where note <> 'it''s \"$5\"' group by name order by name"
ROWS = 'name,note\nann,a\nann,b\nbob,c\nbob,"it\'s ""$5"""\n'


def made_of(world: World) -> Pipeline:
    """Typed rows, a query over them whose text has every quote, and its file: three built-in components."""
    for name in ("enter_data", "sql_query", "export_table"):
        world.register(ROOT / "registry" / "library" / name)
    versions = ComponentVersion.objects.filter(component__workspace=world.workspace).select_related("component")
    ref = {version.component.name: version.ref for version in versions}
    nodes = {
        "rows": {"component": ref["enter_data"], "params": {"text": ROWS}},
        "query": {"component": ref["sql_query"], "params": {"sql": "${{parent.inputs.query}}"}},
        "file": {"component": ref["export_table"], "params": {"format": "csv"}},
    }
    inputs = {"query": {"type": "string", "default": QUERY, "description": "", "optional": False}}
    return world.pipeline(nodes, ["rows.result -> query.t1", "query.result -> file.table"], inputs=inputs)


def test_the_scripts_of_each_format_make_what_a_run_here_makes(
    live_world: World, worker: Worker, tmp_path: Path
) -> None:
    pipeline = made_of(live_world)
    run = finish(live_world.submit(pipeline), 60)
    assert set(statuses(run).values()) == {"Completed"}
    artifact = Artifact.objects.filter(step__run=run, step__node_id="file").get()
    with store.open_file(artifact.location) as file:
        expected = file.read()
    assert expected == b"name,many\nann,2\nbob,1\n"
    assert by_airflow(pipeline, tmp_path / "airflow") == expected
    assert by_argo(pipeline, tmp_path / "argo") == expected
    assert by_kubeflow(pipeline, tmp_path / "kfp") == expected


def bash(*arguments: str, **env: str) -> None:
    """Run bash with this Python as `python`; its packages are those that the export names."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ended = subprocess.run(["bash", *arguments], env={"PATH": path, **env}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


def by_airflow(pipeline: Pipeline, tmp_path: Path) -> bytes:
    """What the scripts of its DAG make, in order."""
    for path, content in FORMATS["airflow"].make(pipeline).files.items():
        (tmp_path / "dags" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dags" / path).write_bytes(content)
    home = tmp_path / "home"
    script = tmp_path / "dags/test/steps/rows.sh"
    # The virtualenv that a first run would make: this one.
    [digest] = set(re.findall(r"environments/(\w+)", script.read_text()))
    python = home / "environments" / digest / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    (home / "environments" / digest / "ready").touch()
    for step in ("rows", "query", "file"):
        path = script.with_name(f"{step}.sh")
        bash(str(path), portline_home=str(home), portline_run="run: 1", input_query=QUERY)
    return (home / "runs/run__1/file/out/file").read_bytes()


def by_argo(pipeline: Pipeline, tmp_path: Path) -> bytes:
    """What the scripts of its Workflow make, with the placeholders filled in."""
    templates = {each["name"]: each for each in _yaml(pipeline, "argo")["spec"]["templates"]}
    brought: dict[str, Path] = {}
    tasks = templates["pipeline"]["dag"]["tasks"]
    for task in tasks:
        template, place = templates[task["template"]], tmp_path / task["name"]
        for artifact in task.get("arguments", {}).get("artifacts", ()):
            (place / "in").mkdir(parents=True)
            (place / "in" / artifact["name"]).symlink_to(brought[artifact["from"]])
        # A container has a file system of its own; here each has a folder.
        source = template["script"]["source"].replace("/tmp/portline", str(place))
        variables = {each["name"]: QUERY for each in template["script"].get("env", ())}
        bash("-c", source, **variables)
        for artifact in template["outputs"]["artifacts"]:
            name = f"{{{{tasks.{task['name']}.outputs.artifacts.{artifact['name']}}}}}"
            brought[name] = place / "out" / artifact["name"]
    return (tmp_path / "file/out/file").read_bytes()


def by_kubeflow(pipeline: Pipeline, tmp_path: Path) -> bytes:
    """What its containers' commands make, with the placeholders filled in."""
    spec = _yaml(pipeline, "kfp")
    for name, task in spec["root"]["dag"]["tasks"].items():
        container = spec["deploymentSpec"]["executors"][f"exec-{name}"]["container"]
        given = {}
        for port, artifact in task.get("inputs", {}).get("artifacts", {}).items():
            made = artifact["taskOutputArtifact"]
            place = tmp_path / made["producerTask"] / made["outputArtifactKey"]
            given[f"{{{{$.inputs.artifacts['{port}'].path}}}}"] = str(place)
        for port in spec["components"][f"comp-{name}"]["outputDefinitions"]["artifacts"]:
            given[f"{{{{$.outputs.artifacts['{port}'].path}}}}"] = str(tmp_path / name / port)
        given["{{$.inputs.parameters['input_query']}}"] = QUERY
        command = [part.replace("/tmp/portline", str(tmp_path / f"{name}-work")) for part in container["command"]]
        assert command.pop(0) == "bash"
        bash(*command, *(given[argument] for argument in container["args"]))
    return (tmp_path / "file/file").read_bytes()


def _yaml(pipeline: Pipeline, format: str) -> Any:
    export = FORMATS[format].make(pipeline)
    assert export.findings.losses == []
    [content] = export.files.values()
    return YAML(typ="safe").load(io.BytesIO(content))


def test_the_packages_are_those_of_the_server() -> None:
    assert f"polars=={pl.__version__}" in own().packages
