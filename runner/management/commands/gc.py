"""`manage.py gc`: give up old results, runs and outputs, and take away what nothing refers to."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import Workspace
from registry.services.idempotency import answers_forget
from registry.spec.durations import parse_duration
from registry.spec.sizes import parse_size, shown_size
from runner.services.collecting import Order, Taken, give_up, plan, sweep_store, sweep_work

T = TypeVar("T")
# What is taken away -> how one and many of it are called.
WORDS = {
    "content": ("content of the store that nothing refers to", "contents of the store that nothing refers to"),
    "draft": ("unfinished file in the store", "unfinished files in the store"),
    "work": ("working folder of a worker that is gone", "working folders of workers that are gone"),
    "download": ("downloaded copy", "downloaded copies"),
    "environment": ("unused environment", "unused environments"),
}


class Command(BaseCommand):
    help = (
        "Free space. What nothing refers to is always taken away once it is a day old; the options give up more. "
        "Never touched: registered data, components' code, pinned results and their outputs, runs in flight."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", metavar="30d", help="evict results that were not used for so long")
        parser.add_argument(
            "--max-size", metavar="50GB", help="evict results, least recently used first, until the others fit"
        )
        parser.add_argument(
            "--outputs",
            action="store_true",
            help="with --older-than or --max-size: delete the content of outputs too, although their runs are kept",
        )
        parser.add_argument("--runs-older-than", metavar="180d", help="delete runs that ended so long ago")
        parser.add_argument(
            "--unreferenced", action="store_true", help="only take away what nothing refers to (the default)"
        )
        parser.add_argument("--workspace", metavar="NAME", help="only results and runs of this workspace")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        order = self._order(options)
        found, taken = plan(order), Taken()
        if not dry_run:
            taken.faults += give_up(found, order.workspaces)
        sweep_store(taken, found if dry_run else None)
        sweep_work(taken, dry_run)
        would = "would be " if dry_run else ""
        for number, what, done in (
            (len(found.results), "result", "evicted"),
            (len(found.runs), "run", "deleted"),
            (len(found.outputs), "output", "given up, while its run stays"),
        ):
            if number:
                self.stdout.write(f"{number} {what}{'' if number == 1 else 's'} {would}{done}")
        for what, number in taken.number.items():
            size = shown_size(taken.bytes[what])
            self.stdout.write(f"{number} {WORDS[what][number != 1]} {would}deleted, {size}")
        if forgotten := answers_forget(dry=dry_run):
            self.stdout.write(f"{forgotten} kept answer{'' if forgotten == 1 else 's'} {would}deleted")
        total = shown_size(taken.bytes.total())
        self.stdout.write(f"{total} would be free." if dry_run else f"{total} freed.")
        for fault in taken.faults:
            self.stderr.write(fault)
        if taken.faults:
            raise CommandError(f"Of this, {len(taken.faults)} could not be done.")

    def _order(self, options: dict[str, Any]) -> Order:
        if options["outputs"] and not (options["older_than"] or options["max_size"]):
            raise CommandError("--outputs says what else goes with --older-than or --max-size; give one of them.")
        asked = [name for name in ("older_than", "max_size", "runs_older_than") if options[name]]
        if options["unreferenced"] and asked:
            raise CommandError(f"--unreferenced is all or nothing; leave it out with --{asked[0].replace('_', '-')}.")
        workspaces = Workspace.objects.all()
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                names = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True))
                raise CommandError(f"There is no workspace `{options['workspace']}`; there are: {names}.")
        return Order(
            workspaces=list(workspaces),
            older_than=_read(parse_duration, "--older-than", options["older_than"]),
            max_size=_read(parse_size, "--max-size", options["max_size"]),
            outputs=options["outputs"],
            runs_older_than=_read(parse_duration, "--runs-older-than", options["runs_older_than"]),
        )


def _read(parse: Callable[[str], T], option: str, written: str | None) -> T | None:
    try:
        return None if written is None else parse(written)
    except ValueError as error:
        raise CommandError(f"{option}: {error}.") from None
