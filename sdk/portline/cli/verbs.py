"""What all verbs have in common: the options of `az`, the client, and that a verb's answer is written out."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from portline.cli.output import FORMATS, Columns, emit

if TYPE_CHECKING:
    from portline.client import MLClient

QUERY = "a JMESPath expression that narrows the answer"
UNUSED = "taken as `az` has it; there is no such thing here"


class Several(click.Option):
    """An option whose values may follow one another: `--set a=1 b=2`, or `--set a=1 --set b=2`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "multiple": True})


class Shared:
    """What the common options said, and the client that they lead to."""

    def __init__(self, ctx: click.Context) -> None:
        given = ctx.params
        self.url: str | None = given.pop("url")
        self.workspace: str | None = given.pop("workspace_name")
        self.query: str | None = given.pop("query")
        self.asked: str | None = given.pop("output")
        self.debug: bool = given.pop("debug")
        self.quiet: bool = given.pop("only_show_errors")
        for name in ("resource_group", "subscription", "verbose"):
            given.pop(name)
        self.exit_code = 0
        self._client: MLClient | None = None

    @property
    def client(self) -> "MLClient":
        """Made when it is asked for: what needs no server imports none of it."""
        if self._client is None:
            from portline.client import MLClient

            self._client = MLClient(workspace_name=self.workspace, url=self.url, told=self.tell)
        return self._client

    @property
    def output(self) -> str:
        if self.asked:
            return self.asked
        from portline.client.config import load

        chosen = load(self.url).output
        return chosen if chosen in FORMATS else "json"

    @property
    def by_script(self) -> bool:
        """Whether the answer was asked for in a form, or goes elsewhere than to a terminal."""
        return bool(self.asked or self.query) or not sys.stdout.isatty()

    def tell(self, sentence: str) -> None:
        """Say what goes on to people, beside the answer; scripts are not told."""
        if sys.stderr.isatty() and not self.quiet:
            click.echo(sentence, err=True)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


class Verb(click.Command):
    """A command whose callback gets a Shared and its own options; what it returns is written out."""

    def __init__(self, *args: Any, columns: Columns = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.params += common()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(self._spread(args)))

    def invoke(self, ctx: click.Context) -> Any:
        shared = ctx.obj = Shared(ctx)
        assert self.callback
        try:
            data = ctx.invoke(self.callback, shared, **ctx.params)
            if isinstance(data, Iterator):
                data = list(data)
            if data is not None:
                emit(data, shared.output, shared.query, self.columns)
        finally:
            shared.close()
        ctx.exit(shared.exit_code)

    def _spread(self, args: Sequence[str]) -> Iterator[str]:
        """Repeat the name of an option that takes several values before each of them."""
        names = {name for param in self.params if isinstance(param, Several) for name in param.opts}
        current, given = "", False
        for arg in args:
            if arg.startswith("-"):
                name, equals, _ = arg.partition("=")
                current, given = (name, bool(equals)) if name in names else ("", False)
            elif current:
                if given:
                    yield current
                given = True
            yield arg


def common() -> list[click.Parameter]:
    return [
        click.Option(["-w", "--workspace-name"], help="the workspace; default: the one of `portline login`"),
        click.Option(["-o", "--output"], type=click.Choice(FORMATS), help="the form of the answer; default: json"),
        click.Option(["--query"], help=QUERY),
        click.Option(["--url"], help="address of the server; default: the one of `portline login`"),
        click.Option(["--only-show-errors"], is_flag=True, help="say nothing beside the answer but errors"),
        click.Option(["--debug"], is_flag=True, help="show requests, and where an error comes from"),
        click.Option(["-g", "--resource-group"], hidden=True, help=UNUSED),
        click.Option(["--subscription"], hidden=True, help=UNUSED),
        click.Option(["--verbose"], is_flag=True, hidden=True, help=UNUSED),
    ]


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def file_option(required: bool = True, what: str = "") -> Decorator:
    return click.option("-f", "--file", type=click.Path(), required=required, help=f"the YAML file{what}")


def name_option(names: Any, what: str) -> Decorator:
    """`-n` of a verb on one thing; `names` completes it."""
    return click.option("-n", "--name", required=True, shell_complete=names, help=f"name of {what}")


def set_option() -> Decorator:
    return click.option(
        "--set", "assignments", cls=Several, metavar="PLACE=VALUE", help="set a value of the YAML, like settings.x=1"
    )


def version_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """`-v` and `--label`, of which one is needed where a name alone says too little."""
    function = click.option("-l", "--label", help="`latest`: the newest version")(function)
    return click.option("-v", "--version", help="the version; default: the newest")(function)


def list_options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--archived-only", is_flag=True, help="the archived ones")(function)
    return click.option("-r", "--max-results", type=click.IntRange(1), help="so many at most")(function)


def no_wait_option() -> Decorator:
    """What azure makes one wait for is done at once here."""
    return click.option("--no-wait", is_flag=True, hidden=True, help=UNUSED)


def assigned(assignments: Sequence[str]) -> dict[str, Any]:
    """The values of `--set`. Raises PortlineError."""
    from portline.client.setting import assignment

    return dict(assignment(text) for text in assignments)


def changes_of(assignments: Sequence[str], current: Callable[[], Any]) -> dict[str, Any]:
    """Those of an update: within a field like tags, `--set tags.a=b` leaves the others as they are."""
    from portline.client.errors import PortlineError
    from portline.client.setting import put

    if not assignments:
        raise PortlineError("Nothing is to be changed; say what with --set, like --set description=...", code="usage")
    places = assigned(assignments)
    nested = {place.split(".")[0] for place in places if "." in place}
    known = current() if nested else {}
    changes: dict[str, Any] = {field: dict(known.get(field) or {}) for field in nested}
    for place, value in places.items():
        put(changes, place, value)
    return changes
