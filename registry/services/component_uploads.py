"""Registering every component of an uploaded zip, or of a folder on the server's own disk."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

from registry.models import User, Workspace
from registry.refusal import Refusal
from registry.services.components import Registered, component_register
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


def components_from_zip(*, workspace: Workspace, file: IO[bytes], size: int, user: User | None) -> list[Outcome]:
    """Register what an uploaded zip holds, each component on its own: a faulty one does not stop the others.

    Raises TooLarge and BadArchive, the latter also when there is no component in it.
    """
    limit = settings.COMPONENT_UPLOAD_LIMIT
    if size > limit:
        raise TooLarge(f"The upload has {size / 1e6:.1f} MB; at most {limit / 1e6:.0f} MB are accepted.")
    with tempfile.TemporaryDirectory(prefix="portline-upload-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder).resolve()
        unpack(file, root, 4 * limit)
        outcomes = components_from_folder(workspace=workspace, path=root, root=root, user=user)
    if not outcomes:
        raise BadArchive(f"There is no {FILE_NAMES[0]} in this upload; each component has one in its folder.")
    return outcomes


def components_from_folder(
    *, workspace: Workspace, path: Path, root: Path | None = None, user: User | None = None
) -> list[Outcome]:
    """Register every component at or below a path. `root` is what an upload's code may not leave."""
    return [_register(workspace, file, root, user) for file in find_components(path)]


def _register(workspace: Workspace, file: Path, root: Path | None, user: User | None) -> Outcome:
    shown = str(file.relative_to(root)) if root else str(file)
    try:
        folder = read_folder(file, root)
        registered = component_register(workspace=workspace, folder=folder, user=user)
    except SpecError as error:
        return _faulty(file, shown, error.faults)
    except Refusal as refusal:
        return _faulty(file, shown, [_at_version(file, shown, refusal.sentence)])
    return Outcome(shown, registered)


def _faulty(file: Path, shown: str, faults: list[Fault]) -> Outcome:
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    wanted = {fault.line for fault in faults if fault.file == shown}
    return Outcome(shown, None, faults, {(shown, n): lines[n - 1][:300] for n in wanted if 0 < n <= len(lines)})


def _at_version(file: Path, shown: str, sentence: str) -> Fault:
    """A refused version is a fault of the line that says it."""
    from registry.spec.document import read_document

    return read_document(file.read_text(encoding="utf-8"), shown).fault(("version",), sentence)
