"""The templates of the gallery: those that come with Portline, read from `designer/library`."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from designer.catalog import LatestCatalog
from designer.graph.azure.reading import read_pipeline
from designer.graph.document import Document
from designer.models import Pipeline, Template
from registry.models import Workspace
from registry.refusal import Refusal
from registry.spec.document import read_document


class UnknownInput(Refusal):
    """A template would ask for what the pipeline has no input for."""

    code = "unknown_input"
    status = 422


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


@transaction.atomic
def template_create(
    *, pipeline: Pipeline, title: str, description: str = "", category: str = "", asks: Sequence[str] = ()
) -> Template:
    """Offer the draft as it is now in the gallery; later changes to the pipeline do not touch the template.

    `asks` are the pipeline inputs that are asked for when it is opened. Raises UnknownInput.
    """
    document: Document = {**pipeline.document, "name": title, "description": description}
    for name in asks:
        if name not in document["inputs"]:
            raise UnknownInput(f"The pipeline has no input `{name}` to ask for.")
    slug = base = slugify(title)[:90] or "template"
    taken = set(Template.objects.filter(workspace=pipeline.workspace).values_list("slug", flat=True))
    number = 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return Template.objects.create(
        workspace=pipeline.workspace,
        slug=slug,
        title=title,
        description=description,
        category=category or "Ours",
        document=document,
        digest=hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest(),
        asks=[name for name in document["inputs"] if name in asks],
    )
