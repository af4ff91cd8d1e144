"""Two edits of one text, put together line by line, so that the comments of both are kept."""

from difflib import SequenceMatcher

Change = tuple[int, int, list[str]]


def merged_text(base: str, mine: str, theirs: str) -> str | None:
    """`base` with the changes of both; None where they changed the same lines, or lines that touch."""
    lines = base.splitlines(keepends=True)
    changes = sorted([*_changes(lines, mine), *_changes(lines, theirs)], key=lambda change: change[:2])
    found: list[str] = []
    at = -1
    previous: Change | None = None
    done = 0
    for change in changes:
        start, end, new = change
        if change == previous:
            continue
        if start <= at:
            return None
        found += [*lines[done:start], *new]
        at = done = end
        previous = change
    return "".join([*found, *lines[done:]])


def _changes(lines: list[str], text: str) -> list[Change]:
    """What makes another text of some lines: which of them are replaced by what."""
    other = text.splitlines(keepends=True)
    codes = SequenceMatcher(None, lines, other, autojunk=False).get_opcodes()
    return [(start, end, other[first:last]) for tag, start, end, first, last in codes if tag != "equal"]
