"""`portline login`, `logout` and `account`."""

import os
import sys
from typing import Any

import click

from portline.cli.completion import WORKSPACES
from portline.cli.verbs import Shared, Verb
from portline.client import config

COLUMNS = (("User", "user.username"), ("Server", "url"), ("Workspace", "workspace"), ("Role", "role"))


@click.command("login")
@click.option("--url", help=f"address of the server; default: the last one, or {config.DEFAULT_URL}")
@click.option("--token", help="the token; better typed when asked, since the shell keeps what stands here")
@click.option("--token-stdin", is_flag=True, help="read the token from standard input")
@click.option("-w", "--workspace-name", shell_complete=WORKSPACES, help="the workspace that commands use")
def login(url: str | None, token: str | None, token_stdin: bool, workspace_name: str | None) -> None:
    """Store the address of a server, a token and a workspace for later commands.

    A token is made on the account page of the server.
    """
    from portline.client import MLClient, PortlineError

    chosen = config.load(url)
    if token_stdin:
        token = sys.stdin.readline().strip()
    elif not token:
        token = os.environ.get("PORTLINE_TOKEN")
    if not token:
        if not sys.stdin.isatty():
            raise PortlineError("Give a token: with --token-stdin, --token, or PORTLINE_TOKEN.", code="usage")
        click.echo(f"Make a token at {chosen.url}/account/ and paste it here.", err=True)
        token = click.prompt("Token", hide_input=True, err=True)
    with MLClient(token, url=chosen.url) as client:
        person = client.me()
        shared = [str(workspace["name"]) for workspace in client.workspaces.list()]
    if not shared:
        raise PortlineError(f"{person['username']} is a member of no workspace; ask an owner to add you.", status=403)
    wanted = workspace_name or (chosen.workspace if chosen.workspace in shared else shared[0])
    if wanted not in shared:
        sentence = f"You are a member of no workspace `{wanted}`; yours are {', '.join(shared)}."
        raise PortlineError(sentence, status=404)
    path = config.save(config.Config(chosen.url, token, wanted, chosen.output))
    click.echo(f"Logged in to {chosen.url} as {person['username']}, workspace {wanted}. Stored in {path}.", err=True)


@click.command("logout")
def logout() -> None:
    """Forget the server and the token; revoke it on the account page too if somebody else may know it."""
    path = config.config_path()
    click.echo(f"Deleted {path}." if config.forget() else "Nothing was stored.", err=True)


@click.group()
def account() -> None:
    """Who you are, and where."""


@account.command("show", cls=Verb, columns=COLUMNS)
def show(shared: Shared) -> Any:
    """The account, the server and the workspace that commands use."""
    client = shared.client
    workspace = client.workspaces.get()
    return {
        "user": client.me(),
        "url": client.config.url,
        "workspace": workspace["name"],
        "role": workspace["role"],
    }
