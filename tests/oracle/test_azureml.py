"""The importer held against azure-ai-ml: what one of them loads the other does too, with the same jobs and values."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from designer.catalog import RegistryCatalog
from designer.graph.azure.writing import write_job
from designer.graph.problems import has_errors
from designer.models import Pipeline, Template
from designer.services.azure_export import pipeline_export
from designer.services.imports import pipeline_import
from designer.services.pipelines import pipeline_create
from designer.services.templates import register_templates
from registry.services.library import register_builtins
from registry.spec.faults import SpecError
from tests.designer.conftest import world  # noqa: F401  (the fixture)
from tests.oracle.conftest import Check

CORPUS = Path(__file__).parents[1] / "fixtures" / "azureml"
VALID = sorted((CORPUS / "valid").glob("*.yml"))
INVALID = sorted((CORPUS / "invalid").glob("*.yml"))

LATER = {
    "binding-to-a-missing-input": "Azure ML finds bindings that lead nowhere only when the job is submitted",
    "binding-to-a-missing-job": "the same",
    "binding-to-a-missing-output": "the same",
    "command-names-no-port": "the same",
    "unknown-input": "the same",
}
"""Files that we refuse and azure-ai-ml loads, each with the reason."""


def facts(check: Check, files: list[Path]) -> dict[str, Any]:
    """What azure-ai-ml makes of files, by path."""
    found: dict[str, Any] = json.loads(check("azureml", "azureml_facts.py", *files))
    return found


_known: dict[str, Any] = {}


@pytest.fixture
def oracle(check: Check) -> dict[str, Any]:
    """The same of the corpus: asked once."""
    if not _known:
        _known.update(facts(check, [*VALID, *INVALID]))
    return _known


def imported(world: SimpleNamespace, file: Path) -> Pipeline:  # noqa: F811
    root = CORPUS if file.is_relative_to(CORPUS) else file.parent
    found = pipeline_import(
        workspace=world.workspace, user=world.alice, root=root, path=str(file.relative_to(root))
    ).pipeline
    assert found is not None
    return found


def ours(world: SimpleNamespace, file: Path) -> dict[str, Any]:  # noqa: F811
    pipeline = imported(world, file)
    catalog = RegistryCatalog(world.workspace)
    catalog.load(pipeline.document)
    jobs: dict[str, Any] = write_job(pipeline.document, catalog).data["jobs"]
    return jobs


def plain(value: Any) -> Any:
    """A value as both write it: bindings without their mapping, data without where it lies."""
    if isinstance(value, dict) and "path" in value:
        path = str(value["path"])
        return path.replace(" ", "") if path.startswith("${{") else "data"
    if isinstance(value, str) and value.startswith("${{"):
        return value.replace(" ", "")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.stem)
def test_a_valid_file_has_the_same_jobs_and_values(
    file: Path,
    oracle: dict[str, Any],
    world: SimpleNamespace,  # noqa: F811
) -> None:
    theirs = oracle[str(file)]["jobs"]
    jobs = ours(world, file)
    assert set(jobs) == set(theirs)
    for name, job in theirs.items():
        inputs = {key: plain(value) for key, value in job["inputs"].items()}
        assert {key: plain(value) for key, value in jobs[name].get("inputs", {}).items()} == inputs, name
        promoted = {key: plain(value) for key, value in job["outputs"].items() if "parent.outputs" in str(value)}
        given = {key: plain(value) for key, value in jobs[name].get("outputs", {}).items()}
        assert {key: value for key, value in given.items() if "parent.outputs" in str(value)} == promoted, name


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_an_invalid_file_is_refused_by_both(
    file: Path,
    oracle: dict[str, Any],
    world: SimpleNamespace,  # noqa: F811
) -> None:
    assert ("error" in oracle[str(file)]) is (file.stem not in LATER)
    path = str(file.relative_to(CORPUS))
    try:
        found = pipeline_import(workspace=world.workspace, user=world.alice, root=CORPUS, path=path, dry_run=True)
    except SpecError:
        return
    # A draft may be unfinished, but it cannot be run so.
    assert has_errors(found.problems)


def exported(folder: Path, pipeline: Pipeline) -> Path:
    made = pipeline_export(pipeline)
    for path, content in made.files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder / made.file


def test_all_that_is_exported_is_loaded_there_and_the_same_here(
    check: Check,
    world: SimpleNamespace,  # noqa: F811
    tmp_path: Path,
) -> None:
    register_builtins(world.workspace)
    register_templates(world.workspace)
    pipelines = [imported(world, file) for file in VALID if file.stem not in ("automl", "missing-registry-component")]
    for template in Template.objects.filter(workspace=world.workspace):
        made = pipeline_create(
            workspace=world.workspace, user=world.alice, name=template.title, document=template.document
        )
        pipelines.append(made)
    files = {exported(tmp_path / str(pipeline.pk), pipeline): pipeline for pipeline in pipelines}
    found = facts(check, list(files))
    assert {str(file): found[str(file)]["error"] for file in files if "error" in found[str(file)]} == {}
    for file, pipeline in files.items():
        root = tmp_path / str(pipeline.pk)
        again = pipeline_import(
            workspace=world.workspace, user=world.alice, root=root, path=str(file.relative_to(root))
        )
        assert again.document == pipeline.document, file
