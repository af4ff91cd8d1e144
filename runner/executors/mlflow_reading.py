"""Reading what a step logged with MLflow, also while it does so: what is new since the last look is read, no more."""

import contextlib
import json
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

# Of a model that was logged whole.
READY = 2
# What is kept of a step for its page; all of it lies in the store's files until the step ends.
MOST_POINTS = 6_000
MOST_POINTS_EACH = 500
MOST_NAMES = 300
MOST_CHILDREN = 100
MOST_TEXT = 2_000
MOST_KNOWN = 20_000


@dataclass
class _Metric:
    """The values of one metric: all of them while they are few, else each `stride`th, and always the last."""

    points: list[list[float]] = field(default_factory=list)
    last: list[float] | None = None
    offset: int = 0
    seen: int = 0
    stride: int = 1
    fresh: list[float] = field(default_factory=list)
    known: set[tuple[float, ...]] = field(default_factory=set)

    def read(self, path: Path) -> bool:
        """Take what was appended; whether there was any."""
        with path.open("rb") as file:
            file.seek(self.offset)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self.offset += len(data)
        for line in data.decode("utf-8", "replace").splitlines():
            self._add(line.split())
        return bool(data)

    def _add(self, words: list[str]) -> None:
        with contextlib.suppress(ValueError, IndexError):
            at, value, step = int(float(words[0])), float(words[1]), int(words[2]) if len(words) > 2 else 0
            if not math.isfinite(value):
                return
            # It writes a run's metrics once more for each model that it logs.
            if (entry := (step, value, at)) in self.known:
                return
            if len(self.known) < MOST_KNOWN:
                self.known.add(entry)
            self.last = [step, value, at]
            self.fresh.append(value)
            if self.seen % self.stride == 0:
                self.points.append(self.last)
            self.seen += 1
            if len(self.points) > MOST_POINTS_EACH:
                self.points = self.points[::2]
                self.stride *= 2

    def plain(self, most: int) -> dict[str, Any]:
        every = -(-len(self.points) // max(2, most))
        points = self.points[:: every or 1]
        return {
            "last": self.last[1] if self.last else None,
            "count": self.seen,
            "points": _with_last(points, self.last),
        }


class MlflowReader:
    """What lies in one store. `main` is the run that was made for the step, if one was."""

    def __init__(self, root: Path, main: str = "") -> None:
        self.root, self.main = root, main
        self._metrics: dict[Path, _Metric] = {}

    def news(self) -> dict[str, list[float]]:
        """The values of metrics that came since the last call, by name."""
        found: dict[str, list[float]] = {}
        for run in self._runs():
            for name, path in _files(run / "metrics"):
                metric = self._metrics.setdefault(path, _Metric())
                with contextlib.suppress(OSError):
                    metric.read(path)
                if metric.fresh:
                    found.setdefault(name, []).extend(metric.fresh)
                    metric.fresh = []
        return found

    def plain(self) -> dict[str, Any]:
        """All of it, as it is kept and shown; `{}` where nothing was logged.

        What was logged to other runs than the step's own is shown with it, but for runs that are children of another:
        they are listed.
        """
        self.news()
        runs = self._runs()
        children = [run for run in runs if (run / "tags" / "mlflow.parentRunId").exists()]
        own = [run for run in runs if run not in children]
        params: dict[str, str] = {}
        tags: dict[str, str] = {}
        metrics: dict[str, _Metric] = {}
        for run in own:
            params = {**_texts(run / "params"), **params}
            tags = {**_tags(run), **tags}
            metrics = {**self._metrics_of(run), **metrics}
        most = MOST_POINTS // max(1, len(metrics))
        found = {
            "params": params,
            "tags": tags,
            "metrics": {name: metric.plain(most) for name, metric in sorted(metrics.items())[:MOST_NAMES]},
            "models": self._models(own),
            "children": [self._child(run) for run in children[:MOST_CHILDREN]],
        }
        return {name: value for name, value in found.items() if value}

    def artifacts(self) -> list[tuple[str, Path]]:
        """The folders of what was logged as files and as models: where each goes, and where it lies."""
        found: list[tuple[str, Path]] = []
        for run in self._runs():
            folder = run / "artifacts"
            named = "" if run.name == self.main or not self._is_child(run) else f"children/{_run_name(run)}"
            found += [(named, folder)] if folder.is_dir() and any(folder.iterdir()) else []
        for model in self._logged_models():
            name = str(_meta(model).get("name") or model.name)
            if (model / "artifacts").is_dir():
                found.append((name, model / "artifacts"))
        return found

    def _runs(self) -> list[Path]:
        """The runs of all experiments: the step's own first, then in the order in which they were begun."""
        found = [path.parent for path in self.root.glob("*/*/meta.yaml") if (path.parent / "metrics").is_dir()]
        return sorted(found, key=lambda run: (run.name != self.main, run.stat().st_ctime_ns))

    def _is_child(self, run: Path) -> bool:
        return (run / "tags" / "mlflow.parentRunId").exists()

    def _metrics_of(self, run: Path) -> dict[str, _Metric]:
        return {name: metric for name, path in _files(run / "metrics") if (metric := self._metrics.get(path))}

    def _child(self, run: Path) -> dict[str, Any]:
        metrics = {name: metric.last[1] for name, metric in self._metrics_of(run).items() if metric.last}
        return {"name": _run_name(run), "params": _texts(run / "params"), "metrics": metrics}

    def _logged_models(self) -> list[Path]:
        """The models of MLflow 3, which lie beside the runs of their experiment."""
        found = [
            path.parent for path in self.root.glob("*/models/*/meta.yaml") if _meta(path.parent).get("status") == READY
        ]
        return sorted(found, key=lambda model: model.stat().st_ctime_ns)

    def _models(self, runs: list[Path]) -> list[dict[str, Any]]:
        names = [str(_meta(model).get("name") or model.name) for model in self._logged_models()]
        for run in runs:
            names += _models_in_tags(run)
        registered = [path.parent.parent.name for path in sorted(self.root.glob("models/*/version-*/meta.yaml"))]
        return [{"path": name} for name in dict.fromkeys(names)] + [
            {"registered": name} for name in dict.fromkeys(registered)
        ]


def _with_last(points: list[list[float]], last: list[float] | None) -> list[list[float]]:
    return points if last is None or (points and points[-1] == last) else [*points, last]


def _models_in_tags(run: Path) -> list[str]:
    """The models of MLflow 1 and 2, which lie among the run's files and are named in one of its tags."""
    try:
        history = json.loads((run / "tags" / "mlflow.log-model.history").read_text(encoding="utf-8"))
        return [str(entry["artifact_path"]) for entry in history]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _files(folder: Path) -> list[tuple[str, Path]]:
    """Each file with its name, in which `/` are folders."""
    found = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [((Path(place) / name).relative_to(folder).as_posix(), Path(place) / name) for name in sorted(names)]
    return found


def _texts(folder: Path) -> dict[str, str]:
    texts = {}
    for name, path in _files(folder)[:MOST_NAMES]:
        with contextlib.suppress(OSError):
            texts[name] = path.read_text(encoding="utf-8", errors="replace").replace("\0", "")[:MOST_TEXT]
    return texts


def _tags(run: Path) -> dict[str, str]:
    """The author's own: not those by which MLflow keeps its books."""
    return {name: text for name, text in _texts(run / "tags").items() if not name.startswith("mlflow.")}


def _run_name(run: Path) -> str:
    try:
        return (run / "tags" / "mlflow.runName").read_text(encoding="utf-8").replace("/", "_")[:200]
    except OSError:
        return run.name


def _meta(folder: Path) -> dict[str, Any]:
    try:
        found = YAML(typ="safe", pure=True).load((folder / "meta.yaml").read_text(encoding="utf-8"))
    except (OSError, YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
