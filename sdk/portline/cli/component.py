"""`portline component`."""

from typing import Any

import click

from portline.cli.completion import COMPONENTS
from portline.cli.verbs import (
    Shared,
    Verb,
    assigned,
    file_option,
    list_options,
    name_option,
    set_option,
    version_options,
)

COLUMNS = (("Name", "name"), ("Version", "version"), ("Title", "display_name"), ("Updated", "updated_at"))
NAME = name_option(COMPONENTS, "the component")


@click.group()
def component() -> None:
    """Reusable steps: register, look at, download."""


@component.command("create", cls=Verb, columns=COLUMNS)
@file_option()
@click.option("-v", "--version", help="instead of the one in the file")
@click.option("-n", "--name", help="instead of the one in the file")
@set_option()
@click.option("--skip-validation", is_flag=True, hidden=True)
def create(
    shared: Shared,
    file: str,
    version: str | None,
    name: str | None,
    assignments: tuple[str, ...],
    skip_validation: bool,
) -> Any:
    """Register the component of a YAML file, with its code."""
    changes = assigned(assignments) | ({"name": name} if name else {})
    return shared.client.components.create_or_update(file, version=version, overrides=changes)


@component.command("show", cls=Verb, columns=COLUMNS)
@NAME
@version_options
def show(shared: Shared, name: str, version: str | None, label: str | None) -> Any:
    """One version of a component."""
    return shared.client.components.get(name, version, label)


@component.command("list", cls=Verb, columns=COLUMNS)
@click.option("-n", "--name", shell_complete=COMPONENTS, help="list the versions of this one")
@click.option("--search", help="words that its name, title, description or tags hold")
@click.option("--include-archived", is_flag=True, hidden=True)
@list_options
def list_(
    shared: Shared,
    name: str | None,
    search: str | None,
    max_results: int | None,
    archived_only: bool,
    include_archived: bool,
) -> Any:
    """The components of the workspace, or the versions of one."""
    return shared.client.components.list(name, max_results=max_results, archived=archived_only, q=search)


@component.command("archive", cls=Verb)
@NAME
@version_options
def archive(shared: Shared, name: str, version: str | None, label: str | None) -> None:
    """Leave a component out of lists, with all of its versions."""
    shared.client.components.archive(name, version, label)


@component.command("restore", cls=Verb)
@NAME
@version_options
def restore(shared: Shared, name: str, version: str | None, label: str | None) -> None:
    """Take a component out of the archive."""
    shared.client.components.restore(name, version, label)


@component.command("download", cls=Verb)
@NAME
@click.option("-v", "--version", help="the version; default: the newest")
@click.option("-p", "--download-path", type=click.Path(file_okay=False), default=".", help="the folder to write to")
def download(shared: Shared, name: str, version: str | None, download_path: str) -> None:
    """Fetch a component's YAML and code."""
    files = shared.client.components.download(name, version, download_path)
    shared.tell(f"Wrote {len(files)} files below {download_path}.")
