"""Versions in the order in which people count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.versions import next_version, version_key


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("1", "2"),
        ("9", "10"),
        ("1.9.0", "1.10.0"),
        ("1.0", "1.0.1"),
        ("2.0.0-rc1", "2.0.0"),
        ("2.0.0-alpha", "2.0.0-beta"),
        ("2.0.0-rc2", "2.0.0-rc10"),
        ("beta", "1"),
    ],
)
def test_the_higher_version_is_known(lower: str, higher: str):
    assert version_key(lower) < version_key(higher)


@pytest.mark.parametrize(
    ("standing", "following"),
    [([], "1"), (["1"], "2"), (["9", "10"], "11"), (["1.2.9"], "1.2.10"), (["1.0", "1.1-rc1"], "1.2"), (["x"], "x.1")],
)
def test_the_next_version_raises_the_last_number(standing: list[str], following: str):
    assert next_version(standing) == following


@given(st.lists(st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,3}){0,2}(-[a-z]{1,3}[0-9]?)?", fullmatch=True), max_size=8))
def test_the_next_version_is_new_and_the_highest(standing: list[str]):
    following = next_version(standing)
    assert following not in standing
    assert all(version_key(following) > version_key(version) for version in standing)
