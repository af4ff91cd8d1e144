"""Runs as the command line knows them: a job by its name, a step as a job within it (`{job}/{node}`).

Every function here costs a fixed number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from designer.catalog import RegistryCatalog
from designer.graph.azure.patching import written
from designer.graph.azure.writing import write_job
from designer.graph.document import Document
from registry.models import Workspace
from runner.models import Artifact, Run, RunTag, Step
from runner.selectors import artifact_summary, run_summary

PIPELINE = "pipeline"


def job_summary(run: Run) -> dict[str, Any]:
    """A run as lists of jobs show it."""
    return {"type": PIPELINE, "parent": None, **run_summary(run)}


def job_detail(run: Run) -> dict[str, Any]:
    """A run with its settings and what its outputs are so far. One query besides the run's."""
    makers = {node for node, _ in run.outputs.values()}
    found = Artifact.objects.filter(run=run, step__node_id__in=makers).select_related("step").defer("preview")
    made = {(artifact.step.node_id, artifact.output): artifact_summary(artifact) for artifact in found}
    outputs = {
        name: {"node": node, "output": output, "artifact": made.get((node, output))}
        for name, (node, output) in run.outputs.items()
    }
    return {**job_summary(run), "settings": run.settings, "outputs": outputs}


def job_yaml(run: Run) -> dict[str, Any]:
    """What ran, as a job's YAML: the frozen graph, with the values that the inputs had.

    It has no name, so that the same file may be run again. At most three queries.
    """
    document: Document = run.document
    kept = {key: value for key, value in document.get("kept", {}).items() if key not in ("name", "tags")}
    kept["experiment_name"] = run.experiment_name
    if run.tags:
        kept["tags"] = run.tags
    inputs = {
        name: {**input_, "default": run.inputs.get(name, input_["default"])}
        for name, input_ in document["inputs"].items()
    }
    shown: Any = {**document, "kept": kept, "inputs": inputs, "name": run.display_name, "description": run.description}
    catalog = RegistryCatalog(run.workspace)
    catalog.load(shown)
    job = write_job(shown, catalog)
    return {"text": written(job.data), "losses": list(dict.fromkeys(job.losses))}


def job_steps(run: Run) -> QuerySet[Step]:
    """The steps of a run in order, those of iterations too."""
    unneeded = ("params", "assets", "command", "ingredients", "environment")
    large = (f"component_version__{name}" for name in ("spec_data", "interface", "yaml", "graph"))
    found = Step.objects.filter(run=run).select_related("component_version__component").defer(*unneeded, *large)
    return found.annotate(component_type=KeyTextTransform("type", "component_version__spec_data"))


def step_summaries(run: Run, steps: Iterable[Step]) -> Iterator[dict[str, Any]]:
    """Steps as lists of jobs show them. One query."""
    steps = list(steps)
    outputs: dict[int, dict[str, Any]] = defaultdict(dict)
    for artifact in Artifact.objects.filter(step__in=steps).defer("preview"):
        outputs[artifact.step_id][artifact.output] = artifact_summary(artifact)
    for step in steps:
        version = step.component_version
        yield {
            "name": f"{run.name}/{step.node_id}",
            "parent": run.name,
            "node": step.node_id,
            "type": (step.component_type or "command") if version else step.kind,  # type: ignore[attr-defined]
            "kind": step.kind,
            "display_name": step.title,
            "component": version.ref if version else None,
            "status": step.status,
            "message": step.message,
            "reused": step.reused,
            "attempt": step.attempt,
            "exit_code": step.exit_code,
            "progress": step.progress,
            "started_at": step.started_at,
            "ended_at": step.ended_at,
            "outputs": outputs[step.pk],
        }


def experiments_of(workspace: Workspace) -> list[str]:
    """The experiments that runs are filed under, by name."""
    found = Run.objects.filter(workspace=workspace, archived_at=None).order_by("experiment_name")
    return list(found.values_list("experiment_name", flat=True).distinct())


def tags_of(workspace: Workspace) -> list[str]:
    """The tags that runs have, as `key=value`, by name; at most 200."""
    found = RunTag.objects.filter(run__workspace=workspace, run__archived_at=None).order_by("key", "value")
    return [f"{key}={value}" if value else key for key, value in found.values_list("key", "value").distinct()[:200]]
