"""Every built-in component is complete: described, labelled, and its command uses each of its ports."""

import json
from pathlib import Path

import pytest

from registry.spec.interface import label
from registry.spec.types import is_data
from registry.spec.values import BINDING

from .harness import COMPONENTS, LIBRARY, component

CATEGORIES = ("Data", "Preparation", "Machine learning", "Evaluation", "Images", "Text", "Code", "Reports")
ICONS = Path(__file__).parents[2] / "static" / "icons.json"


def test_there_is_a_component_in_every_category() -> None:
    assert {component(name).spec.hints.category for name in COMPONENTS} == set(CATEGORIES)


@pytest.mark.parametrize("name", COMPONENTS)
def test_it_says_what_it_is(name: str) -> None:
    spec = component(name).spec
    assert (spec.name, spec.version) == (name, "1.0.0")
    assert spec.display_name[0].isupper()
    assert len(spec.display_name) <= 30
    assert len(spec.description) >= 80
    assert spec.description.rstrip().endswith(".")
    assert spec.tags
    assert spec.hints.category in CATEGORIES
    assert spec.hints.icon in json.loads(ICONS.read_text())
    assert spec.environment == "azureml:portline-default@latest"


@pytest.mark.parametrize("name", COMPONENTS)
def test_its_ports_are_described_and_labelled(name: str) -> None:
    spec = component(name).spec
    for ports, hints in ((spec.inputs, spec.hints.inputs), (spec.outputs, spec.hints.outputs)):
        for port, typed in ports.items():
            assert typed.description.endswith("."), port
            assert hints[port].label, f"{port} would be shown as {label(port)}"
    for port, hint in spec.hints.inputs.items():
        assert (hint.widget == "code") == (hint.language is not None), port
        if hint.widget in ("column", "columns"):
            assert hint.columns_of, port
            assert spec.inputs[hint.columns_of].type == "mltable", port
        assert not (is_data(spec.inputs[port].type) and hint.widget), port


@pytest.mark.parametrize("name", COMPONENTS)
def test_its_command_is_one_python_call_with_every_port(name: str) -> None:
    spec = component(name).spec
    named = BINDING.findall(spec.command)
    ports = [f"inputs.{port}" for port in spec.inputs] + [f"outputs.{port}" for port in spec.outputs]
    assert sorted(named) == sorted(ports)
    assert spec.command.startswith(f"python {name}.py ")
    for port, typed in spec.inputs.items():
        optional = f'$[[--{port} "${{{{inputs.{port}}}}}"]]' in spec.command
        assert optional == (not typed.required and typed.default is None), port


@pytest.mark.parametrize("name", COMPONENTS)
def test_its_code_is_complete(name: str) -> None:
    """Its own files and the shared ones that they import, and nothing else."""
    read = component(name)
    modules = {path.stem for path in [*(LIBRARY / "_shared").glob("*.py"), *(LIBRARY / name).glob("*.py")]}
    used: set[str] = {name}
    for file in read.files.values():
        words = [line.split() for line in file.read_text().splitlines()]
        used |= {line[1] for line in words if len(line) > 1 and line[0] in ("from", "import")} & modules
    assert {Path(file).stem for file in read.files} == used
