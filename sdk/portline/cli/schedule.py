"""`portline schedule`."""

from typing import Any

import click

from portline.cli.completion import SCHEDULES
from portline.cli.verbs import (
    Shared,
    Verb,
    assigned,
    changes_of,
    file_option,
    name_option,
    no_wait_option,
    set_option,
)

COLUMNS = (("Name", "name"), ("Title", "display_name"), ("Enabled", "is_enabled"), ("Next", "next_at"))
NAME = name_option(SCHEDULES, "the schedule")


@click.group()
def schedule() -> None:
    """Jobs that are submitted at times."""


@schedule.command("create", cls=Verb, columns=COLUMNS)
@file_option()
@click.option("-n", "--name", help="instead of the one in the file")
@set_option()
@no_wait_option()
def create(shared: Shared, file: str, name: str | None, assignments: tuple[str, ...], no_wait: bool) -> Any:
    """Make the schedule of a YAML file, or change the one of its name."""
    changes = assigned(assignments) | ({"name": name} if name else {})
    return shared.client.schedules.create_or_update(file, overrides=changes)


@schedule.command("show", cls=Verb, columns=COLUMNS)
@NAME
def show(shared: Shared, name: str) -> Any:
    """A schedule: when it submits, and what."""
    return shared.client.schedules.get(name)


@schedule.command("list", cls=Verb, columns=COLUMNS)
@click.option("--include-disabled", is_flag=True, help="the disabled ones too")
@click.option("--disabled-only", is_flag=True, help="the disabled ones")
@click.option("-r", "--max-results", type=click.IntRange(1), help="so many at most")
def list_(shared: Shared, max_results: int | None, include_disabled: bool, disabled_only: bool) -> Any:
    """The schedules that are enabled."""
    enabled = False if disabled_only else None if include_disabled else True
    return shared.client.schedules.list(max_results=max_results, enabled=enabled)


@schedule.command("update", cls=Verb, columns=COLUMNS)
@NAME
@set_option()
@no_wait_option()
def update(shared: Shared, name: str, assignments: tuple[str, ...], no_wait: bool) -> Any:
    """Change what a schedule is called, tagged, or when it submits."""
    schedules = shared.client.schedules
    return schedules.update(name, **changes_of(assignments, lambda: schedules.get(name)))


@schedule.command("enable", cls=Verb, columns=COLUMNS)
@NAME
@no_wait_option()
def enable(shared: Shared, name: str, no_wait: bool) -> Any:
    """Let it submit jobs again."""
    return shared.client.schedules.enable(name)


@schedule.command("disable", cls=Verb, columns=COLUMNS)
@NAME
@no_wait_option()
def disable(shared: Shared, name: str, no_wait: bool) -> Any:
    """Have it submit no jobs until it is enabled."""
    return shared.client.schedules.disable(name)


@schedule.command("trigger", cls=Verb)
@NAME
def trigger(shared: Shared, name: str) -> Any:
    """Submit its job now."""
    return shared.client.schedules.trigger(name)


@schedule.command("delete", cls=Verb)
@NAME
@click.option("-y", "--yes", is_flag=True, hidden=True)
@no_wait_option()
def delete(shared: Shared, name: str, yes: bool, no_wait: bool) -> None:
    """Delete a schedule; the jobs that it submitted stay."""
    shared.client.schedules.delete(name)
