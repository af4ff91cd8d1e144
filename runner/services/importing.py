"""A file written for Azure ML, imported and run: what `az ml job create` does."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from designer.services.imports import Imported, pipeline_import
from registry.models import User, Workspace
from runner.models import Run
from runner.services.describing import NO_DETAILS, RunDetails
from runner.services.submit import run_submit


@dataclass(frozen=True)
class ImportedRun:
    """The run, and what came of the file that it was made from; nothing where the same was asked for before."""

    run: Run
    created: bool
    imported: Imported | None


def job_import(
    *,
    workspace: Workspace,
    user: User,
    root: Path,
    path: str = "",
    changes: Mapping[str, Any] | None = None,
    trusted: bool = False,
    request_id: uuid.UUID | None = None,
    inputs: Mapping[str, Any] | None = None,
    force_rerun: bool = False,
    details: RunDetails = NO_DETAILS,
) -> ImportedRun:
    """Import the job in a folder (`pipeline_import`) and start it, under the name that the file has for it, if any.

    The pipeline stays where it cannot be run: there it can be seen why. Raises what `pipeline_import` and `run_submit`
    raise.
    """
    known = Run.objects.filter(workspace=workspace, request_id=request_id).first() if request_id else None
    if known is not None:
        return ImportedRun(known, False, None)
    done = pipeline_import(workspace=workspace, user=user, root=root, path=path, changes=changes, trusted=trusted)
    assert done.pipeline is not None
    if details.name is None and (name := done.document.get("kept", {}).get("name")):
        details = replace(details, name=str(name))
    run, created = run_submit(
        pipeline=done.pipeline,
        user=user,
        request_id=request_id or uuid.uuid4(),
        rev=done.pipeline.revision,
        inputs=inputs,
        force_rerun=force_rerun,
        details=details,
    )
    return ImportedRun(run, created, done)
