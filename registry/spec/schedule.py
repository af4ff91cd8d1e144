"""Schedules as Azure ML writes them (`shared/azureml.md` 2.9), read with every fault at its place."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from registry.spec.document import Document, Path, read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.trigger import AnyTrigger

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,199}$")
"""What a schedule may be called: the names of its runs have 18 characters more."""

_OTHER_KINDS = {
    "import_data": "a schedule that imports data",
    "create_monitor": "a schedule of a model monitor",
}


def _texts(value: Any) -> Any:
    """Tags as YAML gives them: numbers and the like as text."""
    if not isinstance(value, dict):
        return {} if value is None else value
    return {str(key): each if isinstance(each, str) else str(each) for key, each in value.items()}


Tags = Annotated[dict[str, str], BeforeValidator(_texts)]


class CreateJob(BaseModel):
    """What a schedule runs, with what it says differently: merged over the job."""

    model_config = ConfigDict(extra="ignore")

    job: str = Field(description="`azureml:NAME` of a job that there is, or the path of a job's YAML")
    inputs: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    experiment_name: str | None = None
    tags: Tags = {}
    compute: str | None = None


class ScheduleSpec(BaseModel):
    """A schedule as its YAML says it."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(pattern=NAME)]
    display_name: str = ""
    description: str = ""
    tags: Tags = {}
    properties: dict[str, Any] = {}
    trigger: AnyTrigger
    create_job: Annotated[CreateJob, BeforeValidator(lambda value: {"job": value} if isinstance(value, str) else value)]


def read_schedule(text: str, file: str = "schedule.yml", changes: Mapping[str, Any] | None = None) -> ScheduleSpec:
    """Read a schedule's YAML; `changes` (`{"a.b": value}`) are put in first. Raises SpecError with all faults."""
    document = read_document(text, file)
    data = document.data
    for place, value in (changes or {}).items():
        inner, (*way, last) = data, place.split(".")
        for key in way:
            inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
        if not isinstance(inner, dict):
            raise SpecError([document.fault((), f"`{place}` cannot be set: there is no mapping to put it in")])
        inner[last] = value
    if not isinstance(data, dict):
        raise SpecError([document.fault((), "a schedule is a mapping with name, trigger and create_job")])
    for key, kind in _OTHER_KINDS.items():
        if key in data:
            raise SpecError([document.fault((key,), f"this is {kind}; here schedules run jobs (`create_job`)")])
    try:
        return ScheduleSpec.model_validate({key: value for key, value in data.items() if key != "$schema"})
    except ValidationError as error:
        raise SpecError([_fault(document, found) for found in error.errors(include_url=False)]) from None


def _fault(document: Document, found: Any) -> Fault:
    path = _path(document.data, found["loc"])
    kind, message = found["type"], str(found["msg"]).removeprefix("Value error, ")
    if kind == "missing":
        return document.fault(path[:-1], f"`{'.'.join(map(str, path))}` is missing")
    if kind == "extra_forbidden":
        near = get_close_matches(str(path[-1]), list(ScheduleSpec.model_fields), n=1)
        return document.fault(path, f"`{path[-1]}` is not known" + (f"; did you mean `{near[0]}`?" if near else ""))
    if path == ("name",) and kind == "string_pattern_mismatch":
        message = "a schedule's name has letters, digits, hyphens and underscores, 200 at most"
    subject = f"`{'.'.join(map(str, path))}`: " if path else ""
    return document.fault(path, f"{subject}{message[:1].lower() + message[1:]}")


def _path(data: Any, place: Path) -> Path:
    """The keys of a place that the YAML has, without the branches of unions; the last key may be missing."""
    path: Path = ()
    for at, key in enumerate(place):
        if (isinstance(data, dict) and key in data) or (isinstance(data, list) and isinstance(key, int)):
            path, data = (*path, key), data[key]  # type: ignore[index]
        elif at == len(place) - 1 and isinstance(data, dict):
            path = (*path, key)
    return path
