"""Which files a job leaves, and where each lies in its download: as `az ml job download` lays them out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from io import BytesIO
from typing import IO

from django.db import close_old_connections

from registry import store
from registry.refusal import Refusal
from runner.models import Artifact, LogChunk, Run, Step
from runner.selectors import find_attempt

LOG = "user_logs/std_log.txt"
GONE = "NOT_INCLUDED.txt"


class NotEnded(Refusal):
    code = "not_ended"


class NoSuchOutput(Refusal):
    code = "unknown_output"
    status = 404


class ContentGone(Refusal):
    code = "evicted"
    status = 410


def files_of(run: Run, output_name: str = "", step: str = "", all: bool = False) -> Iterator[tuple[str, IO[bytes]]]:
    """The files to download, path and content, opened one after another as they are asked for.

    Whatever can be refused is refused before the first one. Raises NotEnded, NoSuchOutput and ContentGone.
    """
    if not run.ended:
        raise NotEnded(f"The job `{run.name}` is {run.status}; it can be downloaded when it has ended.")
    found = Step.objects.filter(run=run, **({"node_id": step} if step else {})).order_by("pk")
    steps = dict(found.values_list("pk", "node_id"))
    if step and not steps:
        raise NoSuchOutput(f"The job `{run.name}` has no step `{step}`.")
    placed = _placed(run, steps, step, all)
    if output_name:
        placed = _only(placed, f"named-outputs/{output_name}", output_name, step or run.name)
        steps = {}
    return _opened(placed, {pk: LOG if step else f"artifacts/{node}/{LOG}" for pk, node in steps.items()})


def _placed(run: Run, steps: Mapping[int, str], step: str, all: bool) -> dict[str, Artifact]:
    """Each output by the folder that it goes to."""
    made: dict[str, dict[str, Artifact]] = defaultdict(dict)
    for artifact in Artifact.objects.filter(run=run, step__in=steps).defer("preview"):
        made[steps[artifact.step_id]][artifact.output] = artifact
    placed = {}
    if step:
        placed = {f"named-outputs/{name}": artifact for name, artifact in made[step].items()}
    else:
        for name, (node, output) in run.outputs.items():
            if output in made[node]:
                placed[f"named-outputs/{name}"] = made[node][output]
    if all and not step:
        for node, outputs in made.items():
            placed |= {f"artifacts/{node}/named-outputs/{name}": artifact for name, artifact in outputs.items()}
    return placed


def _only(placed: Mapping[str, Artifact], folder: str, name: str, of: str) -> dict[str, Artifact]:
    if folder not in placed:
        names = [path.removeprefix("named-outputs/") for path in placed if path.startswith("named-outputs/")]
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(names)}." if names else "it made none."
        raise NoSuchOutput(f"`{of}` has no output `{name}`; {hint}")
    if not store.exists(placed[folder].location):
        raise ContentGone(f"The content of `{name}` was deleted to free space; run the job again to make it anew.")
    return {folder: placed[folder]}


def _opened(placed: Mapping[str, Artifact], logs: Mapping[int, str]) -> Iterator[tuple[str, IO[bytes]]]:
    """What an output is not kept of any more is said in a file of the download."""
    gone = []
    for folder, artifact in placed.items():
        try:
            if artifact.folder:
                for path in store.list_files(artifact.location):
                    yield f"{folder}/{path}", store.open_file(f"{artifact.location}/{path}")
            else:
                yield f"{folder}/{artifact.output}", store.open_file(artifact.location)
        except FileNotFoundError:
            gone.append(f"{folder}: deleted to free space; run the job again to make it anew.\n")
    for pk, path in logs.items():
        text = _log(pk)
        if text is not None:
            yield path, BytesIO(text)
    if gone:
        yield GONE, BytesIO("".join(gone).encode())


def _log(step: int) -> bytes | None:
    """What the newest attempt printed, of a reused step the original's. LOG_LIMIT bounds it."""
    try:
        attempt = find_attempt(step, None)
        if attempt is None:
            return None
        return "".join(LogChunk.objects.filter(attempt=attempt).values_list("text", flat=True)).encode()
    finally:
        close_old_connections()
