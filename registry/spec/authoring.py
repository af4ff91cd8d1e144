"""A component that somebody is writing: its files and what is said of it, read as one component."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from registry.spec.component import NAME, ComponentSpec
from registry.spec.document import read_document
from registry.spec.faults import Fault, SpecError
from registry.spec.folder import FILE_NAMES
from registry.spec.inferring import GENERATED, Inferred, infer
from registry.spec.reading import component_from

YAML_FILE = FILE_NAMES[0]
CODE = "code"
"""The folder that the code of a component lies in beside its YAML, so that the YAML is not part of its code."""


class Correction(BaseModel):
    """What an author chose for an argument where the code cannot say it."""

    model_config = ConfigDict(extra="forbid")
    side: str = ""
    type: str = ""


class Details(BaseModel):
    """What is said of a component beside its code."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field("", max_length=255)
    title: str = Field("", max_length=255)
    description: str = Field("", max_length=20_000)
    category: str = Field("", max_length=100)
    environment: str = Field("", max_length=300)
    is_deterministic: bool = True
    ports: dict[str, Correction] = {}


@dataclass(frozen=True)
class Authored:
    """`spec` is None where `faults` keep it from being one; `yaml` and `files` are what is registered."""

    kind: str = ""
    spec: ComponentSpec | None = None
    yaml: str = ""
    files: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def authored(files: Mapping[str, str], details: Details) -> Authored:
    """Read them as a component: as its `component.yml` says, if there is one, else as its code does."""
    if YAML_FILE in files:
        try:
            spec = component_from(read_document(files[YAML_FILE], YAML_FILE))
        except SpecError as error:
            return Authored("yaml", faults=error.faults)
        return Authored("yaml", spec, files[YAML_FILE], dict(files))
    corrected = {name: port.model_dump() for name, port in details.ports.items()}
    found = infer(files, corrected)
    faults = list(found.faults)
    if not NAME.match(details.name):
        faults.append(Fault("The name must begin with a small letter and hold only small letters, digits and _."))
    if faults:
        return Authored(found.kind or "", faults=faults, lines=found.lines)
    yaml = written(found, details)
    try:
        spec = component_from(read_document(yaml, YAML_FILE))
    except SpecError as error:
        told = [Fault(fault.message, next(iter(files))) for fault in error.faults]
        return Authored(found.kind or "", faults=told, lines=found.lines)
    code = {path: text for path, text in files.items() if path != GENERATED}
    if found.runner:
        code[GENERATED] = found.runner
    every = {YAML_FILE: yaml, **{f"{CODE}/{path}": text for path, text in code.items()}}
    return Authored(found.kind or "", spec, yaml, every, lines=found.lines)


def written(found: Inferred, details: Details) -> str:
    """The component's YAML."""
    data: dict[str, Any] = {
        "$schema": "https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json",
        "type": "command",
        "name": details.name,
        "display_name": details.title or details.name.replace("_", " ").capitalize(),
        "description": details.description or found.description,
        "is_deterministic": details.is_deterministic,
        "inputs": found.inputs,
        "outputs": found.outputs,
        "environment": details.environment or "azureml:portline-default@latest",
        "code": f"./{CODE}",
        "command": found.command,
        "properties": {"portline": {"category": details.category or "Code", "icon": "code"}},
    }
    yaml, text = YAML(), StringIO()
    yaml.width = 110
    yaml.dump({key: value for key, value in data.items() if value not in ("", {})}, text)
    return text.getvalue()


def details_of(spec: ComponentSpec) -> Details:
    """What a component says of itself."""
    environment = spec.environment if isinstance(spec.environment, str) else ""
    return Details(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        category=spec.hints.category,
        environment=environment,
        is_deterministic=spec.is_deterministic,
    )


def rewritten(yaml_text: str, details: Details) -> str:
    """A component's YAML with these details; its comments and the order of its keys stay.

    Raises registry.spec.faults.SpecError for what is no YAML.
    """
    document = read_document(yaml_text, YAML_FILE)
    if not isinstance(document.data, dict):
        return yaml_text
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 110, True
    data = yaml.load(yaml_text)
    data["name"], data["display_name"], data["description"] = details.name, details.title, details.description
    if details.environment:
        data["environment"] = details.environment
    hints = data.setdefault("properties", {}).setdefault("portline", {})
    hints["category"] = details.category or "Other"
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()


def copied(yaml_text: str, name: str, title: str) -> str:
    """The YAML of a copy: under another name, with its next version and with all of its code in one folder."""
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 110, True
    data = yaml.load(yaml_text)
    data["name"], data["display_name"] = name, title
    data.pop("version", None)
    data.pop("additional_includes", None)
    place = data["task"] if data.get("type") == "parallel" and "task" in data else data
    if "code" in place or "code" in data:
        place["code"] = f"./{CODE}"
    text = StringIO()
    yaml.dump(data, text)
    return text.getvalue()
