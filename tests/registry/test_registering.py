"""Versions never change, the same content is registered once, and the latest is the highest."""

import pytest

from registry import store
from registry.models import CodeSnapshot, Component, ComponentVersion, Workspace
from registry.services.components import VersionStands, component_archive, component_register
from registry.spec.folder import read_folder

from .conftest import Folder


def register(workspace, path, user=None):
    return component_register(workspace=workspace, folder=read_folder(path), user=user)


def test_the_same_content_again_changes_nothing(workspace: Workspace, folder: Folder):
    first = register(workspace, folder())
    again = register(workspace, folder())
    assert (first.created, again.created) == (True, False)
    assert again.version == first.version
    assert ComponentVersion.objects.count() == 1


def test_comments_in_the_yaml_do_not_make_another_content(workspace: Workspace, folder: Folder):
    register(workspace, folder())
    path = folder()
    (path / "component.yml").write_text("# a comment\n" + (path / "component.yml").read_text())
    assert not register(workspace, path).created


@pytest.mark.parametrize("change", [{"code": "print('other')\n"}, {"description": "Cleans otherwise."}])
def test_the_same_version_with_other_content_is_refused(workspace: Workspace, folder: Folder, change):
    register(workspace, folder())
    with pytest.raises(VersionStands, match=r"clean:1\.0\.0 .*raise `version`, for example to 1\.0\.1"):
        register(workspace, folder(**change))
    assert ComponentVersion.objects.get().spec.description == "Cleans a table."


def test_a_version_cannot_be_saved_again(workspace: Workspace, folder: Folder):
    version = register(workspace, folder()).version
    version.yaml = "name: other"
    with pytest.raises(TypeError, match="never changes"):
        version.save()


def test_without_a_version_the_next_one_is_given(workspace: Workspace, folder: Folder):
    assert register(workspace, folder(version="")).version.version == "1"
    assert register(workspace, folder(version="")).created is False
    assert register(workspace, folder(version="", code="print(2)\n")).version.version == "2"


def test_without_a_version_a_patch_follows_a_patch(workspace: Workspace, folder: Folder):
    register(workspace, folder(version="1.2.9"))
    assert register(workspace, folder(version="", code="print(2)\n")).version.version == "1.2.10"


def test_the_latest_is_the_highest_and_not_the_newest(workspace: Workspace, folder: Folder):
    register(workspace, folder(version="1.10.0", title="Ten"))
    register(workspace, folder(version="1.9.0", title="Nine"))
    component = Component.objects.get()
    assert component.latest is not None
    assert (component.latest.version, component.title) == ("1.10.0", "Ten")


def test_a_pre_release_stands_below_its_release(workspace: Workspace, folder: Folder):
    register(workspace, folder(version="2.0.0"))
    register(workspace, folder(version="2.0.0-rc1"))
    assert Component.objects.get().latest.version == "2.0.0"  # type: ignore[union-attr]


def test_code_is_kept_once_for_all_versions_that_share_it(workspace: Workspace, folder: Folder):
    register(workspace, folder(version="1"))
    register(workspace, folder(version="2", description="Better said."))
    snapshot = CodeSnapshot.objects.get()
    assert snapshot.versions.count() == 2
    assert snapshot.files == [["main.py", len("print('clean')\n")]]
    with store.open_file(f"{snapshot.location}/main.py") as file:
        assert file.read() == b"print('clean')\n"


def test_a_new_version_brings_an_archived_component_back(workspace: Workspace, folder: Folder):
    component = register(workspace, folder(version="1")).version.component
    component_archive(component=component)
    register(workspace, folder(version="2"))
    component.refresh_from_db()
    assert component.archived_at is None


def test_two_workspaces_register_the_same_name_apart(workspace: Workspace, elsewhere: Workspace, folder: Folder):
    register(workspace, folder())
    assert register(elsewhere, folder(code="print('theirs')\n")).created
