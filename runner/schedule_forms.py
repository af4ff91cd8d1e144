"""The form of a schedule: a trigger in plain fields, and values for the pipeline's inputs."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from designer.models import Pipeline
from registry.spec.schedule import NAME
from registry.spec.trigger import WEEK_DAYS
from registry.spec.types import DATA_TYPES
from runner.engine.schedule import CATCH_UP_WORDS, OVERLAP_WORDS

FREQUENCIES = [(name, f"{name}s") for name in ("minute", "hour", "day", "week", "month")]
_MOMENT = {"type": "datetime-local"}


class TriggerForm(forms.Form):
    """When. `trigger()` is what was filled in, as `registry.spec.trigger` reads it."""

    kind = forms.ChoiceField(
        choices=[("recurrence", "Every so often"), ("cron", "Cron expression")],
        widget=forms.RadioSelect,
        initial="recurrence",
        label="Repeats",
    )
    expression = forms.CharField(
        required=False,
        max_length=255,
        label="Cron expression",
        widget=forms.TextInput(attrs={"placeholder": "30 6 * * MON-FRI", "autocomplete": "off"}),
    )
    interval = forms.IntegerField(required=False, min_value=1, max_value=1000, initial=1, label="Every")
    frequency = forms.ChoiceField(choices=FREQUENCIES, initial="day", required=False, label="Unit")
    hours = forms.CharField(required=False, max_length=100, initial="6", label="At the hours")
    minutes = forms.CharField(required=False, max_length=200, initial="0", label="and minutes")
    week_days = forms.MultipleChoiceField(
        required=False,
        choices=[(day, day[:3].title()) for day in WEEK_DAYS],
        widget=forms.CheckboxSelectMultiple,
        label="On",
    )
    month_days = forms.CharField(required=False, max_length=100, label="On the days", initial="1")
    time_zone = forms.CharField(
        max_length=100,
        label="Time zone",
        widget=forms.TextInput(attrs={"list": "zones", "data-own-zone": "", "autocomplete": "off"}),
    )
    start_time = forms.CharField(required=False, max_length=40, label="From", widget=forms.TextInput(attrs=_MOMENT))
    end_time = forms.CharField(required=False, max_length=40, label="Until", widget=forms.TextInput(attrs=_MOMENT))

    def trigger(self) -> dict[str, Any]:
        """Whole numbers that are none stay text: the trigger says what is wrong with them."""
        given = self.cleaned_data
        found: dict[str, Any] = {"type": given["kind"], "time_zone": given["time_zone"]}
        found |= {name: given[name] for name in ("start_time", "end_time") if given[name]}
        if given["kind"] == "cron":
            return found | {"expression": given["expression"]}
        frequency = given["frequency"] or "day"
        found |= {"frequency": frequency, "interval": given["interval"] or 1}
        if frequency in ("minute", "hour"):
            return found
        pattern: dict[str, Any] = {"hours": _numbers(given["hours"]), "minutes": _numbers(given["minutes"])}
        if frequency == "week" and given["week_days"]:
            pattern["week_days"] = given["week_days"]
        if frequency == "month" and given["month_days"]:
            pattern["month_days"] = _numbers(given["month_days"])
        return found | {"schedule": pattern}


class ScheduleForm(TriggerForm):
    """All that can be changed of a schedule; `inputs()` are the values that were given."""

    display_name = forms.CharField(required=False, max_length=255, label="Shown as")
    description = forms.CharField(
        required=False, max_length=20_000, label="Description", widget=forms.Textarea(attrs={"rows": 2})
    )
    catch_up = forms.ChoiceField(choices=CATCH_UP_WORDS, label="Times that were missed, while no worker ran")
    overlap = forms.ChoiceField(choices=OVERLAP_WORDS, label="While the run before has not ended")

    def __init__(self, *args: Any, inputs: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [name for name, given in inputs.items() if given["type"] not in DATA_TYPES]
        for name in self.asked:
            default = inputs[name].get("default")
            self.fields[f"input-{name}"] = forms.CharField(
                required=False,
                max_length=20_000,
                label=name,
                widget=forms.TextInput(attrs={"placeholder": "" if default is None else str(default)}),
            )

    @property
    def input_fields(self) -> list[Any]:
        return [self[f"input-{name}"] for name in self.asked]

    def inputs(self) -> dict[str, Any]:
        """What is left empty is the pipeline's."""
        given = {name: self.cleaned_data[f"input-{name}"] for name in self.asked}
        return {name: value for name, value in given.items() if value != ""}


class NewScheduleForm(ScheduleForm):
    name = forms.RegexField(
        NAME,
        max_length=200,
        label="Name",
        error_messages={"invalid": "A name has letters, digits, hyphens and underscores."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "nightly"}),
    )


def values_of(schedule: Any) -> dict[str, Any]:
    """What the form shows of a schedule that is there."""
    trigger = schedule.trigger
    pattern = trigger.get("schedule") or {}
    told = {name: trigger.get(name, "") for name in ("expression", "time_zone", "start_time", "end_time")}
    listed = {name: ", ".join(map(str, pattern.get(name) or [])) for name in ("hours", "minutes", "month_days")}
    return {
        **{name: getattr(schedule, name) for name in ("display_name", "description", "catch_up", "overlap")},
        **told,
        **listed,
        **{f"input-{name}": value for name, value in schedule.inputs.items()},
        "kind": trigger["type"],
        "frequency": trigger.get("frequency", "day"),
        "interval": trigger.get("interval", 1),
        "week_days": pattern.get("week_days") or [],
    }


def inputs_of(pipeline: Pipeline | None, document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document or (pipeline.document if pipeline else {"inputs": {}})
    inputs: Mapping[str, Any] = found["inputs"]
    return inputs


def _numbers(text: str) -> list[Any]:
    return [int(part) if part.isdecimal() else part for part in re.split(r"[,\s]+", text.strip()) if part]
