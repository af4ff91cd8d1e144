"""Sending stored content to a browser, always as a download and never as a page of this site."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import IO

from django.http import FileResponse
from ruamel.yaml import YAML

from registry import store
from registry.models import ComponentVersion, DataAsset


def asset_response(asset: DataAsset) -> FileResponse:
    """A data asset: the file as it was uploaded, or the folder as a zip."""
    if asset.type == "uri_file":
        return _attachment(store.open_file(asset.location), asset.title)
    paths = store.list_files(asset.location)
    return _attachment(_zip((path, f"{asset.location}/{path}") for path in paths), f"{asset.name}.zip")


def files_response(files: Mapping[str, bytes], name: str) -> FileResponse:
    """Files that were just made: one as it is, several as the zip `name`.zip."""
    if len(files) == 1:
        [(path, content)] = files.items()
        return _attachment(io.BytesIO(content), path)
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path, content in files.items():
            out.writestr(path, content)
    archive.seek(0)
    return _attachment(archive, f"{name}.zip")


def component_response(version: ComponentVersion) -> FileResponse:
    """A component as a zip that can be registered again: component.yml and its code in a folder.

    The snapshot is one folder however the code lay on its author's disk, so the YAML is made to say `code: ./code`
    where it named a single file or files elsewhere.
    """
    folder = f"{version.component.name}-{version.version}"
    text, code = portable(version)
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(f"{folder}/component.yml", text)
        for path, _ in version.code.files if version.code else []:
            with store.open_file(f"{version.code.location}/{path}") as source:  # type: ignore[union-attr]
                out.writestr(f"{folder}/{code}/{path}", source.read())
    archive.seek(0)
    return _attachment(archive, f"{folder}.zip")


def portable(version: ComponentVersion) -> tuple[str, str]:
    """A component's YAML so that it can lie anywhere, and the folder beside it that holds the code."""
    spec = version.spec
    inner = PurePosixPath(spec.code or "")
    is_file = version.code is not None and [path for path, _ in version.code.files] == [inner.name]
    plain = inner.parts and ".." not in inner.parts and not inner.is_absolute()
    as_written = version.code is None or (plain and not is_file and not spec.additional_includes)
    yaml = YAML()  # keeps comments and order
    yaml.width = 10_000
    document = yaml.load(version.yaml)
    # What was read from files beside the YAML stands in the spec.
    environment = spec.environment if isinstance(spec.environment, dict) else document.get("environment")
    if as_written and document.get("environment") == environment:
        return version.yaml, str(inner)
    if environment is not None:
        document["environment"] = environment
    if not as_written:
        document["code"] = "./code"
        document.pop("additional_includes", None)
        inner = PurePosixPath("code")
    text = io.StringIO()
    yaml.dump(document, text)
    return text.getvalue(), str(inner)


def _zip(files: Iterable[tuple[str, str]]) -> IO[bytes]:
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path, location in files:
            with store.open_file(location) as source, out.open(path, "w", force_zip64=True) as target:
                while chunk := source.read(1024 * 1024):
                    target.write(chunk)
    archive.seek(0)
    return archive


def _attachment(content: IO[bytes], name: str) -> FileResponse:
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response
