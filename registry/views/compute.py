"""Owners register, change and archive compute targets. The page that shows them is the runner's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from registry.models import ComputeTarget
from registry.refusal import Refusal
from registry.scope import WorkspaceRequest, in_workspace
from registry.services.compute import compute_archive, compute_change, compute_create, compute_restore
from registry.spec.compute import check_name, read_labels, written_labels
from registry.spec.sizes import parse_size, shown_size


class TargetForm(forms.Form):
    description = forms.CharField(required=False, max_length=10_000, widget=forms.TextInput, label="Description")
    labels = forms.CharField(
        required=False,
        max_length=5000,
        label="Labels",
        widget=forms.TextInput(attrs={"placeholder": "zone=eu-1, gpu=a100"}),
    )
    cpu = forms.FloatField(required=False, min_value=0.1, max_value=10_000, label="Cores a step")
    memory = forms.CharField(
        required=False, max_length=30, label="Memory a step", widget=forms.TextInput(attrs={"placeholder": "2GB"})
    )
    gpus = forms.IntegerField(required=False, min_value=0, max_value=1000, label="GPUs a step")
    max_steps = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, label="Steps at once")

    def clean_labels(self) -> dict[str, str]:
        return _checked(read_labels, self.cleaned_data["labels"])

    def clean_memory(self) -> int | None:
        return _checked(parse_size, self.cleaned_data["memory"]) if self.cleaned_data["memory"] else None

    def clean_gpus(self) -> int:
        return self.cleaned_data["gpus"] or 0


class NewTargetForm(TargetForm):
    name = forms.CharField(max_length=63, label="Name", widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_name(self) -> str:
        return _checked(check_name, self.cleaned_data["name"])


def _checked(check: Any, text: str) -> Any:
    try:
        return check(text)
    except ValueError as error:
        sentence = str(error)
        raise forms.ValidationError(sentence if sentence.endswith(".") else f"{sentence}.") from None


@in_workspace("manage")
def create(request: WorkspaceRequest) -> HttpResponse:
    form = NewTargetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            target = compute_create(workspace=request.workspace, user=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", refusal.sentence)
        else:
            messages.success(request, f"The compute target {target.name} is registered.")
            return _back(request)
    return render(request, "registry/compute_form.html", {"form": form, "target": None})


@in_workspace("manage")
def edit(request: WorkspaceRequest, name: str) -> HttpResponse:
    target = _find(request, name)
    form = TargetForm(request.POST or None, initial=_initial(target))
    if request.method == "POST" and form.is_valid():
        compute_change(target=target, **form.cleaned_data)
        messages.success(request, f"The compute target {target.name} is changed.")
        return _back(request)
    return render(request, "registry/compute_form.html", {"form": form, "target": target})


@require_POST
@in_workspace("manage")
def archive(request: WorkspaceRequest, name: str) -> HttpResponse:
    compute_archive(target=_find(request, name))
    messages.success(request, f"The compute target {name} is archived; what is queued for it still runs.")
    return _back(request)


@require_POST
@in_workspace("manage")
def restore(request: WorkspaceRequest, name: str) -> HttpResponse:
    compute_restore(target=_find(request, name))
    messages.success(request, f"The compute target {name} is back.")
    return _back(request)


def _find(request: WorkspaceRequest, name: str) -> ComputeTarget:
    return get_object_or_404(ComputeTarget, workspace=request.workspace, name=name)


def _initial(target: ComputeTarget) -> dict[str, Any]:
    memory = target.memory
    # What was not written as a whole number of some unit stays as it is, in bytes.
    written = "" if memory is None else shown_size(memory).replace(" ", "")
    if memory is not None and parse_size(written) != memory:
        written = str(memory)
    return {
        "description": target.description,
        "labels": written_labels(target.labels),
        "cpu": None if target.cpu is None else f"{target.cpu:g}",
        "memory": written,
        "gpus": target.gpus or None,
        "max_steps": target.max_steps,
    }


def _back(request: WorkspaceRequest) -> HttpResponse:
    return redirect("compute-list", workspace=request.workspace.slug)
