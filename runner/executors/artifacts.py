"""What a script leaves in `outputs/` and `logs/` of its working folder: kept as the step's output `artifacts`.

In Azure ML this is the job's artifact root, beside its outputs. An inline job may declare `artifacts` as an output, and
a step behind it reads `<in>/outputs/...` (`shared/azureml.md` 2.3). One that is written to is an ordinary output.
"""

import os
from pathlib import Path

from registry.spec.component import ComponentSpec
from registry.spec.types import is_data
from runner.executors.staging import KEPT_FOLDERS, Stage

ARTIFACTS = "artifacts"


def gather_artifacts(spec: ComponentSpec, stage: Stage) -> bool:
    """Move what is to be kept to one folder, a further output of the stage; False where there is nothing."""
    found = [path for name in KEPT_FOLDERS if _has_something(path := stage.code / name)]
    if not found:
        return False
    place = _place(spec, stage)
    if place is None:
        return False
    for path in found:
        os.rename(path, place / path.name)
    return True


def _place(spec: ComponentSpec, stage: Stage) -> Path | None:
    """The folder that they go to, there from now on; None where an output of that name has content of its own."""
    declared = spec.outputs.get(ARTIFACTS)
    if declared is not None:
        place = stage.outputs[ARTIFACTS]
        free = is_data(declared.type) and declared.type != "uri_file" and not _has_something(place)
        return place if free else None
    place = stage.outputs[ARTIFACTS] = stage.root / "out" / ARTIFACTS
    place.mkdir(parents=True, exist_ok=True)
    return place


def _has_something(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:
        return False
