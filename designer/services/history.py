"""A pipeline's past: any revision of it, what its batches did, and going back to one.

To read a revision costs three queries, and undoing at most `SNAPSHOT_EVERY` batches, however long the history is:
the nearest document that is kept whole at or after it (the draft is one) is undone batch by batch.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from designer.catalog import RegistryCatalog
from designer.graph.difference import operations_between
from designer.graph.document import Document
from designer.graph.draft import apply_batch
from designer.graph.operations import Plain, Refused
from designer.graph.words import in_words, titles_in
from designer.models import Pipeline, PipelineOperation, PipelineSnapshot
from designer.services.editing import operations_apply, person
from registry.models import User
from registry.refusal import Refusal


class Unreadable(Refusal):
    """A revision names what is no longer in the workspace."""

    code = "unreadable"


def document_at(pipeline: Pipeline, revision: int) -> Document:
    """The draft as it was at a revision. Raises Http404 for one that never was, Unreadable."""
    if not 0 <= revision <= pipeline.revision:
        raise Http404(f"This pipeline has no revision {revision}: the newest is {pipeline.revision}.")
    kept = (
        PipelineSnapshot.objects.filter(pipeline=pipeline, revision__gte=revision, revision__lt=pipeline.revision)
        .order_by("revision")
        .first()
    )
    document, at = (kept.document, kept.revision) if kept else (pipeline.document, pipeline.revision)
    if at == revision:
        return document
    later = PipelineOperation.objects.filter(pipeline=pipeline, revision__gt=revision, revision__lte=at)
    batches: list[list[Plain]] = list(later.order_by("-revision").values_list("inverse", flat=True))
    if len(batches) < at - revision:
        raise Unreadable(f"The history of this pipeline does not go back to revision {revision}.")
    catalog = RegistryCatalog(pipeline.workspace)
    catalog.load(_with_all_of(document, batches))
    try:
        for batch in batches:
            document, _ = apply_batch(document, batch, catalog)
    except Refused as refused:
        raise Unreadable(f"Revision {revision} cannot be read any more. {refused}") from None
    return document


def _with_all_of(document: Document, batches: list[list[Plain]]) -> Document:
    """The document with every node that batches put in, so that what they name is loaded at once."""
    nodes = dict(document["nodes"])
    for number, batch in enumerate(batches):
        for op in batch:
            if op["op"] == "add_node":
                nodes[f"{number} {op['node']['id']}"] = op["node"]
    return {**document, "nodes": nodes}


def history_page(pipeline: Pipeline, before: int | None, size: int) -> dict[str, Any]:
    """The batches below a revision, newest first, each with who, when and what in words. One query."""
    found = PipelineOperation.objects.filter(pipeline=pipeline).select_related("user").order_by("-revision")
    if before is not None:
        found = found.filter(revision__lt=before)
    rows = list(found[: size + 1])
    page = rows[:size]
    titles = titles_in(pipeline.document, [batch for row in page for batch in (row.inverse, row.ops)])
    results = [
        {
            "rev": row.revision,
            "at": row.created_at,
            "user": person(row.user) if row.user else None,
            "words": in_words(row.ops, titles),
        }
        for row in page
    ]
    return {"rev": pipeline.revision, "results": results, "next": page[-1].revision if len(rows) > size else None}


def revision_made(pipeline: Pipeline, revision: int) -> dict[str, Any]:
    """Who made a revision and when; the first one is the pipeline as it was made."""
    row = PipelineOperation.objects.filter(pipeline=pipeline, revision=revision).select_related("user").first()
    user, at = (row.user, row.created_at) if row else (pipeline.created_by, pipeline.created_at)
    return {"user": person(user) if user else None, "at": at}


@transaction.atomic
def revision_restore(
    *, pipeline: Pipeline, user: User, document: Document, op_id: UUID, client: str = ""
) -> dict[str, Any] | None:
    """Make the draft what it was, as a batch like any other; None where it is that already.

    Raises designer.graph.operations.Refused where it names what is no longer there.
    """
    # The lock keeps the draft as it is between the comparison and the batch.
    locked = Pipeline.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=pipeline.pk)
    ops = operations_between(locked.document, document)
    known = PipelineOperation.objects.filter(pipeline=locked, op_id=op_id).exists()
    if not ops and not known:
        return None
    return operations_apply(pipeline=locked, user=user, op_id=op_id, ops=ops, client=client)
