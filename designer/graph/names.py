"""Names of columns as people type them into a parameter: the same rules as the built-in components have."""

import csv
import difflib
from collections.abc import Iterable


def split_names(text: str) -> list[str]:
    """`a, b, "c, d"` as a list: separated by commas or new lines, quoted as in CSV."""
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    return list(dict.fromkeys(name.strip() for row in rows for name in row if name.strip()))


def split_pairs(text: str) -> dict[str, str]:
    """`old = new, other = second` as a mapping; what is no pair is passed over."""
    pairs = (name.partition("=") for name in split_names(text))
    return {old.strip(): new.strip() for old, sign, new in pairs if sign and old.strip() and new.strip()}


def header_names(text: str) -> list[str]:
    """The names in the first line of a CSV text."""
    first = next(csv.reader(text.strip().splitlines(), skipinitialspace=True), [])
    return [name.strip() for name in first]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one most likely means."""
    every = list(known)
    lower = {each.lower(): each for each in reversed(every)}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return lower[found[0]] if found else None
