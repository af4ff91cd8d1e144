"""The YAML view of a draft: its text, and what becomes of a text that somebody edited."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction

from designer.graph.azure.keeping import with_places
from designer.graph.azure.reading import Read, read_job
from designer.graph.azure.text_merge import merged_text
from designer.graph.difference import operations_between
from designer.graph.document import Document
from designer.graph.merge import Conflict, Side, merged
from designer.live import notify, pipeline_group
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
    """The text was written for a draft that is another by now, and what it changed of that cannot be told."""

    code = "stale"
    status = 409


class BothChanged(Refusal):
    """The text changes what the draft has otherwise by now, too."""

    code = "conflict"
    status = 409

    def __init__(self, conflicts: list[Conflict]) -> None:
        named = ", ".join(each.what for each in conflicts[:3]) + (" and more" if len(conflicts) > 3 else "")
        super().__init__(f"The text and the canvas both changed {named}: say which of the two holds.")
        self.extra = {"conflicts": [asdict(each) for each in conflicts]}


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
def yaml_put(
    *, pipeline: Pipeline, user: User, text: str, base_text: str, op_id: UUID, prefer: Side | None = None
) -> YamlText:
    """Change the draft as a text was changed, in one batch that can be undone; answers the draft's own text.

    What the text changes is told by `base_text`, as it was got; whatever else became of the draft meanwhile stays.
    Nodes that the text gives no place stay where they are. Raises SpecError with every fault, BothChanged where the
    draft changed in the same places and `prefer` does not say whose holds, CanvasChanged, designer.graph.operations.
    Refused, and Pipeline.DoesNotExist when it was deleted meanwhile.
    """
    locked = Pipeline.objects.select_for_update().select_related("workspace").get(pk=pipeline.pk, deleted_at=None)
    if PipelineOperation.objects.filter(pipeline=locked, op_id=op_id).exists():
        return yaml_of(locked)
    standing, _ = text_of(locked)
    tree, mine = _read(locked, text, user)
    base = _base(locked, base_text, standing)
    document, conflicts = merged(base, mine.document, locked.document, prefer or "theirs")
    if conflicts and prefer is None:
        raise BothChanged(conflicts)
    tree.register()
    if ops := operations_between(locked.document, document):
        operations_apply(pipeline=locked, user=user, op_id=op_id, ops=ops)
        locked.refresh_from_db()
    _keep(locked, user, mine.document, tree, text, merged_text(base_text, text, standing))
    if not ops:
        # Words only: no batch tells of it.
        transaction.on_commit(lambda: notify(pipeline_group(locked.pk), {"t": "text"}))
    return yaml_of(locked)


def _base(pipeline: Pipeline, text: str, standing: str) -> Document:
    """The document that an edit began from. It is read as the edited one is, so that only the edit tells them apart."""
    try:
        return _read(pipeline, text, None)[1].document
    except SpecError:
        if text == standing:
            return pipeline.document
        raise CanvasChanged(
            "The canvas changed since, and the text that yours began from cannot be read any more: take the draft's "
            "text as it is now, and make your changes there."
        ) from None


def _keep(
    pipeline: Pipeline, user: User, mine: Document, tree: RememberedTree, text: str, together: str | None
) -> None:
    """Remember the text: with the words that others wrote meanwhile, if what it then says is the draft."""
    if together is not None and together != text:
        try:
            other, read = _read(pipeline, together, user)
        except SpecError:
            pass
        else:
            if not operations_between(read.document, pipeline.document):
                text, mine, tree = together, read.document, other
    # No revision: what was imported is not what stands there now, so importing it again must not replace it.
    Origin(file_of(pipeline), text, tree.known).keep(pipeline, None, mine)


def _read(pipeline: Pipeline, text: str, user: User | None) -> tuple[RememberedTree, Read]:
    origin = origin_of(pipeline)
    tree = RememberedTree(pipeline.workspace, user, origin.beside if origin else Neighbours())
    file = file_of(pipeline)
    source = read_document(text, file)
    read = read_job(source, tree.catalog, tree.at(NOWHERE / file))
    warnings = list(dict.fromkeys([*read.warnings, *tree.warnings]))
    return tree, Read(with_places(read.document, pipeline.document, source.data), warnings)
