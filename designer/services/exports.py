"""A pipeline as a file of another engine: what is exported, what is lost by it, and the files to download."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from designer.catalog import RegistryCatalog, components_within
from designer.graph.azure.patching import written as yaml_text
from designer.graph.document import Document
from designer.graph.export.airflow import airflow
from designer.graph.export.argo import argo
from designer.graph.export.flat import Findings, Flat, slug
from designer.graph.export.kfp import kfp
from designer.graph.export.python import write_python
from designer.graph.export.steps import Part, flat
from designer.graph.modes import DISABLED, resolved
from designer.models import Pipeline
from designer.services.azure_export import pipeline_export as azure_export
from designer.services.export_environments import ExportedEnvironments
from registry import store
from registry.models import CodeSnapshot, ComponentVersion, Workspace
from registry.refusal import Refusal

CODE_LIMIT = 20 * 1024 * 1024
"""Bytes of the code of one component that is exported."""


@dataclass
class Export:
    """What a format makes of a pipeline. With `losses` there is nothing to download; `files` are by path."""

    name: str
    findings: Findings = field(default_factory=Findings)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One way out: how people call it, and what makes it of a pipeline's draft."""

    title: str
    description: str
    make: Callable[[Pipeline], Export]


class CannotExport(Refusal):
    """The format cannot express the pipeline; `findings` has the sentences."""

    code = "cannot_export"
    status = 422

    def __init__(self, title: str, findings: Findings) -> None:
        super().__init__(f"This pipeline cannot be exported as {title}: {findings.losses[0]}")
        self.findings = findings


def pipeline_export(pipeline: Pipeline, format: str) -> Export:
    """The draft in a format of FORMATS, ready to download. Raises CannotExport."""
    made = FORMATS[format].make(pipeline)
    if made.findings.losses:
        raise CannotExport(FORMATS[format].title, made.findings)
    return made


def export_checks(pipeline: Pipeline) -> list[dict[str, Any]]:
    """Every format, with what it cannot express of the draft and what is weaker there."""
    checks = []
    for name, format in FORMATS.items():
        findings = format.make(pipeline).findings
        checks.append(
            {
                "format": name,
                "title": format.title,
                "description": format.description,
                "losses": findings.losses,
                "warnings": findings.warnings,
            }
        )
    return checks


def _of_steps(write: Callable[[Flat, Findings], dict[str, bytes]]) -> Callable[[Pipeline], Export]:
    """A format that is written from flat steps."""

    def make(pipeline: Pipeline) -> Export:
        findings = Findings()
        document = _as_it_runs(pipeline.document, RegistryCatalog(pipeline.workspace), findings)
        parts = _parts(pipeline.workspace, document, findings)
        steps = flat(document, parts, ExportedEnvironments(pipeline.workspace), findings)
        if not steps.steps and not findings.losses:
            findings.lose("The pipeline has no steps.")
        files = {} if findings.losses else write(steps, findings)
        return Export(steps.name, findings, {} if findings.losses else files)

    return make


def _python(pipeline: Pipeline) -> Export:
    """The pipeline as a function for Portline's own SDK: its components are those registered here."""
    findings, catalog = Findings(), RegistryCatalog(pipeline.workspace)
    catalog.load(pipeline.document)
    document = _as_it_runs(pipeline.document, catalog, findings)
    name = slug(document["name"])
    source = write_python(document, catalog, findings)
    return Export(name, findings, {} if findings.losses else {f"{name}.py": source.encode()})


def _as_it_runs(document: Document, catalog: RegistryCatalog, findings: Findings) -> Document:
    """Without what is bypassed; what is disabled cannot be said elsewhere."""
    for node in document["nodes"].values():
        if node.get("mode") == DISABLED:
            findings.lose(f"“{node['title']}” is disabled, which only Portline knows: enable it, or delete it.")
    if document.get("notes"):
        findings.warn("Notes stay here: the exported file has no place for them.")
    return resolved(document, catalog)


def _yaml_file(
    extension: str, write: Callable[[Flat, Findings], dict[str, Any]]
) -> Callable[[Flat, Findings], dict[str, bytes]]:
    def written(steps: Flat, findings: Findings) -> dict[str, bytes]:
        return {f"{steps.name}.{extension}.yaml": yaml_text(write(steps, findings)).encode()}

    return written


def _parts(workspace: Workspace, document: Document, findings: Findings) -> dict[str, Part]:
    """All component versions in a document, at any depth, with their code."""
    within = components_within(workspace, document)
    if not within:
        return {}
    names, versions = zip(*(ref.rpartition(":")[::2] for ref in within), strict=True)
    rows = ComponentVersion.objects.filter(
        component__workspace=workspace, component__name__in=set(names), version__in=set(versions)
    ).select_related("component", "code")
    catalog = RegistryCatalog(workspace)
    return {
        row.ref: Part(
            row.spec,
            row.graph and _as_it_runs(row.graph, catalog, findings),
            _code(row.code, row.ref, findings) if row.code else {},
        )
        for row in rows
        if row.ref in within
    }


def _code(code: CodeSnapshot, ref: str, findings: Findings) -> dict[str, bytes]:
    if sum(size for _, size in code.files) > CODE_LIMIT:
        findings.lose(f"The code of {ref} is larger than {CODE_LIMIT // 1024 // 1024} MB: make an image with it.")
        return {}
    files = {}
    for path, _ in code.files:
        with store.open_file(f"{code.location}/{path}") as file:
            files[path] = file.read()
    return files


def _azure(pipeline: Pipeline) -> Export:
    """Everything can be written for Azure ML; what it does otherwise is a warning."""
    made = azure_export(pipeline)
    name = PurePosixPath(made.file).stem if pipeline.source else slug(pipeline.name)
    return Export(name, Findings(warnings=made.losses), dict(made.files()))


FORMATS: dict[str, Format] = {
    "azureml": Format(
        "Azure ML",
        "A zip with the pipeline job's YAML, its components, their code and the data that it names",
        _azure,
    ),
    "kfp": Format(
        "Kubeflow Pipelines",
        "One YAML file, to be uploaded to Kubeflow Pipelines 2",
        _of_steps(_yaml_file("kfp", kfp)),
    ),
    "argo": Format(
        "Argo Workflows",
        "One YAML file, a Workflow to submit",
        _of_steps(_yaml_file("argo", argo)),
    ),
    "airflow": Format(
        "Apache Airflow",
        "A zip for the folder of DAGs: a Python file with the DAG, and a folder with scripts and code",
        _of_steps(airflow),
    ),
    "python": Format(
        "Python",
        "A Python file that makes and submits this pipeline with Portline's SDK",
        _python,
    ),
}
"""The formats by the word that the API knows them by, in the order in which people see them."""
