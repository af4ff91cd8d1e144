"""`portline environment`."""

from typing import Any

import click

from portline.cli.completion import ENVIRONMENTS
from portline.cli.verbs import (
    Shared,
    Verb,
    assigned,
    changes_of,
    file_option,
    list_options,
    name_option,
    set_option,
    version_options,
)

COLUMNS = (
    ("Name", "name"),
    ("Version", "version"),
    ("Python", "python"),
    ("Image", "image"),
    ("Created", "created_at"),
)
NAME = name_option(ENVIRONMENTS, "the environment")


@click.group()
def environment() -> None:
    """Lists of packages that steps run with."""


@environment.command("create", cls=Verb, columns=COLUMNS)
@file_option(required=False, what=", or the options below")
@click.option("-n", "--name", help="its name")
@click.option("-v", "--version", help="its version; default: the next")
@click.option("-i", "--image", help="a container image")
@click.option("-c", "--conda-file", help="a conda file with its packages")
@click.option("-d", "--description", help="what it is")
@set_option()
def create(shared: Shared, file: str | None, assignments: tuple[str, ...], **given: str | None) -> Any:
    """Register a version."""
    fields = {key: value for key, value in given.items() if value is not None}
    return shared.client.environments.create_or_update(file or {}, overrides=fields | assigned(assignments))


@environment.command("show", cls=Verb, columns=COLUMNS)
@NAME
@version_options
def show(shared: Shared, name: str, version: str | None, label: str | None) -> Any:
    """One version."""
    return shared.client.environments.get(name, version, label)


@environment.command("list", cls=Verb, columns=COLUMNS)
@click.option("-n", "--name", shell_complete=ENVIRONMENTS, help="list the versions of this one")
@click.option("--include-archived", is_flag=True, hidden=True)
@list_options
def list_(
    shared: Shared, name: str | None, max_results: int | None, archived_only: bool, include_archived: bool
) -> Any:
    """All versions, the newest first."""
    return shared.client.environments.list(name, max_results=max_results, archived=archived_only)


@environment.command("update", cls=Verb, columns=COLUMNS)
@NAME
@version_options
@set_option()
def update(shared: Shared, name: str, version: str | None, label: str | None, assignments: tuple[str, ...]) -> Any:
    """Change the description of a version."""
    kept = shared.client.environments
    return kept.update(name, version, label, **changes_of(assignments, lambda: kept.get(name, version, label)))


@environment.command("archive", cls=Verb)
@NAME
@version_options
def archive(shared: Shared, name: str, version: str | None, label: str | None) -> None:
    """Leave a version out of lists."""
    shared.client.environments.archive(name, version, label)


@environment.command("restore", cls=Verb)
@NAME
@version_options
def restore(shared: Shared, name: str, version: str | None, label: str | None) -> None:
    """Take a version out of the archive."""
    shared.client.environments.restore(name, version, label)
