"""`portline job`."""

import sys
from pathlib import Path
from typing import Any

import click

from portline.cli.completion import JOBS
from portline.cli.verbs import (
    Several,
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

COLUMNS = (("Name", "name"), ("Display name", "display_name"), ("Experiment", "experiment_name"), ("Status", "status"))
TIMES = (("Created", "created_at"), ("Ended", "ended_at"))
NAME = name_option(JOBS, "the job")
NAME_OR_STEP = name_option(JOBS, "the job, or job/step")


@click.group()
def job() -> None:
    """Submit pipelines, follow them, fetch what they made."""


@job.command("create", cls=Verb, columns=COLUMNS + TIMES)
@file_option()
@click.option("-n", "--name", help="name of the job; default: a made-up one")
@set_option()
@click.option("--input", "inputs", cls=Several, metavar="NAME=VALUE", help="value of an input of the pipeline")
@click.option("--experiment-name", help="what the job is filed under")
@click.option("--stream", "-s", is_flag=True, help="show steps and logs until the job ends")
@click.option("--web", "-e", is_flag=True, help="open the job in a browser")
@click.option("--save-as", "-a", type=click.Path(dir_okay=False), help="write the YAML of the job to this file")
@no_wait_option()
def create(
    shared: Shared,
    file: str,
    name: str | None,
    assignments: tuple[str, ...],
    inputs: tuple[str, ...],
    experiment_name: str | None,
    stream: bool,
    web: bool,
    save_as: str | None,
    no_wait: bool,
) -> Any:
    """Submit the job of a YAML file."""
    jobs = shared.client.jobs
    made = jobs.create_or_update(
        file,
        name=name,
        experiment_name=experiment_name,
        inputs=assigned(inputs),
        overrides=assigned(assignments),
    )
    for warning in made.get("warnings") or []:
        shared.tell(f"Warning: {warning.get('message', warning) if isinstance(warning, dict) else warning}")
    if save_as:
        Path(save_as).write_text(jobs.yaml(made["name"]), encoding="utf-8")
    if web:
        _open(shared, made)
    if not stream:
        return made
    # The answer is for scripts alone: people have seen how it went.
    ended = _stream(shared, made["name"], sys.stderr)
    if shared.by_script:
        return ended
    return None


@job.command("show", cls=Verb, columns=COLUMNS + TIMES)
@NAME_OR_STEP
@click.option("--web", "-e", is_flag=True, help="open the job in a browser")
def show(shared: Shared, name: str, web: bool) -> Any:
    """A job: its status, inputs, outputs."""
    found = shared.client.jobs.get(name)
    if web:
        _open(shared, found)
    return found


@job.command("list", cls=Verb, columns=COLUMNS + TIMES)
@click.option("-p", "--parent-job-name", shell_complete=JOBS, help="list the steps of this job")
@click.option("--tag", help="with this tag, as key or key=value")
@click.option("--status", help="in this status, like Completed")
@click.option("--experiment-name", help="filed under this")
@click.option("--search", help="part of the name")
@click.option("--include-archived", is_flag=True, help="the archived ones too")
@click.option("--all-results", hidden=True)
@list_options
def list_(
    shared: Shared, max_results: int | None, archived_only: bool, include_archived: bool, all_results: Any, **asked: Any
) -> Any:
    """The jobs of the workspace, the newest first."""
    archived = True if archived_only else None if include_archived else False
    return shared.client.jobs.list(max_results=max_results, archived=archived, **asked)


@job.command("stream", cls=Verb)
@NAME
def stream(shared: Shared, name: str) -> None:
    """Show steps and logs until the job ends; exits with 1 if it fails."""
    _stream(shared, name, sys.stdout)


@job.command("download", cls=Verb)
@NAME_OR_STEP
@click.option("-p", "--download-path", type=click.Path(file_okay=False), default=".", help="the folder to write to")
@click.option("--output-name", help="only this output")
@click.option("--all", "everything", is_flag=True, help="logs and all outputs")
def download(shared: Shared, name: str, download_path: str, output_name: str | None, everything: bool) -> None:
    """Fetch logs and outputs."""
    files = shared.client.jobs.download(name, download_path=download_path, output_name=output_name, all=everything)
    shared.tell(f"Wrote {len(files)} files below {download_path}.")


@job.command("cancel", cls=Verb)
@NAME
@no_wait_option()
def cancel(shared: Shared, name: str, no_wait: bool) -> None:
    """Ask for the end of a job."""
    shared.client.jobs.cancel(name)


@job.command("archive", cls=Verb)
@NAME
def archive(shared: Shared, name: str) -> None:
    """Leave a job out of lists."""
    shared.client.jobs.archive(name)


@job.command("restore", cls=Verb)
@NAME
def restore(shared: Shared, name: str) -> None:
    """Take a job out of the archive."""
    shared.client.jobs.restore(name)


@job.command("update", cls=Verb, columns=COLUMNS)
@NAME
@set_option()
@no_wait_option()
def update(shared: Shared, name: str, assignments: tuple[str, ...], no_wait: bool) -> Any:
    """Change display_name, description or tags."""
    jobs = shared.client.jobs
    return jobs.update(name, **changes_of(assignments, lambda: jobs.get(name)))


@job.command("validate", cls=Verb)
@file_option()
@set_option()
def validate(shared: Shared, file: str, assignments: tuple[str, ...]) -> Any:
    """Say what is wrong with a YAML file, without submitting it; exits with 2 if something is."""
    report = shared.client.jobs.validate(file, overrides=assigned(assignments))
    if report["errors"]:
        from portline.cli import exits

        shared.exit_code = exits.USAGE
    return report


@job.command("show-services", cls=Verb)
@NAME
def show_services(shared: Shared, name: str) -> Any:
    """Where a job can be looked at."""
    return shared.client.jobs.get(name)["services"]


def _open(shared: Shared, job: Any) -> None:
    address = shared.client.jobs.web_url(job)
    shared.tell(f"Opening {address}")
    click.launch(address)


def _stream(shared: Shared, name: str, out: Any) -> Any:
    """Live on a terminal, line by line elsewhere. Raises PortlineError when the job fails."""
    from portline.cli.output import is_terminal

    try:
        if not is_terminal(out):
            return shared.client.jobs.stream(name, out)
        from portline.cli.progress import show_live

        return show_live(shared.client.jobs, name, out)
    except KeyboardInterrupt:
        click.echo(f"\nThe job goes on; `portline job cancel -n {name}` ends it.", err=True)
        raise
