"""A job on a terminal: logs and ended steps scroll by, what runs now stands below them."""

import time
from typing import Any, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from portline.client.following import STEP_ENDED, JobUpdate, LogLine, StepProgress, StepUpdate, Update, said
from portline.client.jobs import Jobs, failure

# A glyph and a word beside each colour.
LOOKS = {
    "Completed": ("✓", "green"),
    "Failed": ("✗", "bold red"),
    "Canceled": ("■", "yellow"),
    "Skipped": ("–", "dim"),
    "Waiting": ("…", "magenta"),
}
SHOWN = 12
"""How many running steps stand below the log; more are counted."""


def show_live(jobs: Jobs, name: str, out: TextIO) -> Any:
    """Follow a job until it ends; answers it then. Raises PortlineError if it failed."""
    console = Console(file=out, highlight=False)
    job = jobs.get(name)
    address = jobs.web_url(job)
    console.print(Text.assemble(("Job ", "bold"), job["name"], "  "), Text(address, style=f"dim link {address}"))
    board = Board()
    with Live(board, console=console, refresh_per_second=8, transient=True):
        for update in jobs.follow(job["name"]):
            for line in board.take(update):
                console.print(line, soft_wrap=True)
    ended = jobs.get(job["name"])
    counts = ", ".join(f"{count} {status}" for status, count in sorted(ended["counts"].items()))
    console.print(Text.assemble(look(ended["status"]), f" {said(ended['message']).lstrip(': ')}  ", (counts, "dim")))
    if ended["status"] != "Completed":
        raise failure(ended)
    return ended


class Board:
    """What runs at the moment; rich asks it for its picture as often as it draws."""

    def __init__(self) -> None:
        self._running: dict[str, float] = {}
        self._progress: dict[str, float] = {}
        self._spinner = Spinner("dots")
        self._status = "Queued"

    def take(self, update: Update) -> list[RenderableType]:
        """The lines that an update adds to what scrolls by."""
        if isinstance(update, LogLine):
            style = "red" if update.stream == "stderr" else ""
            return [Text.assemble((f"{update.node} │ ", "cyan"), (update.text, style))]
        if isinstance(update, StepProgress):
            self._progress[update.node] = update.progress
            return []
        if isinstance(update, JobUpdate):
            self._status = update.status
            return []
        return self._step(update)

    def _step(self, update: StepUpdate) -> list[RenderableType]:
        if update.status not in STEP_ENDED:
            if update.status not in ("NotStarted", "Queued"):
                self._running.setdefault(update.node, time.monotonic())
            if not update.message:
                return []
            return [Text.assemble(look(update.status), f" {update.node}", said(update.message))]
        self._running.pop(update.node, None)
        self._progress.pop(update.node, None)
        more = " reused" if update.reused else f" in {update.seconds:.1f} s" if update.seconds is not None else ""
        return [Text.assemble(look(update.status), f" {update.node}", (more, "dim"), said(update.message))]

    def __rich__(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for node, since in list(self._running.items())[:SHOWN]:
            done = f"{self._progress[node]:.0%}" if node in self._progress else ""
            table.add_row(self._spinner, Text(node), Text(f"{time.monotonic() - since:.0f} s", style="dim"), done)
        more = len(self._running) - SHOWN
        if more > 0:
            table.add_row("", Text(f"and {more} more", style="dim"))
        if not self._running:
            table.add_row(self._spinner, Text(self._status, style="dim"))
        return Group(table)


def look(status: str) -> Text:
    """A status as a glyph, a word and a colour."""
    glyph, style = LOOKS.get(status, ("●", "blue"))
    return Text(f"{glyph} {status}", style=style)
