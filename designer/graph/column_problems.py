"""Columns that a step names and its table does not have.

Always a warning: what is known of a table comes from an earlier look or from a declaration, and only the step's own
code knows what a missing column means to it. A run that would have worked is never refused for it.
"""

from collections.abc import Mapping

from designer.graph.document import INPUTS, Catalog, Document, edge_key
from designer.graph.finding import Problem, problem
from designer.graph.names import nearest, split_names
from designer.graph.ports import parameters
from designer.graph.schema import Port, Schema, Unknown, fed_schema, given


def column_problems(document: Document, catalog: Catalog, schemas: Mapping[Port, Schema]) -> dict[str, list[Problem]]:
    """By node: one problem for each parameter with columns that are not there."""
    found: dict[str, list[Problem]] = {}
    for id, node in document["nodes"].items():
        if node.get("mode"):
            continue
        for port in parameters(node, catalog):
            table = port["columns_of"]
            schema = fed_schema(document, id, table, schemas) if table else None
            if table is None or schema is None or schema.more:
                continue
            try:
                text = str(given(document, node, port) or "")
            except Unknown:
                continue
            names = [text] if port["widget"] == "column" else split_names(text)
            missing = [name for name in names if name and name not in schema.columns]
            if missing:
                message = _sentence(missing, schema, _source(document, id, table))
                found.setdefault(id, []).append(problem(id, port["name"], "missing_column", message, "warning"))
    return found


def _source(document: Document, node: str, input: str) -> str:
    edge = document["edges"][edge_key(node, input)]
    if edge["source"] == INPUTS:
        return f"the pipeline input {edge['output']}"
    return f"“{document['nodes'][edge['source']]['title'] or edge['source']}”"


def _sentence(missing: list[str], schema: Schema, source: str) -> str:
    from_ = f"the table from {source}"
    if len(missing) > 1:
        return f"The columns {', '.join(f'`{name}`' for name in missing)} are not in {from_}."
    near = nearest(missing[0], schema.columns)
    hint = f" Did you mean `{near}`?" if near else ""
    when = " as it was in the last run" if schema.origin == "old run" else ""
    return f"Column `{missing[0]}` is not in {from_}{when}.{hint}"
