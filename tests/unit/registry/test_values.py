"""Literal values by Azure ML's rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.spec.component import Input
from registry.spec.values import check, has_binding, parse, text


@pytest.mark.parametrize(
    ("type_", "value", "parsed"),
    [
        ("boolean", "True", True),
        ("boolean", " false ", False),
        ("integer", "7", 7),
        ("integer", 7.0, 7),
        ("integer", 2**60 + 1, 2**60 + 1),
        ("number", "1e-3", 0.001),
        ("number", 3, 3.0),
        ("string", 3, "3"),
        ("string", True, "True"),
    ],
)
def test_a_value_is_read_as_its_type(type_: str, value: object, parsed: object):
    read = parse(type_, value)
    assert read == parsed
    assert type(read) is type(parsed)


@pytest.mark.parametrize(
    ("type_", "value", "sentence"),
    [
        ("boolean", "yes", "neither true nor false"),
        ("boolean", 1, "neither true nor false"),
        ("integer", "1.5", "not a whole number"),
        ("integer", True, "not a number"),
        ("number", "many", "not a number"),
        ("string", None, "not text"),
        ("string", ["a"], "not text"),
    ],
)
def test_what_cannot_be_read_says_why(type_: str, value: object, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        parse(type_, value)


@given(st.integers(), st.integers(), st.integers())
def test_bounds_hold(low: int, high: int, value: int):
    port = Input(type="integer", min=low, max=high)
    if low <= value <= high:
        assert check(port, value) == value
    else:
        with pytest.raises(ValueError, match=r"smallest|largest"):
            check(port, value)


def test_an_enum_compares_as_text():
    assert check(Input(type="integer", enum=(1, 2)), "2") == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "bound"),
    [("${{parent.inputs.seed}}", True), ("a ${{ x }} b", True), ("{{x}}", False), ("${x}", False), (3, False)],
)
def test_only_double_braces_with_a_dollar_are_bindings(value: object, bound: bool):
    assert has_binding(value) is bound


@given(st.one_of(st.integers(), st.booleans(), st.floats(allow_nan=False)))
def test_what_is_printed_is_read_as_the_same_value(value: int | bool | float):
    type_ = {bool: "boolean", int: "integer", float: "number"}[type(value)]
    if type_ == "integer" and abs(value) > 2**53:
        return  # read through a float when it comes as text
    assert parse(type_, text(value)) == value
