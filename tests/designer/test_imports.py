"""Importing trees of Azure ML files: what becomes of their components, code, environments and data."""

import io
import uuid
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from designer.models import Pipeline
from designer.services.editing import operations_apply
from designer.services.imports import NoPipeline, pipeline_import
from registry import selectors
from registry.models import Component, ComponentVersion, DataAsset
from registry.spec.faults import SpecError
from tests.designer.conftest import signed_in

IMPORT = "/api/v1/workspaces/main/pipelines/import/"
STEP = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
name: step
version: 1
inputs:
  data: {type: uri_folder}
  rate: {type: number, default: 0.1}
outputs:
  result: {type: uri_folder}
code: ./src
environment: {image: some, conda_file: ./conda.yml}
command: python run.py ${{inputs.data}} ${{inputs.rate}} ${{outputs.result}}
"""
PIPELINE = """\
# Trains twice.
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
display_name: Twice
experiment_name: trying
settings: {default_compute: "azureml:cpu-cluster"}
inputs:
  table: {type: uri_folder, path: ./data}
  rate: 0.5
jobs:
  first:
    component: ./one/step.yml
    inputs: {data: "${{parent.inputs.table}}", rate: "${{parent.inputs.rate}}"}
    compute: azureml:gpu
  second:
    type: command
    component: file:./two/step.yml
    inputs: {data: "${{parent.jobs.first.outputs.result}}"}
  third:
    type: pipeline
    component: nested/inner.yml
    inputs: {data: {type: uri_file, path: "azureml:./data/rows.csv"}}
"""
INNER = """\
type: pipeline
name: inner-pipeline
version: 0.1
inputs: {data: {type: uri_file}}
outputs: {out: {type: uri_folder}}
jobs:
  show:
    command: ls ${{inputs.data}} > ${{outputs.out}}/list.txt
    environment: azureml:plain@latest
    inputs: {data: "${{parent.inputs.data}}"}
    outputs: {out: "${{parent.outputs.out}}"}
"""
CONDA = "dependencies: [python=3.11, {pip: [numpy]}]\n"
FILES = {
    "pipeline.yml": PIPELINE,
    "data/rows.csv": "a,b\n1,2\n",
    "one/step.yml": STEP,
    "one/src/run.py": "print(1)\n",
    "one/src/.amlignore": "*.log\n",
    "one/src/old.log": "noise\n",
    "one/conda.yml": CONDA,
    "two/step.yml": STEP,
    "two/src/run.py": "print(2)\n",
    "two/conda.yml": CONDA,
    "nested/inner.yml": INNER,
}


def tree(folder: Path, files: dict[str, str] = FILES, **more: str) -> Path:
    for path, text in {**files, **more}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def zipped(files: dict[str, str]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    packed.seek(0)
    packed.name = "tree.zip"
    return packed


def sent(world: SimpleNamespace, user: Any = None, **body: Any) -> Any:
    return signed_in(user or world.alice).post(IMPORT, body)


def test_a_zip_becomes_a_pipeline_with_all_that_its_files_name(world: SimpleNamespace) -> None:
    answer = sent(world, file=zipped(FILES))
    assert answer.status_code == 201, answer.content
    assert answer.json()["problems"] == {}
    pipeline = Pipeline.objects.get(pk=answer.json()["pipeline"]["id"])
    document = pipeline.document
    assert pipeline.name == "Twice"
    first, second = (document["nodes"][id]["component"] for id in ("first", "second"))
    assert first != second
    assert first.startswith("step:anon-")
    assert second.startswith("step:anon-")
    version = ComponentVersion.objects.get(component__name="step", version=first.partition(":")[2])
    assert version.code is not None
    assert [path for path, _ in version.code.files] == ["run.py"]
    assert version.spec_data["environment"]["conda_file"]["dependencies"][0] == "python=3.11"
    inner = ComponentVersion.objects.get(component__name="inner_pipeline")
    assert inner.graph is not None
    assert inner.graph["nodes"]["show"]["component"].startswith("show:anon-")
    assert document["edges"]["second.data"]["source"] == "first"
    assert document["inputs"]["table"]["default"]["asset"].startswith("data:anon-")
    assert document["nodes"]["rows"] | {"x": 0, "y": 0, "asset": ""} == {
        "id": "rows", "kind": "data", "type": "uri_file", "title": "rows", "asset": "", "x": 0, "y": 0, "params": {},
        "exposed": [], "comment": "", "settings": {},
    }  # fmt: skip
    assert document["kept"]["experiment_name"] == "trying"
    assert document["kept"]["settings"] == {"default_compute": "azureml:cpu-cluster"}
    assert document["nodes"]["first"]["kept"] == {"compute": "azureml:gpu"}
    assert pipeline.source is not None
    assert (pipeline.source["file"], pipeline.source["revision"]) == ("pipeline.yml", 0)
    assert pipeline.source["text"] == PIPELINE


def test_what_lies_in_files_is_in_no_list(world: SimpleNamespace, tmp_path: Path) -> None:
    before = [found["name"] for found in selectors.catalog(world.workspace)]
    pipeline_import(workspace=world.workspace, user=world.alice, root=tree(tmp_path / "tree"))
    assert [found["name"] for found in selectors.catalog(world.workspace)] == before
    assert not selectors.data_assets(world.workspace).exists()
    assert DataAsset.objects.filter(workspace=world.workspace, anonymous=True).count() == 2


def test_the_same_content_again_is_there_once(world: SimpleNamespace, tmp_path: Path) -> None:
    root = tree(tmp_path / "tree")
    first = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    counts = [model.objects.count() for model in (Component, ComponentVersion, DataAsset, Pipeline)]
    again = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert [model.objects.count() for model in (Component, ComponentVersion, DataAsset, Pipeline)] == counts
    assert (again.pipeline, again.created) == (first.pipeline, False)
    assert again.pipeline is not None
    assert again.pipeline.revision == 0


def test_a_changed_file_is_a_new_revision_of_a_pipeline_that_nobody_edited(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    root = tree(tmp_path / "tree")
    first = pipeline_import(workspace=world.workspace, user=world.alice, root=root).pipeline
    (root / "pipeline.yml").write_text(PIPELINE.replace("rate: 0.5", "rate: 0.7"))
    again = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert first is not None
    assert again.pipeline is not None
    assert (again.pipeline.pk, again.pipeline.revision, again.created) == (first.pk, 1, False)
    assert again.pipeline.document["inputs"]["rate"]["default"] == 0.7
    moved = [{"op": "move", "positions": {"first": [5, 5]}}]
    operations_apply(pipeline=again.pipeline, user=world.alice, op_id=uuid.uuid4(), ops=moved)
    third = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert third.created


def test_a_registered_version_with_the_same_content_is_taken(world: SimpleNamespace, tmp_path: Path) -> None:
    text = (tmp_path / "load" / "component.yml").read_text()
    job = "type: pipeline\njobs: {a: {component: ./load.yml}}\n"
    root = tree(tmp_path / "tree", {"pipeline.yml": job, "load.yml": text})
    done = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert done.document["nodes"]["a"]["component"] == "load:1.0.0"


def test_every_fault_of_every_file_is_told_and_nothing_is_kept(world: SimpleNamespace) -> None:
    files = FILES | {
        "one/step.yml": STEP.replace("inputs.rate", "inputs.rat").replace("type: number", "type: float"),
        "nested/inner.yml": INNER.replace("parent.inputs.data", "parent.inputs.dat"),
        "pipeline.yml": PIPELINE.replace("jobs.first", "jobs.fist"),
    }
    answer = sent(world, file=zipped(files))
    assert answer.status_code == 422
    found = [(fault["file"], fault["line"], fault["message"]) for fault in answer.json()["faults"]]
    assert [(file, line) for file, line, _ in found] == [
        ("nested/inner.yml", 10), ("one/step.yml", 7), ("pipeline.yml", 18),
    ]  # fmt: skip
    assert "did you mean `data`?" in found[0][2]
    assert "did you mean `first`?" in found[2][2]
    assert not Pipeline.objects.exists()
    assert not Component.objects.filter(anonymous=True).exists()


def test_a_look_alone_keeps_nothing(world: SimpleNamespace) -> None:
    answer = sent(world, file=zipped(FILES), dry_run="true")
    assert (answer.status_code, answer.json()["pipeline"]) == (200, None)
    assert not Pipeline.objects.exists()
    assert not DataAsset.objects.exists()


def test_values_can_be_set_before_the_file_is_read(world: SimpleNamespace) -> None:
    answer = sent(world, file=zipped(FILES), set='{"settings.force_rerun": true, "inputs.rate": 2}')
    document = Pipeline.objects.get(pk=answer.json()["pipeline"]["id"]).document
    assert document["settings"] == {"force_rerun": True}
    assert document["inputs"]["rate"]["default"] == 2
    refused = sent(world, file=zipped(FILES), set='{"jobs.first.component.name": "x"}')
    assert "`component` is no mapping" in refused.json()["faults"][0]["message"]


def test_a_tree_with_several_pipelines_asks_for_the_path(world: SimpleNamespace) -> None:
    files = FILES | {"other.yml": PIPELINE}
    refused = sent(world, file=zipped(files))
    assert (refused.status_code, refused.json()["candidates"]) == (422, ["other.yml", "pipeline.yml"])
    assert sent(world, file=zipped(files), path="other.yml").status_code == 201
    assert sent(world, file=zipped({"a.txt": ""})).json()["code"] == "no_pipeline"


def test_a_component_that_is_not_registered_is_found_by_its_name_in_the_tree(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    job = 'type: pipeline\nsettings: {}\njobs:\n  a:\n    component: azureml:step@latest\n    inputs: {data: {path: "azureml:sales@latest", type: uri_folder}}\n'
    sales = "$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\nname: sales\ntype: uri_folder\npath: ./data\n"
    done = pipeline_import(
        workspace=world.workspace,
        user=world.alice,
        root=tree(tmp_path / "tree", FILES | {"pipeline.yml": job, "sales.yml": sales}),
    )
    assert done.document["nodes"]["a"]["component"].startswith("step:anon-")
    assert done.document["nodes"]["sales"]["asset"].startswith("sales:anon-")


def test_what_cannot_run_here_is_a_node_that_says_why(world: SimpleNamespace, tmp_path: Path) -> None:
    job = """\
type: pipeline
inputs: {rows: {type: uri_folder, path: ./data}}
jobs:
  search:
    type: automl
    task: regression
    training_data: ${{parent.inputs.rows}}
    outputs: {best: {type: mlflow_model}}
  prompt: {type: parallel, component: ./flow.dag.yaml, inputs: {data: "${{parent.inputs.rows}}"}}
  missing:
    component: azureml://registries/azureml/components/score/versions/0.1
    inputs: {model: "${{parent.jobs.search.outputs.best}}", rate: 3}
  old: {component: ./old.yml}
  step:
    component: azureml:train:1.0.0
    inputs: {data: "${{parent.jobs.missing.outputs.table}}", depth: 3}
"""
    files = {
        "pipeline.yml": job,
        "data/a.csv": "1",
        "flow.dag.yaml": "inputs: {}\nnodes: []\n",
        "old.yml": "type: CommandComponent\nname: x\n",
    }
    done = pipeline_import(workspace=world.workspace, user=world.alice, root=tree(tmp_path / "tree", files))
    cannot = {id: found[0]["message"] for id, found in done.problems.items() if found[0]["code"] == "cannot_run"}
    assert set(cannot) == {"search", "prompt", "missing", "old"}
    assert "AutoML" in cannot["search"]
    assert "Prompt flows" in cannot["prompt"]
    assert "`score:0.1` of the registry `azureml`" in cannot["missing"]
    assert "old v1.5 format" in cannot["old"]
    assert set(done.document["edges"]) == {"prompt.data", "missing.model", "step.data"}
    assert ComponentVersion.objects.get(component__name="search").spec.body == {
        "type": "automl", "task": "regression", "training_data": "${{parent.inputs.rows}}",
    }  # fmt: skip


def test_an_address_is_kept_as_one(world: SimpleNamespace, tmp_path: Path) -> None:
    job = "type: pipeline\ninputs:\n  rows: {type: uri_file, path: 'azureml:wasbs://a@b.blob.core.windows.net/x.csv'}\njobs: {a: {component: 'azureml:load:1.0.0'}}\n"
    pipeline_import(workspace=world.workspace, user=world.alice, root=tree(tmp_path / "tree", {"p.yml": job}))
    asset = DataAsset.objects.get()
    assert (asset.uri, asset.type, asset.location) == ("wasbs://a@b.blob.core.windows.net/x.csv", "uri_file", "")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("./one/step.yml", "../step.yml", "`../step.yml` lies outside of what was imported"),
        (
            "./one/step.yml",
            "./one/stop.yml",
            "`./one/stop.yml` does not exist beside the file that names it; did you mean `one/step.yml`?",
        ),
        (
            "path: ./data}",
            "path: ./date}",
            "`./date` does not exist beside the file that names it; did you mean `data`?",
        ),
    ],
)
def test_a_file_that_is_not_there_is_a_fault(
    world: SimpleNamespace, tmp_path: Path, old: str, new: str, message: str
) -> None:
    root = tree(tmp_path / "tree", FILES | {"pipeline.yml": PIPELINE.replace(old, new)})
    with pytest.raises(SpecError) as error:
        pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert message in [fault.message for fault in error.value.faults]


def test_components_that_contain_each_other_are_a_fault(world: SimpleNamespace, tmp_path: Path) -> None:
    inner = "type: pipeline\nname: {0}\njobs: {{a: {{component: ./{1}.yml}}}}\n"
    files = {
        "pipeline.yml": "type: pipeline\njobs: {a: {component: ./b.yml}}\n",
        "b.yml": inner.format("b", "c"),
        "c.yml": inner.format("c", "b"),
    }
    with pytest.raises(SpecError) as error:
        pipeline_import(
            workspace=world.workspace, user=world.alice, root=tree(tmp_path / "tree", files), path="pipeline.yml"
        )
    assert "cannot be within it" in str(error.value)


def test_only_those_who_may_edit_import(world: SimpleNamespace) -> None:
    assert sent(world, world.vera, file=zipped(FILES)).status_code == 403
    assert sent(world, world.mallory, file=zipped(FILES)).status_code == 404


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.com/a", "by https"),
        ("https://me:secret@example.com/a", "without a password"),
        ("https://127.0.0.1/a", "private network"),
        ("file:///etc", "by https"),
    ],
)
def test_repositories_are_fetched_from_public_machines_by_https_alone(
    world: SimpleNamespace, url: str, sentence: str
) -> None:
    answer = sent(world, git=url)
    assert answer.status_code in (400, 422)
    if answer.status_code == 422:
        assert sentence in answer.json()["detail"]
        assert "secret" not in answer.json()["detail"]


def test_no_file_is_a_refusal(world: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(NoPipeline, match="no pipeline job"):
        pipeline_import(workspace=world.workspace, user=world.alice, root=tree(tmp_path / "tree", {"a.txt": ""}))


PAGE = "/w/main/pipelines/import/"


def test_the_page_tells_faults_with_their_lines(world: SimpleNamespace) -> None:
    files = FILES | {"pipeline.yml": PIPELINE.replace("rate: 0.5", "rate: [1]")}
    answer = signed_in(world.alice).post(PAGE, {"file": zipped(files)})
    html = answer.content.decode()
    assert "Not imported: 1 error" in html
    assert "pipeline.yml:9:3" in html
    assert "rate: [1]" in html


def test_conda_packages_that_pip_does_not_have_are_left_out_with_a_warning(
    world: SimpleNamespace, tmp_path: Path
) -> None:
    conda = "channels: [conda-forge]\ndependencies: [python=3.11, gcc, {pip: [numpy~=1.26]}]\n"
    root = tree(tmp_path / "tree", **{"one/conda.yml": conda})
    found = pipeline_import(workspace=world.workspace, user=world.alice, root=root)
    assert found.pipeline is not None
    told = [f"{warning.file}:{warning.line} {warning.message}" for warning in found.warnings]
    assert len([each for each in told if each.startswith("one/step.yml:11 Left out `gcc`")]) == 1, told


def test_the_page_opens_what_it_imported_and_shows_warnings(world: SimpleNamespace) -> None:
    here = FILES | {"pipeline.yml": PIPELINE.replace("cpu-cluster", "serverless").replace("azureml:gpu", "local")}
    html = signed_in(world.alice).post(PAGE, {"file": zipped(here)}).content.decode()
    assert f'href="/w/main/pipelines/{Pipeline.objects.get().pk}/" data-open' in html
    files = FILES | {"pipeline.yml": PIPELINE.replace("settings: {", "settings: {default_datestore: x, ")}
    html = signed_in(world.alice).post(PAGE, {"file": zipped(files)}).content.decode()
    assert "there is no compute target `cpu-cluster` here" in html
    assert "Brought up to date" in html
    assert "did you mean `default_datastore`?" in html
    assert "data-open" not in html


def test_the_page_is_for_those_who_may_edit(world: SimpleNamespace) -> None:
    assert signed_in(world.alice).get(PAGE).status_code == 200
    assert signed_in(world.vera).get(PAGE).status_code == 403
    refused = signed_in(world.alice).post(PAGE, {"git": "http://example.com/x"}).content.decode()
    assert "by https and without a password" in refused
