"""`portline workspace`."""

from typing import Any

import click

from portline.cli.completion import WORKSPACES
from portline.cli.verbs import Shared, Verb

COLUMNS = (("Name", "name"), ("Title", "display_name"), ("Role", "role"), ("Created", "created_at"))


@click.group()
def workspace() -> None:
    """What a team shares."""


@workspace.command("list", cls=Verb, columns=COLUMNS)
def list_(shared: Shared) -> Any:
    """The workspaces that you are a member of."""
    return shared.client.workspaces.list()


@workspace.command("show", cls=Verb, columns=COLUMNS)
@click.option("-n", "--name", shell_complete=WORKSPACES, help="its short name; default: the one in use")
def show(shared: Shared, name: str | None) -> Any:
    """One workspace, and your role in it."""
    return shared.client.workspaces.get(name)


@workspace.command("create", cls=Verb, columns=COLUMNS)
@click.option("-n", "--name", required=True, help="its short name, as addresses have it")
@click.option("--display-name", default="", help="its name for people")
def create(shared: Shared, name: str, display_name: str) -> Any:
    """A new workspace, with you as its owner."""
    return shared.client.workspaces.create(name, display_name)
