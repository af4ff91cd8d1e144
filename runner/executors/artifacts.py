"""What a script leaves in `outputs/` and `logs/`, or logs with MLflow: kept as the step's output `artifacts`.

In Azure ML this is the job's artifact root, beside its outputs. An inline job may declare `artifacts` as an output, and
a step behind it reads `<in>/outputs/...` (`shared/azureml.md` 2.3). One that is written to is an ordinary output.
"""

import os
import shutil
from pathlib import Path

from runner.executors.staging import KEPT_FOLDERS, Stage

ARTIFACTS = "artifacts"


def gather_artifacts(stage: Stage, logged: list[tuple[str, Path]]) -> None:
    """Move what a script left there, and what it logged with MLflow, to one folder: a further output of the stage.

    `logged` has folders, and where each goes.
    """
    found = [path for name in KEPT_FOLDERS if _has_something(path := stage.code / name)]
    place = _place(stage) if found or logged else None
    if place is None:
        return
    for path in found:
        os.rename(path, place / path.name)
    for name, folder in logged:
        shutil.copytree(folder, place / name, dirs_exist_ok=True, copy_function=shutil.move)


def _place(stage: Stage) -> Path | None:
    """The folder that they go to, there from now on; None where an output of that name has content of its own."""
    place = stage.outputs.get(ARTIFACTS)
    if place is not None:
        return place if place.is_dir() and not _has_something(place) else None
    place = stage.outputs[ARTIFACTS] = stage.root / "out" / ARTIFACTS
    place.mkdir(parents=True, exist_ok=True)
    return place


def _has_something(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(True for _ in entries)
    except OSError:
        return False
