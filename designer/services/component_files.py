"""Pipeline components in uploaded files: how the registry's uploads read them."""

from pathlib import Path

from designer.catalog import LatestCatalog
from designer.graph.azure_yaml import read_pipeline_component
from designer.services.pipeline_components import Unfinished, graph_register
from registry.services.component_uploads import Upload
from registry.services.components import Registered
from registry.spec.document import read_document
from registry.spec.faults import SpecError
from registry.spec.interface import Interface


def pipeline_file_register(upload: Upload, file: Path) -> Registered:
    """Register the pipeline component in a file; those that it names by path come first.

    Raises SpecError with every fault at its place, and the refusals of `graph_register`.
    """

    def beside(path: str) -> Interface:
        interface: Interface = upload.beside(file, path).interface
        return interface

    text = file.read_text(encoding="utf-8")
    source = read_document(text, upload.shown(file))
    # Read by path, components may be newer than the catalog: it looks up what it does not know by ref.
    spec, document = read_pipeline_component(source, LatestCatalog(upload.workspace), beside)
    try:
        return graph_register(workspace=upload.workspace, user=upload.user, spec=spec, document=document, yaml=text)
    except Unfinished as unfinished:
        errors = [each for found in unfinished.problems.values() for each in found if each["severity"] == "error"]
        raise SpecError(
            [
                source.fault(("jobs", each["node"], "inputs", each["field"]), each["message"].removesuffix("."))
                for each in errors
            ]
        ) from None
