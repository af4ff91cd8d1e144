"""Artifacts: preview, download, single files."""

import mimetypes
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from registry import store
from registry.problems import Problem
from registry.scope import WorkspaceAPI
from runner.api.streaming import file_blocks, from_thread, zip_blocks
from runner.models import Artifact
from runner.selectors import find_artifact

# What a step made is shown in a place of its own: it may run no script, send no form, and load nothing from elsewhere.
SANDBOX = "sandbox; default-src 'none'; img-src data: 'self'; style-src 'unsafe-inline'"
FOR_EVER = "private, max-age=31536000, immutable"
BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
GONE = {410: OpenApiResponse(description="The content was deleted to free space; the preview is kept.")}
_TYPES = {"html": "text/html", "text": "text/plain", "chart": "application/json", "metrics": "application/json"}
_TYPES["json"] = "application/json"


class ArtifactPreviewAPI(WorkspaceAPI):
    """The preview that was made when the step ended."""

    @extend_schema(operation_id="artifacts_preview", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int, **kwargs: Any) -> Response:
        """The preview that was made when the step ended: docs/reference/protocol.md, “Previews”."""
        preview = find_artifact(self.workspace, pk).preview
        return Response(preview, headers={"Cache-Control": FOR_EVER})


class ArtifactDownloadAPI(WorkspaceAPI):
    """The content: a file as it is, a folder as a zip."""

    @extend_schema(operation_id="artifacts_download", responses=BINARY | GONE)
    def get(self, request: Request, pk: int, **kwargs: Any) -> HttpResponseBase:
        """The content: a file as it is, a folder as a zip."""
        artifact = find_artifact(self.workspace, pk)
        if artifact.folder:
            _check_kept(artifact)
            answer = _answer(zip_blocks(_files(artifact)), "application/zip")
            name = f"{artifact.output}.zip"
        else:
            type_ = _content_type(artifact, artifact.output)
            answer = _answer(file_blocks(_open(artifact, artifact.location)), type_)
            answer["Content-Length"] = str(artifact.size)
            name = artifact.output + (mimetypes.guess_extension(type_.partition(";")[0]) or "")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class ArtifactFileAPI(WorkspaceAPI):
    """One file of the content. A single file answers to its output's name."""

    @extend_schema(operation_id="artifacts_file", responses=BINARY | GONE)
    def get(self, request: Request, pk: int, path: str, **kwargs: Any) -> HttpResponseBase:
        """One file of the content. A single file answers to its output's name."""
        artifact = find_artifact(self.workspace, pk)
        if artifact.folder:
            location = f"{artifact.location}/{_inside(path)}"
        elif path == artifact.output:
            location = artifact.location
        else:
            raise Http404("The artifact has no such file.")
        answer = _answer(file_blocks(_open(artifact, location)), _content_type(artifact, path))
        answer["X-Frame-Options"] = "SAMEORIGIN"
        return answer


def _inside(path: str) -> str:
    """A path that stays within the artifact. Raises Http404."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or "\\" in path or "\0" in path or any(part in ("..", ".") for part in parts):
        raise Http404("The artifact has no such file.")
    return "/".join(parts)


def _open(artifact: Artifact, location: str) -> IO[bytes]:
    try:
        return store.open_file(location)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        _check_kept(artifact)
        raise Http404("The artifact has no such file.") from None


def _check_kept(artifact: Artifact) -> None:
    if not store.exists(artifact.location):
        raise Problem(
            status.HTTP_410_GONE,
            "evicted",
            f"The content of `{artifact.output}` was deleted to free space; only its preview is left. "
            "Run its step again to make it anew.",
        )


def _files(artifact: Artifact) -> Iterator[tuple[str, IO[bytes]]]:
    for path in store.list_files(artifact.location):
        yield path, _open(artifact, f"{artifact.location}/{path}")


def _content_type(artifact: Artifact, path: str) -> str:
    guessed = mimetypes.guess_type(path)[0]
    if guessed is None and not artifact.folder:
        guessed = artifact.preview.get("mime") or _TYPES.get(artifact.kind)
        if artifact.kind == "image":
            guessed = f"image/{str(artifact.preview.get('format', 'png')).lower()}"
    type_ = guessed or "application/octet-stream"
    return f"{type_}; charset=utf-8" if type_.startswith("text/") or type_ == "application/json" else type_


def _answer(blocks: Iterator[bytes], content_type: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(from_thread(blocks), content_type=content_type)
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = FOR_EVER
    return answer
