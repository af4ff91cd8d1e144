"""Registering every component of an uploaded zip, or of a folder on the server's own disk."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

from registry.models import ComponentVersion, User, Workspace
from registry.refusal import Refusal
from registry.services.components import Registered, component_register
from registry.services.git import fetch_repository
from registry.spec.document import read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.folder import FILE_NAMES, find_components, read_folder
from registry.unpacking import BadArchive, unpack


class TooLarge(Refusal):
    """An upload above the limit of the settings."""

    code = "too_large"
    status = 413


@dataclass(frozen=True)
class Outcome:
    """What became of one component.yml: a version, or faults with the lines they stand in."""

    file: str
    registered: Registered | None = None
    faults: list[Fault] = field(default_factory=list)
    lines: dict[tuple[str, int], str] = field(default_factory=dict)

    @property
    def shown_faults(self) -> list[tuple[Fault, str]]:
        """Each fault with the line of YAML that it stands in."""
        return [(fault, self.lines.get((fault.file, fault.line), "")) for fault in self.faults]


def components_from_zip(
    *, workspace: Workspace, file: IO[bytes], size: int, user: User | None, path: str = ""
) -> list[Outcome]:
    """Register what an uploaded zip holds, each component on its own: a faulty one does not stop the others.

    `path` narrows it to one YAML of the zip, which may have any name, and the components that it names beside it.
    Raises TooLarge and BadArchive, the latter also when there is no component in it.
    """
    limit = settings.COMPONENT_UPLOAD_LIMIT
    if size > limit:
        raise TooLarge(f"The upload has {size / 1e6:.1f} MB; at most {limit / 1e6:.0f} MB are accepted.")
    with tempfile.TemporaryDirectory(prefix="portline-upload-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder).resolve()
        held = unpack(file, root, 4 * limit)
        if path and path not in held:
            raise BadArchive(f"There is no file {path} in this upload.")
        outcomes = components_from_folder(workspace=workspace, path=root / path, root=root, user=user)
    if not outcomes:
        raise BadArchive(f"There is no {FILE_NAMES[0]} in this upload; each component has one in its folder.")
    return outcomes


def components_from_git(*, workspace: Workspace, url: str, user: User | None, branch: str = "") -> list[Outcome]:
    """Register every component of a git repository, each on its own.

    Raises registry.services.git.CannotFetch, and BadArchive where there is no component in it.
    """
    with tempfile.TemporaryDirectory(prefix="portline-git-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder).resolve() / "repository"
        fetch_repository(url, branch, root)
        outcomes = components_from_folder(workspace=workspace, path=root, root=root, user=user)
    if not outcomes:
        raise BadArchive(f"There is no {FILE_NAMES[0]} in this repository; each component has one in its folder.")
    return outcomes


def components_from_folder(
    *, workspace: Workspace, path: Path, root: Path | None = None, user: User | None = None
) -> list[Outcome]:
    """Register every component at or below a path. `root` is what an upload's code may not leave."""
    upload = Upload(workspace, root, user)
    # What others read comes last: it may name the rest.
    for file in sorted(find_components(path), key=lambda file: _type_of(file, "") in HANDLERS):
        upload.outcome(file)
    return list(upload.outcomes.values())


class Upload:
    """Files that are registered together: each once, however many others name it."""

    def __init__(self, workspace: Workspace, root: Path | None, user: User | None) -> None:
        self.workspace = workspace
        self.user = user
        self.outcomes: dict[Path, Outcome] = {}
        self._root = root
        self._being_read: list[Path] = []

    def outcome(self, file: Path) -> Outcome:
        """What becomes of a file; it is registered when it is asked for first."""
        file = file.resolve()
        if file not in self.outcomes:
            self._being_read.append(file)
            outcome = self._register(file)
            self._being_read.pop()
            self.outcomes[file] = outcome
        return self.outcomes[file]

    def beside(self, file: Path, path: str) -> ComponentVersion:
        """The component in the file that another names by a path. Raises ValueError with a sentence."""
        target = (file.parent / path).resolve()
        if self._root and not target.is_relative_to(self._root.resolve()):
            raise ValueError(f"`{path}` lies outside of the uploaded folder")
        if not target.is_file():
            raise ValueError(f"`{path}` does not exist beside {file.name}")
        if target in self._being_read:
            raise ValueError(f"`{path}` contains this component, so it cannot be within it")
        outcome = self.outcome(target)
        if outcome.registered is None:
            raise ValueError(f"`{path}` cannot be registered itself: {outcome.faults[0].message}")
        return outcome.registered.version

    def shown(self, file: Path) -> str:
        """The file as faults name it."""
        return str(file.relative_to(self._root)) if self._root else str(file)

    def _register(self, file: Path) -> Outcome:
        shown = self.shown(file)
        try:
            handler = HANDLERS.get(_type_of(file, shown))
            if handler is not None:
                return Outcome(shown, handler(self, file))
            folder = read_folder(file, self._root)
            return Outcome(shown, component_register(workspace=self.workspace, folder=folder, user=self.user))
        except SpecError as error:
            return _faulty(file, shown, error.faults)
        except Refusal as refusal:
            return _faulty(file, shown, [_at_version(file, shown, refusal.sentence)])


HANDLERS: dict[str, Callable[[Upload, Path], Registered]] = {}
"""Types of components that other apps know how to read. They raise SpecError and Refusal."""


def _type_of(file: Path, shown: str) -> str:
    try:
        data = read_document(file.read_text(encoding="utf-8"), shown).data
    except (SpecError, UnicodeDecodeError):
        return ""  # whoever reads it says what is wrong
    return str(data.get("type", "")) if isinstance(data, dict) else ""


def _faulty(file: Path, shown: str, faults: list[Fault]) -> Outcome:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    wanted = {fault.line for fault in faults if fault.file == shown}
    return Outcome(shown, None, faults, {(shown, n): lines[n - 1][:300] for n in wanted if 0 < n <= len(lines)})


def _at_version(file: Path, shown: str, sentence: str) -> Fault:
    """A refused version is a fault of the line that says it."""
    return read_document(file.read_text(encoding="utf-8"), shown).fault(("version",), sentence)
