"""Which compute targets a worker is to serve, as commands are told."""

from django.core.management.base import CommandError, CommandParser

from registry.models import ComputeTarget


def add_arguments(parser: CommandParser, default: str) -> None:
    parser.add_argument(
        "--compute",
        action="append",
        default=[],
        metavar="NAME",
        help=f"serve this compute target {default}; repeatable",
    )
    parser.add_argument(
        "--workspace", metavar="SLUG", help="whose targets are meant; needed where several have the name"
    )


def targets_named(names: list[str], workspace: str | None) -> list[ComputeTarget]:
    """Raises CommandError with a sentence."""
    return [_named(name, workspace) for name in dict.fromkeys(names)]


def _named(name: str, workspace: str | None) -> ComputeTarget:
    known = ComputeTarget.objects.select_related("workspace")
    if workspace is not None:
        known = known.filter(workspace__slug=workspace)
    found = list(known.filter(name=name))
    if len(found) == 1:
        return found[0]
    if found:
        slugs = ", ".join(target.workspace.slug for target in found)
        raise CommandError(f"Several workspaces have a compute target {name}: {slugs}. Say which by --workspace.")
    place = f"the workspace {workspace}" if workspace is not None else "any workspace"
    names = sorted(set(known.values_list("name", flat=True)))
    hint = f"There is: {', '.join(names)}." if names else "Register it on the page Compute first."
    raise CommandError(f"There is no compute target {name} in {place}. {hint}")
