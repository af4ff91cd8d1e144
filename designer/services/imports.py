"""Importing pipelines written for Azure ML: a file, a zip, a folder on this machine, or a git repository."""

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from designer.graph.azure.reading import SINGLE, read_job
from designer.graph.difference import operations_between
from designer.graph.document import Document
from designer.graph.problems import Problem, problems_of
from designer.models import Pipeline
from designer.services.editing import operations_apply
from designer.services.origin import Origin
from designer.services.pipelines import pipeline_create
from designer.services.trees import Tree
from registry.models import User, Workspace
from registry.refusal import Refusal
from registry.services.component_uploads import TooLarge
from registry.services.git import fetch_repository
from registry.spec.document import Document as YamlDocument
from registry.spec.faults import Fault, SpecError
from registry.unpacking import unpack

_YAML = (".yml", ".yaml")


class NoPipeline(Refusal):
    """A tree in which it is not clear which file is meant; `candidates` are those that it may be."""

    code = "no_pipeline"
    status = 422

    def __init__(self, sentence: str, candidates: list[str]) -> None:
        super().__init__(sentence)
        self.candidates = candidates


@dataclass(frozen=True)
class Imported:
    """What became of a file. `pipeline` is None where it was only checked; `problems` keep it from being run yet."""

    pipeline: Pipeline | None
    created: bool
    document: Document
    warnings: list[Fault]
    problems: dict[str, list[Problem]]
    lines: dict[tuple[str, int], str] = field(default_factory=dict)


@contextmanager
def uploaded_tree(file: IO[bytes], name: str, size: int) -> Iterator[tuple[Path, str]]:
    """An uploaded YAML file or zip as a folder, and the path of the pipeline in it, empty where that is to be found.

    Raises TooLarge, BadArchive and NoPipeline.
    """
    limit = settings.COMPONENT_UPLOAD_LIMIT
    if size > limit:
        raise TooLarge(f"The upload has {size / 1e6:.1f} MB; at most {limit / 1e6:.0f} MB are accepted.")
    with _folder() as root:
        plain = Path(name.replace("\\", "/")).name
        if plain.lower().endswith(_YAML):
            (root / plain).write_bytes(file.read())
            yield root, plain
        elif plain.lower().endswith(".zip"):
            unpack(file, root, 4 * limit)
            yield root, ""
        else:
            raise NoPipeline(f"“{plain}” is neither a YAML file nor a zip of a folder with one.", [])


@contextmanager
def git_tree(url: str, branch: str = "") -> Iterator[Path]:
    """A git repository as a folder. Raises registry.services.git.CannotFetch."""
    with _folder() as root:
        fetch_repository(url, branch, root / "repository")
        yield root / "repository"


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portline-import-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder).resolve()


def pipeline_import(
    *,
    workspace: Workspace,
    user: User,
    root: Path,
    path: str = "",
    changes: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    trusted: bool = False,
) -> Imported:
    """Import the pipeline in a folder, with all that its files name; nothing is kept unless all of it can be read.

    `path` is the pipeline's YAML in the folder; without one the only pipeline job in it. `changes` are values by the
    place that they are put to (`settings.force_rerun`), as Azure ML's `--set`. A file that was imported before goes
    into the same pipeline where that was not edited since. `trusted` lets files name others outside of the folder.
    Raises NoPipeline, and SpecError with every fault of every file.
    """
    root = root.resolve()
    tree = Tree(workspace, user, None if trusted else root)
    file = _chosen(tree, root, path)
    source = tree.document(file)
    text = source.text
    if changes:
        source.data = changed(source, changes)
    try:
        read = read_job(source, tree.catalog, tree.at(file))
    except SpecError as error:
        raise SpecError(list(dict.fromkeys(error.faults))) from None
    problems = problems_of(read.document, tree.catalog)
    warnings = list(dict.fromkeys([*read.warnings, *tree.warnings]))
    if dry_run:
        return Imported(None, False, read.document, warnings, problems)
    shown = str(file.relative_to(root)) if file.is_relative_to(root) else str(file)
    with transaction.atomic():
        tree.register()
        origin = Origin(shown, text, tree.beside(file))
        pipeline, created = _kept(workspace, user, read.document, origin)
    return Imported(pipeline, created, read.document, warnings, problems)


def _kept(workspace: Workspace, user: User, document: Document, origin: Origin) -> tuple[Pipeline, bool]:
    """The pipeline that a file becomes: the one that it became before, if nobody edited that since, or a new one."""
    same = Pipeline.objects.filter(
        workspace=workspace, deleted_at=None, name=document["name"], source__file=origin.file
    )
    standing = same.order_by("-id").first()
    if standing is not None and standing.source and standing.source["revision"] == standing.revision:
        if ops := operations_between(standing.document, document):
            operations_apply(pipeline=standing, user=user, op_id=uuid.uuid4(), ops=ops)
            standing.refresh_from_db()
        created = False
    else:
        standing = pipeline_create(workspace=workspace, user=user, name=document["name"], document=document)
        created = True
    origin.keep(standing, standing.revision)
    return standing, created


def _chosen(tree: Tree, root: Path, path: str) -> Path:
    if path:
        try:
            file = tree.resolved(root, path)
        except ValueError:
            raise NoPipeline(f"There is no file `{path}` in what was imported.", candidates(tree, root)) from None
        if not file.is_file():
            raise NoPipeline(f"`{path}` is a folder: name the pipeline's YAML file in it.", candidates(tree, root))
        return file
    found = candidates(tree, root)
    if len(found) == 1:
        return root / found[0]
    if not found:
        raise NoPipeline("There is no pipeline job in this: a YAML file with `type: pipeline` and `jobs`.", [])
    shown = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    raise NoPipeline(f"There are {len(found)} pipelines in this; say by its path which one is meant: {shown}.", found)


def candidates(tree: Tree, root: Path) -> list[str]:
    """The files of a folder that are pipeline jobs; where there is none, the single jobs."""
    pipelines, single = [], []
    for file in tree.yaml_files():
        try:
            data = tree.document(file).data
        except SpecError:
            continue
        if not isinstance(data, dict):
            continue
        kind, schema = str(data.get("type") or "").lower(), str(data.get("$schema") or "")
        shown = str(file.relative_to(root))
        if kind == "pipeline" and "jobs" in data and "pipelineComponent" not in schema:
            pipelines.append(shown)
        elif kind in SINGLE and "Job" in schema:
            single.append(shown)
    # A pipeline component looks like a job but for its typed inputs; where there are jobs, they are meant.
    jobs = [path for path in pipelines if _is_job(tree.document(root / path).data)]
    return jobs or pipelines or single


def _is_job(data: dict[str, Any]) -> bool:
    schema = str(data.get("$schema") or "")
    return (
        "pipelineJob" in schema
        or any(key in data for key in ("settings", "experiment_name", "compute"))
        or ("version" not in data and "name" not in data)
    )


def changed(source: YamlDocument, changes: Mapping[str, Any]) -> Any:
    """The data of a file with values put to places such as `settings.force_rerun`. Raises SpecError."""
    data = _copy(source.data)
    faults = []
    for where, value in changes.items():
        *path, last = where.split(".")
        at = data
        for key in path:
            if not isinstance(at, dict) or not isinstance(at.setdefault(key, {}), dict):
                faults.append(source.fault(tuple(path), f"`{where}` cannot be set: `{key}` is no mapping"))
                break
            at = at[key]
        else:
            at[last] = value
    if faults:
        raise SpecError(faults)
    return data


def _copy(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copy(value) for key, value in data.items()}
    return [_copy(value) for value in data] if isinstance(data, list) else data
