"""Which outputs are joined to which inputs, and how often: what the canvas suggests first.

Counted by the database in one query over the pipelines edited last and the templates, which stand in for habits where
a workspace has none yet.
"""

from collections import Counter
from typing import Any

from django.db import connection

from registry.models import Workspace

PIPELINES = 300
"""So many of the newest are looked into: the query costs no more in a workspace with thousands."""
MOST = 2000

_EDGES = {
    "sqlite": (
        "json_extract(document, '$.nodes.\"' || json_extract(edge.value, '$.source') || '\".component'), "
        "json_extract(edge.value, '$.output'), "
        "json_extract(document, '$.nodes.\"' || json_extract(edge.value, '$.target') || '\".component'), "
        "json_extract(edge.value, '$.input')",
        "json_each(document, '$.edges') AS edge",
    ),
    "postgresql": (
        "document->'nodes'->(edge.value->>'source')->>'component', edge.value->>'output', "
        "document->'nodes'->(edge.value->>'target')->>'component', edge.value->>'input'",
        "LATERAL jsonb_each(document->'edges') AS edge",
    ),
}


def joins_of(workspace: Workspace) -> list[list[Any]]:
    """`[source component, output, target component, input, times]`, the most frequent first. One query."""
    columns, edges = _EDGES[connection.vendor]
    sql = f"""
        WITH joins (source, output, target, input) AS (
            SELECT {columns} FROM (
                SELECT document FROM (
                    SELECT document FROM designer_pipeline WHERE workspace_id = %s AND deleted_at IS NULL
                    ORDER BY updated_at DESC LIMIT {PIPELINES}
                ) AS newest
                UNION ALL SELECT document FROM designer_template WHERE workspace_id = %s
            ) AS documents, {edges}
        )
        SELECT source, output, target, input, COUNT(*) FROM joins
        WHERE source IS NOT NULL AND target IS NOT NULL GROUP BY 1, 2, 3, 4
    """
    times: Counter[tuple[str, str, str, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(sql, [workspace.pk, workspace.pk])
        for source, output, target, input_, count in cursor.fetchall():
            # All versions of a component are joined alike.
            times[source.partition(":")[0], output, target.partition(":")[0], input_] += count
    return [[*join, count] for join, count in sorted(times.items(), key=lambda each: (-each[1], each[0]))[:MOST]]
