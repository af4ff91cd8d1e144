"""The forms of templates: making one of a pipeline, and what one asks for when it is opened."""

from typing import Any

from django import forms

from designer.models import Pipeline, Template
from registry.models import DataAsset
from registry.spec import values
from registry.spec.component import Input
from registry.spec.interface import label
from registry.spec.types import fit, is_data


class TemplateForm(forms.Form):
    title = forms.CharField(max_length=200)
    description = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    category = forms.CharField(max_length=100, required=False, help_text="Under which it stands in the gallery.")
    asks = forms.MultipleChoiceField(
        label="Ask for when it is opened", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, pipeline: Pipeline, *args: Any, **kwargs: Any) -> None:
        first = {"title": pipeline.name, "description": pipeline.description}
        super().__init__(*args, **kwargs)
        self.initial = first
        names = list(pipeline.document["inputs"])
        self.fields["asks"].choices = [(name, label(name)) for name in names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["asks"]


class OpenForm(forms.Form):
    """A field for each input that a template asks for."""

    def __init__(self, template: Template, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inputs = {name: template.document["inputs"][name] for name in template.asks}
        assets = list(DataAsset.objects.filter(workspace=template.workspace, anonymous=False, archived_at=None)[:200])
        for name, port in self.inputs.items():
            self.fields[name] = _field(name, port, assets)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, port in self.inputs.items():
            given = cleaned.get(name)
            if given in (None, ""):
                cleaned.pop(name, None)
            elif is_data(port["type"]):
                cleaned[name] = {"asset": given}
            else:
                try:
                    cleaned[name] = values.check(_rules(port), given)
                except ValueError as error:
                    self.add_error(name, f"{error}.")
        return cleaned


def _rules(port: dict[str, Any]) -> Input:
    kept = {key: port[key] for key in ("type", "enum", "min", "max") if port.get(key) is not None}
    return Input.model_validate(kept)


def _field(name: str, port: dict[str, Any], assets: list[DataAsset]) -> forms.Field:
    default = port.get("default")
    shown: dict[str, Any] = {"label": label(name), "help_text": port.get("description", "")}
    shown |= {"required": default is None and not port.get("optional")}
    if is_data(port["type"]):
        fitting = [asset.ref for asset in assets if fit(asset.type, port["type"]).verdict != "no"]
        first = default["asset"] if isinstance(default, dict) else ""
        choices = [
            ("", "Choose data…"),
            *((ref, ref) for ref in dict.fromkeys([*([first] if first else []), *fitting])),
        ]
        return forms.ChoiceField(choices=choices, initial=first, **shown)
    choice = port.get("enum") or (["true", "false"] if port["type"] == "boolean" else None)
    first = "" if default is None else str(default).lower() if port["type"] == "boolean" else str(default)
    if choice:
        return forms.ChoiceField(choices=[(each, each) for each in choice], initial=first, **shown)
    return forms.CharField(initial=first, max_length=20_000, **shown)
