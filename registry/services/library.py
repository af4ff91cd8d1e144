"""The built-in components: registered in every workspace, as users' own are."""

import hashlib
import logging
from pathlib import Path

from django.db import transaction

from registry.models import Workspace
from registry.services.components import VersionStands, component_register
from registry.spec.faults import SpecError
from registry.spec.folder import FILE_NAMES, read_folder

LIBRARY = Path(__file__).resolve().parent.parent / "library"
log = logging.getLogger("portline.library")


def register_builtins(workspace: Workspace) -> int:
    """Bring a workspace's built-in components up to date; returns how many versions are new.

    Costs no query when nothing changed since. A component that cannot be registered is logged and passed over: a
    mistake in one must not keep the server from starting.
    """
    digest = _library_digest()
    if workspace.library_digest == digest:
        return 0
    new, failed = 0, False
    changed: list[str] = []
    with transaction.atomic():
        for folder in _folders():
            try:
                read = read_folder(folder)
                new += component_register(workspace=workspace, folder=read, user=None, builtin=True).created
            except SpecError as error:
                failed = True
                for fault in error.faults:
                    log.error("built-in component: %s", fault)
            except VersionStands:
                changed.append(folder.name)
        if changed:
            log.error(
                "built-in components with other content than the registered version, which stays; "
                "raise `version` in their component.yml: %s",
                ", ".join(changed),
            )
        if not failed and not changed:
            workspace.library_digest = digest
            workspace.save(update_fields=["library_digest"])
    return new


def _folders() -> list[Path]:
    return sorted(path.parent for name in FILE_NAMES for path in LIBRARY.glob(f"*/{name}"))


def _library_digest() -> str:
    digest = hashlib.sha256()
    for file in sorted(LIBRARY.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            content = file.read_bytes()
            digest.update(f"{file.relative_to(LIBRARY)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
