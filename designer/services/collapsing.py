"""A selection as a pipeline component in one step, and back."""

from typing import Any
from uuid import UUID

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.graph.collapse import CannotCollapse, collapse
from designer.graph.component import spec_of
from designer.graph.expand import CannotExpand, expand
from designer.models import Pipeline
from designer.selectors import find_pipeline_component
from designer.services.editing import operations_apply
from designer.services.pipeline_components import graph_register
from registry.models import User
from registry.refusal import Refusal


class NotCollapsed(Refusal):
    """The nodes cannot be one, or the node not be several."""

    code = "cannot_collapse"


@transaction.atomic
def pipeline_collapse(
    *, pipeline: Pipeline, user: User, nodes: list[str], name: str, title: str, op_id: UUID, client: str = ""
) -> dict[str, Any]:
    """Register nodes of the draft as a component and put it in their place, as one batch: answers its `ops` message.

    Raises NotCollapsed, and what `graph_register` and `operations_apply` raise.
    """
    locked = (
        Pipeline.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=pipeline.pk, deleted_at=None)
    )
    document = locked.document
    catalog = RegistryCatalog(locked.workspace)
    catalog.load(document)
    if gone := [id for id in nodes if id not in document["nodes"]]:
        raise NotCollapsed(f"There is no node `{gone[0]}` any more: somebody deleted it.")
    try:
        found = collapse(document, nodes, catalog, title)
    except CannotCollapse as error:
        raise NotCollapsed(str(error)) from None
    spec = spec_of(found.inside, name=name, version=None, title=title, description="")
    made = graph_register(workspace=locked.workspace, user=user, spec=spec, document=found.inside)
    taken, id, number = set(document["nodes"]) - set(nodes), name, 2
    while id in taken:
        id, number = f"{name}_{number}", number + 1
    ops = found.operations(document, id, made.version.ref, title)
    return operations_apply(pipeline=locked, user=user, op_id=op_id, ops=ops, client=client)


@transaction.atomic
def pipeline_expand(*, pipeline: Pipeline, user: User, node: str, op_id: UUID, client: str = "") -> dict[str, Any]:
    """Put what is in a pipeline component in the place of its node, as one batch: answers its `ops` message.

    Raises NotCollapsed, Http404 for a component that has no graph, and what `operations_apply` raises.
    """
    locked = (
        Pipeline.objects.select_for_update(of=("self",))
        .select_related("workspace")
        .get(pk=pipeline.pk, deleted_at=None)
    )
    found = locked.document["nodes"].get(node)
    if found is None or found["kind"] != "component":
        raise NotCollapsed(f"There is no component `{node}` in this pipeline any more.")
    name, _, version = found["component"].rpartition(":")
    graph = find_pipeline_component(locked.workspace, name, version).graph
    try:
        ops = expand(locked.document, node, graph)  # type: ignore[arg-type]
    except CannotExpand as error:
        raise NotCollapsed(str(error)) from None
    return operations_apply(pipeline=locked, user=user, op_id=op_id, ops=ops, client=client)
