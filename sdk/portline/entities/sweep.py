"""Searches: distributions that inputs are drawn from, and policies that end trials early (Azure ML's names)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portline.client.errors import PortlineError


@dataclass(frozen=True)
class Space:
    """What an input is drawn from."""

    def plain(self) -> dict[str, Any]:
        """As YAML has it."""
        fields = {key: value for key, value in self.__dict__.items() if value is not None}
        return {"type": type(self).__name__.lower(), **fields}

    @property
    def value_type(self) -> str:
        """The type of the input."""
        return "number"


@dataclass(frozen=True)
class Choice(Space):
    """One of the values."""

    values: Sequence[Any]

    def plain(self) -> dict[str, Any]:
        return {"type": "choice", "values": list(self.values)}

    @property
    def value_type(self) -> str:
        kinds = {type(value) for value in self.values}
        if kinds == {bool}:
            return "boolean"
        return "integer" if kinds == {int} else "number" if kinds <= {int, float} else "string"


@dataclass(frozen=True)
class Randint(Space):
    """A whole number from 0 up to, but not with, `upper`."""

    upper: int

    @property
    def value_type(self) -> str:
        return "integer"


@dataclass(frozen=True)
class Uniform(Space):
    """Any number between two."""

    min_value: float
    max_value: float


@dataclass(frozen=True)
class LogUniform(Uniform):
    """e to the power of a number between two: the bounds are exponents."""


@dataclass(frozen=True)
class QUniform(Space):
    """As Uniform, rounded to multiples of `q`."""

    min_value: float
    max_value: float
    q: float = 1


@dataclass(frozen=True)
class QLogUniform(QUniform):
    """As LogUniform, rounded to multiples of `q`."""


@dataclass(frozen=True)
class Normal(Space):
    """A number around `mu`, spread by `sigma`."""

    mu: float
    sigma: float


@dataclass(frozen=True)
class LogNormal(Normal):
    """e to the power of such a number."""


@dataclass(frozen=True)
class QNormal(Space):
    """As Normal, rounded to multiples of `q`."""

    mu: float
    sigma: float
    q: float = 1


@dataclass(frozen=True)
class QLogNormal(QNormal):
    """As LogNormal, rounded to multiples of `q`."""


@dataclass(frozen=True)
class Policy:
    """When a trial is ended before its time: looked at every `evaluation_interval` reports, after a delay."""

    evaluation_interval: int = 1
    delay_evaluation: int = 0

    kind = ""

    def plain(self) -> dict[str, Any]:
        """As YAML has it."""
        return {"type": self.kind, **{key: value for key, value in self.__dict__.items() if value is not None}}


@dataclass(frozen=True)
class BanditPolicy(Policy):
    """Ends a trial that is worse than the best by more than the slack, a factor or an amount."""

    slack_factor: float | None = None
    slack_amount: float | None = None
    kind = "bandit"


@dataclass(frozen=True)
class MedianStoppingPolicy(Policy):
    """Ends a trial whose best is worse than the median of the others' averages."""

    kind = "median_stopping"


@dataclass(frozen=True)
class TruncationSelectionPolicy(Policy):
    """Ends the worst percentage of the trials."""

    truncation_percentage: int = 20
    kind = "truncation_selection"


@dataclass
class Sweep:
    """The search of a node. `limits` are how many trials there are at most, and how many at once."""

    search_space: dict[str, Any]
    primary_metric: str
    goal: str
    sampling_algorithm: Any = "random"
    early_termination: Any = None
    seed: int | None = None
    limits: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if str(self.goal).lower() not in ("minimize", "maximize"):
            raise PortlineError(f"The goal of a sweep is minimize or maximize, not `{self.goal}`.", code="usage")

    def plain(self) -> dict[str, Any]:
        """As a sweep job's YAML has it."""
        algorithm = self.sampling_algorithm
        if self.seed is not None:
            algorithm = {**algorithm} if isinstance(algorithm, Mapping) else {"type": algorithm}
            algorithm["seed"] = self.seed
        found: dict[str, Any] = {
            "sampling_algorithm": algorithm,
            "search_space": {name: _plain(space) for name, space in self.search_space.items()},
            "objective": {"goal": str(self.goal).lower(), "primary_metric": self.primary_metric},
            "limits": {"max_total_trials": 20, **self.limits},
        }
        if self.early_termination is not None:
            found["early_termination"] = _plain(self.early_termination)
        return found


def is_space(value: Any) -> bool:
    """Whether a value is a distribution."""
    return isinstance(value, Space)


def _plain(value: Any) -> Any:
    return value.plain() if isinstance(value, (Space, Policy)) else dict(value)
