"""`portline compute`."""

from typing import Any

import click

from portline.cli.completion import COMPUTE
from portline.cli.verbs import (
    Shared,
    Verb,
    assigned,
    changes_of,
    file_option,
    list_options,
    name_option,
    no_wait_option,
    set_option,
)

COLUMNS = (("Name", "name"), ("Cores", "cpu"), ("Memory", "memory"), ("GPUs", "gpus"), ("Steps at once", "max_steps"))
NAME = name_option(COMPUTE, "the compute target")


@click.group()
def compute() -> None:
    """Named queues that workers serve."""


@compute.command("create", cls=Verb, columns=COLUMNS)
@file_option(required=False, what=", or the options below")
@click.option("-n", "--name", help="its name")
@click.option("-t", "--type", help="taken as `az` has it; every target is a queue here")
@click.option("--size", help="taken as `az` has it; workers bring their machines")
@click.option("--min-instances", type=int, help="taken as `az` has it")
@click.option("--max-instances", type=int, help="how many steps run on it at once")
@click.option("-d", "--description", help="what it is")
@set_option()
@no_wait_option()
def create(shared: Shared, file: str | None, assignments: tuple[str, ...], no_wait: bool, **given: Any) -> Any:
    """Make a compute target, or change the one of that name."""
    fields = {key: value for key, value in given.items() if value is not None}
    return shared.client.compute.create_or_update(file or {}, overrides=fields | assigned(assignments))


@compute.command("show", cls=Verb, columns=COLUMNS)
@NAME
def show(shared: Shared, name: str) -> Any:
    """One compute target."""
    return shared.client.compute.get(name)


@compute.command("list", cls=Verb, columns=COLUMNS)
@click.option("-t", "--type", hidden=True)
@list_options
def list_(shared: Shared, max_results: int | None, archived_only: bool, type: str | None) -> Any:
    """The compute targets that nodes may choose."""
    return shared.client.compute.list(max_results=max_results, archived=archived_only)


@compute.command("update", cls=Verb, columns=COLUMNS)
@NAME
@click.option("--max-instances", type=int, help="how many steps run on it at once")
@set_option()
@no_wait_option()
def update(shared: Shared, name: str, max_instances: int | None, assignments: tuple[str, ...], no_wait: bool) -> Any:
    """Change the limits, labels or description of a compute target."""
    kept = shared.client.compute
    if max_instances is not None:
        assignments = (*assignments, f"max_steps={max_instances}")
    return kept.update(name, **changes_of(assignments, lambda: kept.get(name)))


@compute.command("archive", cls=Verb)
@NAME
def archive(shared: Shared, name: str) -> None:
    """Let no new job choose it."""
    shared.client.compute.archive(name)


@compute.command("delete", cls=Verb)
@NAME
@click.option("-y", "--yes", is_flag=True, hidden=True)
@no_wait_option()
def delete(shared: Shared, name: str, yes: bool, no_wait: bool) -> None:
    """The same as archive: jobs that ran on it go on naming it."""
    shared.client.compute.archive(name)


@compute.command("restore", cls=Verb, columns=COLUMNS)
@NAME
def restore(shared: Shared, name: str) -> Any:
    """Take it out of the archive."""
    return shared.client.compute.restore(name)
