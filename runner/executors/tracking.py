"""A step's MLflow: where its script finds one, and what becomes of what it logs there."""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from runner.executors.mlflow_reading import MlflowReader
from runner.executors.mlflow_store import files_mention, lay_store, mentions, store_variables
from runner.executors.staging import Stage
from runner.services.attempts import Claim
from runner.services.tracking import tracking_keep
from runner.services.versions import version_of

LOOK_SECONDS = 1.0
# A long training is looked at less and less often: each look is an event that is kept.
SLOWER = 20
MOST_SECONDS = 30.0
MOST_KNOWN = 1000


class Tracker:
    """One attempt's. `variables` lead MLflow to it; a store is laid out ahead only for code that is about MLflow."""

    def __init__(self, claim: Claim, stage: Stage, command: str, on_metric: Callable[[str, float], None]) -> None:
        self._claim, self._on_metric = claim, on_metric
        self._root = stage.root / "mlflow"
        self._reader: MlflowReader | None = None
        self._begun = self._looked = time.monotonic()
        self._kept: dict[str, Any] = {}
        if settings.MLFLOW_TRACKING_URI:
            self.variables = {
                "MLFLOW_TRACKING_URI": settings.MLFLOW_TRACKING_URI,
                "MLFLOW_EXPERIMENT_NAME": claim.experiment,
            }
        elif _is_about_mlflow(claim, stage, command):
            self.variables = lay_store(self._root, claim.experiment, claim.step.title)
            self._reader = MlflowReader(self._root, self.variables["MLFLOW_RUN_ID"])
        else:
            self.variables = store_variables(self._root)

    def idle(self) -> float | None:
        """Look, where it is time to; answers in how many seconds to look again."""
        if self._reader is None:
            return None
        now = time.monotonic()
        wait = max(LOOK_SECONDS, min(MOST_SECONDS, (now - self._begun) / SLOWER)) - (now - self._looked)
        if wait > 0:
            return wait
        self._looked = now
        if self._tell():
            self._keep()
        return LOOK_SECONDS

    def close(self) -> None:
        """The step's process has ended, however it did."""
        if self._reader is None and not settings.MLFLOW_TRACKING_URI and self._root.is_dir():
            self._reader = MlflowReader(self._root)
        if self._reader is not None:
            self._tell()
            self._keep()

    @property
    def logged(self) -> list[tuple[str, Path]]:
        """The folders of files and models that were logged, and where each goes among the step's artifacts."""
        return self._reader.artifacts() if self._reader else []

    def _tell(self) -> bool:
        """Tell a sweep the new values; whether there were any."""
        news = self._reader.news() if self._reader else {}
        for name, values in news.items():
            for value in values:
                self._on_metric(name, value)
        return bool(news)

    def _keep(self) -> None:
        found = self._reader.plain() if self._reader else {}
        if found and found != self._kept:
            self._kept = found
            tracking_keep(self._claim, found)


def _is_about_mlflow(claim: Claim, stage: Stage, command: str) -> bool:
    """Whether the code, the command or the environment mentions it; of what is known of the code, nothing is read."""
    packages = claim.step.environment.get("packages", ())
    return mentions(command, *packages) or _code_mentions(claim.step.component_version_id or 0, stage.code)


_known: OrderedDict[str, bool] = OrderedDict()


def _code_mentions(version: int, code: Path) -> bool:
    snapshot = version_of(version).code
    if snapshot is None:
        return False
    if snapshot.digest not in _known:
        _known[snapshot.digest] = files_mention(code, [path for path, _ in snapshot.files])
        if len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return _known[snapshot.digest]
