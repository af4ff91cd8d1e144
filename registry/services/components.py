"""Registering components: immutable versions, code kept once, and what the lists and searches read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from registry import store
from registry.models import CodeSnapshot, Component, ComponentFacet, ComponentVersion, User, Workspace
from registry.refusal import Refusal
from registry.spec.component import ComponentSpec
from registry.spec.folder import ComponentFolder
from registry.spec.interface import Interface, interface
from registry.spec.types import is_data
from registry.versions import next_version, version_key

Kind = ComponentFacet.Kind


class VersionStands(Refusal):
    """A version that is registered already has other content."""

    code = "version_stands"


class OtherType(Refusal):
    """A name that stands for a component of another type."""

    code = "other_type"


@dataclass(frozen=True)
class Inside:
    """What a pipeline component has inside: the document of its graph, and a digest of what that does."""

    document: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class Registered:
    """A version, and whether it is new: registering the same content again changes nothing."""

    version: ComponentVersion
    created: bool


@transaction.atomic
def component_register(
    *,
    workspace: Workspace,
    folder: ComponentFolder,
    user: User | None,
    builtin: bool = False,
    inside: Inside | None = None,
) -> Registered:
    """Register what was read from a folder. Without a version it gets the next one, unless the latest is the same.

    `inside` is the graph of a pipeline component. Raises VersionStands when the version exists with other content,
    and OtherType for a name that stands for a component of another type.
    """
    component = Component.objects.select_for_update().filter(workspace=workspace, name=folder.spec.name).first()
    known = component.named_versions.select_related("code") if component else ()
    standing = {found.version: found for found in known}
    if any(found.spec_data["type"] != folder.spec.type for found in standing.values()):
        other = next(found.spec_data["type"] for found in standing.values())
        raise OtherType(f"There is a component `{folder.spec.name}` of type {other}: choose another name.")
    code_digest = inside.digest if inside else folder.code_digest
    if folder.spec.version is None:
        latest = standing[max(standing, key=version_key)] if standing else None
        if latest and same_content(latest, folder.spec, code_digest, inside):
            return Registered(latest, False)
        spec = folder.spec.model_copy(update={"version": next_version(list(standing))})
    else:
        spec = folder.spec
        if spec.version in standing:
            found = standing[spec.version]
            if same_content(found, spec, code_digest, inside):
                return Registered(found, False)
            raise VersionStands(
                f"{spec.name}:{spec.version} is registered already with other content, and a version never changes: "
                f"raise `version`, for example to {next_version(list(standing))}."
            )
    if component is None:
        component = Component(workspace=workspace, name=spec.name, builtin=builtin, title="", category="")
        component.save()
    shown = interface(spec)
    assert spec.version is not None
    version = ComponentVersion.objects.create(
        component=component,
        version=spec.version,
        spec_data=spec.model_dump(mode="json"),
        interface=shown,
        digest=spec.digest(code_digest),
        yaml=folder.yaml,
        graph=inside.document if inside else None,
        code=keep_code(workspace, folder, code_digest),
        created_by=user,
    )
    if version_key(spec.version) >= max(map(version_key, standing), default=version_key(spec.version)):
        _show(component, version, spec, shown, builtin)
    else:
        component.save(update_fields=["updated_at"])
    return Registered(version, True)


def component_archive(*, component: Component) -> None:
    """Take it out of lists and the palette. Pipelines that use it keep working."""
    component.archived_at = timezone.now()
    component.save(update_fields=["archived_at", "updated_at"])


def component_restore(*, component: Component) -> None:
    component.archived_at = None
    component.save(update_fields=["archived_at", "updated_at"])


def same_content(version: ComponentVersion, spec: ComponentSpec, code_digest: str, inside: Inside | None) -> bool:
    """Equal in every field and every file. Comments, the order of keys and where the code lay do not count."""

    def content(data: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in data.items() if key not in ("version", "code", "additional_includes")}

    if content(version.spec_data) != content(spec.model_dump(mode="json")):
        return False
    if inside is not None:
        return bool(version.graph == inside.document)
    return (version.code.digest if version.code else "") == code_digest


def keep_code(workspace: Workspace, folder: ComponentFolder, digest: str) -> CodeSnapshot | None:
    if folder.snapshot:
        return CodeSnapshot.objects.get(workspace=workspace, digest=folder.snapshot)
    if not folder.files:
        return None
    files = [[path, folder.files[path].stat().st_size] for path in sorted(folder.files)]
    snapshot, _ = CodeSnapshot.objects.get_or_create(workspace=workspace, digest=digest, defaults={"files": files})
    store.put_files(snapshot.location, folder.files)
    return snapshot


def _show(
    component: Component, version: ComponentVersion, spec: ComponentSpec, shown: Interface, builtin: bool
) -> None:
    """Make a version the one that lists, searches and the palette know."""
    component.latest = version
    component.anonymous = False
    component.title, component.category = shown["title"][:255], shown["category"][:100]
    component.builtin = builtin
    component.search_text = _search_text(spec, shown)
    if not builtin:  # an archived built-in one stays out of the way when a new release brings a new version
        component.archived_at = None
    component.save()
    component.facets.all().delete()
    ComponentFacet.objects.bulk_create(
        ComponentFacet(component=component, kind=kind, value=value[:255]) for kind, value in _facets(spec)
    )


def _facets(spec: ComponentSpec) -> list[tuple[str, str]]:
    takes = {port.type for port in spec.inputs.values() if is_data(port.type)}
    gives = {port.type for port in spec.outputs.values()}
    tags = {word for key, value in spec.tags.items() for word in tag_words(key, value)}
    every = ((Kind.INPUT, takes), (Kind.OUTPUT, gives), (Kind.TAG, tags))
    return [(kind, value) for kind, values in every for value in sorted(values)]


def tag_words(key: str, value: str) -> list[str]:
    """`task: classification, regression` is two words to filter by; a tag without a value is its key."""
    values = [part.strip() for part in value.split(",") if part.strip().lower() not in ("", "true")]
    return [f"{key}: {part}" for part in values] or [key]


def _search_text(spec: ComponentSpec, shown: Interface) -> str:
    words = [spec.name, shown["title"], shown["category"], spec.description]
    words += [word for tag in spec.tags.items() for word in tag]
    for port in (*shown["inputs"], *shown["outputs"]):
        words += [port["name"], port["label"], port["type"]]
    return " ".join(words).lower()
