"""`--set`: how a value is read, and where it is put."""

from typing import Any

import pytest

from portline.client.errors import PortlineError
from portline.client.setting import assignment, put


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("True", True),
        ("false", False),
        ("null", None),
        ("01", "01"),
        ("1.0.0", "1.0.0"),
        ("a=b", "a=b"),
        ("", ""),
        ("azureml:cpu-cluster", "azureml:cpu-cluster"),
        ('"5"', "5"),
        ("[1, 2]", [1, 2]),
        ('{"a": {"b": 1}}', {"a": {"b": 1}}),
        ("note: this # that", "note: this # that"),
    ],
)
def test_a_value_is_json_where_it_is_some_and_else_text(text: str, value: Any) -> None:
    assert assignment(f"a.b={text}") == ("a.b", value)


@pytest.mark.parametrize("text", ["a", "=1", " =1"])
def test_an_assignment_has_a_place_and_a_value(text: str) -> None:
    with pytest.raises(PortlineError, match="is no assignment; write it as place=value"):
        assignment(text)


def test_a_value_is_put_into_mappings_and_lists() -> None:
    data: dict[str, Any] = {"a": {"b": 1}, "list": [{"c": 1}], "empty": None}
    for place, value in [("a.b", 2), ("new.x.y", 3), ("list[0].c", 4), ("empty.z", 5)]:
        put(data, place, value)
    assert data == {"a": {"b": 2}, "list": [{"c": 4}], "empty": {"z": 5}, "new": {"x": {"y": 3}}}


@pytest.mark.parametrize("place", ["a.b", "list[2]", "list.x", "a[0]", "x..y", "list[1].c"])
def test_a_place_that_cannot_be_is_refused(place: str) -> None:
    with pytest.raises(PortlineError, match=f"`{place[:1]}"):
        put({"a": 1, "list": [{"c": 1}]}, place, 1)
