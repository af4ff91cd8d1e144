"""Data assets: uploaded once, kept by content, numbered by name."""

import hashlib
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

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

# What a folder of a type must hold, to be one.
_MARKS = {"mltable": "MLTable", "mlflow_model": "MLmodel"}
VERSION = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,254}$")


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
    version: str = "",
    tags: Mapping[str, str] | None = None,
) -> tuple[DataAsset, bool]:
    """Store an upload and register it, as it is or as the folder that a zip holds; True where that is a new version.

    A `uri_file` is kept as it is; the other types are folders, which come as zips. A `custom_model` that is no `.zip`
    becomes a folder of that one file. The name comes from the file's; a name that exists gets its next version unless
    `version` says which, and the same content again the version that it has. Raises TooLarge, BadAsset and BadArchive.
    """
    if version and not VERSION.match(version):
        raise BadAsset(f"`{version}` is no version: letters, digits, dots, - and _, 64 at most.")
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        raise TooLarge(f"The file is larger than {settings.UPLOAD_LIMIT / 1e6:.0f} MB, the limit of this server.")
    title = file_name(file.name or "")
    with tempfile.TemporaryDirectory(prefix="portline-upload-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder)
        if type == "custom_model" and not title.endswith(".zip"):
            files = {title: _receive(file, root / "content")[2]}
            digest, size = files_digest(files), file.size or 0
            location = _location(digest, title)
            store.put_files(location, files)
        elif type != "uri_file":
            title = PurePath(title).stem or title
            paths = unpack(file.open(), root / "content", 4 * settings.UPLOAD_LIMIT)
            if not paths:
                raise BadAsset("The zip is empty.")
            if type in _MARKS and _MARKS[type] not in paths:
                raise BadAsset(f"A folder of type `{type}` has a file `{_MARKS[type]}` at its top; this one has none.")
            files = {path: root / "content" / path for path in paths}
            digest, size = files_digest(files), sum(path.stat().st_size for path in files.values())
            location = _location(digest, title)
            store.put_files(location, files)
        else:
            digest, size, content = _receive(file, root / "content")
            location = _location(digest, title)
            store.put_file(location, content)
    with transaction.atomic():
        new = DataAsset(
            workspace=workspace,
            name=asset_name(name or title),
            version=version,
            type=type,
            title=title,
            description=description,
            tags=dict(tags or {}),
            digest=digest,
            size=size,
            location=location,
            created_by=user,
        )
        return _register(new)


def asset_describe(*, asset: DataAsset, description: str | None = None, tags: Mapping[str, str] | None = None) -> None:
    """Change what is said of it; what is None stays. Its content never changes."""
    asset.description = asset.description if description is None else description
    asset.tags = asset.tags if tags is None else dict(tags)
    asset.save(update_fields=["description", "tags"])


class CannotRegister(Refusal):
    code = "version_stands"


def asset_of_content(
    *,
    workspace: int,
    name: str,
    version: str | None,
    type: str,
    title: str,
    digest: str,
    size: int,
    location: str,
    origin: dict[str, Any],
) -> DataAsset:
    """Register what lies in the store already, as what a run made (`origin`). Without a version it gets the next one.

    The same content again is the version that stands. Raises CannotRegister where a version has other content, or the
    name is none.
    """
    if not NAME.match(name):
        raise CannotRegister(f"The output `{title}` cannot be registered as `{name}`, which is no name for data.")
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace)
    versions = {found.version: found for found in DataAsset.objects.filter(workspace=workspace, name=name)}
    same = [found for found in versions.values() if (found.digest, found.type) == (digest, type)]
    standing = versions.get(version) if version else max(same, key=lambda found: found.pk, default=None)
    if standing is not None:
        if (standing.digest, standing.type) != (digest, type):
            raise CannotRegister(
                f"The output `{title}` is not registered as {name}:{version}, which stands with other content; "
                "raise its version, or leave the version out."
            )
        return standing
    return DataAsset.objects.create(
        workspace_id=workspace,
        name=name,
        version=version or next_version(list(versions)),
        type=type,
        title=title,
        digest=digest,
        size=size,
        location=location,
        origin=origin,
    )


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


def _register(new: DataAsset) -> tuple[DataAsset, bool]:
    # The workspace's row is locked: two uploads of one name at the same moment get two versions.
    Workspace.objects.select_for_update().get(pk=new.workspace_id)
    versions = list(DataAsset.objects.filter(workspace=new.workspace_id, name=new.name))
    for found in versions:
        if (found.digest, found.type) == (new.digest, new.type) and new.version in ("", found.version):
            if found.archived_at:
                asset_restore(asset=found)
            return found, False
    if any(found.version == new.version for found in versions):
        raise BadAsset(f"`{new.ref}` is there already with other content, and versions never change; give a new one.")
    new.version = new.version or next_version([found.version for found in versions])
    new.save(force_insert=True)
    return new, True


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
