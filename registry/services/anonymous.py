"""Components and data that lie in a pipeline's own files: kept by content, in no list (decision 0012).

An anonymous version is `anon-` and the beginning of a digest of all that it says, so nothing clashes, whatever names
people use again, and the same content is there once.
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from registry import store
from registry.models import Component, ComponentVersion, DataAsset, User, Workspace
from registry.services.components import Inside, keep_code, same_content
from registry.spec.component import ComponentSpec
from registry.spec.folder import ComponentFolder
from registry.spec.interface import interface
from registry.versions import ANONYMOUS

_DIGITS = 12


@dataclass(frozen=True)
class DataFiles:
    """Data that lies on this machine, or at an address: what it will be called, and what it is."""

    name: str
    type: str
    title: str
    digest: str
    size: int = 0
    uri: str = ""
    files: dict[str, Path] = field(default_factory=dict)
    """By path within the folder; of a single file, that file by its own name."""

    @property
    def version(self) -> str:
        return f"{ANONYMOUS}{hashlib.sha256(f'{self.type} {self.digest}'.encode()).hexdigest()[:_DIGITS]}"

    @property
    def ref(self) -> str:
        return f"{self.name}:{self.version}"


def anonymous_version(folder: ComponentFolder, inside: Inside | None) -> str:
    """The version of a component by all that it says: two files that differ in a title only are two."""
    spec = folder.spec.model_dump(mode="json", exclude={"version", "code", "additional_includes"})
    code = json.dumps(inside.document, sort_keys=True) if inside else folder.code_digest
    text = json.dumps([spec, code], sort_keys=True, separators=(",", ":"))
    return f"{ANONYMOUS}{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def registered_equal(workspace: Workspace, folder: ComponentFolder, inside: Inside | None) -> ComponentVersion | None:
    """The version that somebody registered with the same content, the one that the file names before others."""
    code = inside.digest if inside else folder.code_digest
    rows = ComponentVersion.objects.filter(component__workspace=workspace, component__name=folder.spec.name)
    equal = [
        row
        for row in rows.exclude(version__startswith=ANONYMOUS).select_related("code", "component")
        if same_content(row, folder.spec, code, inside)
    ]
    return next((row for row in equal if row.version == folder.spec.version), equal[0] if equal else None)


def anonymous_register(
    *, workspace: Workspace, folder: ComponentFolder, user: User | None, inside: Inside | None = None
) -> ComponentVersion:
    """Register a component whose spec has an anonymous version; the one that stands already where there is one.

    It is never what lists and the palette know of its name.
    """
    spec: ComponentSpec = folder.spec
    component, _ = Component.objects.get_or_create(
        workspace=workspace,
        name=spec.name,
        defaults={"anonymous": True, "title": spec.title[:255], "category": "", "search_text": ""},
    )
    standing = component.versions.filter(version=spec.version).first()
    if standing is not None:
        return standing
    code_digest = inside.digest if inside else folder.code_digest
    assert spec.version is not None
    return ComponentVersion.objects.create(
        component=component,
        version=spec.version,
        spec_data=spec.model_dump(mode="json"),
        interface=interface(spec),
        digest=spec.digest(code_digest),
        yaml=folder.yaml,
        graph=inside.document if inside else None,
        code=keep_code(workspace, folder, code_digest),
        created_by=user,
    )


def data_register(*, workspace: Workspace, data: DataFiles, user: User | None) -> DataAsset:
    """Keep data by its content, or its address; what is there already stays as it is."""
    location = "" if data.uri else f"data/{data.digest[:2]}/{data.digest}/{data.title}"
    if data.files and data.type == "uri_file":
        store.put_file(location, next(iter(data.files.values())))
    elif data.files:
        store.put_files(location, data.files)
    asset, _ = DataAsset.objects.get_or_create(
        workspace=workspace,
        name=data.name,
        version=data.version,
        defaults={
            "type": data.type,
            "title": data.title,
            "digest": data.digest,
            "size": data.size,
            "location": location,
            "uri": data.uri,
            "anonymous": True,
            "created_by": user,
        },
    )
    return asset
