"""Sending stored content to a browser, always as a download and never as a page of this site."""

import tempfile
import zipfile
from collections.abc import Iterable
from typing import IO

from django.http import FileResponse

from registry import store
from registry.models import ComponentVersion, DataAsset


def asset_response(asset: DataAsset) -> FileResponse:
    """A data asset: the file as it was uploaded, or the folder as a zip."""
    if asset.type == "uri_file":
        return _attachment(store.open_file(asset.location), asset.title)
    paths = store.list_files(asset.location)
    return _attachment(_zip((path, f"{asset.location}/{path}") for path in paths), f"{asset.name}.zip")


def component_response(version: ComponentVersion) -> FileResponse:
    """A component as its author could register it: component.yml and its code, in a zip.

    The YAML is written beside the code; where `code` names a folder, the code lies in that folder.
    """
    spec = version.spec
    folder = f"{version.component.name}-{version.version}"
    archive = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(f"{folder}/component.yml", version.yaml)
        if version.code:
            inner = (spec.code or ".").strip("/").removeprefix("./")
            prefix = f"{folder}/" if inner in ("", ".") or ".." in inner else f"{folder}/{inner}/"
            for path, _ in version.code.files:
                if prefix == f"{folder}/" and path in ("component.yml", "component.yaml"):
                    continue
                with store.open_file(f"{version.code.location}/{path}") as source:
                    out.writestr(prefix + path, source.read())
    archive.seek(0)
    return _attachment(archive, f"{folder}.zip")


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
