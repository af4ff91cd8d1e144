"""Pipeline components in uploaded files: how the registry's uploads read them."""

from pathlib import Path

from designer.catalog import LatestCatalog
from designer.graph.azure.around import Nothing
from designer.graph.azure.reading import read_pipeline_component
from designer.services.pipeline_components import Unfinished, graph_register
from registry.services.component_uploads import Upload
from registry.services.components import Registered
from registry.spec.document import read_document
from registry.spec.faults import SpecError
from registry.spec.interface import Interface


class _Beside(Nothing):
    """What lies beside a file of an upload: components, which are registered when they are asked for."""

    def __init__(self, upload: Upload, file: Path) -> None:
        self._upload, self._file = upload, file

    def component(self, path: str) -> Interface:
        interface: Interface = self._upload.beside(self._file, path).interface
        return interface


def pipeline_file_register(upload: Upload, file: Path) -> Registered:
    """Register the pipeline component in a file; those that it names by path come first.

    Raises SpecError with every fault at its place, and the refusals of `graph_register`.
    """
    text = file.read_text(encoding="utf-8")
    source = read_document(text, upload.shown(file))
    # Read by path, components may be newer than the catalog: it looks up what it does not know by ref.
    spec, read = read_pipeline_component(source, LatestCatalog(upload.workspace), _Beside(upload, file))
    try:
        return graph_register(
            workspace=upload.workspace, user=upload.user, spec=spec, document=read.document, yaml=text
        )
    except Unfinished as unfinished:
        errors = [each for found in unfinished.problems.values() for each in found if each["severity"] == "error"]
        raise SpecError(
            [
                source.fault(("jobs", each["node"], "inputs", each["field"]), each["message"].removesuffix("."))
                for each in errors
            ]
        ) from None
