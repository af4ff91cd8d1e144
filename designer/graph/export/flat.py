"""A pipeline as other engines have it: flat steps, each with what feeds it and what it waits for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.spec.component import ComponentSpec
from registry.spec.types import is_data
from registry.spec.values import Scalar

ENDED = "ended"
"""The condition of waiting for a step however it ends: what a final step does."""
WAY = "way"
"""The output of a branch: `true` or `false`."""


def shell_name(name: str) -> str:
    """A name as a part of shell variables: dots, which names of ports and nodes may hold, are doubled underscores."""
    return name.replace(".", "__").replace("-", "_")


@dataclass(frozen=True)
class Constant:
    """A literal that is known."""

    value: Scalar


@dataclass(frozen=True)
class FromInput:
    """What somebody gives to an input of the pipeline when it starts: a literal, or data."""

    name: str

    @property
    def variable(self) -> str:
        """Shell variable that holds it, where it is a literal."""
        return f"input_{shell_name(self.name)}"


@dataclass(frozen=True)
class FromStep:
    """What a step makes."""

    step: str
    output: str

    @property
    def variable(self) -> str:
        return f"from_{shell_name(self.step)}__{shell_name(self.output)}"


@dataclass(frozen=True)
class FromItem:
    """What the item of a loop gives: its value of that name."""

    name: str

    @property
    def variable(self) -> str:
        return f"item_{shell_name(self.name)}"


Source = FromInput | FromStep | FromItem


@dataclass(frozen=True)
class Text:
    """A text with literals of the pipeline's inputs in it."""

    parts: tuple[str | Source, ...]


Given = Constant | Text | Source


@dataclass(frozen=True)
class After:
    """`condition` is an order edge's, or ENDED; a wire waits with `succeeded`."""

    step: str
    condition: str = "succeeded"


@dataclass(frozen=True)
class Items:
    """A loop over known items, each with values for inputs of the step."""

    items: tuple[Mapping[str, Scalar], ...]
    at_once: int | None = None


@dataclass(frozen=True)
class Environment:
    """What a step's code needs: a container image, or a version of Python and lines of a pip list."""

    image: str = ""
    python: str = ""
    packages: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """How a step is treated; times in seconds."""

    retries: int = 0
    retry_delay: float = 0
    retry_backoff: float = 1
    timeout: float | None = None
    cpu: float | None = None
    memory: str | None = None
    gpus: int | None = None
    cached: bool = True
    variables: Mapping[str, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One node to run. `id` is its path: `prepare.split` stands in the pipeline component `prepare`.

    `inputs` are those that are given something. `code` are its files. `ways` are the branches that must have gone that
    way, at any distance, for it to run.
    """

    id: str
    title: str
    spec: ComponentSpec
    inputs: Mapping[str, Given]
    after: tuple[After, ...] = ()
    ways: tuple[After, ...] = ()
    loop: Items | None = None
    final: bool = False
    environment: Environment = Environment()
    settings: Settings = Settings()
    code: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def literals(self) -> dict[str, Given]:
        return {name: given for name, given in self.inputs.items() if not is_data(self.spec.inputs[name].type)}

    @property
    def data(self) -> dict[str, FromInput | FromStep]:
        """What feeds its data inputs."""
        return {
            name: given
            for name, given in self.inputs.items()
            if is_data(self.spec.inputs[name].type) and isinstance(given, FromInput | FromStep)
        }

    @property
    def sources(self) -> list[Source]:
        """Where literals come from that are known only when it starts, each once."""
        found = dict.fromkeys(
            source for given in (*self.literals.values(), *self.settings.variables.values()) for source in _in(given)
        )
        return list(found)


def _in(given: Given) -> Iterator[Source]:
    if isinstance(given, Text):
        yield from (part for part in given.parts if not isinstance(part, str))
    elif not isinstance(given, Constant):
        yield given


@dataclass(frozen=True)
class Input:
    """A parameter of the exported pipeline: a literal, or, for the data types, an address."""

    type: str
    default: Scalar | None = None
    description: str = ""
    enum: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Flat:
    """The whole pipeline; its steps stand after those that they wait for."""

    name: str
    title: str
    description: str
    inputs: Mapping[str, Input]
    steps: tuple[Step, ...]
    stops_at_failure: bool = False

    def type_of(self, source: Source, of: Step) -> str:
        """The type of what a source gives."""
        match source:
            case FromInput(name):
                return self.inputs[name].type
            case FromStep(step, output):
                return next(found for found in self.steps if found.id == step).spec.outputs[output].type
            case FromItem(name):
                return of.spec.inputs[name].type


@dataclass
class Findings:
    """What an engine cannot express, so that there is no export, and what is only weaker there. Sentences."""

    losses: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def lose(self, sentence: str) -> None:
        if sentence not in self.losses:
            self.losses.append(sentence)

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def slug(title: str, mark: str = "_") -> str:
    """A title as a name of small letters, digits and a mark between them."""
    found = re.sub(r"[^a-z0-9]+", mark, title.lower()).strip(mark)[:60].rstrip(mark)
    return found if found[:1].isalpha() else f"pipeline{mark}{found}".rstrip(mark)


def distinct(names: list[str], mark: str = "-") -> dict[str, str]:
    """Each name in small letters, digits and a mark, and no two the same: engines are narrower than node ids."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        base = re.sub(r"[^A-Za-z0-9]+", mark, name).strip(mark) or "step"
        chosen, count = base, 1
        while chosen.lower() in taken:
            count += 1
            chosen = f"{base}{mark}{count}"
        taken.add(chosen.lower())
        found[name] = chosen
    return found


Plain = dict[str, Any]
