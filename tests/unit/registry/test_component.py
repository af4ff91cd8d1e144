"""What a component may be, and the sentence and place of each fault."""

import pytest

from registry.spec.component import ComponentSpec
from registry.spec.faults import SpecError
from registry.spec.interface import interface
from registry.spec.reading import read_component

GOOD = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
name: clean
version: 1.0.0
inputs:
  table: {type: mltable}
  rows: {type: integer, default: 10, min: 1, max: 99}
  how: {type: string, enum: [fast, slow], optional: true}
outputs:
  result: {type: uri_folder}
command: python main.py ${{inputs.table}} ${{inputs.rows}} $[[--how ${{inputs.how}}]] ${{outputs.result}}
environment: azureml:portline-default@latest
"""


def fault(text: str) -> str:
    with pytest.raises(SpecError) as raised:
        read_component(text)
    assert len(raised.value.faults) == 1, raised.value
    return str(raised.value.faults[0])


def test_a_component_is_read():
    spec = read_component(GOOD)
    assert (spec.name, spec.version, spec.title) == ("clean", "1.0.0", "Clean")
    assert spec.inputs["table"].required
    assert not spec.inputs["rows"].required
    assert not spec.inputs["how"].required


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("name: clean", "name: Clean", 3, "must begin with a small letter"),
        ("name: clean\n", "", 1, "`name` is missing"),
        ("{type: mltable}", "{type: tabel}", 6, "`tabel` is no port type; the types are uri_file"),
        ("{type: mltable}", "{type: mltable, default: x}", 6, "`default` is for parameters"),
        ("{type: mltable}", "{typ: mltable, type: mltable}", 6, "did you mean `type`?"),
        ("default: 10", "default: ten", 7, "'ten' is not a number"),
        ("default: 10", "default: 100", 7, "above the largest allowed value, 99"),
        ("default: 10", "default: 0", 7, "below the smallest allowed value, 1"),
        ("[fast, slow]", "[fast, slow], default: medium", 8, "'medium' is not one of fast, slow"),
        ("[fast, slow]", "[fast, slow], min: 1", 8, "`min` and `max` are for inputs of type integer or number"),
        ("${{inputs.table}}", "${{inputs.tabel}}", 1, "did you mean ${{inputs.table}}?"),
        ("command: ", "comand: ", 1, None),
        ("version: 1.0.0", "version: 1 0", 4, "may hold letters, digits, dots"),
        ("type: command", "type: sweep", 2, "there are no components of type `sweep`; the types are command"),
        ("type: command", "type: CommandComponent", 2, "old v1.5 format"),
        ("  rows:", "  Table: {type: string}\n  rows:", 5, "differ only in case"),
        ("  rows:", "  2nd: {type: string}\n  rows:", 5, "`2nd` is no name for a port"),
        ("environment:", "properties: {portline: {inputs: {x: {label: X}}}}\nenvironment:", 1, "none of the inputs"),
    ],
)
def test_a_fault_has_its_line_and_a_sentence(old: str, new: str, line: int, sentence: str | None):
    text = GOOD.replace(old, new)
    assert text != GOOD
    with pytest.raises(SpecError) as raised:
        read_component(text)
    found = [str(fault) for fault in raised.value.faults]
    assert found[0].startswith(f"component.yml:{line}:")
    if sentence:
        assert len(found) == 1
        assert sentence in found[0]


def test_all_faults_of_a_file_are_told_at_once_in_order():
    text = GOOD.replace("name: clean", "name: Clean").replace("type: mltable", "type: tabel")
    with pytest.raises(SpecError) as raised:
        read_component(text)
    assert [fault.line for fault in raised.value.faults] == [3, 6]


@pytest.mark.parametrize("text", ["- a\n", "hello\n"])
def test_what_is_no_mapping_is_no_component(text: str):
    assert "a component is a mapping" in fault(text)


@pytest.mark.parametrize("side", ["inputs", "outputs", "tags", "properties"])
def test_an_empty_section_is_no_fault(side: str):
    read_component(f"name: a\ncommand: echo\n{side}:\n")


def test_path_is_an_old_name_for_a_folder():
    assert read_component("name: a\ncommand: x\ninputs: {p: {type: path}}\n").inputs["p"].type == "uri_folder"


def test_a_version_that_is_a_number_is_kept_as_text():
    assert read_component("name: a\nversion: 3\ncommand: x\n").version == "3"


def test_a_spec_does_not_change():
    with pytest.raises(Exception, match="frozen"):
        read_component(GOOD).name = "other"  # type: ignore[misc]


class TestDigest:
    """What a component does: only this decides whether an earlier result can be reused."""

    def digest(self, **changes: object) -> str:
        data = read_component(GOOD).model_dump() | changes
        return ComponentSpec.model_validate(data).digest("code")

    @pytest.mark.parametrize(
        "change",
        [{"version": "2"}, {"display_name": "X"}, {"description": "X"}, {"tags": {"a": "b"}}, {"name": "other"}],
    )
    def test_titles_and_versions_do_not_count(self, change: dict[str, object]):
        assert self.digest(**change) == self.digest()

    @pytest.mark.parametrize(
        "change", [{"command": "echo"}, {"environment": "other"}, {"is_deterministic": False}, {"outputs": {}}]
    )
    def test_what_it_does_counts(self, change: dict[str, object]):
        given = {"command": "echo"} | change if "outputs" in change else change
        assert self.digest(**given) != self.digest()

    def test_its_code_counts(self):
        assert read_component(GOOD).digest("a") != read_component(GOOD).digest("b")


def test_the_interface_keeps_the_order_and_says_what_is_optional():
    shown = interface(read_component(GOOD))
    assert [(port["name"], port["label"], port["optional"]) for port in shown["inputs"]] == [
        ("table", "Table", False),
        ("rows", "Rows", True),
        ("how", "How", True),
    ]
    assert (shown["ref"], shown["category"], shown["icon"]) == ("clean:1.0.0", "Other", "box")
