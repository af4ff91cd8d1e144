"""Pipelines as components: registering a draft or a file, and opening one again to edit it."""

from collections.abc import Iterator, Mapping

from django.db import transaction

from designer.catalog import RegistryCatalog, Within, components_within
from designer.graph.component import components_in, content_digest, spec_of
from designer.graph.document import Document
from designer.graph.problems import Problem, has_errors, problems_of
from designer.models import Pipeline
from designer.services.pipelines import pipeline_create
from registry.models import ComponentVersion, User, Workspace
from registry.refusal import Refusal
from registry.services.components import Inside, Registered, component_register
from registry.spec.component import ComponentSpec
from registry.spec.folder import ComponentFolder


class Unfinished(Refusal):
    """The draft has problems that keep it from being run, and so from being a component."""

    code = "problems"
    status = 422

    def __init__(self, problems: dict[str, list[Problem]]) -> None:
        errors = [problem for found in problems.values() for problem in found if problem["severity"] == "error"]
        many = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        super().__init__(f"The pipeline cannot be a component yet: {errors[0]['message']}{many}")
        self.problems = problems


class WithinItself(Refusal):
    """A pipeline component would contain itself, in whatever version."""

    code = "cycle"


@transaction.atomic
def component_from_pipeline(
    *, pipeline: Pipeline, user: User, name: str, version: str | None = None, title: str = "", description: str = ""
) -> Registered:
    """Register the draft as it is now as a component; without a version it gets the next one.

    Raises Unfinished, WithinItself, registry.spec.faults.SpecError for names that cannot be a component's, and what
    `component_register` raises.
    """
    document = pipeline.document
    spec = spec_of(
        document,
        name=name,
        version=version,
        title=title or document["name"],
        description=description or document["description"],
    )
    made = graph_register(workspace=pipeline.workspace, user=user, spec=spec, document=document)
    if pipeline.component_id != made.version.component_id:
        Pipeline.objects.filter(pk=pipeline.pk).update(component=made.version.component)
    return made


@transaction.atomic
def graph_register(
    *, workspace: Workspace, user: User | None, spec: ComponentSpec, document: Document, yaml: str = ""
) -> Registered:
    """Register a pipeline component from its spec and graph.

    Raises Unfinished, WithinItself, and what `component_register` raises.
    """
    catalog = RegistryCatalog(workspace)
    catalog.load(document)
    problems = problems_of(document, catalog)
    if has_errors(problems):
        raise Unfinished(problems)
    within = components_within(workspace, document)
    if way := next(_ways_to(spec.name, document, within), None):
        raise WithinItself(f"`{spec.name}` would contain itself: {' → '.join([spec.name, *way])}.")
    digest = content_digest(document, {ref: found.digest for ref, found in within.items()})
    folder = ComponentFolder(spec, yaml, {})
    return component_register(workspace=workspace, folder=folder, user=user, inside=Inside(document, digest))


def pipeline_from_component(*, version: ComponentVersion, user: User) -> Pipeline:
    """A new pipeline to edit, with the graph of a pipeline component."""
    assert version.graph is not None
    workspace = version.component.workspace
    pipeline = pipeline_create(
        workspace=workspace, user=user, name=version.interface["title"][:200], document=version.graph
    )
    pipeline.component = version.component
    pipeline.save(update_fields=["component"])
    return pipeline


def _ways_to(name: str, document: Document, within: Mapping[str, Within]) -> Iterator[list[str]]:
    """The ways from a document down to a component of this name, in any version; each component is looked into once."""
    seen: set[str] = set()
    waiting: list[tuple[Document, list[str]]] = [(document, [])]
    while waiting:
        graph, way = waiting.pop()
        for ref in sorted(components_in(graph) - seen):
            seen.add(ref)
            if ref.rpartition(":")[0] == name:
                yield [*way, ref]
            if (inner := within[ref].graph) is not None:
                waiting.append((inner, [*way, ref]))
