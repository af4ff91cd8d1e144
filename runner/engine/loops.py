"""What the iterations of a loop are: the items of a parallel-for, the trials of a sweep, the rounds of a while.

Source of the forms and of the distributions: Azure ML's `parallel_for`, `do_while` and sweep jobs
(`shared/azureml.md` 2.3 and 2.5).
"""

import itertools
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LABEL_LIMIT = 200
MOST_ITERATIONS = 100_000
MOST_AT_ONCE = 100
"""How many iterations of a loop without a cap have rows in flight at one time."""


class CannotLoop(ValueError):
    """What the loop goes over cannot be used; the message is for people."""


@dataclass(frozen=True)
class Planned:
    """One iteration to be: the literal inputs that it gets, and what people tell it by."""

    label: str
    values: dict[str, Any] = field(default_factory=dict)


def at_once(loop: Mapping[str, Any]) -> int:
    """How many iterations may run at a time."""
    if loop["type"] == "do_while":
        return 1
    limits = loop.get("limits") or {}
    return int(loop.get("max_concurrency") or limits.get("max_concurrent_trials") or MOST_AT_ONCE)


def items_of(loop: Mapping[str, Any]) -> list[Planned]:
    """The iterations of a parallel-for over a list. Raises CannotLoop."""
    items = loop.get("items")
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except ValueError as error:
            raise CannotLoop(f"The items of the loop are no JSON list: {error}.") from None
    if isinstance(items, Mapping):
        # Azure ML's other form: each name is an iteration.
        return [_item(loop, item, name) for name, item in items.items()]
    if not isinstance(items, list):
        raise CannotLoop("The items of the loop are no list.")
    return [_item(loop, item, "") for item in items[: MOST_ITERATIONS + 1]]


def _item(loop: Mapping[str, Any], item: Any, name: str) -> Planned:
    if not isinstance(item, Mapping):
        if not loop.get("input"):
            raise CannotLoop(f"The item {json.dumps(item)} does not say which input it is for.")
        item = {loop["input"]: item}
    return Planned(name or label_of(item), dict(item))


def label_of(values: Mapping[str, Any]) -> str:
    """What people tell an iteration by: its values."""
    text = ", ".join(f"{name}={_short(value)}" for name, value in values.items())
    return text if len(text) <= LABEL_LIMIT else f"{text[: LABEL_LIMIT - 1]}…"


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value)


def batches(files: Sequence[str], size: int) -> list[list[str]]:
    """Files, in order, in mini-batches of `size`."""
    return [list(files[start : start + size]) for start in range(0, len(files), size)]


def trials_of(sweep: Mapping[str, Any]) -> list[Planned]:
    """The trials of a sweep, at most `max_total_trials`. Raises CannotLoop."""
    space = sweep["search_space"]
    most = int((sweep.get("limits") or {}).get("max_total_trials") or MOST_ITERATIONS)
    if sweep["sampling_algorithm"] == "grid":
        points: Iterable[dict[str, Any]] = _grid(space)
        return [Planned(label_of(point), point) for point in itertools.islice(points, most)]
    generator = random.Random(sweep.get("seed"))
    if most == MOST_ITERATIONS:
        most = 1000 if any(rule["type"] not in ("choice", "randint") for rule in space.values()) else _size(space)
    drawn: dict[str, Planned] = {}
    for _ in range(most * 20):
        point = {name: sample(rule, generator) for name, rule in space.items()}
        drawn.setdefault(json.dumps(point, sort_keys=True), Planned(label_of(point), point))
        if len(drawn) == most:
            break
    return list(drawn.values())


def _grid(space: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    axes = []
    for name, rule in space.items():
        if rule["type"] == "choice":
            axes.append([(name, value) for value in rule["values"]])
        elif rule["type"] == "randint":
            axes.append([(name, value) for value in range(int(rule["upper"]))])
        else:
            raise CannotLoop(f"A grid needs a list of values for `{name}`, not a distribution.")
    return (dict(point) for point in itertools.product(*axes))


def _size(space: Mapping[str, Any]) -> int:
    sizes = [len(rule["values"]) if rule["type"] == "choice" else int(rule["upper"]) for rule in space.values()]
    return math.prod(sizes)


def sample(rule: Mapping[str, Any], generator: random.Random) -> Any:
    """A value from one input's distribution. `q` rounds to its multiples; the log forms take the exponent's bounds."""
    kind = rule["type"]
    match kind.removeprefix("q"):
        case "choice":
            return generator.choice(list(rule["values"]))
        case "randint":
            return generator.randrange(int(rule["upper"]))
        case "uniform":
            value = generator.uniform(rule["min_value"], rule["max_value"])
        case "loguniform":
            value = math.exp(generator.uniform(rule["min_value"], rule["max_value"]))
        case "normal":
            value = generator.gauss(rule["mu"], rule["sigma"])
        case "lognormal":
            value = math.exp(generator.gauss(rule["mu"], rule["sigma"]))
        case _:
            raise CannotLoop(f"There is no distribution `{kind}`.")
    step = rule.get("q")
    return round(value / step) * step if kind.startswith("q") and step else value


def better(goal: str, left: float, right: float) -> bool:
    """Whether `left` is the better value of an objective."""
    return left > right if goal == "maximize" else left < right
