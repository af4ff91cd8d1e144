"""Writing components in the browser: drafts, what they would be, and registering them."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction

from registry import store
from registry.models import Component, ComponentDraft, ComponentVersion, User, Workspace
from registry.refusal import Refusal
from registry.services.components import Registered, component_register
from registry.spec.authoring import CODE, YAML_FILE, Authored, Details, authored, copied, details_of, rewritten
from registry.spec.faults import SpecError
from registry.spec.folder import ComponentFolder, read_folder
from registry.spec.inferring import GENERATED
from registry.starters import STARTERS
from registry.versions import next_version

SIZE_LIMIT = 2_000_000
FILE_LIMIT = 50


class DraftChanged(Refusal):
    """Another tab has saved the draft meanwhile."""

    code = "draft_changed"


class DraftTooLarge(Refusal):
    code = "too_large"
    status = 413


class BadFile(Refusal):
    code = "bad_file"
    status = 422


class NotReadyToRegister(Refusal):
    """A draft that is no component yet."""

    code = "invalid_component"
    status = 422


def draft_create(*, workspace: Workspace, author: User, starter: str = "function") -> ComponentDraft:
    """A draft with code that runs as it is."""
    start = STARTERS[starter]
    name = free_name(workspace, start.name)
    details = Details(name=name, title=start.title, category="Code")
    return ComponentDraft.objects.create(
        workspace=workspace, author=author, files=[[start.file, start.text]], details=details.model_dump()
    )


def draft_from_version(*, version: ComponentVersion, author: User) -> ComponentDraft:
    """A draft with the files of a registered version: of a built-in a copy under another name, else its next version.

    Raises BadFile for code that is no text.
    """
    component, spec = version.component, version.spec
    code: dict[str, str] = {}
    for path, _ in version.code.files if version.code else ():
        with store.open_file(f"{version.code.location}/{path}") as file:  # type: ignore[union-attr]
            try:
                code[path] = file.read(SIZE_LIMIT).decode()
            except UnicodeDecodeError:
                raise BadFile(f"`{path}` is no text, so this component cannot be edited here: download it.") from None
    name, title = spec.name, spec.title
    if component.builtin:
        name, title = free_name(component.workspace, f"my_{spec.name}"), f"My {title[:1].lower()}{title[1:]}"
    if GENERATED in code and "Written by Portline" in code[GENERATED]:
        del code[GENERATED]
        files = [[path, text] for path, text in code.items()]
    else:
        first = next((word for word in spec.command.split() if word in code), "")
        order = sorted(code, key=lambda path: (path != first, path))
        files = [[f"{CODE}/{path}", code[path]] for path in order]
        files.append([YAML_FILE, copied(version.yaml, name, title)])
    details = details_of(spec).model_copy(update={"name": name, "title": title})
    draft = ComponentDraft(workspace=component.workspace, author=author, files=files, details=details.model_dump())
    _check_files(files)
    draft.save()
    return draft


@transaction.atomic
def draft_save(
    *,
    draft: ComponentDraft,
    revision: int,
    files: list[list[str]] | None = None,
    details: Mapping[str, Any] | None = None,
    test: Mapping[str, Any] | None = None,
) -> ComponentDraft:
    """Keep what changed. Raises DraftChanged where another tab was first, DraftTooLarge and BadFile."""
    locked = ComponentDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.revision != revision:
        raise DraftChanged("This draft was changed in another tab. Reload the page to go on with what it says there.")
    if files is not None:
        _check_files(files)
        locked.files = files
    if details is not None:
        said = Details.model_validate(details)
        texts = dict(locked.files)
        if YAML_FILE in texts and files is None:
            with suppress(SpecError):  # its faults are shown
                texts[YAML_FILE] = rewritten(texts[YAML_FILE], said)
            locked.files = [[path, texts[path]] for path, _ in locked.files]
        locked.details = said.model_dump()
    if test is not None:
        locked.test = dict(test)
    locked.revision += 1
    locked.save()
    return locked


def draft_read(draft: ComponentDraft) -> Authored:
    """What the draft is now."""
    return authored(dict(draft.files), Details.model_validate(draft.details))


@contextmanager
def draft_folder(draft: ComponentDraft) -> Iterator[ComponentFolder]:
    """The draft as a component's folder. Raises NotReadyToRegister and SpecError."""
    found = draft_read(draft)
    if found.spec is None:
        first = found.faults[0]
        where = f"{first.file}, line {first.line}: " if first.file else ""
        raise NotReadyToRegister(f"{where}{first.message}")
    with tempfile.TemporaryDirectory(prefix="portline-draft-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder).resolve()
        for path, text in found.files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="")
        yield read_folder(root, root)


def draft_register(*, draft: ComponentDraft, user: User) -> Registered:
    """Register the draft as the component's next version. Raises Refusal and SpecError."""
    with draft_folder(draft) as folder:
        return component_register(workspace=draft.workspace, folder=folder, user=user)


def version_ahead(draft: ComponentDraft, name: str) -> str:
    """The version that registering would give it."""
    known = ComponentVersion.objects.filter(component__workspace=draft.workspace, component__name=name)
    return next_version([version for version in known.values_list("version", flat=True) if version[:5] != "anon-"])


def free_name(workspace: Workspace, wanted: str) -> str:
    """`wanted`, or the next like it that no component has."""
    taken = set(Component.objects.filter(workspace=workspace, name__startswith=wanted).values_list("name", flat=True))
    number = 1
    while (name := wanted if number == 1 else f"{wanted}_{number}") in taken:
        number += 1
    return name


def _check_files(files: list[list[str]]) -> None:
    if len(files) > FILE_LIMIT:
        raise DraftTooLarge(f"A component written here has at most {FILE_LIMIT} files; upload a folder instead.")
    if sum(len(text) for _, text in files) > SIZE_LIMIT:
        raise DraftTooLarge("The files are larger than 2 MB together; upload a folder instead.")
    for path, _ in files:
        parts = PurePosixPath(path)
        if not path or len(path) > 200 or parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path:
            raise BadFile(f"“{path}” is no path of a file in a component's folder.")
    if len({path for path, _ in files}) < len(files):
        raise BadFile("Two files have the same name.")
