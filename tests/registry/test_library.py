"""The built-in components are in every workspace, and looking whether they are costs next to nothing."""

from typing import Any

import pytest

from registry.models import Component, User, Workspace
from registry.services import library
from registry.services.access import workspace_create

from .conftest import YAML


@pytest.fixture
def shelf(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A library of one component."""
    path = tmp_path / "library" / "one"
    path.mkdir(parents=True)
    text = YAML.format(name="one", version="1", title="One", description="First.").replace("code: ./src\n", "")
    (path / "component.yml").write_text(text)
    monkeypatch.setattr(library, "LIBRARY", tmp_path / "library")
    return path / "component.yml"


@pytest.fixture
def fresh(db: None) -> Workspace:
    return Workspace.objects.create(slug="fresh", name="Fresh")


def test_a_new_workspace_has_the_built_in_components(ada: User):
    workspace = workspace_create(owner=ada, name="Main")
    component = Component.objects.get(workspace=workspace, name="split_data")
    assert component.builtin


def test_nothing_changed_costs_no_query(fresh: Workspace, shelf, django_assert_num_queries: Any):
    library.register_builtins(fresh)
    with django_assert_num_queries(0):
        assert library.register_builtins(fresh) == 0


def test_a_raised_version_is_registered_in_what_exists(fresh: Workspace, shelf):
    library.register_builtins(fresh)
    shelf.write_text(shelf.read_text().replace("version: 1", "version: 2").replace("First.", "Second."))
    assert library.register_builtins(fresh) == 1
    assert Component.objects.get(name="one").latest.version == "2"  # type: ignore[union-attr]


def test_a_faulty_one_is_logged_and_does_not_stop_the_server(fresh: Workspace, shelf, caplog):
    other = shelf.parent.parent / "two" / "component.yml"
    other.parent.mkdir()
    other.write_text("name: two\ncomand: echo\n")
    library.register_builtins(fresh)
    assert list(Component.objects.filter(workspace=fresh).values_list("name", flat=True)) == ["one"]
    assert "two/component.yml:2:1" in caplog.text


def test_changed_content_under_the_same_version_is_logged(fresh: Workspace, shelf, caplog):
    library.register_builtins(fresh)
    shelf.write_text(shelf.read_text().replace("First.", "Changed."))
    assert library.register_builtins(fresh) == 0
    assert "raise `version`" in caplog.text
