"""When a trial of a sweep is ended early: its course is worse than that of the others.

Source: Azure ML's early termination policies (`shared/azureml.md` 2.5). A course is the metric's values in the order
in which the trial told them; interval n is the n-th value, from 1.
"""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

Course = Sequence[float]


def stops(policy: Mapping[str, Any] | None, goal: str, course: Course, others: Sequence[Course]) -> bool:
    """Whether the trial with this course is to be ended, now that it told the last value of it."""
    if not policy or not course:
        return False
    interval = len(course)
    if interval <= int(policy.get("delay_evaluation") or 0) or interval % int(policy.get("evaluation_interval") or 1):
        return False
    sign = 1.0 if goal == "maximize" else -1.0
    own = max(sign * value for value in course)
    rivals = [max(sign * value for value in other[:interval]) for other in others if other]
    if not rivals:
        return False
    match policy["type"]:
        case "bandit":
            return own < _slack(policy, max(*rivals, own))
        case "median_stopping":
            means = [sign * statistics.fmean(other[:interval]) for other in others if other]
            return own < statistics.median(means)
        case "truncation_selection":
            ranked = sorted([*rivals, own])
            return own < ranked[int(len(ranked) * policy["truncation_percentage"] / 100)]
    return False


def _slack(policy: Mapping[str, Any], best: float) -> float:
    """The least that still goes on, beside the best so far."""
    if policy.get("slack_amount") is not None:
        return best - float(policy["slack_amount"])
    factor = 1 + float(policy.get("slack_factor") or 0)
    return best / factor if best >= 0 else best * factor
