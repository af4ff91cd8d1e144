"""Ada owns the workspace, Grace edits, Vera looks on; Mallory has an account and is a stranger."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from registry.models import Membership, User, Workspace
from registry.services.access import member_add

YAML = """\
type: command
name: {name}
version: {version}
display_name: {title}
description: {description}
inputs:
  table: {{type: mltable}}
  rows: {{type: integer, default: 10, min: 1}}
outputs:
  result: {{type: uri_folder}}
code: ./src
command: python main.py --table ${{{{inputs.table}}}} --rows ${{{{inputs.rows}}}} --out ${{{{outputs.result}}}}
environment: azureml:portline-default@latest
"""

Folder = Callable[..., Path]


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path: Path) -> None:
    settings.STORAGE_URL = str(tmp_path / "storage")


def _person(name: str) -> User:
    return User.objects.create_user(name, f"{name}@example.com", "correct horse")


@pytest.fixture
def ada(db: None) -> User:
    return _person("ada")


@pytest.fixture
def grace(db: None) -> User:
    return _person("grace")


@pytest.fixture
def vera(db: None) -> User:
    return _person("vera")


@pytest.fixture
def mallory(db: None) -> User:
    return _person("mallory")


@pytest.fixture
def workspace(ada: User, grace: User, vera: User) -> Workspace:
    """Without the built-in components, which most tests do not need."""
    made = Workspace.objects.create(slug="main", name="Main")
    Membership.objects.create(workspace=made, user=ada, role="owner")
    member_add(workspace=made, user=grace, role="editor")
    member_add(workspace=made, user=vera, role="viewer")
    return made


@pytest.fixture
def elsewhere(mallory: User) -> Workspace:
    """A workspace of somebody else."""
    made = Workspace.objects.create(slug="elsewhere", name="Elsewhere")
    Membership.objects.create(workspace=made, user=mallory, role="owner")
    return made


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """`as_(ada)`: a browser in which Ada is logged in."""

    def log_in(user: User) -> Client:
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Writes a component's folder: `folder("clean", version="2")`; `code` is the text of its main.py."""

    def write(
        name: str = "clean",
        version: str = "1.0.0",
        title: str = "Clean",
        description: str = "Cleans a table.",
        code: str = "print('clean')\n",
        yaml: str | None = None,
    ) -> Path:
        path = tmp_path / "components" / name
        (path / "src").mkdir(parents=True, exist_ok=True)
        text = yaml or YAML.format(name=name, version=version, title=title, description=description)
        if version == "":
            text = text.replace("version: \n", "")
        (path / "component.yml").write_text(text)
        (path / "src" / "main.py").write_text(code)
        return path

    return write


def zip_of(files: dict[str, str | bytes]) -> io.BytesIO:
    """An upload made of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    content.seek(0)
    content.name = "upload.zip"
    return content
