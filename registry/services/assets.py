"""Data assets: uploaded once, kept by content, numbered by name."""

import hashlib
import re
import tempfile
from pathlib import Path, PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from registry import store
from registry.models import DataAsset, User, Workspace
from registry.refusal import Refusal
from registry.services.component_uploads import TooLarge
from registry.spec.folder import files_digest
from registry.unpacking import unpack
from registry.versions import next_version

UPLOAD_TYPES = ("uri_file", "uri_folder")


class BadAsset(Refusal):
    code = "bad_asset"
    status = 422


def asset_upload(
    *,
    workspace: Workspace,
    file: UploadedFile,
    user: User | None,
    name: str = "",
    type: str = "uri_file",
    description: str = "",
) -> tuple[DataAsset, bool]:
    """Store an upload and register it, as it is or as the folder that a zip holds; True where that is a new version.

    The name comes from the file's; a name that exists gets its next version, and the same content again the version
    that it already has. Raises TooLarge, BadAsset and BadArchive.
    """
    if type not in UPLOAD_TYPES:
        raise BadAsset(f"An upload becomes one of {' and '.join(UPLOAD_TYPES)}, not `{type}`.")
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise TooLarge(f"The file is larger than {settings.UPLOAD_LIMIT / 1e6:.0f} MB, the limit of this server.")
    title = file_name(file.name or "")
    with tempfile.TemporaryDirectory(prefix="portline-upload-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder)
        if type == "uri_folder":
            title = PurePath(title).stem or title
            paths = unpack(file.open(), root / "content", 4 * settings.UPLOAD_LIMIT)
            if not paths:
                raise BadAsset("The zip is empty.")
            files = {path: root / "content" / path for path in paths}
            digest, size = files_digest(files), sum(path.stat().st_size for path in files.values())
            location = _location(digest, title)
            store.put_files(location, files)
        else:
            digest, size, content = _receive(file, root / "content")
            location = _location(digest, title)
            store.put_file(location, content)
    with transaction.atomic():
        return _register(workspace, asset_name(name or title), type, title, digest, size, location, user, description)


def asset_archive(*, asset: DataAsset) -> None:
    """Take it out of lists. Pipelines that use it keep working."""
    asset.archived_at = timezone.now()
    asset.save(update_fields=["archived_at"])


def asset_restore(*, asset: DataAsset) -> None:
    asset.archived_at = None
    asset.save(update_fields=["archived_at"])


def file_name(given: str) -> str:
    """The upload's own name without folders or control characters."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", given.replace("\\", "/")).rpartition("/")[2].strip()
    return name[-200:].lstrip(".") or "data"


def asset_name(given: str) -> str:
    """A name as graphs and YAML take it: `Titanic data.csv` -> `titanic_data`."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", given)
    return re.sub(r"[^a-z0-9_-]+", "_", stem.lower()).strip("_-")[:200] or "data"


def _register(
    workspace: Workspace,
    name: str,
    type: str,
    title: str,
    digest: str,
    size: int,
    location: str,
    user: User | None,
    description: str,
) -> tuple[DataAsset, bool]:
    # The workspace's row is locked: two uploads of one name at the same moment get two versions.
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    versions = list(DataAsset.objects.filter(workspace=workspace, name=name))
    for found in versions:
        if (found.digest, found.type) == (digest, type):
            if found.archived_at:
                asset_restore(asset=found)
            return found, False
    asset = DataAsset.objects.create(
        workspace=workspace,
        name=name,
        version=next_version([found.version for found in versions]),
        type=type,
        title=title,
        description=description,
        digest=digest,
        size=size,
        location=location,
        created_by=user,
    )
    return asset, True


def _location(digest: str, title: str) -> str:
    return f"data/{digest[:2]}/{digest}/{title}"


def _receive(file: UploadedFile, target: Path) -> tuple[str, int, Path]:
    """Hash an upload while it is written down; one that lies on disk already is only read."""
    lies_at = getattr(file, "temporary_file_path", None)
    digest, size = hashlib.sha256(), 0
    if lies_at is not None:
        for chunk in file.chunks():
            digest.update(chunk)
            size += len(chunk)
        return digest.hexdigest(), size, Path(lies_at())
    with target.open("wb") as out:
        for chunk in file.chunks():
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return digest.hexdigest(), size, target
