"""The templates of the gallery: those that come with Portline, read from `designer/library`."""

import hashlib
from pathlib import Path

from django.db import transaction

from designer.catalog import LatestCatalog
from designer.graph.azure.reading import read_pipeline
from designer.models import Template
from registry.models import Workspace
from registry.spec.document import read_document

LIBRARY = Path(__file__).resolve().parent.parent / "library"


@transaction.atomic
def register_templates(workspace: Workspace) -> int:
    """Bring the workspace's built-in templates up to date with the library; answers how many changed.

    One query when nothing did. Raises registry.spec.faults.SpecError for a template that names what is not there.
    """
    known = dict(Template.objects.filter(workspace=workspace, builtin=True).values_list("slug", "digest"))
    changed: dict[str, tuple[Path, str]] = {}
    for file in sorted(LIBRARY.glob("*/pipeline.yml")):
        slug = file.parent.name.replace("_", "-")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        if known.get(slug) != digest:
            changed[slug] = (file, digest)
    if not changed:
        return 0
    catalog = LatestCatalog(workspace)
    for slug, (file, digest) in changed.items():
        text = file.read_text(encoding="utf-8")
        document = read_pipeline(text, f"{file.parent.name}/{file.name}", catalog)
        tags = read_document(text, file.name).data.get("tags") or {}
        Template.objects.update_or_create(
            workspace=workspace,
            slug=slug,
            defaults={
                "title": document["name"],
                "description": document["description"],
                "category": tags.get("category", "Other"),
                "document": document,
                "digest": digest,
                "builtin": True,
            },
        )
    return len(changed)
