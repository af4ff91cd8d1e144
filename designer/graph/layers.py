"""Places for the nodes of a graph that came without: each right of all that it comes after."""

from collections.abc import Iterable

from designer.graph.document import INPUTS, Document

COLUMN, ROW = 320, 144


def placed(document: Document, ids: Iterable[str]) -> dict[str, tuple[float, float]]:
    """A place for each of the nodes, by columns from left to right and in their own order from top to bottom."""
    after: dict[str, list[str]] = {id: [] for id in document["nodes"]}
    missing = dict.fromkeys(document["nodes"], 0)
    for edge in (*document["edges"].values(), *document["order"].values()):
        if edge["source"] != INPUTS:
            after[edge["source"]].append(edge["target"])
            missing[edge["target"]] += 1
    column = dict.fromkeys(document["nodes"], 0)
    ready = [id for id, count in missing.items() if count == 0]
    for id in ready:
        for target in after[id]:
            column[target] = max(column[target], column[id] + 1)
            missing[target] -= 1
            if missing[target] == 0:
                ready.append(target)
    rows: dict[int, int] = {}
    places = {}
    for id in ids:
        row = rows[column[id]] = rows.get(column[id], -1) + 1
        places[id] = (float(COLUMN * column[id]), float(ROW * row))
    return places
