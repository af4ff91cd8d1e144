"""Lengths of time as people write them."""

import re
from datetime import timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_WRITTEN = re.compile(r"(\d{1,9})\s*([smhdw])")


def parse_duration(written: str) -> timedelta:
    """The length of `30d`, `12h`, `90m`, `2w` or `45s`. Raises ValueError with a sentence."""
    found = _WRITTEN.fullmatch(written.strip().lower())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if found is None or seconds > 100 * 366 * _SECONDS["d"]:
        raise ValueError(f"`{written}` is no length of time; write it as 30d, 12h, 90m or 2w")
    return timedelta(seconds=seconds)
