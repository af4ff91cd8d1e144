"""Editing a draft: batches of operations in, revisions out."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.graph.draft import apply_batch
from designer.graph.operations import touched
from designer.graph.problems import Problem, problems_of
from designer.live import notify, pipeline_group
from designer.models import Pipeline, PipelineOperation, PipelineSnapshot
from registry.models import User
from registry.revisions import check_revision
from registry.spec.interface import Interface

SNAPSHOT_EVERY = 50
"""Revisions between two that are kept whole: so many batches at most are undone to read an old one."""


@dataclass(frozen=True)
class Snapshot:
    """A draft with all that is needed to show it."""

    rev: int
    document: Document
    problems: dict[str, list[Problem]]
    components: dict[str, Interface]

    def message(self) -> dict[str, Any]:
        return {
            "rev": self.rev,
            "document": self.document,
            "problems": self.problems,
            "components": self.components,
        }


def snapshot(pipeline: Pipeline) -> Snapshot:
    """The draft as it is now, in at most two queries more."""
    catalog = RegistryCatalog(pipeline.workspace)
    components = catalog.load(pipeline.document)
    return Snapshot(pipeline.revision, pipeline.document, problems_of(pipeline.document, catalog), components)


def operations_apply(
    *,
    pipeline: Pipeline,
    user: User,
    op_id: UUID,
    ops: list[Any],
    client: str = "",
    expected: frozenset[int] | None = None,
) -> dict[str, Any]:
    """Apply a batch to the draft, tell everybody who looks at it, and answer the `ops` message of the protocol.

    A batch whose `op_id` was applied before is not applied again; its answer is the same. Raises
    designer.graph.operations.Refused, Outdated where the draft is at none of the `expected` revisions, and
    Pipeline.DoesNotExist when it was deleted meanwhile.
    """
    with transaction.atomic():
        # SQLite has locked at BEGIN already; elsewhere the row lock makes editors take turns.
        locked = Pipeline.objects.select_for_update().get(pk=pipeline.pk, deleted_at=None)
        done = PipelineOperation.objects.filter(pipeline=locked, op_id=op_id).select_related("user").first()
        if done is not None:
            return message_of(done, locked.document, RegistryCatalog(pipeline.workspace))
        check_revision(expected, locked.revision)
        catalog = RegistryCatalog(pipeline.workspace)
        catalog.load(locked.document)
        before = locked.document
        document, inverse = apply_batch(before, ops, catalog)
        locked.document = document
        locked.name, locked.description = document["name"], document["description"]
        locked.revision += 1
        locked.updated_by = user
        locked.save(update_fields=["document", "name", "description", "revision", "updated_by", "updated_at"])
        done = PipelineOperation.objects.create(
            pipeline=locked,
            revision=locked.revision,
            op_id=op_id,
            client=client,
            user=user,
            ops=ops,
            inverse=inverse,
        )
        if locked.revision % SNAPSHOT_EVERY == 0:
            PipelineSnapshot.objects.create(pipeline=locked, revision=locked.revision, document=document)
        message = message_of(done, document, catalog, before)
        transaction.on_commit(lambda: notify(pipeline_group(locked.pk), message))
    return message


def operations_since(pipeline: Pipeline, rev: int) -> list[dict[str, Any]]:
    """The `ops` messages that lead from revision `rev` to the draft as it is now, oldest first."""
    catalog = RegistryCatalog(pipeline.workspace)
    catalog.load(pipeline.document)
    missed = PipelineOperation.objects.filter(pipeline=pipeline, revision__gt=rev).select_related("user")
    return [message_of(operation, pipeline.document, catalog) for operation in missed]


def message_of(
    operation: PipelineOperation, document: Document, catalog: RegistryCatalog, before: Document | None = None
) -> dict[str, Any]:
    """The `ops` message of an applied batch, with problems as they are in `document`."""
    nodes = touched(operation.ops, before or document, document)
    added = {part["node"].get("component") for part in operation.ops if part["op"] == "add_node"} - {None}
    problems = problems_of(document, catalog, nodes)
    user = operation.user
    return {
        "t": "ops",
        "rev": operation.revision,
        "op_id": str(operation.op_id),
        "client": operation.client,
        "user": person(user) if user else None,
        "ops": operation.ops,
        "inverse": operation.inverse,
        "problems": {id: problems.get(id, []) for id in nodes},
        "components": {ref: found for ref in added if (found := catalog.interface(ref))},
    }


def person(user: User) -> dict[str, Any]:
    """How others see somebody."""
    return {"id": user.pk, "name": user.shown_name, "color": user.color}
