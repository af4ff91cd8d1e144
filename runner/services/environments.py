"""Which environment each step of a run gets, frozen when it is submitted."""

from collections.abc import Mapping
from typing import Any

from designer.graph.problems import Problem
from registry.models import Workspace


def environments_freeze(
    workspace: Workspace, nodes: Mapping[str, int]
) -> tuple[dict[str, dict[str, Any]], dict[str, list[Problem]]]:
    """What goes into `Step.environment`, by node, and a problem at each node whose environment cannot be had.

    `nodes` has the id of each node's component version. Costs at most one query.
    """
    return {node: {} for node in nodes}, {}
