"""Where a step runs: which compute target fits what its node asks for, and why none does."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.spec.sizes import parse_size, shown_size

DEFAULT_QUEUE = "default"
"""What a node names to run on the default queue although its pipeline has another default."""


class CannotPlace(ValueError):
    """No target fits; the sentence says why, `field` which setting of the node or pipeline asks for it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True)
class Limits:
    """What a step asks for or may use: cores, bytes, GPUs. None: nothing was said."""

    cpu: float | None = None
    memory: int | None = None
    gpus: int | None = None

    def plain(self) -> dict[str, float | int]:
        """Without what was not said."""
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Target:
    """A compute target of a workspace."""

    id: int
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    archived: bool = False


@dataclass(frozen=True)
class Ask:
    """What a node asks for: a target by name, or any that has these labels; and what it needs there."""

    compute: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()

    @property
    def anywhere(self) -> bool:
        return not self.compute and not self.labels


@dataclass(frozen=True)
class Place:
    """The target (None: the default queue), and the limits that the step gets."""

    target: int | None
    limits: Limits


def where_of(settings: Mapping[str, Any], outer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The target or labels that settings name; where they name neither, those of what they lie in."""
    return {name: settings[name] for name in ("compute", "labels") if settings.get(name)} or outer


def ask_of(node: Mapping[str, Any], pipeline: Mapping[str, Any]) -> Ask:
    """What the settings of a node ask for. Where it names neither a target nor labels, the pipeline's count.

    Raises CannotPlace for a size that is none.
    """
    chooses = where_of(node, pipeline)
    wanted = node.get("resources") or {}
    try:
        memory = None if wanted.get("memory") is None else parse_size(wanted["memory"])
    except ValueError as error:
        raise CannotPlace("resources", f"Its memory: {error}.") from None
    labels = {str(key): str(value) for key, value in (chooses.get("labels") or {}).items()}
    return Ask(chooses.get("compute") or None, labels, Limits(wanted.get("cpu"), memory, wanted.get("gpus")))


def place(ask: Ask, targets: Iterable[Target]) -> Place:
    """Choose among the targets of a workspace. Raises CannotPlace.

    By labels, the smallest target that fits is taken: few GPUs first, then little memory, then the name.
    """
    if ask.anywhere or (ask.compute == DEFAULT_QUEUE and not ask.labels):
        return Place(None, ask.limits)
    targets = list(targets)
    if ask.compute == DEFAULT_QUEUE:
        raise CannotPlace("labels", f"The default queue has no labels, but {_written(ask.labels)} is required.")
    chosen = _named(ask, targets) if ask.compute else _labelled(ask, targets)
    given = {name: getattr(chosen.limits, name) if value is None else value for name, value in vars(ask.limits).items()}
    return Place(chosen.id, Limits(**given))


def _named(ask: Ask, targets: list[Target]) -> Target:
    target = next((target for target in targets if target.name == ask.compute), None)
    if target is None:
        known = [target.name for target in targets if not target.archived]
        near = difflib.get_close_matches(ask.compute or "", known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there {_list(known)}."
        raise CannotPlace("compute", f"There is no compute target `{ask.compute}` in this workspace; {hint}")
    if target.archived:
        raise CannotPlace("compute", f"The compute target `{target.name}` is archived; restore it or choose another.")
    lacking = _lacking(ask, target)
    if lacking:
        raise CannotPlace("labels", f"The compute target `{target.name}` lacks the label {_written(lacking)}.")
    excess = _excess(ask, target)
    if excess:
        raise CannotPlace("resources", f"It asks for {excess}.")
    return target


def _labelled(ask: Ask, targets: list[Target]) -> Target:
    labelled = [target for target in targets if not target.archived and not _lacking(ask, target)]
    if not labelled:
        archived = [target.name for target in targets if not _lacking(ask, target)]
        hint = f" besides `{archived[0]}`, which is archived" if archived else ""
        raise CannotPlace("labels", f"No compute target of this workspace has the label {_written(ask.labels)}{hint}.")
    fitting = [target for target in labelled if not _excess(ask, target)]
    if not fitting:
        reasons = "; ".join(_excess(ask, target) for target in labelled)
        raise CannotPlace("resources", f"No compute target with the label {_written(ask.labels)} fits: {reasons}.")
    return min(fitting, key=_size)


def _size(target: Target) -> tuple[int, float, str]:
    memory = target.limits.memory
    return target.limits.gpus or 0, float("inf") if memory is None else memory, target.name


def _lacking(ask: Ask, target: Target) -> dict[str, str]:
    return {key: value for key, value in ask.labels.items() if target.labels.get(key) != value}


def _excess(ask: Ask, target: Target) -> str:
    """What is asked for beyond what the target has, in words; empty where it fits."""
    asks, has = ask.limits, target.limits
    if asks.gpus and asks.gpus > (has.gpus or 0):
        return f"{_count(asks.gpus, 'GPU')}, but `{target.name}` has {_count(has.gpus or 0, 'GPU')}"
    if asks.memory and has.memory is not None and asks.memory > has.memory:
        return f"{shown_size(asks.memory)} of memory, but a step on `{target.name}` may use {shown_size(has.memory)}"
    if asks.cpu and has.cpu is not None and asks.cpu > has.cpu:
        return f"{_count(asks.cpu, 'core')}, but a step on `{target.name}` may use {_count(has.cpu, 'core')}"
    return ""


def _written(labels: Mapping[str, str]) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in sorted(labels.items()))


def _count(number: float, word: str) -> str:
    many = "" if number == 1 else "s"
    return f"{'no' if number == 0 else f'{number:g}'} {word}{many}"


def _list(names: list[str]) -> str:
    if not names:
        return "is none yet; register it on the page Compute"
    return f"{'is' if len(names) == 1 else 'are'} {', '.join(f'`{name}`' for name in sorted(names)[:10])}"
