"""Making a workspace, and what its owners may change about it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from registry.models import Membership, User
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.services.access import member_add, member_change, member_remove, workspace_create, workspace_rename
from registry.views.site import workspace_home


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name")


class MemberForm(forms.Form):
    username = forms.CharField(max_length=150, label="User name", widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Membership.Role.choices, initial=Membership.Role.EDITOR, label="Role")

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"], is_active=True).first()
        if user is None:
            raise forms.ValidationError("There is no account with this user name.")
        return user


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.Role.choices)


def create(request: HttpRequest) -> HttpResponse:
    """A new workspace, with whoever makes it as its owner."""
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        workspace = workspace_create(owner=request.user, name=form.cleaned_data["name"])
        messages.success(request, f"The workspace “{workspace.name}” is ready.")
        return redirect(workspace_home(workspace.slug))
    return render(request, "registry/workspace_create.html", {"form": form})


@in_workspace()
def open_workspace(request: WorkspaceRequest) -> HttpResponse:
    """What the switcher leads to."""
    return redirect(workspace_home(request.workspace.slug))


@in_workspace()
def settings(request: WorkspaceRequest) -> HttpResponse:
    """Everybody sees who shares it; owners change it."""
    return _page(request)


@require_POST
@in_workspace("manage")
def rename(request: WorkspaceRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        return _page(request, name_form=form)
    workspace_rename(workspace=request.workspace, name=form.cleaned_data["name"])
    messages.success(request, "The new name is saved.")
    return _back(request)


@require_POST
@in_workspace("manage")
def add_member(request: WorkspaceRequest) -> HttpResponse:
    form = MemberForm(request.POST)
    if form.is_valid():
        user = form.cleaned_data["username"]
        try:
            member_add(workspace=request.workspace, user=user, role=form.cleaned_data["role"])
        except Refusal as refusal:
            form.add_error("username", refusal.sentence)
        else:
            messages.success(request, f"{user.shown_name} is a member now.")
            return _back(request)
    return _page(request, member_form=form)


@require_POST
@in_workspace("manage")
def change_member(request: WorkspaceRequest, member: int) -> HttpResponse:
    membership = _find(request, member)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            member_change(membership=membership, role=form.cleaned_data["role"])
            messages.success(request, f"{membership.user.shown_name} is {_article(membership.role)} now.")
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return _back(request)


@require_POST
@in_workspace()
def remove_member(request: WorkspaceRequest, member: int) -> HttpResponse:
    """Owners remove anybody; everybody may leave."""
    membership = _find(request, member)
    leaving = membership.user_id == request.user.pk
    if not leaving and request.role != Membership.Role.OWNER:
        raise PermissionDenied
    try:
        member_remove(membership=membership)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(request)
    if leaving:
        messages.success(request, f"You left “{membership.workspace.name}”.")
        return redirect("home")
    messages.success(request, f"{membership.user.shown_name} is no longer a member.")
    return _back(request)


def _find(request: WorkspaceRequest, member: int) -> Membership:
    everyone = Membership.objects.select_related("user", "workspace")
    return get_object_or_404(everyone, workspace=request.workspace, pk=member)


def _article(role: str) -> str:
    return f"an {role}" if role[0] in "aeiou" else f"a {role}"


def _back(request: WorkspaceRequest) -> HttpResponse:
    return redirect("workspace-settings", workspace=request.workspace.slug)


def _page(request: WorkspaceRequest, **given: Any) -> HttpResponse:
    workspace = request.workspace
    everyone = Membership.objects.filter(workspace=workspace).select_related("user")
    context = {
        "memberships": everyone.order_by("user__username"),
        "roles": Membership.Role.choices,
        "name_form": WorkspaceForm(initial={"name": workspace.name}),
        "member_form": MemberForm(),
    }
    return render(request, "registry/workspace_settings.html", context | given)
