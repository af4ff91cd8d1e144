"""A workspace with a few small components, its members, and a stranger."""

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from designer.models import Pipeline
from designer.services.pipelines import pipeline_create
from registry.models import Membership, User, Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder

COMPONENTS = {
    "load": """
inputs:
  rows: {type: integer, default: 10, min: 1, max: 100}
outputs:
  table: {type: mltable}
command: python run.py --rows "${{inputs.rows}}" --table "${{outputs.table}}"
""",
    "split": """
inputs:
  data: {type: mltable}
  ratio: {type: number, default: 0.5, min: 0, max: 1}
outputs:
  train: {type: mltable}
  test: {type: mltable}
command: python run.py --data "${{inputs.data}}" --ratio "${{inputs.ratio}}"
""",
    "train": """
inputs:
  data: {type: mltable}
  extra: {type: mltable, optional: true}
  depth: {type: integer}
outputs:
  model: {type: custom_model}
command: python run.py --data "${{inputs.data}}" --depth "${{inputs.depth}}"
""",
}


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> SimpleNamespace:
    """`workspace` with owner alice and viewer vera; mallory belongs to another workspace only."""
    settings.STORAGE_URL = str(tmp_path / "storage")
    people = {name: User.objects.create_user(name, password="pw") for name in ("alice", "vera", "mallory")}
    workspace = Workspace.objects.create(slug="main", name="Main")
    elsewhere = Workspace.objects.create(slug="elsewhere", name="Elsewhere")
    Membership.objects.create(workspace=workspace, user=people["alice"], role="owner")
    Membership.objects.create(workspace=workspace, user=people["vera"], role="viewer")
    Membership.objects.create(workspace=elsewhere, user=people["mallory"], role="owner")
    for name, body in COMPONENTS.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "component.yml").write_text(f"name: {name}\nversion: 1.0.0\n{body}")
        component_register(workspace=workspace, folder=read_folder(folder), user=people["alice"])
    return SimpleNamespace(workspace=workspace, elsewhere=elsewhere, **people)


@pytest.fixture
def pipeline(world: SimpleNamespace) -> Pipeline:
    return pipeline_create(workspace=world.workspace, user=world.alice, name="Churn")


def signed_in(user: User) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(user)
    return client


def node(id: str, component: str, **fields: Any) -> dict[str, Any]:
    """An `add_node` operation."""
    return {"op": "add_node", "node": {"id": id, "component": f"{component}:1.0.0", "title": id.capitalize(), **fields}}


def wire(source: str, output: str, target: str, input: str) -> dict[str, Any]:
    """A `connect` operation."""
    return {"op": "connect", "source": source, "output": output, "target": target, "input": input}


def batch(*ops: dict[str, Any], rev: int = 0) -> dict[str, Any]:
    """The body of a POST to `operations/`."""
    return {"op_id": str(uuid.uuid4()), "base_rev": rev, "ops": list(ops)}
