"""A place where MLflow keeps what a step logs, with nothing set up: its file store, laid out and read by hand.

Source of the format: MLflow's `FileStore` (mlflow/store/tracking/file_store.py), the same from 1.x to 3.x: a folder an
experiment and in it one a run, each with `meta.yaml`; `params/` and `tags/` hold a file a name, `metrics/` one with a
line `<milliseconds> <value> <step>` a value. Names with `/` are folders. MLflow itself is not imported: a step's
environment may have any version of it, or none.
"""

import json
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

EXPERIMENT_ID = "1"
RUNNING = 1
_MENTION = re.compile(rb"mlflow|mldesigner", re.IGNORECASE)
_READ = 4 * 1024 * 1024


def lay_store(root: Path, experiment: str, title: str) -> dict[str, str]:
    """Make a store with a run that is active from the start; answers the variables by which a script finds it."""
    run_id = uuid.uuid4().hex
    run = root / EXPERIMENT_ID / run_id
    for name in ("metrics", "params", "tags", "artifacts"):
        (run / name).mkdir(parents=True)
    now = int(time.time() * 1000)
    _write(
        root / EXPERIMENT_ID / "meta.yaml",
        {
            "artifact_location": (root / EXPERIMENT_ID).as_uri(),
            "creation_time": now,
            "experiment_id": EXPERIMENT_ID,
            "last_update_time": now,
            "lifecycle_stage": "active",
            "name": experiment,
        },
    )
    _write(
        run / "meta.yaml",
        {
            "artifact_uri": (run / "artifacts").as_uri(),
            "end_time": None,
            "entry_point_name": "",
            "experiment_id": EXPERIMENT_ID,
            "lifecycle_stage": "active",
            "run_id": run_id,
            "run_name": title,
            "run_uuid": run_id,
            "source_name": "",
            "source_type": 4,
            "source_version": "",
            "start_time": now,
            "status": RUNNING,
            "tags": [],
            "user_id": "portline",
        },
    )
    (run / "tags" / "mlflow.runName").write_text(title, encoding="utf-8")
    return {
        **store_variables(root),
        "MLFLOW_RUN_ID": run_id,
        "MLFLOW_EXPERIMENT_ID": EXPERIMENT_ID,
        "MLFLOW_EXPERIMENT_NAME": experiment,
    }


def store_variables(root: Path) -> dict[str, str]:
    """What leads MLflow to a store that it makes itself when it is first used."""
    return {
        "MLFLOW_TRACKING_URI": root.as_uri(),
        # From 3.7 on it asks for this before it uses files.
        "MLFLOW_ALLOW_FILE_STORE": "true",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }


def mentions(*texts: str) -> bool:
    """Whether a command or a value of a parameter may be about MLflow."""
    return any(_MENTION.search(text.encode()) for text in texts)


def files_mention(folder: Path, files: Iterable[str]) -> bool:
    """Whether any code or list of packages among these files is about MLflow."""
    for name in files:
        if name.endswith((".py", ".sh", ".R", ".txt", ".toml", ".yml", ".yaml", ".ipynb")):
            try:
                with (folder / name).open("rb") as file:
                    if _MENTION.search(file.read(_READ)):
                        return True
            except OSError:
                continue
    return False


def _write(path: Path, values: Mapping[str, Any]) -> None:
    """JSON is YAML too, value by value."""
    path.write_text("".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items()), encoding="utf-8")
