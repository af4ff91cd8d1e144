"""What `up` and `run` need before they begin: a data folder of their own, a database, the built-in components."""

import fcntl
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import connection

from registry.models import Workspace

DEFAULT_WORKSPACE = "main"
MIGRATING = 7_067_845
"""The number of PostgreSQL's lock on migrations: any, but always this."""


def lock_data_folder(hint: str = "stop it, or set another DATA_DIR") -> IO[str]:
    """One server a data folder: two would take each other's steps for abandoned. Raises CommandError."""
    path: Path = settings.DATA_DIR / "up.lock"
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(f"Portline runs on {settings.DATA_DIR} already; {hint}.") from None
    return lock


def prepare_database() -> None:
    """Bring it up to date."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Kept in the file, so it is set once and not by each connection.
            if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode=WAL")
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.cursor() as cursor:
        # Several web processes may start at once, and one of them migrates. Ends with the session at the latest.
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        call_command("migrate", verbosity=0, interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def default_workspace() -> Workspace:
    """The workspace that an installation begins with."""
    workspace, _ = Workspace.objects.get_or_create(slug=DEFAULT_WORKSPACE, defaults={"name": "Main"})
    return workspace


def register_library(workspaces: list[Workspace], errors: OutputWrapper) -> None:
    """What comes with Portline; a mistake in it must not keep anything from starting."""
    from designer.services.templates import register_templates
    from registry.services.library import register_builtins
    from registry.spec.faults import SpecError

    for workspace in workspaces:
        register_builtins(workspace)
        try:
            register_templates(workspace)
        except SpecError as error:
            errors.write(f"The templates could not all be registered: {error}")
