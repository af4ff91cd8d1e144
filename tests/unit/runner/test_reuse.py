"""When two steps have the same key, and what is said when they do not."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from runner.engine.reuse import Ingredients, differences, key_of

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.5, "x", "1"])
MADE_OF = st.builds(
    Ingredients,
    component=st.sampled_from("pq"),
    environment=st.sampled_from("pq"),
    params=st.dictionaries(NAMES, VALUES),
    inputs=st.dictionaries(NAMES, st.sampled_from("pq")),
)
BASE = Ingredients("component", "local", {"depth": 3, "seed": 1}, {"table": "digest"})


@given(MADE_OF, MADE_OF)
def test_keys_are_equal_exactly_when_nothing_differs(one: Ingredients, other: Ingredients) -> None:
    assert (key_of(one) == key_of(other)) == (differences(one, other) == [])


def test_a_parameter_without_value_is_none() -> None:
    assert key_of(BASE) == key_of(replace(BASE, params={**BASE.params, "name": None}))


def test_the_order_of_names_does_not_matter() -> None:
    assert key_of(BASE) == key_of(replace(BASE, params={"seed": 1, "depth": 3}))


def test_a_number_and_its_text_are_not_the_same() -> None:
    assert key_of(BASE) != key_of(replace(BASE, params={"depth": "3", "seed": 1}))


def test_each_difference_is_a_sentence() -> None:
    now = Ingredients("other", "pandas", {"depth": 4, "name": "x"}, {"extra": "digest"})
    assert differences(BASE, now) == [
        "The component does something else: its code or its spec changed.",
        "The environment changed.",
        "The parameter `depth` was 3 and is 4.",
        'The parameter `name` was not set and is "x".',
        "The parameter `seed` was 1 and is not set.",
        "Something is connected to `extra` that was not there before.",
        "Nothing is connected to `table` any more.",
    ]


def test_changed_content_is_named_by_its_input() -> None:
    assert differences(BASE, replace(BASE, inputs={"table": "new"})) == ["The content of the input `table` changed."]
