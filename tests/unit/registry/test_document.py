"""YAML is read with the place of every part, and what is ambiguous or dangerous is refused there."""

import pytest

from registry.spec.document import SIZE_LIMIT, read_document
from registry.spec.faults import SpecError


def faults(text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        read_document(text, "c.yml")
    return [str(fault) for fault in raised.value.faults]


def test_every_part_knows_its_line_and_column():
    document = read_document("name: a\ninputs:\n  table:\n    type: mltable\n", "c.yml")
    assert document.place(()) == (1, 1)
    assert document.place(("inputs",)) == (2, 1)
    assert document.place(("inputs", "table", "type")) == (4, 5)


def test_what_is_missing_is_placed_at_the_nearest_thing_around_it():
    document = read_document("inputs:\n  table: {}\n", "c.yml")
    assert document.place(("inputs", "table", "type")) == (2, 3)
    assert document.place(("outputs",)) == (1, 1)


def test_items_of_a_list_have_places():
    assert read_document("a:\n  - x\n  - y\n", "c.yml").place(("a", 1)) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("010", 10),
        ("true", True),
        ("1.5", 1.5),
        ("null", None),
        ("2026-01-02", "2026-01-02"),
        ('"1"', "1"),
    ],
)
def test_values_mean_what_yaml_1_2_says(text: str, value: object):
    read = read_document(f"key: {text}\n", "c.yml").data["key"]
    assert read == value
    assert type(read) is type(value)


def test_a_key_that_stands_twice_is_refused_at_the_second():
    assert faults("name: a\nother: 1\nname: b\n") == ["c.yml:3:1: `name` stands twice in one mapping"]


def test_aliases_and_merged_mappings_are_written_out():
    text = "base: &base {a: 1, b: 2}\nboth: {<<: *base, b: 3}\nagain: *base\n"
    assert read_document(text, "c.yml").data == {
        "base": {"a": 1, "b": 2},
        "both": {"a": 1, "b": 3},
        "again": {"a": 1, "b": 2},
    }
    (fault,) = faults("a: &x [*x]\n")
    assert "aliases" in fault


def test_a_thousand_laughs_are_not_expanded():
    bomb = 'a: &a ["x","x"]\n' + "".join(
        f"{new}: &{new} [{', '.join(f'*{old}' for _ in range(10))}]\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert len(faults(bomb)) < 200


def test_what_is_no_yaml_says_where():
    (fault,) = faults("a: [1, 2\nb: 3\n")
    assert fault.startswith("c.yml:2:")
    assert "not valid YAML" in fault


def test_tabs_are_named_with_their_place():
    (fault,) = faults("a:\n\tb: 1\n")
    assert fault.startswith("c.yml:2:1")


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_refused(text: str):
    assert faults(text) == ["c.yml:1:1: the file is empty"]


def test_a_file_that_is_too_large_is_not_parsed():
    assert "larger than" in faults("a" * (SIZE_LIMIT + 1))[0]


def test_a_key_must_be_a_word():
    assert "a key must be one word" in faults("? [a]\n: 1\n")[0]
