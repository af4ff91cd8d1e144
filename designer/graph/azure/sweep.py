"""A sweep job's search, put into the words of a loop (`shared/azureml.md` 2.5)."""

from typing import Any

from designer.graph.azure.context import Context
from registry.spec.document import Path


class Unsearchable(ValueError):
    """A search that cannot be put into a document: where it is, below its job, and a sentence."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def is_nested(spaces: Any) -> bool:
    """Whether choices have search spaces of their own."""
    found = spaces.values() if isinstance(spaces, dict) else ()
    values = [space.get("values") for space in found if isinstance(space, dict)]
    return any(isinstance(value, dict) for each in values if isinstance(each, list) for value in each)


def sweep(c: Context, id: str) -> dict[str, Any]:
    """The loop that a sweep job makes of its trial. Raises Unsearchable."""
    job = c.jobs[id]
    loop: dict[str, Any] = {"type": "sweep"}
    algorithm = job.get("sampling_algorithm") or "random"
    if isinstance(algorithm, dict):
        loop["seed"] = algorithm.get("seed")
        for key in ("rule", "logbase"):
            if str(algorithm.get(key) or "random").lower() != "random":
                c.warn(c.place(id, "sampling_algorithm", key), f"`{key}` has no effect: values are drawn at random")
        algorithm = algorithm.get("type") or "random"
    loop["sampling_algorithm"] = str(algorithm).lower()
    if loop["sampling_algorithm"] == "bayesian":
        c.warn(c.place(id, "sampling_algorithm"), "`bayesian` sampling is not known here: values are drawn at random")
        loop["sampling_algorithm"] = "random"
    if loop["sampling_algorithm"] not in ("random", "grid"):
        raise Unsearchable(("sampling_algorithm",), f"`{algorithm}` is no sampling: take `random` or `grid`")
    limits = c.mapping(job.get("limits"), c.place(id, "limits"), "`limits`")
    if "limits" not in job:
        c.fault(c.place(id), "a sweep says in `limits` how often it tries: `max_total_trials`")
    keys = ("max_total_trials", "max_concurrent_trials")
    loop["limits"] = {key: limits[key] for key in keys if limits.get(key) is not None}
    spaces = c.mapping(job.get("search_space"), c.place(id, "search_space"), "`search_space`")
    loop["search_space"] = {name: _space(name, space) for name, space in spaces.items()}
    objective = c.mapping(job.get("objective"), c.place(id, "objective"), "`objective`")
    if objective:
        goal = {"goal": str(objective["goal"]).lower()} if "goal" in objective else {}
        loop["objective"] = {**objective, **goal}
    if isinstance(policy := job.get("early_termination"), dict):
        loop["early_termination"] = {**policy, "type": str(policy.get("type") or "").lower()}
    return loop


def _space(name: str, space: Any) -> dict[str, Any]:
    if not isinstance(space, dict):
        raise Unsearchable(("search_space", name), "a search space is a mapping with its `type`, as in `type: uniform`")
    exclusive = {"exclusive"} if str(space.get("type")).lower() == "randint" else set()
    return {key: value for key, value in space.items() if key not in exclusive} | {
        "type": str(space.get("type")).lower()
    }
