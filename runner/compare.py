"""Two states of a pipeline beside each other: revisions, named versions, the draft, runs.

Every function here costs a fixed number of queries, whatever the size of the graphs and the length of the history.
"""

import difflib
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from designer.catalog import RegistryCatalog
from designer.graph.azure.patching import written
from designer.graph.azure.writing import write_job
from designer.graph.changes import changes_between
from designer.graph.document import Document
from designer.models import Pipeline
from designer.services.history import document_at
from designer.services.versions import find_version
from registry.models import Workspace
from runner.models import Run, Tracking
from runner.selectors import find_run

DRAFT = "draft"


@dataclass(frozen=True)
class Side:
    """One of the two. `rev` is the revision that it is, or that it ran."""

    ref: str
    label: str
    rev: int
    document: Document
    run: Run | None = None

    def json(self) -> dict[str, Any]:
        return {
            "ref": self.ref,
            "label": self.label,
            "rev": self.rev,
            "run": self.run.pk if self.run else None,
            "document": self.document,
        }


def side_of(pipeline: Pipeline, ref: str) -> Side:
    """What `draft`, `12` (a revision), `version:NAME` or `run:41` means. Raises Http404."""
    kind, _, name = ref.partition(":")
    if kind == "version":
        version = find_version(pipeline, name)
        return Side(ref, version.name, version.revision, version.document)
    if kind == "run" and name.isdecimal() and len(name) < 19:
        run = find_run(pipeline.workspace, int(name))
        if run.pipeline_id != pipeline.pk:
            raise Http404(f"Run {name} is not one of this pipeline.")
        return Side(ref, f"Run {run.pk}", run.revision, run.document, run)
    if ref == DRAFT:
        return Side(ref, "Now", pipeline.revision, pipeline.document)
    if ref.isdecimal() and len(ref) < 10:
        return Side(ref, f"Revision {int(ref)}", int(ref), document_at(pipeline, int(ref)))
    raise Http404(f"“{ref}” is no state of a pipeline: write draft, a revision, version:NAME or run:NUMBER.")


def compared(pipeline: Pipeline, before: str, after: str) -> dict[str, Any]:
    """Both documents, every change between them, and both as text; of two runs their inputs and metrics too."""
    one, other = side_of(pipeline, before), side_of(pipeline, after)
    catalog = RegistryCatalog(pipeline.workspace)
    components = {**catalog.load(one.document), **catalog.load(other.document)}
    runs = (one.run, other.run) if one.run and other.run else None
    return {
        "before": one.json(),
        "after": other.json(),
        "changes": changes_between(one.document, other.document),
        "components": components,
        "diff": _diff(_text(one.document, catalog), _text(other.document, catalog)),
        "runs": {"inputs": _inputs(*runs), "metrics": _metrics(pipeline.workspace, *runs)} if runs else None,
    }


def _text(document: Document, catalog: RegistryCatalog) -> list[str]:
    return written(write_job(document, catalog).data).splitlines()


def _diff(before: list[str], after: list[str]) -> list[dict[str, Any]]:
    """A unified diff: lines of kind `same`, `removed`, `added`, and `gap` where lines that are the same are left out.

    `before` and `after` are the numbers of a line on either side.
    """
    lines: list[dict[str, Any]] = []
    for group in difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(3):
        if lines or group[0][1] > 0:
            lines.append({"kind": "gap", "before": None, "after": None, "text": ""})
        for tag, start, end, other_start, other_end in group:
            if tag == "equal":
                lines += [
                    {"kind": "same", "before": at + 1, "after": other_start + at - start + 1, "text": before[at]}
                    for at in range(start, end)
                ]
                continue
            lines += [
                {"kind": "removed", "before": at + 1, "after": None, "text": before[at]} for at in range(start, end)
            ]
            lines += [
                {"kind": "added", "before": None, "after": at + 1, "text": after[at]}
                for at in range(other_start, other_end)
            ]
    return lines


def _inputs(before: Run, after: Run) -> list[dict[str, Any]]:
    names = {**before.inputs, **after.inputs}
    return [{"name": name, "before": before.inputs.get(name), "after": after.inputs.get(name)} for name in names]


def _metrics(workspace: Workspace, before: Run, after: Run) -> list[dict[str, Any]]:
    """The last value of everything that steps of either run logged. One query."""
    found: dict[tuple[str, str], dict[int, Any]] = {}
    tracked = Tracking.objects.filter(attempt__step__run__in=[before, after], attempt__step__iteration=None)
    rows = tracked.order_by("attempt__number").values_list("attempt__step__run", "attempt__step__node_id", "data")
    for run, node, data in rows:
        for metric, course in (data.get("metrics") or {}).items():
            found.setdefault((node, metric), {})[run] = course["last"]
    return [
        {"node": node, "metric": metric, "before": by_run.get(before.pk), "after": by_run.get(after.pk)}
        for (node, metric), by_run in sorted(found.items())
    ]
