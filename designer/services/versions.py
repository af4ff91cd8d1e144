"""Named versions of a pipeline: published, told about, taken away."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404

from designer.models import Pipeline, PipelineVersion
from designer.services.history import document_at
from registry.models import User
from registry.refusal import Refusal


class NameTaken(Refusal):
    code = "name_taken"


def versions_of(pipeline: Pipeline) -> QuerySet[PipelineVersion]:
    """The newest first, without their documents."""
    return PipelineVersion.objects.filter(pipeline=pipeline).select_related("created_by").defer("document")


def find_version(pipeline: Pipeline, name: str) -> PipelineVersion:
    """Raises Http404."""
    found = PipelineVersion.objects.select_related("created_by").filter(pipeline=pipeline, name=name).first()
    if found is None:
        raise Http404(f"This pipeline has no version “{name}”.")
    return found


def version_publish(
    *, pipeline: Pipeline, user: User, name: str, note: str = "", revision: int | None = None
) -> PipelineVersion:
    """Give a revision a name, the newest where none is said. Raises NameTaken, and what `document_at` raises."""
    with transaction.atomic():
        locked = Pipeline.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=pipeline.pk)
        wanted = locked.revision if revision is None else revision
        version = PipelineVersion(
            pipeline=locked,
            name=name,
            note=note,
            revision=wanted,
            document=document_at(locked, wanted),
            created_by=user,
        )
        _save(version)
    return version


def version_change(*, version: PipelineVersion, name: str | None = None, note: str | None = None) -> None:
    """Give it another name or note; what it holds stays. Raises NameTaken."""
    version.name = version.name if name is None else name
    version.note = version.note if note is None else note
    _save(version)


def version_delete(*, version: PipelineVersion) -> None:
    """Take the name away; the revision stays in the history."""
    version.delete()


def _save(version: PipelineVersion) -> None:
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:
        raise NameTaken(f"This pipeline has a version “{version.name}” already; give another name.") from None
