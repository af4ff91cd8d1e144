"""The order of versions as people read them: 1.10 comes after 1.9, and 2.0-rc1 before 2.0."""

import re

ANONYMOUS = "anon-"
"""What versions begin with that nobody chose: those of what lies in a pipeline's own files."""

Key = tuple[tuple[tuple[int, int, str], ...], int, tuple[tuple[int, int, str], ...]]


def version_key(version: str) -> Key:
    """Sorts versions naturally; numbers stand above words, a pre-release below its release."""
    release, dash, pre = version.partition("-")
    return _parts(release), 0 if dash else 1, _parts(pre)


def next_version(versions: list[str]) -> str:
    """The version after the highest one: its last number plus one, so 3 -> 4 and 1.2.9 -> 1.2.10. The first is 1."""
    if not versions:
        return "1"
    highest = max(versions, key=version_key)
    release = highest.partition("-")[0]
    found = re.search(r"(\d+)(\D*)$", release)
    raised = f"{release[: found.start(1)]}{int(found[1]) + 1}" if found else f"{release}.1"
    return raised if raised not in versions else next_version([*versions, raised + ".0"])


def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    words = re.findall(r"\d+|[A-Za-z]+", text)
    return tuple((1, int(word), "") if word.isdigit() else (0, 0, word.lower()) for word in words)
