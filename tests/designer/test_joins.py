"""What the canvas suggests first: the joins that the workspace's pipelines have."""

from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from designer.joins import joins_of
from designer.models import Pipeline, Template


def document(*wires: tuple[str, str, str, str]) -> Any:
    nodes = {ref.partition(":")[0]: {"component": ref} for source, _, target, _ in wires for ref in (source, target)}
    edges = {
        f"{target.partition(':')[0]}.{input}": {
            "source": source.partition(":")[0],
            "output": output,
            "target": target.partition(":")[0],
            "input": input,
        }
        for source, output, target, input in wires
    }
    return {"nodes": nodes, "edges": edges, "inputs": {}, "outputs": {}, "order": {}}


SPLIT = ("load:1", "table", "split:1", "data")
TRAIN = ("split:1", "train", "train:1", "data")


def test_joins_are_counted_over_pipelines_and_templates(world: SimpleNamespace) -> None:
    assert joins_of(world.workspace) == []
    for graph in (document(SPLIT, TRAIN), document(("load:2", "table", "split:3", "data"))):
        Pipeline.objects.create(workspace=world.workspace, name="P", document=graph)
    Pipeline.objects.create(workspace=world.elsewhere, name="Theirs", document=document(TRAIN))
    Pipeline.objects.create(
        workspace=world.workspace, name="Binned", document=document(TRAIN), deleted_at=timezone.now()
    )
    Template.objects.create(workspace=world.workspace, slug="t", title="T", category="x", document=document(SPLIT))
    with CaptureQueriesContext(connection) as queries:
        found = joins_of(world.workspace)
    assert found == [["load", "table", "split", "data", 3], ["split", "train", "train", "data", 1]]
    assert len(queries) == 1
