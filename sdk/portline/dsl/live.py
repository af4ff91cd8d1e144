"""A job as it runs: in a notebook its picture, drawn anew with each change; elsewhere lines of text."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from portline.client.following import JobUpdate, StepUpdate, Update
from portline.dsl.picture import svg

if TYPE_CHECKING:
    from portline.client import MLClient


def watch(client: "MLClient", job: Any) -> Any:
    """Show a job until it has ended; answers it then. `job` is its name, or what submitting answered.

    Raises PortlineError where it did not complete.
    """
    name = job if isinstance(job, str) else str(job["name"])
    display = _display()
    if display is None:
        return client.jobs.stream(name)
    from portline.client.jobs import failure
    from portline.client.yaml import parse

    content = parse(client.jobs.yaml(name), name)
    handle = display(_Picture(content, {}), display_id=True)
    for states in states_of(client.jobs.follow(name)):
        handle.update(_Picture(content, states))
    ended = client.jobs.get(name)
    if ended["status"] != "Completed":
        raise failure(ended)
    return ended


def states_of(updates: Iterator[Update]) -> Iterator[dict[str, str]]:
    """The words for each node after every update that changes one."""
    states: dict[str, str] = {}
    for update in updates:
        if isinstance(update, StepUpdate):
            lasted = f" {update.seconds:.1f} s" if update.seconds is not None and not update.reused else ""
            states[update.node] = f"{update.status}{' (reused)' if update.reused else lasted}"
            yield dict(states)
        elif isinstance(update, JobUpdate):
            yield dict(states)


class _Picture:
    def __init__(self, content: Mapping[str, Any], states: Mapping[str, str]) -> None:
        self._content, self._states = content, states

    def _repr_html_(self) -> str:
        return f'<div style="overflow:auto;max-width:100%">{svg(self._content, self._states)}</div>'

    def __repr__(self) -> str:
        return ", ".join(f"{node}: {state}" for node, state in self._states.items()) or "not started"


def _display() -> Any:
    """IPython's way to show something and change it later, where a notebook runs."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return import_module("IPython.display").display
