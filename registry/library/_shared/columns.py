"""Naming columns: lists as people type them, and helpful sentences when a name is wrong."""

import csv
import difflib
from collections.abc import Iterable

from step import UserError

SHOWN = 20


def split_names(text: str) -> list[str]:
    """`a, b, "c, d"` as a list: separated by commas or new lines, quoted as in CSV."""
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    return [name.strip() for row in rows for name in row if name.strip()]


def check_column(columns: Iterable[str], name: str) -> str:
    """The name, if there is such a column. Raises UserError with the nearest match otherwise."""
    return one_of(columns, name, "column")


def check_columns(columns: Iterable[str], text: str) -> list[str]:
    """The columns that a typed list names, in its order and each once."""
    known = list(columns)
    return [check_column(known, name) for name in dict.fromkeys(split_names(text))]


def required_columns(columns: Iterable[str], text: str, purpose: str) -> list[str]:
    """As `check_columns`, for a list that may not be empty."""
    names = check_columns(columns, text)
    if not names:
        raise UserError(f"No columns are named {purpose}. {_listed('column', list(columns))}")
    return names


def split_pairs(text: str) -> dict[str, str]:
    """`old = new, other = second` as a mapping."""
    pairs: dict[str, str] = {}
    for item in split_names(text):
        left, sign, right = item.partition("=")
        if not sign or not left.strip() or not right.strip():
            raise UserError(f"`{item}` is not of the form `column = value`.")
        pairs[left.strip()] = right.strip()
    return pairs


def new_column(columns: Iterable[str], name: str) -> str:
    """The name for a column to be added, if none has it yet."""
    if not name.strip():
        raise UserError("The new column needs a name.")
    if name in set(columns):
        raise UserError(f"There is already a column `{name}`; choose another name for the new one.")
    return name


def one_of(known: Iterable[str], name: str, what: str) -> str:
    """The name, if it is among the known ones. Raises UserError with the nearest match otherwise."""
    every = list(known)
    if name in every:
        return name
    lowered = {one.lower(): one for one in reversed(every)}
    near = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    hint = f"; did you mean `{lowered[near[0]]}`?" if near else "."
    raise UserError(f"There is no {what} `{name}`{hint} {_listed(what, every)}")


def _listed(what: str, names: list[str]) -> str:
    plural = f"{what}es" if what.endswith("s") else f"{what}s"
    if not names:
        return f"There are no {plural} at all."
    shown = ", ".join(f"`{name}`" for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"The {plural} are {shown}{more}."
