"""A worker's part in a loop: find out what it goes over, and in the end gather what its iterations made."""

import json
import shutil
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.spec.component import ComponentSpec
from registry.spec.folder import files_digest
from registry.spec.types import is_data
from runner.engine.loops import CannotLoop, Planned, batches, items_of, trials_of
from runner.executors.downloads import CannotStage, use
from runner.executors.held import Stop
from runner.executors.outputs import BadOutput, keep_outputs
from runner.models import Artifact, Iteration, Step, StepEdge
from runner.services.attempts import Claim, attempt_complete, attempt_fail, attempt_hand_back, attempt_loop
from runner.services.versions import spec_of

Planning = list[tuple[Planned, dict[str, Any]]]


def run_loop(claim: Claim, stop: Stop) -> Claim | None:
    """Begin a loop, or end it where its iterations are done. Raises LostLease."""
    loop = claim.step
    try:
        if stop.reason == "shutdown":
            attempt_hand_back(claim, "The server stopped; the loop goes on.")
        elif (loop.result or {}).get("counts"):
            return _gather(claim)
        else:
            attempt_loop(claim, _iterations(loop))
    except (CannotLoop, CannotStage, BadOutput, OSError) as error:
        attempt_fail(claim, str(error))
    return None


def _iterations(loop: Step) -> Planning:
    control = loop.control or {}
    match control["type"]:
        case "sweep":
            return [(planned, {}) for planned in trials_of(control)]
        case "do_while":
            return [(Planned("round 1"), {})]
    if control.get("over") == "files":
        return _of_files(loop, control)
    return [(planned, {}) for planned in items_of(control)]


def _of_files(loop: Step, control: dict[str, Any]) -> Planning:
    """One iteration a file, or a mini-batch, of the folder that feeds the loop's input."""
    name = control["input"]
    source = _source(loop, name)
    asset_of = partial(_assets, loop, name, source, int(control.get("batch_size") or 1))
    return use(source["location"], source["digest"], asset_of)


def _assets(loop: Step, name: str, source: dict[str, Any], size: int, content: Path) -> Planning:
    if not content.is_dir():
        raise CannotLoop(f"What feeds `{name}` is one file, and no folder that a loop could go over.")
    files = sorted(path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file())
    single = spec_of(loop.component_version_id).inputs[name].type == "uri_file"
    size = 1 if single else size
    found: Planning = []
    for batch in batches(files, size):
        parts = {path: content / path for path in batch}
        asset = {
            "ref": f"{source['ref']}#{batch[0]}",
            "type": "uri_file" if single else "uri_folder",
            "name": Path(batch[0]).name,
            "digest": files_digest(parts),
            "location": source["location"],
            "within": source["digest"],
            "parts": batch,
        }
        label = batch[0] if len(batch) == 1 else f"{batch[0]} and {len(batch) - 1} more"
        found.append((Planned(label[:200]), {name: asset}))
    return found


def _source(loop: Step, name: str) -> dict[str, Any]:
    if name in loop.assets:
        return dict(loop.assets[name])
    wire = StepEdge.objects.filter(target=loop, input=name).first()
    made = Artifact.objects.filter(step=wire.source_id, output=wire.output).first() if wire else None
    if made is None:
        raise CannotLoop(f"Nothing came for `{name}`, which the loop goes over.")
    return {"ref": f"artifact:{made.pk}", "location": made.location, "digest": made.digest}


def _gather(claim: Claim) -> Claim | None:
    """Each output of all iterations as one: a folder with an entry an iteration, or a JSON list of values."""
    loop = claim.step
    spec = spec_of(loop.component_version_id)
    root = Path(settings.WORK_DIR) / "gathered" / uuid.uuid4().hex
    try:
        places = {name: root / name for name in spec.outputs}
        for name, output in spec.outputs.items():
            made = _made(loop, name)
            places[name].parent.mkdir(parents=True, exist_ok=True)
            if is_data(output.type):
                _lay_together(places[name], made)
            else:
                places[name].write_text(json.dumps([artifact.value for artifact in made]))
        return attempt_complete(claim, keep_outputs(_gathered(spec), places), 0, another=False)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _gathered(spec: ComponentSpec) -> ComponentSpec:
    """The component with its outputs as those of a loop over it are."""
    outputs = {
        name: output.model_copy(update={"type": "uri_folder" if is_data(output.type) else "string"})
        for name, output in spec.outputs.items()
    }
    return spec.model_copy(update={"outputs": outputs})


def _made(loop: Step, output: str) -> list[Artifact]:
    """What each iteration made at an output of the loop's component, in order."""
    wanted = [
        tuple(outputs[output])
        for outputs in Iteration.objects.filter(loop=loop).order_by("index").values_list("outputs", flat=True)
        if output in outputs
    ]
    artifacts = Artifact.objects.filter(step__in={step for step, _ in wanted})
    found = {(artifact.step_id, artifact.output): artifact for artifact in artifacts}
    return [found[key] for key in wanted if key in found]


def _lay_together(place: Path, made: list[Artifact]) -> None:
    place.mkdir()
    for index, artifact in enumerate(made):
        copy = shutil.copytree if artifact.folder else shutil.copyfile
        use(artifact.location, artifact.digest, partial(_copy_to, copy, place / f"{index:04}"))


def _copy_to(copy: Callable[[Path, Path], Any], target: Path, content: Path) -> None:
    copy(content, target)
