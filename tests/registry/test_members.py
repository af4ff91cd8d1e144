"""Owners decide who is in a workspace; one owner always stays."""

import pytest

from registry.models import Membership, User, Workspace
from registry.services.access import LastOwner, SlugTaken, member_change, member_remove, workspace_create

ADDRESS = "/api/v1/workspaces/main/members/"


def of(workspace: Workspace, user: User) -> Membership:
    return Membership.objects.get(workspace=workspace, user=user)


def test_the_last_owner_cannot_leave_or_step_down(workspace: Workspace, ada: User):
    with pytest.raises(LastOwner, match="somebody else an owner first"):
        member_remove(membership=of(workspace, ada))
    with pytest.raises(LastOwner):
        member_change(membership=of(workspace, ada), role="editor")
    assert of(workspace, ada).role == "owner"


def test_one_of_two_owners_can_leave(workspace: Workspace, ada: User, grace: User):
    member_change(membership=of(workspace, grace), role="owner")
    member_remove(membership=of(workspace, ada))
    assert not Membership.objects.filter(user=ada).exists()


def test_a_workspace_gets_an_address_from_its_name(ada: User):
    assert workspace_create(owner=ada, name="Churn & Co").slug == "churn-co"
    assert workspace_create(owner=ada, name="Churn & Co").slug == "churn-co-2"


def test_a_taken_address_is_refused(workspace: Workspace, ada: User):
    with pytest.raises(SlugTaken):
        workspace_create(owner=ada, name="Main", slug="main")


def test_the_api_refuses_to_leave_a_workspace_without_owner(workspace: Workspace, ada: User, as_):
    answer = as_(ada).delete(f"{ADDRESS}{of(workspace, ada).pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


def test_an_owner_adds_changes_and_removes(workspace: Workspace, ada: User, mallory: User, as_):
    browser = as_(ada)
    added = browser.post(ADDRESS, {"username": "mallory", "role": "viewer"}, content_type="application/json")
    assert added.status_code == 201
    address = f"{ADDRESS}{added.json()['id']}/"
    changed = browser.patch(address, {"role": "editor"}, content_type="application/json")
    assert changed.json()["role"] == "editor"
    assert browser.delete(address).status_code == 204
    assert [line["user"]["username"] for line in browser.get(ADDRESS).json()] == ["ada", "grace", "vera"]


def test_an_unknown_name_is_a_fault_of_that_field(workspace: Workspace, ada: User, as_):
    answer = as_(ada).post(ADDRESS, {"username": "nobody"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"username": ["There is no account with this user name."]}


def test_an_editor_manages_nobody(workspace: Workspace, grace: User, ada: User, as_):
    browser = as_(grace)
    assert browser.post(ADDRESS, {"username": "ada"}).status_code == 403
    assert browser.post("/w/main/settings/members/", {"username": "x", "role": "owner"}).status_code == 403
    assert browser.post(f"/w/main/settings/members/{of(workspace, ada).pk}/remove/").status_code == 403
    assert of(workspace, ada)


def test_everybody_may_leave(workspace: Workspace, vera: User, as_):
    assert as_(vera).post(f"/w/main/settings/members/{of(workspace, vera).pk}/remove/").status_code == 302
    assert not Membership.objects.filter(user=vera).exists()


def test_a_member_of_another_workspace_cannot_be_reached(workspace, elsewhere: Workspace, ada, mallory, as_):
    theirs = of(elsewhere, mallory)
    assert as_(ada).delete(f"{ADDRESS}{theirs.pk}/").status_code == 404
