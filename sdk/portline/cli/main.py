"""The command `portline`: finds the noun, and says errors as a sentence with an exit code."""

import importlib
import sys
from typing import Any

import click

from portline import __version__
from portline.client.errors import PortlineError

# Each is imported when it is called.
COMMANDS = {
    "job": ("portline.cli.job", "job", "Submit pipelines, follow them, fetch what they made."),
    "component": ("portline.cli.component", "component", "Reusable steps: register, look at, download."),
    "data": ("portline.cli.data", "data", "Files and folders that pipelines read."),
    "environment": ("portline.cli.environment", "environment", "Lists of packages that steps run with."),
    "model": ("portline.cli.data", "model", "Trained models."),
    "schedule": ("portline.cli.schedule", "schedule", "Jobs that are submitted at times."),
    "compute": ("portline.cli.compute", "compute", "Named queues that workers serve."),
    "workspace": ("portline.cli.workspace", "workspace", "What a team shares."),
    "login": ("portline.cli.account", "login", "Store the address of a server and a token."),
    "logout": ("portline.cli.account", "logout", "Forget them."),
    "account": ("portline.cli.account", "account", "Who you are, and where."),
    "completion": ("portline.cli.completion", "completion", "A script that lets the shell complete commands."),
}


class Nouns(click.Group):
    """Knows its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[name]
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"There is no command `{args[0]}`.{_nearest(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


@click.group(cls=Nouns, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="portline")
def cli() -> None:
    """Pipelines on a Portline server, with the words of `az ml`."""


def run(args: list[str] | None = None) -> None:
    """The command's entry. Ends the process; `portline.cli.exits` has the codes."""
    args = sys.argv[1:] if args is None else args
    from portline.cli import exits

    debug = "--debug" in args
    if debug:
        import logging

        logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    try:
        # Outside of its standalone mode click answers the code that a command exits with.
        code = cli.main(args, prog_name="portline", standalone_mode=False) or exits.OK
        sys.stdout.flush()
    except PortlineError as error:
        if debug:
            import traceback

            traceback.print_exc()
        _say(str(error))
        code = exits.code_of(error)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        code = exits.INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has enough, like `| head`. Python would complain once more when it flushes at its end.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = exits.OK
    sys.exit(code)


def _say(sentence: str) -> None:
    """An error: red on a terminal."""
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {sentence}", err=True)


def _nearest(word: str) -> str:
    import difflib

    near = difflib.get_close_matches(word, COMMANDS, 1)
    return f" Did you mean `{near[0]}`?" if near else ""
