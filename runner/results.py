"""What is known of the data on a pipeline's wires: the newest result of every port, and the columns of its tables.

Five queries, however large the pipeline is and however often it ran.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from designer.catalog import RegistryCatalog
from designer.graph.changed import changed_nodes
from designer.graph.column_problems import column_problems
from designer.graph.document import INPUTS, Document
from designer.graph.finding import Problem
from designer.graph.schema import Port, Schema, Seen, schemas_of
from designer.models import Pipeline
from registry.columns import columns_of_assets
from registry.models import Workspace
from runner.models import Artifact, Run
from runner.selectors import artifact_summary

RUNS = 12
"""So many of the newest runs are looked into: a port that none of them reached has no last result."""

_SHOWN_COLUMNS = 300
known_columns: dict[int, dict[str, str]] = {}
"""By artifact. Artifacts never change, and a preview is large beside the names in it."""
_REMEMBERED = 5000


def pipeline_results(pipeline: Pipeline) -> dict[str, Any]:
    """protocol.md, “Results and columns”."""
    workspace, document = pipeline.workspace, pipeline.document
    catalog = RegistryCatalog(workspace)
    catalog.load(document)
    artifacts = _newest(pipeline.pk, document)
    stale = _stale(document, artifacts)
    schemas = schemas_of(document, catalog, _seen(workspace, document, artifacts, stale))
    results: dict[str, dict[str, Any]] = {}
    for (node, output), artifact in artifacts.items():
        told = {**artifact_summary(artifact), "run": artifact.run_id, "stale": node in stale}
        results.setdefault(node, {})[output] = told
    return {
        "rev": pipeline.revision,
        "results": results,
        **_tables(schemas),
        "problems": column_problems(document, catalog, schemas),
    }


def column_warnings(run: Run) -> dict[str, list[Problem]]:
    """The columns that steps of a run name and that their tables do not have, as far as was known before it."""
    document: Document = run.document
    catalog = RegistryCatalog(run.workspace)
    catalog.load(document)
    artifacts = _newest(run.pipeline_id, document, before=run.pk)
    seen = _seen(run.workspace, document, artifacts, _stale(document, artifacts))
    return column_problems(document, catalog, schemas_of(document, catalog, seen))


def _newest(pipeline: int | None, document: Document, before: int | None = None) -> dict[Port, Artifact]:
    """The newest artifact of each output of the pipeline's own nodes."""
    runs = Run.objects.filter(pipeline=pipeline)
    runs = runs.filter(pk__lt=before) if before else runs
    recent = list(runs.order_by("-pk").values_list("pk", flat=True)[:RUNS])
    made = Artifact.objects.filter(run__in=recent, step__iteration=None)
    newest = made.values("step__node_id", "output").annotate(newest=Max("pk")).values_list("newest", flat=True)
    found = Artifact.objects.filter(pk__in=newest).select_related("step").defer(*_UNREAD)
    nodes = document["nodes"]
    return {(each.step.node_id, each.output): each for each in found if each.step.node_id in nodes}


_UNREAD = (
    "preview", "step__params", "step__assets", "step__command", "step__ingredients", "step__environment",
    "step__control", "step__result", "step__launch", "step__resources",
)  # fmt: skip


def _stale(document: Document, artifacts: Mapping[Port, Artifact]) -> set[str]:
    """Nodes whose newest result no longer stands for the draft."""
    ran = {node: artifact.run_id for (node, _), artifact in artifacts.items()}
    then = dict(Run.objects.filter(pk__in=set(ran.values())).values_list("pk", "document"))
    changed = {run: changed_nodes(document, known) for run, known in then.items()}
    return {node for node, run in ran.items() if node in changed[run]}


def _seen(
    workspace: Workspace, document: Document, artifacts: Mapping[Port, Artifact], stale: set[str]
) -> dict[Port, Seen]:
    tables = {port: artifact.pk for port, artifact in artifacts.items() if artifact.kind == "table"}
    columns = _columns_of(set(tables.values()))
    seen = {}
    for port, pk in tables.items():
        if known := columns.get(pk):
            more = len(known) >= _SHOWN_COLUMNS
            seen[port] = Seen(Schema(known, more, "run"), port[0] in stale)
    assets = {(id, "data"): node["asset"] for id, node in document["nodes"].items() if node["kind"] == "data"}
    for name, input_ in document["inputs"].items():
        if isinstance(input_["default"], dict) and "asset" in input_["default"]:
            assets[INPUTS, name] = input_["default"]["asset"]
    read = columns_of_assets(workspace, set(assets.values()))
    return seen | {port: Seen(Schema(read[ref], False, "asset")) for port, ref in assets.items() if ref in read}


def _columns_of(artifacts: set[int]) -> dict[int, dict[str, str]]:
    """Names and types by artifact: one query for those that were not asked for before."""
    missing = artifacts - known_columns.keys()
    if len(known_columns) + len(missing) > _REMEMBERED:
        known_columns.clear()
        missing = artifacts
    previews = Artifact.objects.filter(pk__in=missing).values_list("pk", "preview__columns") if missing else ()
    for pk, columns in previews:
        known_columns[pk] = {column["name"]: column["type"] for column in columns or ()}
    return {pk: known_columns[pk] for pk in artifacts if pk in known_columns}


def _tables(schemas: Mapping[Port, Schema]) -> dict[str, Any]:
    """Schemas by port; columns that many ports have alike are told once."""
    tables: dict[tuple[tuple[str, str], ...], int] = {}
    told: dict[str, dict[str, Any]] = {}
    for (node, output), schema in schemas.items():
        table = tables.setdefault(tuple(schema.columns.items()), len(tables))
        told.setdefault(node, {})[output] = {"table": table, "more": schema.more, "origin": schema.origin}
    return {"schemas": told, "tables": [dict(columns) for columns in tables]}
