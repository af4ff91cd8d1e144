"""A step's files before it starts: a copy of its code, its inputs, and empty places for its outputs."""

import os
import re
import shutil
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.spec.component import ComponentSpec
from registry.spec.types import is_data
from registry.spec.values import Scalar, parse, text
from runner.executors import identity
from runner.executors.downloads import CACHE, WORKERS, CannotStage, use, use_address
from runner.executors.folders import Shape, folders
from runner.models import Step
from runner.selectors import Arrived, arrived
from runner.services.versions import version_of

__all__ = ["CACHE", "WORKERS", "CannotStage", "Stage", "lay_out", "sweep", "tidy"]
KEPT_FOLDERS = ("outputs", "logs")
"""Beside the code: Azure ML's scripts count on both, and what a step writes there is kept."""

SITE = "site"
"""What a step installs for itself, where its environment is the server's own."""

PREFIX = "INPUT_"
"""Azure ML's, of an input's place below AZUREML_CR_DATA_CAPABILITY_PATH."""

# What a shell would take for a pattern, as in the path of a loop's iteration.
_UNSAFE = re.compile(r"[^\w.-]")
_sweeper = ThreadPoolExecutor(1, thread_name_prefix="sweeper")
_left: deque[Callable[[], None]] = deque()


@dataclass
class Stage:
    """The laid-out files of one attempt. `values` and `paths` are what the command is bound with."""

    root: Path
    code: Path
    shape: Shape = ()
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Path] = field(default_factory=dict)
    values: dict[str, str | None] = field(default_factory=dict)
    _unused: bool = False

    @property
    def literals(self) -> dict[str, str | None]:
        """The inputs that are no data, as text."""
        side = "inputs."
        given = {key.removeprefix(side): value for key, value in self.values.items() if key.startswith(side)}
        return {name: value for name, value in given.items() if name not in self.inputs}

    @property
    def paths(self) -> frozenset[str]:
        return frozenset({f"inputs.{name}" for name in self.inputs} | {f"outputs.{name}" for name in self.outputs})

    def let_go(self) -> None:
        """Nothing that the step started runs any more."""
        self._unused = True

    def remove(self) -> None:
        """Have it taken away by the next `tidy`."""
        if self._unused:
            _left.append(partial(folders.take_back, str(self.root), self.shape))
        else:
            _left.append(partial(shutil.rmtree, self.root, ignore_errors=True))


def tidy() -> None:
    """Take away what is left of steps, in the background: a slot need not wait for a disk.

    Called while a step's process runs, and when nothing more is begun. Right after a step's end, when the next one is
    about to start, the sweeper would take its turns from the thread that starts it.
    """
    while _left:
        with suppress(IndexError):  # another thread was faster
            _sweeper.submit(_left.popleft())


def sweep(is_gone: Callable[[str], bool]) -> None:
    """Take away the working folders of workers that are no more."""
    folder = settings.WORK_DIR / WORKERS
    for path in folder.iterdir() if folder.exists() else ():
        if is_gone(path.name):
            _sweeper.submit(shutil.rmtree, path, ignore_errors=True)


def _own_folder() -> str:
    return os.path.join(settings.WORK_DIR, WORKERS, identity.name)


def lay_out(step: Step, spec: ComponentSpec, attempt: int) -> Stage:
    """Make the working folder of an attempt. Raises CannotStage."""
    node = _UNSAFE.sub("_", step.node_id)[:100]
    root = Path(f"{_own_folder()}/run-{step.run_id}-{node}-{attempt}-{uuid.uuid4().hex[:6]}")
    stage = Stage(root, root / "code")
    _literals(step, spec, stage)
    sources = _sources(step, spec, stage)
    stage.shape = _shape(spec, sources)
    folders.make(str(root), stage.shape)
    _copy_code(step, stage.code)
    for name in spec.outputs:
        stage.outputs[name] = place = root / "out" / name
        stage.values[f"outputs.{name}"] = str(place)
    for name, source in sorted(sources.items()):
        stage.inputs[name] = _link(root / "inputs" / f"{PREFIX}{name}", source)
        stage.values[f"inputs.{name}"] = stage.inputs[name]
    return stage


def _shape(spec: ComponentSpec, sources: Mapping[str, "_Source"]) -> Shape:
    # Azure ML's scripts count on both in the code, and on an empty folder for each output but the parent alone for a
    # file. An input that is a file lies in a folder of its own, so that it keeps its name.
    found = ["tmp", "code", SITE, *(f"code/{name}" for name in KEPT_FOLDERS)]
    if spec.outputs:
        made = sorted(
            name for name, output in spec.outputs.items() if output.type != "uri_file" and is_data(output.type)
        )
        found += ["out", *(f"out/{name}" for name in made)]
    if sources:
        found += ["inputs", *(f"inputs/{PREFIX}{name}" for name in sorted(sources) if sources[name].name is not None)]
    return tuple(found)


@dataclass(frozen=True)
class _Source:
    """Content to be staged; `name` is what the file is called, None for a folder. Of `parts` only these are shown."""

    location: str
    digest: str
    name: str | None
    parts: tuple[str, ...] = ()
    uri: str = ""

    def use(self, take: Callable[[Path], None]) -> None:
        if self.uri:
            use_address(self.uri, "uri_file" if self.name else "uri_folder", self.digest, take)
        else:
            use(self.location, self.digest, take)


def _copy_code(step: Step, target: Path) -> None:
    """A writable copy: scripts write beside themselves, and the next attempt starts clean."""
    snapshot = version_of(step.component_version_id).code
    if snapshot is not None:
        files = [path for path, _ in snapshot.files]
        use(snapshot.location, snapshot.digest, lambda source: _copy(source, target, files))


def _copy(source: Path, target: Path, files: list[str]) -> None:
    for path in KEPT_FOLDERS:
        if path in files:  # it is a file of the code's own
            os.rmdir(target / path)
    made = set()
    for path in files:
        folder, _, _ = path.rpartition("/")
        if folder and folder not in made:
            os.makedirs(target / folder, exist_ok=True)
            made.add(folder)
        shutil.copyfile(source / path, target / path)
        if os.access(source / path, os.X_OK):
            os.chmod(target / path, 0o755)


def _literals(step: Step, spec: ComponentSpec, stage: Stage) -> None:
    for name, input_ in spec.inputs.items():
        if not is_data(input_.type):
            value: Scalar | None = step.params.get(name)
            stage.values[f"inputs.{name}"] = None if value is None else text(value)


def _sources(step: Step, spec: ComponentSpec, stage: Stage) -> dict[str, _Source]:
    """The data inputs that have something; values that come from another step's output are put among the literals."""
    found = {name: _of_asset(asset) for name, asset in step.assets.items()}
    for name, artifact in arrived(step.pk):
        if is_data(spec.inputs[name].type):
            own_name = None if artifact.folder else artifact.output
            found[name] = _Source(artifact.location, artifact.digest, own_name)
        else:
            stage.values[f"inputs.{name}"] = _literal(spec, name, artifact)
    return found


def _literal(spec: ComponentSpec, name: str, artifact: Arrived) -> str:
    try:
        return text(parse(spec.inputs[name].type, artifact.value))
    except ValueError as error:
        raise CannotStage(f"The value that came for `{name}` does not fit: {error}.") from None


def _of_asset(asset: Mapping[str, Any]) -> _Source:
    folder = asset["type"] != "uri_file"
    name = None if folder else asset.get("name") or Path(asset["location"]).name
    # What a loop goes over is part of a folder: `within` is the digest of all of it.
    digest = asset.get("within") or asset["digest"]
    return _Source(asset["location"], digest, name, tuple(asset.get("parts") or ()), asset.get("uri", ""))


def _link(place: Path, source: _Source) -> str:
    """Show content under the input's name: a folder as itself, a file within a folder, so that it keeps its name."""
    if source.name is not None:
        place = place / source.name
    if source.parts and source.name is not None:
        source.use(lambda content: place.symlink_to(content / source.parts[0]))
    elif source.parts:
        source.use(lambda content: _link_parts(place, content, source.parts))
    else:
        source.use(place.symlink_to)
    return str(place)


def _link_parts(place: Path, content: Path, parts: tuple[str, ...]) -> None:
    for part in parts:
        (place / part).parent.mkdir(parents=True, exist_ok=True)
        (place / part).symlink_to(content / part)
