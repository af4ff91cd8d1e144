"""Completion by the shell: of commands, and of names that the server knows."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from portline.client import MLClient

SHELLS = ("bash", "zsh", "fish")
SECONDS = 2
"""How long a shell waits for names before it completes nothing."""
LIMIT = 200


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that lets SHELL complete commands, options and names.

    bash: `eval "$(portline completion bash)"` in ~/.bashrc; zsh the same in ~/.zshrc;
    fish: `portline completion fish > ~/.config/fish/completions/portline.fish`.
    """
    from click.shell_completion import get_completion_class

    from portline.cli.main import cli

    kind = get_completion_class(shell)
    assert kind
    click.echo(kind(cli, {}, "portline", "_PORTLINE_COMPLETE").source())


Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def names(found: Callable[["MLClient"], Iterable[Any]], key: str = "name") -> Completer:
    """Completes with a field of what the server lists; with nothing where it cannot be asked."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from portline.client import MLClient

        try:
            with MLClient(
                workspace_name=ctx.params.get("workspace_name"), url=ctx.params.get("url"), timeout=SECONDS, tries=1
            ) as client:
                listed = dict.fromkeys(str(item[key]) for item in found(client))
        except Exception:  # a shell cannot show an error in the middle of a line
            return []
        return [CompletionItem(name) for name in listed if name.startswith(incomplete)]

    return complete


JOBS = names(lambda client: client.jobs.list(max_results=LIMIT))
COMPONENTS = names(lambda client: client.components.list(max_results=LIMIT))
DATA = names(lambda client: client.data.list(max_results=LIMIT))
ENVIRONMENTS = names(lambda client: client.environments.list(max_results=LIMIT))
MODELS = names(lambda client: client.models.list(max_results=LIMIT))
SCHEDULES = names(lambda client: client.schedules.list(max_results=LIMIT))
COMPUTE = names(lambda client: client.compute.list(max_results=LIMIT))
WORKSPACES = names(lambda client: client.workspaces.list())
