"""Trying a component before it is registered: a real run of one step, with what its author chose for its inputs."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from designer.catalog import RegistryCatalog
from designer.graph.document import Document, empty
from designer.graph.draft import apply_batch
from registry.models import ComponentDraft, User
from registry.services.anonymous import anonymous_register, anonymous_version
from registry.services.component_drafts import draft_folder
from registry.spec.interface import Interface, interface
from registry.spec.types import is_data
from runner.models import Run
from runner.services.submit import document_run

NODE = "step"


@transaction.atomic
def draft_test(*, draft: ComponentDraft, user: User, inputs: Mapping[str, Any], request_id: uuid.UUID) -> Run:
    """Run a draft as it is: `inputs` has values of parameters, and `name:version` of data assets.

    Its code is kept under a version that no list shows. Raises what `draft_folder` and `document_run` raise, and
    designer.graph.operations.Refused for inputs that do not fit.
    """
    with draft_folder(draft) as folder:
        version = anonymous_version(folder, None)
        folder = replace(folder, spec=folder.spec.model_copy(update={"version": version}))
        anonymous_register(workspace=draft.workspace, folder=folder, user=user)
        face = interface(folder.spec)
    document = one_step(face, inputs, RegistryCatalog(draft.workspace, {face["ref"]: face}))
    name = f"Test of {face['title']}"[:200]
    return document_run(workspace=draft.workspace, user=user, request_id=request_id, document=document, name=name)


def one_step(face: Interface, inputs: Mapping[str, Any], catalog: RegistryCatalog) -> Document:
    """The graph of a test: the step, with a node for each data asset that it gets. Raises Refused."""
    given = {
        port["name"]: inputs[port["name"]] for port in face["inputs"] if inputs.get(port["name"]) not in (None, "")
    }
    types = {port["name"]: port["type"] for port in face["inputs"]}
    params = {name: value for name, value in given.items() if not is_data(types[name])}
    node = {
        "id": NODE,
        "kind": "component",
        "component": face["ref"],
        "title": face["title"],
        "x": 320,
        "params": params,
    }
    ops: list[dict[str, Any]] = [{"op": "add_node", "node": node}]
    for name, asset in given.items():
        if is_data(types[name]):
            source = f"data_{len(ops)}"
            place = {"x": 0, "y": 96 * (len(ops) - 1)}
            ops.append(
                {"op": "add_node", "node": {"id": source, "kind": "data", "asset": asset, "title": asset, **place}}
            )
            ops.append({"op": "connect", "source": source, "output": "data", "target": NODE, "input": name})
    return apply_batch(empty(face["title"]), ops, catalog)[0]
