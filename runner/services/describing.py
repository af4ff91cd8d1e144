"""What runs are called and filed under: names, experiments, tags, the archive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from designer.graph.document import Document
from registry.refusal import Refusal
from runner.engine.run_names import run_name
from runner.models import Run, RunTag


class NameTaken(Refusal):
    code = "name_taken"


@dataclass(frozen=True)
class RunDetails:
    """What is asked for a run; what is None follows from its pipeline."""

    name: str | None = None
    display_name: str | None = None
    description: str | None = None
    experiment_name: str | None = None
    tags: Mapping[str, str] | None = None


NO_DETAILS = RunDetails()


def described(details: RunDetails, pipeline_name: str, document: Document) -> dict[str, Any]:
    """The fields of a new run that say what it is: as asked, else as the document's YAML says, else the pipeline's."""
    kept = document.get("kept", {})
    tags = details.tags if details.tags is not None else _texts(kept.get("tags"))
    return {
        "name": details.name or run_name(),
        "display_name": details.display_name or pipeline_name,
        "description": document["description"] if details.description is None else details.description,
        "experiment_name": details.experiment_name or str(kept.get("experiment_name") or pipeline_name)[:255],
        "tags": dict(tags),
    }


def run_insert(run: Run) -> None:
    """Write a new run and its tags, within a transaction. Raises NameTaken."""
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        if not Run.objects.filter(workspace=run.workspace_id, name=run.name).exists():
            raise
        raise NameTaken(
            f"A run of this workspace is called `{run.name}` already; give another name, or none."
        ) from None
    _tags_write(run)


def _tags_write(run: Run) -> None:
    """The rows by which runs are found, as `run.tags` says."""
    RunTag.objects.bulk_create(RunTag(run=run, key=key[:255], value=value[:1000]) for key, value in run.tags.items())


@transaction.atomic
def run_describe(
    *,
    run: Run,
    display_name: str | None = None,
    description: str | None = None,
    experiment_name: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Change what a run is called and filed under; what is None stays.

    An empty display name or experiment is the pipeline's name again.
    """
    changes: dict[str, Any] = {}
    if display_name is not None:
        changes["display_name"] = display_name or run.pipeline_name
    if description is not None:
        changes["description"] = description
    if experiment_name is not None:
        changes["experiment_name"] = experiment_name or run.pipeline_name
    if tags is not None:
        changes["tags"] = dict(tags)
    if not changes:
        return
    for name, value in changes.items():
        setattr(run, name, value)
    # Only these columns: whoever moves the run meanwhile writes others.
    Run.objects.filter(pk=run.pk).update(**changes)
    if tags is not None:
        RunTag.objects.filter(run=run).delete()
        _tags_write(run)


def run_archive(*, run: Run) -> None:
    """Leave it out of lists. It goes on if it runs, and its results stay."""
    run.archived_at = run.archived_at or timezone.now()
    Run.objects.filter(pk=run.pk).update(archived_at=run.archived_at)


def run_restore(*, run: Run) -> None:
    run.archived_at = None
    Run.objects.filter(pk=run.pk).update(archived_at=None)


def _texts(tags: Any) -> dict[str, str]:
    """Tags as YAML gives them: numbers and the like as text."""
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, Mapping) else {}
