"""Reading pipelines: what lists and pages show."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from designer.catalog import RegistryCatalog
from designer.graph.document import Document
from designer.models import Pipeline, Template
from registry.models import ComponentVersion, Workspace


def pipelines_of(workspace: Workspace) -> QuerySet[Pipeline]:
    """Those that are not in the bin, last edited first, without their documents: lists do not need them."""
    return (
        Pipeline.objects.filter(workspace=workspace, deleted_at=None)
        .select_related("created_by", "updated_by", "component")
        .defer("document")
    )


def pipelines_using(workspace: Workspace, component: str) -> list[dict[str, Any]]:
    """The pipelines that have a node of a component, by name: `pk`, `name`, and the `versions` that they have."""
    found = Pipeline.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
    using = []
    for pipeline in found.iterator(chunk_size=100):
        nodes = [node for node in pipeline.document["nodes"].values() if node["kind"] == "component"]
        refs = (node["component"].rpartition(":") for node in nodes)
        versions = sorted({version for name, _, version in refs if name == component})
        if versions:
            using.append({"pk": pipeline.pk, "name": pipeline.name, "versions": versions})
    return using


def find_pipeline(workspace: Workspace, pk: int, *, binned: bool = False) -> Pipeline:
    """A pipeline of this workspace. Raises Http404, also for one in the bin unless `binned`."""
    found = Pipeline.objects.select_related("workspace", "updated_by", "created_by", "component").filter(
        workspace=workspace, pk=pk
    )
    pipeline = found.first() if binned else found.filter(deleted_at=None).first()
    if pipeline is None:
        raise Http404("There is no such pipeline.")
    return pipeline


def pipeline_named(workspace: Workspace, pk: int) -> Pipeline:
    """A pipeline of this workspace, in the bin or not, with nothing read of it. Raises Http404."""
    pipeline = Pipeline.objects.filter(workspace=workspace, pk=pk).only("pk").first()
    if pipeline is None:
        raise Http404("There is no such pipeline.")
    return pipeline


def find_template(workspace: Workspace, slug: str) -> Template:
    """A template of this workspace. Raises Http404."""
    template = Template.objects.select_related("workspace").filter(workspace=workspace, slug=slug).first()
    if template is None:
        raise Http404("There is no such template.")
    return template


def find_pipeline_component(workspace: Workspace, name: str, version: str) -> ComponentVersion:
    """A version of a pipeline component of this workspace. Raises Http404, also for components of other types."""
    found = ComponentVersion.objects.select_related("component__workspace").filter(
        component__workspace=workspace, component__name=name, version=version, graph__isnull=False
    )
    if (component := found.first()) is None:
        raise Http404("There is no such pipeline component.")
    return component


def steps_within(component: ComponentVersion) -> list[dict[str, Any]]:
    """The nodes of a pipeline component as its page lists them: `title`, `icon`, and the component or `what` it is."""
    document: Document = component.graph  # type: ignore[assignment]
    interfaces = RegistryCatalog(component.component.workspace).load(document)
    steps: list[dict[str, Any]] = []
    for node in document["nodes"].values():
        step = {"title": node["title"], "icon": _ICONS.get(node["kind"], "box"), "what": node.get("asset", "if / else")}
        if node["kind"] == "component" and (interface := interfaces.get(node["component"])):
            step |= {key: interface[key] for key in ("name", "version", "icon")}
        steps.append(step)
    return steps


_ICONS = {"data": "database", "branch": "git-branch"}
