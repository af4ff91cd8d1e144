"""Making, copying, binning and restoring pipelines."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from designer.graph.document import Document, empty
from designer.models import Pipeline, Template
from designer.services.editing import operations_apply
from registry.models import User, Workspace


def pipeline_create(*, workspace: Workspace, user: User, name: str, document: Document | None = None) -> Pipeline:
    """A new pipeline: empty, or with a copy of `document` under the new name."""
    content = empty(name) if document is None else {**document, "name": name}
    return Pipeline.objects.create(
        workspace=workspace,
        name=name,
        description=content["description"],
        document=content,
        created_by=user,
        updated_by=user,
    )


def pipeline_from_template(
    *, template: Template, user: User, name: str = "", values: Mapping[str, Any] | None = None
) -> Pipeline:
    """A pipeline that starts as the template is now; later changes to either do not touch the other.

    `values` become the defaults of its inputs: checked literals, and `{"asset": ref}` for data.
    """
    inputs = template.document["inputs"]
    given = {key: {**inputs[key], "default": value} for key, value in (values or {}).items() if key in inputs}
    document: Document = {**template.document, "inputs": {**inputs, **given}}
    return pipeline_create(workspace=template.workspace, user=user, name=name or template.title, document=document)


@transaction.atomic
def pipeline_clone(*, pipeline: Pipeline, user: User, name: str = "", document: Document | None = None) -> Pipeline:
    """A copy of the draft as it is now, or of what a revision of it held; without its history."""
    clone = pipeline_create(
        workspace=pipeline.workspace,
        user=user,
        name=name or f"{pipeline.name[:190]} (copy)",
        document=pipeline.document if document is None else document,
    )
    clone.cloned_from = pipeline
    clone.save(update_fields=["cloned_from"])
    return clone


def pipeline_delete(*, pipeline: Pipeline) -> None:
    """Put a pipeline into the bin; its runs stay. Harmless when it is there already."""
    Pipeline.objects.filter(pk=pipeline.pk, deleted_at=None).update(deleted_at=timezone.now())


def pipeline_restore(*, pipeline: Pipeline) -> None:
    """Take a pipeline out of the bin."""
    Pipeline.objects.filter(pk=pipeline.pk).update(deleted_at=None)


def pipeline_rename(*, pipeline: Pipeline, user: User, name: str) -> None:
    """Give a pipeline another name, as an edit like any other: open canvases see it, and it can be undone there.

    Raises designer.graph.operations.Refused for an empty or overlong name.
    """
    rename = {"op": "update_pipeline", "changes": {"name": name}}
    operations_apply(pipeline=pipeline, user=user, op_id=uuid4(), ops=[rename])
