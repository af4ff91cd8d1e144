"""The YAML view of a draft: its text, and what becomes of a text that somebody edited."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.graph.azure.keeping import with_places
from designer.graph.azure.reading import Read, read_job
from designer.graph.difference import operations_between
from designer.graph.document import Document
from designer.graph.draft import apply_batch
from designer.models import Pipeline, PipelineOperation
from designer.services.editing import operations_apply
from designer.services.neighbours import Neighbours
from designer.services.origin import Origin, file_of, origin_of, text_of
from designer.services.remembered import NOWHERE, RememberedTree
from registry.models import User
from registry.refusal import Refusal
from registry.spec.document import read_document
from registry.spec.faults import Fault, SpecError


class CanvasChanged(Refusal):
    """The text was written for a draft that is another by now."""

    code = "stale"
    status = 409


@dataclass(frozen=True)
class YamlText:
    """A draft as YAML, with a sentence for each thing that Azure ML does otherwise or not at all."""

    text: str
    file: str
    losses: list[str]
    rev: int


def yaml_of(pipeline: Pipeline) -> YamlText:
    """The draft as a pipeline job. What was imported keeps its comments, order and words wherever it says the same."""
    text, job = text_of(pipeline)
    return YamlText(text, file_of(pipeline), list(dict.fromkeys(job.losses)), pipeline.revision)


def yaml_check(pipeline: Pipeline, text: str) -> tuple[list[Fault], list[Fault]]:
    """Every fault of a text, and its warnings; nothing is kept."""
    try:
        _, read = _read(pipeline, text, None)
    except SpecError as error:
        return list(dict.fromkeys(error.faults)), []
    return [], read.warnings


@transaction.atomic
def yaml_put(*, pipeline: Pipeline, user: User, text: str, base_rev: int, op_id: UUID) -> int:
    """Make the draft what a text says, in one batch that can be undone; answers the draft's revision.

    Nodes that the text gives no place stay where they are. Raises SpecError with every fault, CanvasChanged where the
    draft is not what it was at `base_rev`, and Pipeline.DoesNotExist when it was deleted meanwhile.
    """
    locked = Pipeline.objects.select_for_update().select_related("workspace").get(pk=pipeline.pk, deleted_at=None)
    if done := PipelineOperation.objects.filter(pipeline=locked, op_id=op_id).first():
        return done.revision
    if not _is_still(locked, base_rev):
        raise CanvasChanged(
            f"The canvas changed since revision {base_rev}, which this text was written for: look at what changed, "
            "then apply the text to the draft as it is now."
        )
    tree, read = _read(locked, text, user)
    tree.register()
    if ops := operations_between(locked.document, read.document):
        operations_apply(pipeline=locked, user=user, op_id=op_id, ops=ops)
        locked.refresh_from_db()
    # No revision: what was imported is not what stands there now, so importing it again must not replace it.
    Origin(file_of(locked), text, tree.known).keep(locked, None)
    return locked.revision


def _read(pipeline: Pipeline, text: str, user: User | None) -> tuple[RememberedTree, Read]:
    origin = origin_of(pipeline)
    tree = RememberedTree(pipeline.workspace, user, origin.beside if origin else Neighbours())
    file = file_of(pipeline)
    source = read_document(text, file)
    read = read_job(source, tree.catalog, tree.at(NOWHERE / file))
    warnings = list(dict.fromkeys([*read.warnings, *tree.warnings]))
    return tree, Read(with_places(read.document, pipeline.document, source.data), warnings)


def _is_still(pipeline: Pipeline, rev: int) -> bool:
    """Whether a draft is what it was at a revision; edits since may have been undone."""
    if pipeline.revision == rev:
        return True
    since = list(PipelineOperation.objects.filter(pipeline=pipeline, revision__gt=rev).order_by("-revision"))
    if len(since) != pipeline.revision - rev:
        return False
    catalog = RegistryCatalog(pipeline.workspace)
    before: Document = pipeline.document
    for operation in since:
        before, _ = apply_batch(before, operation.inverse, catalog)
    return not operations_between(before, pipeline.document)
