"""Outputs that are registered as data assets when their step has ended, in the transaction that ends it."""

from collections.abc import Mapping
from typing import Any, Protocol

from registry.services.assets import CannotRegister, asset_of_content
from runner.models import Step
from runner.services.changes import Change


class Content(Protocol):
    """What a registered output needs to know of an artifact."""

    @property
    def type(self) -> str: ...
    @property
    def folder(self) -> bool: ...
    @property
    def digest(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def location(self) -> str: ...


def register_outputs(change: Change, step: Step, made: Mapping[str, Content]) -> None:
    """Register a step's outputs as its node or the pipeline asks; the step's message says what could not be."""
    asked: Mapping[str, list[dict[str, Any]]] = (step.launch or {}).get("outputs") or {}
    faults = []
    for output, assets in asked.items():
        content = made.get(output)
        if content is None:
            continue
        for asset in assets:
            origin = {"job": change.run.name, "run": change.run.pk, "node": step.node_id, "output": output}
            try:
                asset_of_content(
                    workspace=change.run.workspace_id,
                    name=asset["name"],
                    version=asset.get("version"),
                    type=content.type if content.folder or content.type != "uri_folder" else "uri_file",
                    title=output,
                    digest=content.digest,
                    size=content.size,
                    location=content.location,
                    origin=origin,
                )
            except CannotRegister as refused:
                faults.append(refused.sentence)
    if faults:
        change.set(step, message=" ".join(faults))
