"""`manage.py register PATH`: register the components of a folder on this machine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import User, Workspace
from registry.services.component_uploads import components_from_folder


class Command(BaseCommand):
    help = "Register every component.yml at or below PATH. Says file:line:column of each error and exits with 1 then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--workspace", default="main", help="its slug (default: main)")
        parser.add_argument("--user", default="", help="the account to register them for")

    def handle(self, *args: Any, path: Path, workspace: str, user: str, **options: Any) -> None:
        found = Workspace.objects.filter(slug=workspace).first()
        if found is None:
            known = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no workspace `{workspace}`; there is: {known}.")
        author = User.objects.filter(username=user).first() if user else None
        if user and author is None:
            raise CommandError(f"There is no account `{user}`.")
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        outcomes = components_from_folder(workspace=found, path=path, user=author)
        if not outcomes:
            raise CommandError(f"There is no component.yml at or below {path}.")
        for outcome in outcomes:
            if outcome.registered:
                word = "registered" if outcome.registered.created else "unchanged"
                self.stdout.write(f"{word:10} {outcome.registered.version.ref}  {outcome.file}")
            for fault in outcome.faults:
                self.stderr.write(str(fault))
        failed = sum(1 for outcome in outcomes if outcome.faults)
        if failed:
            raise CommandError(f"{failed} of {len(outcomes)} could not be registered.")
