"""The text that a pipeline was imported from, or that somebody wrote for it: `Pipeline.source`."""

import re
from dataclasses import dataclass, field
from typing import Any

from designer.catalog import RegistryCatalog
from designer.graph.azure.patching import patched, written
from designer.graph.azure.writing import Names, Written, write_job
from designer.graph.document import Document
from designer.models import Pipeline
from designer.services.neighbours import Neighbours
from registry.models import Workspace


@dataclass(frozen=True)
class Origin:
    """A text, the path of its file within the imported folder, and what that file named."""

    file: str
    text: str
    beside: Neighbours = field(default_factory=Neighbours)

    def keep(self, pipeline: Pipeline, revision: int | None, document: Document | None = None) -> None:
        """Remember the text; `revision` is the draft's that was imported, or null.

        What the writer gives for the `document` that the text says is kept too: what it gives otherwise for the draft
        is what changes in the text. Without one the text says what the draft is.
        """
        pipeline.source = {
            "file": self.file,
            "text": self.text,
            "written": job_of(pipeline.workspace, document or pipeline.document, self.beside).data,
            "revision": revision,
            "beside": self.beside.json(),
        }
        pipeline.save(update_fields=["source"])


def origin_of(pipeline: Pipeline) -> Origin | None:
    """The text that a pipeline came from; None for one that was made on the canvas."""
    source = pipeline.source
    return source and Origin(source["file"], source["text"], Neighbours(**source.get("beside", {})))


def job_of(workspace: Workspace, document: Document, beside: Neighbours) -> Written:
    """The pipeline job of a document, with components named by the paths that its text has for them."""
    catalog = RegistryCatalog(workspace)
    catalog.load(document)

    def component(ref: str) -> str:
        path = beside.path_of(ref)
        return f"./{path}" if path and not path.startswith(("/", "..")) else path or f"azureml:{ref}"

    return write_job(document, catalog, Names(component=component))


def text_of(pipeline: Pipeline) -> tuple[str, Written]:
    """The draft as YAML: its own text, changed where the draft was; and what the writer gave."""
    origin = origin_of(pipeline)
    if origin is None or pipeline.source is None or "written" not in pipeline.source:
        # Without what the writer gave for a text nobody knows where it is not the draft any more.
        job = job_of(pipeline.workspace, pipeline.document, origin.beside if origin else Neighbours())
        return written(job.data), job
    job = job_of(pipeline.workspace, pipeline.document, origin.beside)
    return patched(origin.text, pipeline.source["written"], job.data), job


def file_of(pipeline: Pipeline) -> str:
    """The path of a pipeline's YAML file: as it was imported, or made of its name."""
    source: dict[str, Any] | None = pipeline.source
    name = re.sub(r"[^a-z0-9]+", "-", pipeline.name.lower()).strip("-")
    return source["file"] if source else f"{name or 'pipeline'}.yml"
