"""`portline data` and `portline model`: the same verbs over files with a name and versions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from portline.cli.completion import DATA, MODELS, Completer
from portline.cli.verbs import (
    Shared,
    Verb,
    assigned,
    changes_of,
    file_option,
    list_options,
    set_option,
    version_options,
)

if TYPE_CHECKING:
    from portline.client.assets import Contents

COLUMNS = (("Name", "name"), ("Version", "version"), ("Type", "type"), ("Size", "size"), ("Created", "created_at"))


def noun(kind: str, word: str, text: str, names: Completer) -> click.Group:
    """The group of one kind; `kind` is the client's attribute."""
    group = click.Group(kind if kind == "data" else word, help=text)
    name_option = click.option("-n", "--name", required=True, shell_complete=names, help=f"name of the {word}")

    def of(shared: Shared) -> "Contents":
        found: Contents = getattr(shared.client, kind)
        return found

    def verb(name: str) -> Callable[[Callable[..., Any]], click.Command]:
        return group.command(name, cls=Verb, columns=COLUMNS)

    @verb("create")
    @file_option(required=False, what=", or the options below")
    @click.option("-n", "--name", help="its name")
    @click.option("-v", "--version", help="its version; default: the next")
    @click.option("-p", "--path", help="file, folder, or address of what it holds")
    @click.option("-t", "--type", help="uri_file, uri_folder, mltable, custom_model, mlflow_model, ...")
    @click.option("-d", "--description", help="what it is")
    @set_option()
    def create(shared: Shared, file: str | None, assignments: tuple[str, ...], **given: str | None) -> Any:
        """Register it; what lies on this machine is uploaded."""
        fields = {key: value for key, value in given.items() if value is not None}
        return of(shared).create_or_update(file or {}, overrides=fields | assigned(assignments))

    @verb("show")
    @name_option
    @version_options
    def show(shared: Shared, name: str, version: str | None, label: str | None) -> Any:
        """One version."""
        return of(shared).get(name, version, label)

    @verb("list")
    @click.option("-n", "--name", shell_complete=names, help="list the versions of this one")
    @click.option("--include-archived", is_flag=True, hidden=True)
    @list_options
    def list_(
        shared: Shared, name: str | None, max_results: int | None, archived_only: bool, include_archived: bool
    ) -> Any:
        """All versions, the newest first."""
        return of(shared).list(name, max_results=max_results, archived=archived_only)

    @verb("update")
    @name_option
    @version_options
    @set_option()
    def update(shared: Shared, name: str, version: str | None, label: str | None, assignments: tuple[str, ...]) -> Any:
        """Change the description of a version."""
        assets = of(shared)
        return assets.update(name, version, label, **changes_of(assignments, lambda: assets.get(name, version, label)))

    @verb("archive")
    @name_option
    @version_options
    def archive(shared: Shared, name: str, version: str | None, label: str | None) -> None:
        """Leave a version out of lists."""
        of(shared).archive(name, version, label)

    @verb("restore")
    @name_option
    @version_options
    def restore(shared: Shared, name: str, version: str | None, label: str | None) -> None:
        """Take a version out of the archive."""
        of(shared).restore(name, version, label)

    @verb("download")
    @name_option
    @version_options
    @click.option("-p", "--download-path", type=click.Path(file_okay=False), default=".", help="the folder to write to")
    def download(shared: Shared, name: str, version: str | None, label: str | None, download_path: str) -> None:
        """Fetch its files."""
        files = of(shared).download(name, version, download_path, label)
        shared.tell(f"Wrote {len(files)} files below {download_path}.")

    return group


data = noun("data", "data asset", "Files and folders that pipelines read.", DATA)
model = noun("models", "model", "Trained models.", MODELS)
